"""A verdict estimates: the same model has the same word at ten seeds and at a hundred, which are only surer."""

import numpy as np
import pytest
from scipy.stats import binom

from benchmark.board.solving import SOLVED_NRMSE, exact, limits, line_solves
from benchmark.board.verdicts import FEW, MOST, Share, of_one, verdict
from benchmark.store.record import TaskCard
from tests.synthetic import a_card, a_reference, square


@pytest.mark.parametrize(
    ("n", "inside", "outside", "failed", "exactly", "words"),
    [
        (10, 10, 10, 0, 0, "holds outside"),
        (10, 10, 10, 0, 10, "holds outside, exact"),
        (10, 10, 10, 0, 9, "holds outside"),
        (10, 10, 9, 0, 0, "holds outside 9/10"),
        (10, 9, 9, 1, 0, "holds outside 9/10"),
        (10, 10, 0, 0, 0, "inside only"),
        (10, 10, 1, 0, 0, "inside only"),
        (10, 9, 0, 0, 0, "inside only 9/10"),
        (10, 10, 4, 0, 0, "in part outside 4/10"),
        (10, 8, 0, 0, 0, "in part 8/10"),
        (10, 2, 0, 0, 0, "in part 2/10"),
        (10, 1, 0, 0, 0, "does not learn 1/10"),
        (10, 0, 0, 0, 0, "does not learn"),
        (10, 0, 0, 9, 0, "does not learn"),
        (10, 0, 0, 10, 0, "failed"),
        (0, 0, 0, 0, 0, "not applicable"),
        # Fewer than six seeds are never sure.
        (5, 5, 5, 0, 5, "holds outside so far 5/5"),
        (3, 3, 0, 0, 0, "inside only so far 3/3"),
        (1, 0, 0, 0, 0, "does not learn so far 1/1"),
        (3, 3, 1, 0, 0, "in part outside 1/3"),
        (3, 2, 0, 0, 0, "in part 2/3"),
        (6, 6, 6, 0, 0, "holds outside"),
    ],
)
def test_a_verdict_by_its_seeds(n: int, inside: int, outside: int, failed: int, exactly: int, words: str) -> None:
    assert verdict(n, inside=inside, outside=outside, failed=failed, exact=exactly)[1] == words


def test_what_has_no_seeds_is_what_it_is() -> None:
    assert of_one(inside=True, outside=True, exact=True) == ("holds outside", "holds outside, exact")
    assert of_one(inside=True, outside=False, exact=False)[1] == "inside only"
    assert of_one(inside=False, outside=False, exact=False)[1] == "does not learn"


def _chances(rate: float, n: int) -> dict[str, float]:
    """Return how probable each word is for a model of which such a share of all seeds holds outside."""
    found: dict[str, float] = {}
    for k in range(n + 1):
        word = verdict(n, inside=n, outside=k, failed=0, exact=0)[0]
        found[word] = found.get(word, 0.0) + float(binom.pmf(k, n, rate))
    return found


@pytest.mark.parametrize(
    ("rate", "word"), [(0.02, "inside only"), (0.05, "inside only"), (0.5, "in part"), (0.95, "holds outside")]
)
def test_the_same_truth_has_the_same_word_at_ten_seeds_and_at_a_hundred(rate: float, word: str) -> None:
    at = [_chances(rate, n)[word] for n in (10, 30, 100)]
    assert min(at) >= 0.9
    assert at == sorted(at)


@pytest.mark.parametrize("rate", np.linspace(0.005, 0.995, 100).tolist())
def test_more_seeds_never_turn_a_word_into_its_opposite(rate: float) -> None:
    right = "holds outside" if rate >= MOST else "inside only" if rate <= FEW else "in part"
    for n in (6, 10, 20, 30, 100, 300):
        chances = _chances(rate, n)
        # A wrong word that is sure comes with the chance of its interval, on one side: 2.5 % on average over all rates.
        wrong = sum(share for word, share in chances.items() if word not in (right, "in part"))
        assert wrong <= 0.06
        opposite = {"holds outside": "inside only", "inside only": "holds outside"}.get(right, "")
        assert chances.get(opposite, 0.0) <= 0.005


def test_a_share_has_its_interval() -> None:
    assert Share(9, 10).interval == pytest.approx((0.5958, 0.9821), abs=1e-4)
    assert str(Share(9, 10)) == "9/10"
    assert Share(9, 10).most
    assert not Share(8, 10).most
    assert Share(1, 10).few


def with_line(inside: float, outside: float, *shells: float) -> TaskCard:
    card = a_card()
    line = a_reference("line", inside, outside, square)
    line = line.model_copy(update={"shell_rmse": shells} if shells else {})
    return card.model_copy(update={"references": (*card.references, line)})


def test_solved_is_five_percent_of_the_sd_and_a_fifth_of_the_line() -> None:
    # sd is 1.
    assert limits(a_card()).tolist() == [0.05] * 4
    assert limits(with_line(0.1, 10.0, 0.2, 10.0)).tolist() == pytest.approx([0.02, 0.05, 0.04, 0.05])
    assert limits(with_line(0.1, 10.0, 0.2, 10.0), 0.01).tolist() == [0.01] * 4
    # A missing error is not within any limit.
    assert not (np.array([np.nan]) <= limits(a_card())[:1]).any()


def test_where_the_line_is_exact_five_percent_are_enough() -> None:
    assert limits(with_line(1e-15, 1e-15)).tolist() == [0.05] * 4


def test_a_task_that_a_line_solves_is_known_for_each_region() -> None:
    assert line_solves(with_line(SOLVED_NRMSE, 0.06)) == {"inside": True, "outside": False}
    assert line_solves(a_card()) == {"inside": False, "outside": False}


def test_exact_is_what_rounding_leaves() -> None:
    assert exact(a_card(), np.array([1e-12, 1e-8, np.nan])).tolist() == [True, False, False]

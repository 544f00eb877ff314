"""Models tie unless the evidence of many families of tasks tells them apart."""

from itertools import product

import numpy as np
import pytest

from benchmark.board import ranks
from benchmark.board.ranks import adjusted_p, pairs_of, rank_ranges
from benchmark.board.statistics import share_interval, wilson_interval
from benchmark.board.votes import Votes


def ahead(scores: np.ndarray, voting: Votes) -> np.ndarray:
    return ranks.ahead(pairs_of(scores, voting))


def votes(*families: str, suites: tuple[str, ...] | None = None) -> Votes:
    tasks = tuple(f"task-{i:03}" for i in range(len(families)))
    return Votes(tasks, suites or ("core",) * len(families), families)


def alone(n: int) -> Votes:
    """So many tasks, each a family of its own."""
    return votes(*(f"family-{i}" for i in range(n)))


def test_better_on_every_task_is_ahead_if_there_are_enough() -> None:
    scores = np.tile([-1.0, 0.0], (7, 1))
    assert ahead(scores, alone(7)).tolist() == [[False, True], [False, False]]
    # Of five tasks a difference on all of them comes about by chance in 1 of 16 cases, of six in 1 of 32.
    assert not ahead(scores[:5], alone(5)).any()
    assert ahead(scores[:6], alone(6)).any()


def test_better_on_four_of_seven_tasks_is_a_tie() -> None:
    scores = np.zeros((7, 2))
    scores[:4, 0] = scores[4:, 1] = -1.0
    assert not ahead(scores, alone(7)).any()


def test_equal_models_tie_whatever_their_spread() -> None:
    scores = np.random.default_rng(1).normal(size=(60, 1)).repeat(3, axis=1)
    assert not ahead(scores, alone(60)).any()


def test_models_are_compared_on_the_same_tasks() -> None:
    # So much do the tasks differ that a draw of other tasks for the other model would hide what lies between them.
    scores = np.linspace(-3.0, 2.0, 7)[:, np.newaxis] + np.array([[0.0, 0.1]])
    assert ahead(scores, alone(7)).tolist() == [[False, True], [False, False]]


def test_near_copies_are_one_voice() -> None:
    # Better on all twenty copies of each of five functions: that is five times, as often as chance has it.
    scores = np.tile([-1.0, 0.0], (100, 1))
    assert ahead(scores, alone(100)).any()
    assert not ahead(scores, votes(*(f"family-{i // 20}" for i in range(100)))).any()


def test_a_family_in_two_suites_is_one_voice_too() -> None:
    scores = np.tile([-1.0, 0.0], (10, 1))
    twice = tuple(f"family-{i % 5}" for i in range(10))
    assert not ahead(scores, votes(*twice, suites=("one",) * 5 + ("two",) * 5)).any()


def test_suites_families_and_tasks_weigh_as_much_as_their_neighbours() -> None:
    found = votes("a", "a", "b", "c", suites=("one", "one", "one", "two"))
    assert found.weights(np.ones(4, dtype=bool)).tolist() == [1 / 8, 1 / 8, 1 / 4, 1 / 2]
    # What is not there leaves its weight to its neighbours.
    assert found.weights(np.array([True, False, True, True])).tolist() == [1 / 4, 0.0, 1 / 4, 1 / 2]
    assert found.mean(np.array([1.0, 3.0, 2.0, np.nan])) == 2.0
    assert np.isnan(found.mean(np.full(4, np.nan)))


def test_shifting_all_scores_of_a_task_alike_changes_nothing() -> None:
    rng = np.random.default_rng(2)
    scores = rng.normal(size=(30, 5)) + np.arange(5) / 3
    moved = scores + rng.normal(size=(30, 1))
    assert ahead(scores, alone(30)).any()
    assert (ahead(moved, alone(30)) == ahead(scores, alone(30))).all()


def test_who_has_no_score_on_a_task_is_not_compared() -> None:
    with pytest.raises(ValueError, match=r"^only models with a score on every task are compared$"):
        pairs_of(np.array([[-1.0, np.nan], [-1.0, 0.0]]), alone(2))


def test_of_no_tasks_or_no_models_nobody_is_ahead() -> None:
    assert not ahead(np.zeros((0, 3)), alone(0)).any()
    assert ahead(np.zeros((3, 0)), alone(3)).shape == (0, 0)


def test_families_count_as_many_as_they_are_where_they_weigh_as_much() -> None:
    every = np.ones(5, dtype=bool)
    assert votes("a", "a", "a", "b", "c").independent(every) == 3.0
    assert votes("a", "a", "a", "b", "c").independent(np.array([True, True, False, False, False])) == 1.0
    # Of two suites one has a single family: 1 / (1/4 + 4 * 1/64).
    assert votes("a", "b", "c", "d", "e", suites=("one", *("two",) * 4)).independent(every) == 3.2
    assert alone(3).independent(np.zeros(3, dtype=bool)) == 0.0


@pytest.mark.parametrize(("k", "n"), [(0, 1), (0, 49), (3, 7), (7, 7), (120, 400)])
def test_the_interval_of_a_share_is_wilsons_where_each_unit_is_0_or_1(k: int, n: int) -> None:
    assert share_interval(k / n, n) == pytest.approx(wilson_interval(k, n), abs=1e-6)


def test_few_families_have_all_turns_of_the_signs() -> None:
    scores = np.random.default_rng(3).normal(size=(6, 2))
    [p] = adjusted_p(pairs_of(scores, alone(6)))
    difference = scores[:, 0] - scores[:, 1]
    turned = [abs(np.dot(signs, difference)) for signs in product((1, -1), repeat=6)]
    assert p == pytest.approx(np.mean([each >= abs(difference.sum()) - 1e-9 for each in turned]))


def test_the_clearest_pair_is_held_against_all_and_the_last_against_itself() -> None:
    scores = np.random.default_rng(4).normal(size=(9, 4)) + np.arange(4)
    pairs = pairs_of(scores, alone(9))
    held = adjusted_p(pairs)
    both = zip(pairs.first, pairs.second, strict=True)
    alone_p = [adjusted_p(pairs_of(scores[:, [i, j]], alone(9)))[0] for i, j in both]
    assert (held >= np.array(alone_p) - 1e-12).all()
    assert held.max() > max(held.min(), 0.05)


def test_a_pair_that_is_less_clear_has_no_smaller_p() -> None:
    rng = np.random.default_rng(6)
    for _ in range(60):
        pairs = pairs_of(rng.normal(size=(6, 5)) + rng.normal(size=5), alone(6))
        norm = np.sqrt((pairs.differences**2).sum(axis=0))
        clear = np.abs(pairs.differences.sum(axis=0)) / norm
        assert (np.diff(adjusted_p(pairs)[np.argsort(-clear)]) >= 0).all()


def _boards(n: int, *, families: int, copies: int, models: int, failing: float, few: int) -> np.ndarray:
    """Return the scores of boards (n, n_tasks, n_models) of equally good models, whose near copies do alike."""
    rng = np.random.default_rng(5)
    of_family = rng.normal(size=(n, families, models)).repeat(copies, axis=1)
    of_task = of_family + 0.2 * rng.normal(size=of_family.shape)
    seeds = of_task[..., np.newaxis] + 0.3 * rng.normal(size=(*of_task.shape, 10))
    seeds = np.clip(np.where(rng.random(seeds.shape) < failing, 2.0, seeds), -3.0, 2.0)
    # Some models have three seeds only.
    seeds[:, :, :few, 3:] = np.nan
    scores: np.ndarray = np.nanmean(seeds, axis=3)
    return scores


@pytest.mark.parametrize(
    ("families", "copies", "failing", "few"), [(7, 1, 0.0, 0), (7, 1, 0.1, 0), (7, 1, 0.0, 3), (12, 4, 0.1, 2)]
)
def test_of_boards_of_equally_good_models_one_in_twenty_shows_a_difference(
    families: int, copies: int, failing: float, few: int
) -> None:
    n = 400
    found = _boards(n, families=families, copies=copies, models=6, failing=failing, few=few)
    voting = votes(*(f"family-{i // copies}" for i in range(families * copies)))
    false = sum(ahead(scores, voting).any() for scores in found)
    # 20 are expected; of 400 boards more than 29 would come about in 2.5 % of all simulations.
    assert false <= 29


def test_places_count_who_is_ahead_and_who_is_behind() -> None:
    # 0 is ahead of 2; 1 ties with both.
    beaten = np.array([[False, False, True], [False, False, False], [False, False, False]])
    assert rank_ranges(beaten) == [(1, 2), (1, 3), (2, 3)]

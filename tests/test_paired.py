"""The tests of paired scores are exact, and see more than either would alone at no more false alarms."""

from collections.abc import Callable
from itertools import combinations, product

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, rankdata

from benchmark.board import paired
from benchmark.board.paired import FALSE_ALARMS, least_p, least_seeds, mann_whitney, p_value, signed_ranks

FloatArray = NDArray[np.float64]


def test_signed_ranks_that_all_go_one_way_are_a_count_of_signs() -> None:
    # Of 8 ways to choose 3 signs all plus and all minus are as extreme.
    assert signed_ranks(np.array([0.1, 0.2, 0.3])) == pytest.approx(2 / 8)
    # Ranks 1 and 2 go to the zeros, which leaves 3, 4 and 5.
    assert signed_ranks(np.array([0.0, 0.0, -1.0, -2.0, -3.0])) == pytest.approx(2 / 8)
    # Sums of 1.5, 1.5 and 3: a plus of 1.5 is as extreme as 4.5, and so are 0, 6 and three more.
    assert signed_ranks(np.array([1.0, -1.0, -2.0])) == pytest.approx(6 / 8)
    assert signed_ranks(np.zeros(7)) == 1.0


def test_mann_whitney_of_two_apart_samples_is_a_count_of_orders() -> None:
    # 20 ways to choose 3 of 6 ranks; the two most extreme of them are as extreme as this one.
    assert mann_whitney(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])) == pytest.approx(2 / 20)
    assert mann_whitney(np.arange(10.0), np.arange(10.0) + 100) == pytest.approx(2 / 184756)
    # Ranks 1.5 1.5 | 3.5 3.5: of the 6 ways to choose two of them the sums are 3, 5, 5, 5, 5, 7.
    assert mann_whitney(np.array([0.0, 0.0]), np.array([1.0, 1.0])) == pytest.approx(2 / 6)


@pytest.mark.parametrize("seed", range(5))
def test_both_tests_are_what_trying_every_way_gives(seed: int) -> None:
    rng = np.random.default_rng(seed)
    # Of one digit, so that ranks tie and differences vanish.
    left, right = rng.normal(size=(2, 6)).round(seed % 2)
    differences = (right - left).round(6)
    ranks = np.where(differences == 0, 0, rankdata(np.abs(differences)))
    sums = np.array([np.dot(signs, ranks) for signs in product([-1, 1], repeat=6)])
    assert signed_ranks(differences) == pytest.approx((np.abs(sums) >= abs(np.sign(differences) @ ranks) - 1e-9).mean())
    ranks = rankdata(np.concatenate([left, right]))
    away = np.array([abs(sum(chosen) - 39) for chosen in combinations(ranks, 6)])
    assert mann_whitney(left, right) == pytest.approx((away >= abs(ranks[:6].sum() - 39) - 1e-9).mean())


@pytest.mark.parametrize("test", [mann_whitney, lambda left, right: signed_ranks((right - left).round(1))])
def test_beyond_25_pairs_the_approximation_is_close(
    test: Callable[[FloatArray, FloatArray], float], monkeypatch: pytest.MonkeyPatch
) -> None:
    left, right = np.random.default_rng(2).normal(((0.0,), (0.5,)), size=(2, 40))
    approximate = test(left, right)
    monkeypatch.setattr(paired, "EXACT", 40)
    exact = test(left, right)
    assert exact != approximate
    assert 0.001 < exact < 0.2
    assert approximate == pytest.approx(exact, rel=0.2)


def test_the_p_value_is_twice_the_smaller_and_the_same_either_way_round() -> None:
    rng = np.random.default_rng(3)
    before = rng.normal(size=10)
    near, far = before + 0.01, before + 100
    assert p_value(before, near) == p_value(near, before) == pytest.approx(4 / 2**10)
    assert p_value(before, far) == p_value(far, before) == pytest.approx(4 / 184756)
    assert p_value(before, before) == 1.0


@pytest.mark.parametrize("n", range(1, 12))
def test_no_pairs_have_a_smaller_p_value_than_the_least(n: int) -> None:
    assert p_value(np.arange(float(n)), np.arange(float(n)) + 100) == pytest.approx(least_p(n))


def test_the_more_differs_the_more_pairs_a_single_change_needs() -> None:
    # 4 / C(10, 5) = 0.016 and 4 / C(8, 4) = 0.057 against 0.05; 4 / C(18, 9) = 8.2e-5 against 0.05 / 286 = 1.7e-4.
    assert [least_seeds(n) for n in (0, 1, 2, 112, 286)] == [5, 5, 5, 8, 9]


Test = Callable[[FloatArray, FloatArray], float]
TESTS: dict[str, Test] = {
    "pairs": lambda before, after: signed_ranks(after - before),
    "sides": mann_whitney,
    "both": p_value,
}


def found(
    test: Test, n_regions: int, n_changed: int, *, by: float, of_rows: float, n_repeats: int
) -> tuple[float, float]:
    """Return the share of the changed regions that are found, and the mean share of false ones among what is found.

    Scores of ten seeds have variance 1, of which `of_rows` is the rows' and the same on both sides.
    """
    rng = np.random.default_rng(0)
    hits, false = 0, 0.0
    for _ in range(n_repeats):
        rows, *sides = rng.normal(size=(3, n_regions, 10))
        before, after = (np.sqrt(of_rows) * rows + np.sqrt(1 - of_rows) * side for side in sides)
        after[:n_changed] += by
        sure = false_discovery_control([test(*pair) for pair in zip(before, after, strict=True)]) <= FALSE_ALARMS
        hits += int(sure[:n_changed].sum())
        false += sure[n_changed:].sum() / max(1, sure.sum())
    return hits / max(1, n_repeats * n_changed), false / n_repeats


@pytest.mark.parametrize("of_rows", [0.0, 0.8])
@pytest.mark.parametrize("name", TESTS)
def test_false_alarms_are_held_to_5_percent(name: str, of_rows: float) -> None:
    _, none_changed = found(TESTS[name], 2, 0, by=0.0, of_rows=of_rows, n_repeats=300)
    _, half_changed = found(TESTS[name], 20, 10, by=2.0, of_rows=of_rows, n_repeats=20)
    assert none_changed <= FALSE_ALARMS
    assert half_changed <= FALSE_ALARMS


def test_pairs_show_what_the_spread_of_the_seeds_hides() -> None:
    # Found of the two regions of one cell: pairs 0.91, sides 0.20, both 0.79.
    shares = {name: found(test, 2, 2, by=0.8, of_rows=0.8, n_repeats=200)[0] for name, test in TESTS.items()}
    assert shares["sides"] < 0.3
    assert shares["both"] > 0.7


def test_a_single_large_change_among_many_differences_shows_in_the_sides() -> None:
    # Ten pairs can have no p-value below 2 / 2^10, and 40 times that is 0.08.
    shares = {name: found(test, 40, 1, by=4.0, of_rows=0.8, n_repeats=20)[0] for name, test in TESTS.items()}
    assert shares["pairs"] < 0.3
    assert shares["both"] == 1.0


def test_little_is_lost_where_rows_decide_nothing() -> None:
    # Pairs 0.52, sides 0.48, both 0.44.
    shares = {name: found(test, 1, 1, by=1.0, of_rows=0.0, n_repeats=300)[0] for name, test in TESTS.items()}
    assert shares["both"] > 0.8 * shares["sides"]

"""The statistics are those of the literature, on numbers that can be checked by hand."""

import math

import numpy as np
import pytest

from benchmark.board.statistics import (
    FEWEST,
    log_score,
    median_intervals,
    median_over,
    trust_horizon,
    wilson_interval,
)


def test_wilson_interval_is_the_published_one() -> None:
    assert wilson_interval(93, 100) == pytest.approx((0.862504852609265, 0.9656807389327274), abs=1e-15)
    assert wilson_interval(0, 100) == pytest.approx((0.0, 0.03699349820698566), abs=1e-15)
    assert wilson_interval(0, 100)[0] == 0.0
    assert wilson_interval(100, 100)[1] == 1.0


@pytest.mark.parametrize(("successes", "n"), [(-1, 10), (11, 10), (0, 0)])
def test_a_rate_that_cannot_be_is_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="0 <= successes <= n"):
        wilson_interval(successes, n)


def test_the_median_of_two_values_lies_between_them() -> None:
    assert median_over(np.array([4.0, 1.0])) == 2.5
    assert median_over(np.array([[3.0, 1.0, 2.0]]), axis=1).tolist() == [2.0]


def test_a_median_interval_by_hand() -> None:
    # Of two values a resample has the median 0, 5 or 10 with chance 1/4, 1/2, 1/4: both ends are beyond 2.5 %.
    assert median_intervals(np.array([[10.0, 0.0]])).tolist() == [[5.0, 0.0, 10.0]]
    # Of three, the median is the smallest with chance 7/27, so the interval is all of them.
    assert median_intervals(np.array([[1.0, 2.0, 9.0]])).tolist() == [[2.0, 1.0, 9.0]]


def test_the_interval_of_fewer_than_five_is_their_range() -> None:
    # Of four, the median is the largest when three draws or more are: in 13 of 256 cases, 5 %. Of five values the
    # two ends are so too (5.8 %), of seven no more.
    for n in range(1, FEWEST):
        assert median_intervals(np.arange(1.0, n + 1)[None])[0, 1:].tolist() == [1.0, n]
    assert median_intervals(np.arange(1.0, 8.0)[None])[0, 1:].tolist() == [2.0, 6.0]


def test_what_is_infinite_is_the_worst_of_a_median_and_its_interval() -> None:
    values = np.array([[1.0, 2.0, 3.0, 4.0, np.inf], [1.0, np.inf, np.inf, np.inf, np.inf]])
    # Three draws of five or more are the one good value in 5.8 % of all cases.
    assert median_intervals(values).tolist() == [[3.0, 1.0, np.inf], [np.inf, 1.0, np.inf]]
    assert median_intervals(np.array([[1.0, *[np.inf] * 9]])).tolist() == [[np.inf, np.inf, np.inf]]


def test_scores_are_whole_millionths() -> None:
    scores = log_score(np.geomspace(1e-3, 1e2, 101), 7.0)
    assert np.abs(scores * 1e6 - np.rint(scores * 1e6)).max() < 1e-8
    assert scores == pytest.approx(np.log10(np.geomspace(1e-3, 1e2, 101) / 7.0), abs=5.1e-7)


def test_a_single_value_is_its_own_interval() -> None:
    assert median_intervals(np.array([[7.0]])).tolist() == [[7.0, 7.0, 7.0]]


def test_the_median_interval_of_ten_leaves_out_the_two_extremes() -> None:
    # The chance that the median of ten draws from 1..10 is below 3 is that of six draws or more <= 2 (0.6 %), and a
    # little for averages: less than 2.5 %. Below 4 it is that of six or more <= 3 (4.7 %).
    _, low, high = median_intervals(np.arange(1.0, 11.0)[None])[0]
    assert 2.0 <= low <= 3.5
    assert low + high == 11.0


def test_the_order_of_the_seeds_does_not_change_the_interval() -> None:
    values = np.array([3.0, 1.0, 4.0, 1.5, 9.0])
    assert median_intervals(np.stack([values, values[::-1]])).std(axis=0).tolist() == [0.0, 0.0, 0.0]


def test_huge_errors_have_a_finite_median_and_interval() -> None:
    assert np.isfinite(median_intervals(np.full((1, 4), 1.7e308))).all()


def test_the_median_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        median_intervals(np.empty((1, 0)))


def test_log_score_counts_powers_of_ten_and_is_clipped() -> None:
    scores = log_score(np.array([100.0, 1.0, 0.01, 0.0, 1e-300, 1e300, math.nan]), 1.0)
    assert scores.tolist() == [2.0, 0.0, -2.0, -6.0, -6.0, 3.0, 3.0]


def test_log_score_against_a_constant_without_error_is_the_best_or_the_worst() -> None:
    assert log_score(np.array([0.0, 1e-9, math.nan]), 0.0).tolist() == [-6.0, 3.0, 3.0]


def test_the_horizon_ends_before_the_first_shell_that_is_not_solved() -> None:
    shells = np.array([[True, True], [True, False], [False, True], [True, True]])
    inside = np.array([True, True, True, False])
    assert trust_horizon(inside, shells, (1.0, 1.5, 2.0)).tolist() == [2.0, 1.5, 1.0, 0.0]


def test_the_horizon_of_square_is_its_closed_form() -> None:
    # Continuous distance, tolerance 5 %: the clamp is off by (f^2 - 1) N^2 at distance f, so it holds to
    # sqrt(1 + tau sd / N^2); the tangent is off by (f - 1)^2 N^2 and holds to 1 + sqrt(tau sd) / N.
    n, sd = 1000.0, 298421.728
    edges = np.linspace(1.0, 1.2, 200_001)
    for error, horizon in (((edges**2 - 1) * n * n, 1.0074), ((edges - 1) ** 2 * n * n, 1.1222)):
        shells = error[None, 1:] <= 0.05 * sd
        assert trust_horizon(np.array([True]), shells, edges.tolist())[0] == pytest.approx(horizon, abs=5e-5)


def test_a_horizon_needs_a_shell_between_each_two_edges() -> None:
    with pytest.raises(ValueError, match="3 edges have 2 shells between them, got 1"):
        trust_horizon(np.array([True]), np.array([[True]]), (1.0, 1.5, 2.0))

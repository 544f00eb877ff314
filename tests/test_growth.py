"""Powers of growth, on seconds made from known ones."""

import math

import numpy as np
import pytest

from benchmark.board.growth import Growth, Timed, growth, in_words

SIZES = [(1000, 1), (1000, 2), (2000, 20), (2000, 6), (10000, 2)]


def made(rows: float, features: float, *, sizes: list[tuple[int, int]] = SIZES, jitter: float = 0.0) -> list[Timed]:
    """Seconds of 0.5 at 1,000 x 2, growing with these powers; three samples, the outer ones a factor apart."""
    factors = np.exp([-jitter, 0.0, jitter])
    return [Timed(n, d, tuple(0.5 * (n / 1000) ** rows * (d / 2) ** features * factors)) for n, d in sizes]


@pytest.mark.parametrize(("rows", "features"), [(1.0, 0.3), (3.0, -0.5), (0.25, 2.0)])
def test_known_powers_are_found_exactly(rows: float, features: float) -> None:
    found = growth(made(rows, features))
    assert (found.seconds, found.rows, found.features) == pytest.approx((0.5, rows, features), rel=1e-9)


def test_no_timing_says_nothing() -> None:
    found = growth([])
    assert all(math.isnan(figure) for figure in (found.seconds, found.rows, found.features))
    assert in_words(found) == ""


def test_sizes_that_do_not_determine_a_power_leave_it_empty() -> None:
    assert in_words(growth(made(1.0, 1.0, sizes=SIZES[:1]))) == ""
    assert in_words(growth(made(1.0, 1.0, sizes=[(1000, 2), (2000, 4), (4000, 8)]))) == ""
    # Each power by itself, where only one of the sizes changes.
    assert in_words(growth(made(1.0, 0.3, sizes=[(1000, 2), (9000, 2)]))) == "rows^1.0"
    assert in_words(growth(made(1.0, 0.3, sizes=[(1000, 2), (1000, 9)]))) == "features^0.3"
    assert in_words(growth(made(1.0, 0.3, sizes=[(1000, 2), (9000, 2), (9000, 9)]))) == "rows^1.0 features^0.3"


def test_a_size_that_was_not_timed_has_no_seconds() -> None:
    assert math.isnan(growth(made(1.0, 1.0, sizes=[(1000, 1), (2000, 2)])).seconds)


def test_a_power_is_left_out_when_samples_are_further_apart_than_its_effect() -> None:
    # Rows go up tenfold and features twentyfold: effects of 0.1 log(10) = 0.23 and 1.5.
    quiet, loud = (growth(made(0.1, 0.5, jitter=jitter)) for jitter in (0.2, 0.3))
    assert in_words(quiet) == "rows^0.1 features^0.5"
    assert in_words(loud) == "features^0.5"


def test_a_power_is_left_out_when_sizes_are_further_off_the_fit_than_its_effect() -> None:
    odd = [
        Timed(t.rows, t.features, tuple(s * (3 if t.features == 6 else 1) for s in t.seconds)) for t in made(0.1, 1.0)
    ]
    found = growth(odd)
    assert math.isnan(found.rows)
    assert found.features == pytest.approx(1.0, abs=0.4)


def test_seconds_that_do_not_grow_have_no_power() -> None:
    assert in_words(growth(made(0.0, 0.0, jitter=0.01))) == ""


def test_tasks_of_one_size_count_as_their_median() -> None:
    # The second and third task of a size take other times; the median one is as made.
    by_task = [
        Timed(t.rows, t.features, tuple(s * f for s in t.seconds)) for t in made(2.0, 1.0) for f in (0.9, 1.0, 1.3)
    ]
    found = growth(by_task)
    assert (found.seconds, found.rows, found.features) == pytest.approx((0.5, 2.0, 1.0), rel=1e-9)


def test_a_fit_too_fast_for_the_clock_does_no_harm() -> None:
    assert in_words(growth([Timed(n, d, (0.0,)) for n, d in SIZES])) == ""


def test_powers_have_one_digit_and_one_that_is_zero_by_it_is_not_shown() -> None:
    assert in_words(Growth(seconds=1.0, rows=0.06, features=0.96)) == "rows^0.1 features^1.0"
    assert in_words(Growth(seconds=1.0, rows=-0.04, features=0.04)) == ""


def test_a_power_below_0_is_no_growth() -> None:
    assert in_words(growth(made(-0.5, 0.3))) == "features^0.3"

"""How many rounds the stopwatch takes."""

import pytest

from benchmark.run.timing import _rounds


@pytest.mark.parametrize(("seconds", "rounds"), [(1e-9, 20), (0.05, 10), (0.4, 3), (2.0, 3), (5.0, 2)])
def test_rounds_fill_half_a_second_and_are_three_at_least_or_two_long_ones(seconds: float, rounds: int) -> None:
    assert _rounds(seconds) == rounds

"""Curves in 16 bit, compressed: whatever they are, what is written comes back."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark.store.published import bands
from benchmark.store.record import Curve
from tests.synthetic import a_card

CARD = a_card()


def a_curve(values: list[float]) -> Curve:
    line = tuple(values)
    return Curve(median=line, low=line, high=line)


def test_what_explodes_does_not_swallow_the_rest() -> None:
    card = CARD
    n = len(card.slice.position)
    inside = [0.001 * i for i in range(n - 2)]
    found = bands.unpacked(bands.packed({"square": a_curve([*inside, 1e94, -1e300])}, {"square": CARD}))["square"]
    truth = next(r.slice for r in card.references if r.name == "truth")
    window = 30 * max(max(truth) - min(truth), card.target_sd)
    assert np.abs(np.subtract(found.median[:-2], inside)).max() <= 2 * (window + max(truth)) / 2**16
    assert (found.median[-2], found.median[-1]) == (max(truth) + window, min(truth) - window)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 2**16 - 1), min_size=4, max_size=4), min_size=3, max_size=3))
def test_any_curve_of_16_bit_comes_back_to_the_bit(lines: list[list[int]]) -> None:
    steps = np.array([lines, lines[::-1]], dtype=np.uint16)
    bent = bands._bends(steps)
    assert bent.shape == (2, 2, 3, 4)
    assert bands._steps(bent).tolist() == steps.tolist()


def test_curves_of_one_value_and_of_none_come_back() -> None:
    n = len(CARD.slice.position)
    found = bands.unpacked(bands.packed({"square": a_curve([2.5] * n)}, {"square": CARD}))["square"]
    assert (found.median, found.low, found.high) == ((2.5,) * n,) * 3
    assert bands.unpacked(bands.packed({}, {"square": CARD})) == {}

"""Rows of a ring between two boxes are uniform by volume: held against shares that are known in closed form."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from tasks.base import FloatArray
from tasks.ring import Intervals, Ring
from tasks.widening import WideningBox
from tests.ranges import PAIRS, Pair

N = 20_000
# One-sided, lopsided, a variable that stays: in one, two and six dimensions.
BOXES = {
    "1": WideningBox(((1.0, 5.0),), ((0.0, 12.0),)),
    "1, one side": WideningBox(((1.0, 5.0),), ((1.0, 9.0),)),
    "2": WideningBox(((0.0, 1.0), (-1.0, 3.0)), ((-1.0, 1.5), (-1.0, 5.0))),
    "2, one stays": WideningBox(((0.0, 1.0), (-1.0, 3.0)), ((-1.0, 1.5), (-1.0, 3.0))),
    "2, all outside": WideningBox(((0.0, 1.0), (-1.0, 3.0)), ((-1.0, 1.5), (-1.0, 5.0)), all_outside=True),
    "6": WideningBox(
        ((0.0, 1.0), (-1.0, 3.0), (0.0, 2.0), (5.0, 6.0), (0.0, 1.0), (-1.0, 1.0)),
        ((-0.5, 1.0), (-1.0, 4.0), (-0.2, 2.3), (5.0, 6.0), (0.0, 1.4), (-1.3, 1.2)),
    ),
    "2, whole": WideningBox(((1.0, 9.0), (0.0, 5.0)), ((-3.0, 12.0), (0.0, 14.0)), whole=True),
}


def cells(box: WideningBox, inner: float, outer: float) -> tuple[list[FloatArray], FloatArray]:
    """Return the edges of a lattice of cells that the ring cuts at faces only, and each cell's share of the ring.

    A cell is cut at the sides of both boxes, at those of the training box, and in the middle of the outer one.
    """
    whole = 0.5 if box.whole else 0.0
    bounds = [box.corners(factor=factor, most=64) for factor in (inner, outer, 1.0) if factor > 0]
    edges, lengths = [], []
    for j in range(box.n_features):
        first, last = (
            bounds[1 if inner > 0 else 0][:, j].min() - whole,
            bounds[1 if inner > 0 else 0][:, j].max() + whole,
        )
        cuts = {end for X in bounds for end in (X[:, j].min() - whole, X[:, j].max() + whole)}
        middle = np.floor((first + last) / 2) + 0.5 if box.whole else (first + last) / 2
        edges.append(np.array(sorted(cut for cut in cuts | {middle} if first <= cut <= last)))
        lengths.append(np.diff(edges[-1]))
    shares = []
    for cell in product(*(range(len(length)) for length in lengths)):
        middle_row = np.array([[(edges[j][k] + edges[j][k + 1]) / 2 for j, k in enumerate(cell)]])
        # The factor of a middle says which side of the faces a cell lies; whole numbers have cells around them.
        out = [abs(box.nearest_inside(middle_row)[0, j] - x) > whole for j, x in enumerate(middle_row[0])]
        factor = box.distance(middle_row)[0]
        inside = inner < factor <= outer if not box.whole else _beyond(middle_row[0], bounds, inner)
        if box.all_outside:
            inside = inside and all(out)
        shares.append(np.prod([lengths[j][k] for j, k in enumerate(cell)]) * inside)
    return edges, np.array(shares) / np.sum(shares)


def _beyond(row: FloatArray, bounds: list[FloatArray], inner: float) -> bool:
    if inner <= 0:
        return True
    low, high = bounds[0].min(axis=0) - 0.5, bounds[0].max(axis=0) + 0.5
    return bool(((row < low) | (row > high)).any())


def chi_square(X: FloatArray, edges: list[FloatArray], shares: FloatArray) -> float:
    """Return how many standard deviations the chi-square of the cells' counts lies above its mean."""
    sizes = [len(edge) - 1 for edge in edges]
    index = [np.clip(np.searchsorted(edge, column, side="right") - 1, 0, len(edge) - 2)
             for edge, column in zip(edges, X.T, strict=True)]  # fmt: skip
    counts = np.bincount(np.ravel_multi_index(index, sizes), minlength=int(np.prod(sizes)))
    if counts[shares == 0].any():
        return np.inf
    expected = len(X) * shares[shares > 0]
    if len(expected) == 1:
        return 0.0
    statistic = float(((counts[shares > 0] - expected) ** 2 / expected).sum())
    # Few of the cells of six dimensions are expected to hold a row, which adds to the variance.
    variance = 2 * (len(expected) - 1) + float((1 / expected).sum())
    return (statistic - (len(expected) - 1)) / float(np.sqrt(variance))


REGIONS = [(0.0, 1.0), (1.0, 2.0), (1.0, 1.4), (1.4, 2.0), (2.0, 3.0), (0.4, 1.6)]


@pytest.mark.parametrize("even", [False, True])
@pytest.mark.parametrize(
    ("name", "region"),
    # All coordinates lie beyond the training range only from its edge on.
    [(name, region) for name in BOXES for region in REGIONS if region[0] == 1 or not BOXES[name].all_outside],
)
def test_a_ring_is_uniform_by_volume(name: str, region: tuple[float, float], even: bool) -> None:
    box, (inner, outer) = BOXES[name], region
    edges, shares = cells(box, inner, outer)
    X = box.draw(N, np.random.default_rng(7), inner=inner, outer=outer, even=even).X
    assert len(shares) > 1
    # Even rows miss by less than chance, never by more.
    assert chi_square(X, edges, shares) < 4


@pytest.mark.parametrize("name", ["1", "2", "6"])
def test_a_draw_that_is_broken_on_one_face_is_noticed(name: str) -> None:
    box = BOXES[name]
    edges, shares = cells(box, 1.0, 2.0)
    ring = box.ring(1.0, 2.0)
    assert chi_square(ring.draw(N, np.random.default_rng(7), even=False), edges, shares) < 4
    # The upper face of the last variable is lost.
    lost = ring.beyond.high.copy()
    lost[-1] = ring.beyond.gap_high[-1]
    broken = replace(ring, beyond=replace(ring.beyond, high=lost))
    assert chi_square(broken.draw(N, np.random.default_rng(7), even=False), edges, shares) > 8


def test_the_pieces_are_those_of_the_volume() -> None:
    # [0, 2] x [0, 4] without [0, 1] x [0, 1]: 4 of 7 right of it, 3 of 7 above.
    zero = np.zeros(2)
    whole = Intervals(zero, np.array([2.0, 4.0]), zero, zero, whole=False)
    within = Intervals(zero, np.ones(2), zero, zero, whole=False)
    ring = Ring(all=whole, within=within, beyond=replace(whole, gap_high=np.ones(2)))
    assert ring.shares == pytest.approx([4 / 8, 3 / 8])


@pytest.mark.parametrize("name", BOXES)
def test_even_rows_know_an_average_better_than_independent_ones(name: str) -> None:
    box = BOXES[name]

    def spread(*, even: bool) -> float:
        draws = (box.draw(500, np.random.default_rng(s), inner=1.0, outer=2.0, even=even).X for s in range(40))
        return float(np.std([np.mean(X.sum(axis=1)) for X in draws]))

    assert spread(even=True) < 0.5 * spread(even=False)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.training} {pair.outer}"[:60])
def test_rows_of_every_range_of_the_literature_lie_in_their_region(pair: Pair) -> None:
    law = "all outside" if pair.all_outside else "ring"
    box = WideningBox.read(pair.training, pair.outer, law=law, whole=pair.whole)  # type: ignore[arg-type]
    for inner, outer in [(0.0, 1.0), (1.0, 2.0), (1.0, 1.5), (1.5, 4.0)]:
        sample = box.draw(50, np.random.default_rng(0), inner=inner, outer=outer, even=True)
        assert sample.X.shape == (50, box.n_features)
        assert ((sample.distance > inner) & (sample.distance <= outer)).all()
        assert np.array_equal(sample.distance, box.distance(sample.X))
        beyond = (box.nearest_inside(sample.X) != sample.X).sum(axis=1)
        least = 0 if outer <= 1 else box.n_features if pair.all_outside else 1
        most = 0 if outer <= 1 else box.n_features
        assert ((beyond >= least) & (beyond <= most)).all()
        assert not pair.whole or np.array_equal(sample.X, np.round(sample.X))
        if outer == 2:
            low, high = np.array(box.outer).T
            assert ((low <= sample.X) & (high >= sample.X)).all()


def test_a_hundred_variables_are_drawn_like_one() -> None:
    box = WideningBox(((-1.0, 1.0),) * 100, ((-1.0, 3.0),) * 100)
    X = box.ring(1.0, 2.0).draw(2_000, np.random.default_rng(0), even=True)
    factors = box.distance(X)
    # Nothing is refused: the training box holds 8e-31 of the outer one, and is never met.
    assert ((factors > 1) & (factors <= 2)).all()
    # Each variable is nearly as uniform as if there were no hole, its outer half as likely as its inner one.
    assert (X > 1).mean(axis=0) == pytest.approx(np.full(100, 0.5), abs=0.005)

"""x^2 on the intervals that were asked about, with what predictions do far outside."""

import numpy as np

from findings.sources import SQUARE_AND_CONSTANT, STRAIGHT_OUTSIDE, TRAINING_SCOPE, TRUST
from tasks.base import FloatArray, Quantity, Task
from tasks.core import add, square
from tasks.domains import Box
from tasks.training_law import Grid
from tasks.widening import WideningBox

EDGE, REACH = 10.0, 10
# Of what a side spans: as near to a line as a picture shows.
STRAIGHT = 1e-3
_N_POINTS = 901


def straight_sides(edge: float, reach: int) -> Quantity:
    """Return what predictions do on both sides, from the edge of [-edge, edge] to `reach` times it.

    `line_r2` is the mean over the two sides of the R^2 of a straight line. `straight_from` says, in times the edge,
    from where on a side stays within a thousandth of its span from the line through its outer half: the later side.
    """
    factors = np.linspace(1.0, reach, _N_POINTS)
    asked = np.concatenate([edge * factors, -edge * factors])[:, np.newaxis]
    outer = slice(_N_POINTS // 2, None)

    def line_r2(side: FloatArray) -> float:
        span = float(np.ptp(side))
        return float(np.corrcoef(factors, side)[0, 1] ** 2) if span > 0 else 1.0

    def straight_from(side: FloatArray) -> float:
        slope, height = np.polyfit(factors[outer], side[outer], 1)
        away = np.abs(side - (slope * factors + height)) > STRAIGHT * max(float(np.ptp(side)), np.finfo(float).tiny)
        bent = np.flatnonzero(away)
        return float(factors[bent[-1]]) if len(bent) else 1.0

    def measure(X: FloatArray, predictions: FloatArray) -> dict[str, float]:
        sides = predictions.reshape(2, _N_POINTS)
        r2 = float(np.mean([*map(line_r2, sides)]))
        return {"line_r2": r2, "bend": 1 - r2, "straight_from": max(map(straight_from, sides))}

    return Quantity(
        error="bend",
        title=f"1 - R^2 of a straight line from the edge to {reach} times it, mean of both sides",
        rows=lambda X: asked,
        measure=measure,
    )


def square_and_constant(X: FloatArray) -> FloatArray:
    """Return x1 + x2^2 (n,) for X (n, 2)."""
    return X[:, 0] + X[:, 1] ** 2


TASKS = (
    Task(
        name="parabola-to-10",
        title="x^2 at 1,000 even points of [-10, 10]",
        formula="x^2",
        source=f"{STRAIGHT_OUTSIDE.url}: shown on [-100, 100]",
        function=square,
        domain=WideningBox(
            ((-EDGE, EDGE),),
            ((-2 * EDGE, 2 * EDGE),),
            training_law=Grid((tuple(np.linspace(-EDGE, EDGE, 1_000).tolist()),)),
        ),
        n_train=1_000,
        set_shape=(1, 1),
        reach=float(REACH),
        ladder_end=float(REACH),
        quantities=(straight_sides(EDGE, REACH),),
        tags=("control",),
        family="square",
    ),
    Task(
        name="parabola-to-500",
        title="x^2 at 10,000 random numbers of [-500, 500]",
        formula="x^2",
        source=TRAINING_SCOPE.url,
        function=square,
        domain=Box(n_features=1, low=-500.0, high=500.0),
        n_train=10_000,
        set_shape=(1, 1),
        tags=("control",),
        family="square",
    ),
    Task(
        name="square-and-constant",
        title="A number and the square of another, 75 rows",
        formula="b + x^2",
        source=f"{SQUARE_AND_CONSTANT.url}: 75 of 100 rows are trained on; the range is ours",
        function=square_and_constant,
        domain=Box(n_features=2, low=-10.0, high=10.0),
        n_train=75,
        set_shape=(1, 2),
        tags=("control",),
    ),
    Task(
        name="parabola-to-2",
        title="x^2 at 1,000 random numbers of [-2, 2]",
        formula="x^2",
        source=f"{TRUST.url}: [-4, 4] is asked about; the range inside is ours",
        function=square,
        domain=Box(n_features=1, low=-2.0, high=2.0),
        n_train=1_000,
        set_shape=(1, 1),
        tags=("control",),
        family="square",
    ),
    Task(
        name="sum-to-2",
        title="Sum of two of 1,000 random pairs of [-2, 2]",
        formula="x1 + x2",
        source=f"{TRUST.url}: for comparison; the range is ours",
        function=add,
        domain=Box(n_features=2, low=-2.0, high=2.0),
        n_train=1_000,
        set_shape=(2, 1),
        tags=("control",),
        family="sum",
    ),
)

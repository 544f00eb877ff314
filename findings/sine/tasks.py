"""A sine seen for a while, with what predictions do beyond: by half a period, by 1, 2 and 5 periods."""

import math

import numpy as np

from findings.sources import LINEAR_OUTSIDE, SINE_BEYOND, SINE_WAVES
from tasks.base import FloatArray, Quantity, Task
from tasks.domains import Box

PERIODS = (1, 2, 5)
REACH = 4
_N_POINTS = 301


def sine(X: FloatArray) -> FloatArray:
    """Return sin(x) (n,) for X (n, 1)."""
    wave: FloatArray = np.sin(X[:, 0])
    return wave


def straight_beyond(edge: float) -> Quantity:
    """Return `line_r2`: the R^2 of a line from twice the edge of [-edge, edge] to four times it, mean of both sides.

    A side that stands still is a line.
    """
    along = edge * np.linspace(REACH / 2, REACH, _N_POINTS)
    asked = np.concatenate([along, -along])[:, np.newaxis]

    def line_r2(side: FloatArray) -> float:
        # What moves by less than a thousandth of the sine's height stands still.
        return float(np.corrcoef(along, side)[0, 1] ** 2) if np.ptp(side) > 1e-3 else 1.0

    def measure(X: FloatArray, predictions: FloatArray) -> dict[str, float]:
        r2 = float(np.mean([*map(line_r2, predictions.reshape(2, _N_POINTS))]))
        return {"line_r2": r2, "bend": 1 - r2}

    return Quantity(
        error="bend",
        title=f"1 - R^2 of a straight line from {REACH // 2} to {REACH} times the edge, mean of both sides",
        rows=lambda X: asked,
        measure=measure,
    )


def _seen(name: str, title: str, edge: float, source: str, *, reach: float) -> Task:
    return Task(
        name=name,
        title=title,
        formula="sin(x)",
        source=source,
        function=sine,
        domain=Box(n_features=1, low=-edge, high=edge),
        n_train=500,
        set_shape=(1, 1),
        reach=reach,
        quantities=(straight_beyond(edge),),
        tags=("control",),
    )


TASKS = (
    _seen(
        "sine-half-a-period",
        "A sine seen on [-1.5, 1.5], and beyond to 6",
        1.5,
        f"{SINE_WAVES.url}: seen on about [-1.5, 1.5]",
        reach=float(REACH),
    ),
    *(
        _seen(
            f"sine-{periods}-period{'s' if periods > 1 else ''}",
            f"A sine of which {periods} periods are seen, and as many more beyond",
            periods * math.pi,
            f"{SINE_BEYOND.url}: seen on [-pi, pi], asked to 2 pi; and {LINEAR_OUTSIDE.url}",
            reach=2.0,
        )
        for periods in PERIODS
    ),
)

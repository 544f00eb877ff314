"""Straight lines through the box of a task, along which its function is looked at: for waves, kinks and jumps.

A domain has such lines where it has a nearest point inside, so that its range is a box.
"""

from dataclasses import dataclass
from itertools import count, islice

import numpy as np

from benchmark.cell.dataset import Rows
from tasks.base import FloatArray, Task, WithCorners

# In units of a range: what is nearer is the same number.
SAME = 1e-9


def evaluated(task: Task, X: FloatArray) -> FloatArray:
    """Return the function at X (n, n_features), with what is not finite; no row of the task need be there."""
    with np.errstate(all="ignore"):
        return np.asarray(task.function(X), dtype=np.float64)


@dataclass(frozen=True)
class Ranges:
    """The sides (d,) of the training box and of the outer box; whether all coordinates are `whole`."""

    low: FloatArray
    high: FloatArray
    outer_low: FloatArray
    outer_high: FloatArray
    whole: bool


def ranges(task: Task, *, inside: Rows, outside: Rows) -> Ranges | None:
    """Return the boxes of a task by the rows of its references, None where its range is no box."""
    domain = task.domain
    if domain.nearest_inside(inside.X[:1]) is None:
        return None
    whole = all(np.array_equal(rows.X, np.round(rows.X)) for rows in (inside, outside))
    if isinstance(domain, WithCorners):
        low, high = (f(domain.corners(factor=1.0, most=2), axis=0) for f in (np.min, np.max))
        outer_low, outer_high = (f(domain.corners(factor=task.reach, most=2), axis=0) for f in (np.min, np.max))
        return Ranges(low, high, outer_low, outer_high, whole)
    low, high = inside.X.min(axis=0), inside.X.max(axis=0)
    outer_low, outer_high = outside.X.min(axis=0), outside.X.max(axis=0)
    return Ranges(low, high, np.minimum(low, outer_low), np.maximum(high, outer_high), whole)


def spread_points(n: int, d: int) -> FloatArray:
    """Return n points (n, d) that are spread over the unit cube, the same on every processor.

    They are multiples of powers of the generalised golden ratio, modulo 1.
    """
    root = 2.0
    for _ in range(64):
        root = (1 + root) ** (1 / (d + 1))
    steps = np.array([1 / root**k for k in islice(count(1), d)])
    points: FloatArray = (0.5 + np.arange(1, n + 1)[:, np.newaxis] * steps) % 1.0
    return points

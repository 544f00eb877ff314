"""How often a function turns along the axes, inside and in the outer box: what is seen of its waves.

Turns are counted along each variable, the others held at points that are spread over the box, and averaged over these.
"""

import numpy as np

from benchmark.cell.lines import SAME, Ranges, evaluated, spread_points
from tasks.base import FloatArray, Task

# Points of a line, which do not lie at its ends: there a function may have no value.
N_POINTS = 512
# Where the others are held.
N_HELD = 24
# At most so many variables are gone along.
MOST_AXES = 20
# Turns at which there are waves: inside a full wave on nearly all lines, outside more than that and more than inside.
INSIDE, OUTSIDE, MORE = 1.9, 2.9, 0.5
# A wave with so many turns is too short to be counted, and is there outside too.
MOST = N_POINTS / 8


def turns(y: FloatArray) -> FloatArray:
    """Return how often each line of y (m, n) turns up or down, leaving out what is no more than rounding."""
    with np.errstate(invalid="ignore"):
        step = np.diff(y, axis=1)
        size = np.nanmax(np.abs(np.where(np.isfinite(y), y, np.nan)), axis=1, initial=0.0)
        way = np.where(np.abs(step) > SAME * size[:, np.newaxis], np.sign(step), 0.0)
    # What stands still, or has no value, goes on as before.
    way = np.where(np.isfinite(way), way, 0.0)
    last = np.maximum.accumulate(np.where(way != 0, np.arange(way.shape[1]), 0), axis=1)
    way = np.take_along_axis(way, last, axis=1)
    count: FloatArray = (way[:, 1:] * way[:, :-1] < 0).sum(axis=1).astype(np.float64)
    return count


def most_turns(task: Task, low: FloatArray, high: FloatArray) -> float:
    """Return the mean number of turns along the variable with the most of them, across the box [low, high]."""
    d = len(low)
    held = np.repeat(low + (high - low) * spread_points(N_HELD, d), N_POINTS, axis=0)
    along = np.tile((np.arange(N_POINTS) + 0.5) / N_POINTS, N_HELD)
    found = 0.0
    for j in np.unique(np.linspace(0, d - 1, min(d, MOST_AXES)).round().astype(int)):
        X = held.copy()
        X[:, j] = low[j] + (high[j] - low[j]) * along
        found = max(found, float(turns(evaluated(task, X).reshape(N_HELD, -1)).mean()))
    return found


def waves(task: Task, box: Ranges) -> list[str]:
    """Return "waves-inside" where a variable goes through a wave or more, "waves-outside" where more come outside."""
    inside = most_turns(task, box.low, box.high)
    beyond = most_turns(task, box.outer_low, box.outer_high)
    more = beyond > inside + MORE or inside > MOST
    return ["waves-inside"] * (inside >= INSIDE) + ["waves-outside"] * (beyond >= OUTSIDE and more)

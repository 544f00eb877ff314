"""Where a function has a kink or a jump: found along lines through the outer box, by looking ever closer.

From point to point its slope changes. Where it is smooth the change goes to 0 with the distance; at a kink it stays, at
a jump it grows as fast as the distance shrinks. What happens at one point alone, or in a corner, no line need meet.
"""

import numpy as np
from numpy.typing import NDArray

from benchmark.cell.lines import Ranges, evaluated, spread_points
from tasks.base import FloatArray, Task

# Lines from anywhere to anywhere; besides these, lines along up to so many axes, and the diagonal.
N_LINES = 12
MOST_AXES = 10
# Points of a line at which one begins to look.
N_POINTS = 48
# How often the distance is halved, and from where to where its effect is looked at.
HALVINGS, LOOKED_AT = 22, 4
# What the change of slope does over the last halvings: where smooth 2^-4, at a kink 1 (of a cube root 2^2.7), at a
# jump 2^4.
KINK, JUMP = 2.0**-1.25, 2.0**3.25
# Over how many halvings a second difference is not to grow, but for so much.
STEADY, LEEWAY = 8, 0.1
# What is left of the height of a jump over these; of that of a cube root 2^-1.3 is.
HEIGHT = 0.7
# Of a kink the change of slope, of a jump its height, in units of how far y goes along the line.
LEAST = 1e-4
# A line on which y goes less far than so much of the largest y shows no more than rounding.
FLAT = 1e-3
# In units of the last bit of the largest y, what a change has to be at least: special functions lose some digits.
BITS = 2**14


def _lines(box: Ranges) -> tuple[FloatArray, FloatArray]:
    """Return where lines begin and end (n, d): along the axes through the middle and through 0, diagonal, and any."""
    low, high = box.outer_low, box.outer_high
    d = len(low)
    points = spread_points(2 * N_LINES, d)
    starts, ends = [low + (high - low) * points[::2]], [low + (high - low) * points[1::2]]
    # Not at the very middle: where others are symmetric, nothing may be seen.
    off = low + (high - low) * spread_points(1, d)[0]
    near_0 = np.clip(np.zeros(d), low, high)
    for j in range(min(d, MOST_AXES)):
        for through in (off, near_0):
            line = np.tile(through, (2, 1))
            line[:, j] = low[j], high[j]
            starts.append(line[:1])
            ends.append(line[1:])
    starts.append(low[np.newaxis])
    ends.append(high[np.newaxis])
    return np.concatenate(starts), np.concatenate(ends)


def _looked_closer(task: Task, start: FloatArray, way: FloatArray, t: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return second differences (steps, n) where they are largest near t (n,), ever closer, and how far y goes.

    Those of a step are over a distance of 1 / (N_POINTS 2^step).
    """
    half = np.full(len(t), 1.0 / N_POINTS)
    kept = []
    offsets = np.linspace(-1.0, 1.0, 5)
    rows = np.arange(len(t))
    gaps = []
    for _ in range(HALVINGS):
        at = t[:, np.newaxis] + half[:, np.newaxis] * offsets
        X = start[:, np.newaxis] + way[:, np.newaxis] * at[:, :, np.newaxis]
        y = evaluated(task, X.reshape(-1, start.shape[1])).reshape(at.shape)
        with np.errstate(invalid="ignore"):
            second = np.abs(y[:, 2:] - 2 * y[:, 1:-1] + y[:, :-2])
        second = np.where(np.isfinite(second), second, 0.0)
        best = second.argmax(axis=1)
        kept.append(second[rows, best])
        t = at[rows, best + 1]
        half = half / 2
        gaps.append(np.ptp(y, axis=1))
    return np.array(kept), np.array(gaps)


def breaks(task: Task, box: Ranges) -> list[str]:
    """Return which of "kink" and "jump" the function has along the lines."""
    starts, ends = _lines(box)
    way = ends - starts
    # Not at the ends, where a square root has no kink.
    nodes = np.arange(2, N_POINTS - 1) / N_POINTS
    X = starts[:, np.newaxis] + way[:, np.newaxis] * nodes[:, np.newaxis]
    y = evaluated(task, X.reshape(-1, starts.shape[1])).reshape(len(starts), -1)
    y = np.where(np.isfinite(y), y, np.nan)
    usable = np.isfinite(y).all(axis=1)
    size = np.zeros(len(starts))
    size[usable] = np.ptp(y[usable], axis=1)
    largest = float(np.abs(y[usable]).max(initial=0.0))
    usable &= size > FLAT * largest
    line = np.repeat(np.flatnonzero(usable), len(nodes))
    if not len(line):
        return []
    second, gaps = _looked_closer(task, starts[line], way[line], np.tile(nodes, int(usable.sum())))
    halves = N_POINTS * 2.0 ** np.arange(1, HALVINGS + 1)
    first, last = second[-1 - LOOKED_AT] * halves[-1 - LOOKED_AT], second[-1] * halves[-1]
    # What rounds, now grows and now shrinks; no second difference of a function grows when one looks closer.
    steady = (second[-STEADY:] <= (1 + LEEWAY) * second[-1 - STEADY : -1]).all(axis=0)
    seen = steady & (second[-1] > BITS * np.finfo(np.float64).eps * largest)
    with np.errstate(divide="ignore", invalid="ignore"):
        grown = np.where(first > 0, last / first, 0.0)
    gap = gaps[-1]
    high: NDArray[np.bool_] = (gap > LEAST * size[line]) & (gap > HEIGHT * gaps[-1 - LOOKED_AT])
    is_jump = seen & (grown >= JUMP) & high
    is_kink = seen & (grown >= KINK) & ~is_jump & (last > LEAST * size[line])
    return ["kink"] * bool(is_kink.any()) + ["jump"] * bool(is_jump.any())

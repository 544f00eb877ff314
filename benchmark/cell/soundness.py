"""Is a task's function one that can be scored on its range? Looked at when its card is made, before anything is run.

The rows of the references are looked at, and the corners of the boxes, which no draw ever meets.
"""

from collections.abc import Sequence

import numpy as np

from benchmark.cell.dataset import Rows
from tasks.base import FloatArray, Task, WithCorners

# In units of the largest value: what is smaller is how a processor rounds.
ROUNDING = 1e-12
# The share of the squared error that one row in a thousand may carry. Where they carry more, other rows give another
# score: of a pole they carry 99 %, of the heaviest tails in the literature that are in use 75 %.
MOST_OF_FEW = 0.9
# The same of a shell of the ladder, which is no score: of an exponential they carry 92 %, of a pole 97 % and more.
MOST_OF_SHELL = 0.95
FEW = 1_000
MOST_CORNERS = 2**12
# Steps towards a corner, as shares of the way, and in units of the largest of all rows what no score survives: at the
# last step a logarithm has come to -28, and x^(-1/2), whose square has no mean, to a million.
STEPS = np.logspace(-3, -12, 10)
POLE = 1_000.0
# Below such a step a difference of two columns is what rounding left of it, and no value says nothing.
ROUNDED = 5e-7
# Each step is taken from so many rows: a line from one alone may run where the function has no value.
WAYS = 3


def _shown(row: FloatArray) -> str:
    """Return a row in words, of which only the first numbers are said where there are many."""
    first = ", ".join(f"{value:g}" for value in row[:8])
    return f"[{first}{', ...' if len(row) > 8 else ''}]"


def _check_values(task: Task, inside: Rows) -> None:
    spread, largest = float(inside.y.std()), float(np.abs(inside.y).max())
    if not spread > ROUNDING * largest:
        raise ValueError(
            f"task {task.name!r}: the function is constant on the training law; there is nothing to learn; it is "
            f"{inside.y[0]:g} at {_shown(inside.X[0])} as everywhere; take a range where it moves"
        )


def _check_tail(task: Task, where: str, rows: Rows, mean: float, most: float = MOST_OF_FEW) -> None:
    """Refuse rows of which a few carry all of the squared error of the constant `mean`."""
    squares = (rows.y - mean) ** 2
    few = max(1, len(squares) // FEW)
    # Where there are few rows in all, all of them are scored.
    if len(squares) < FEW or not squares.sum() > 0:
        return
    share = float(np.partition(squares, -few)[-few:].sum() / squares.sum())
    if not share <= most:
        worst = int(squares.argmax())
        raise ValueError(
            f"task {task.name!r}: {where} one row in a thousand carries {100 * share:.1f} % of the squared error, and "
            f"{100 * most:.0f} % is allowed, since the score is of their luck; y is {rows.y[worst]:.3g} at "
            f"{_shown(rows.X[worst])}; take a range that keeps away from there"
        )


def _values(task: Task, X: FloatArray) -> FloatArray:
    """Return the function at X, with what is not finite."""
    with np.errstate(all="ignore"):
        return np.asarray(task.function(X), dtype=np.float64)


def _check_corners(task: Task, domain: WithCorners, factor: float, largest: float, rows: FloatArray) -> None:
    """Refuse a corner towards which the function grows without bounds, or is not finite, from wherever one comes.

    At the corner itself it need not have a value: no row is there, and a logarithm of 0 does no harm to a score.
    """
    corners = domain.corners(factor=factor, most=MOST_CORNERS)
    for corner in corners[~np.isfinite(_values(task, corners))]:
        paths = [corner + STEPS[:, np.newaxis] * (row - corner) for row in rows[:WAYS]]
        values = [_values(task, path) for path in paths]
        bad = [np.where(np.isfinite(y), np.abs(y) > POLE * largest, STEPS > ROUNDED) for y in values]
        if all(found.any() for found in bad):
            step = int(bad[0].argmax())
            raise ValueError(
                f"task {task.name!r}: the function has a pole at the corner {_shown(corner)} of its box at a distance "
                f"factor of {factor:g}, and none is allowed; it is {values[0][step]:.3g} at {_shown(paths[0][step])}; "
                "take sides that keep away from there"
            )


def check_sound(task: Task, *, inside: Rows, outside: Rows, shells: Sequence[Rows] = ()) -> None:
    """Refuse a function that cannot be scored on its range: a constant, one with poles, one of few rows alone.

    `inside` and `outside` are the rows of the task's references, `shells` those of its ladder: beyond the region that
    is scored there may be poles too.

    Raises:
        ValueError: it is such a function; the message says at which row that shows.
    """
    _check_values(task, inside)
    mean = float(inside.y.mean())
    _check_tail(task, "inside", inside, mean)
    _check_tail(task, "outside", outside, mean)
    for edge, shell in zip(task.ladder[1:], shells, strict=False):
        if edge > task.reach:
            _check_tail(task, f"up to a distance factor of {edge:g}", shell, mean, MOST_OF_SHELL)
    if not isinstance(task.domain, WithCorners):
        return
    for factor in sorted({1.0, task.reach, task.ladder_end}):
        rows = inside if factor == 1 else outside
        _check_corners(task, task.domain, factor, float(np.abs(rows.y).max()), inside.X)

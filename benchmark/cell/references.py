"""What a task alone says about scores: the true function, the training mean, the best line and quadratic, the clamp.

They come from the task, never from a model file, and are shown as rows of their own. Mean, line and quadratic are of
the training law, which nobody is told; what the rows at hand know of it, `benchmark.cell.samples` says.
"""

from collections.abc import Callable

import numpy as np

from benchmark.cell.dataset import Rows
from benchmark.cell.least_squares import least_squares
from benchmark.cell.quadratic import MOST_INPUTS, best_quadratic
from benchmark.store.record import ReferenceName
from tasks.base import FloatArray, Task

N_SLICE = 161
# Multiplications above which a line is fitted by normal equations.
MOST_WORK = 2**28
# How far from a corner a function without a value there is looked at, as a share of the way to a row.
STEP = 1e-6

Function = Callable[[FloatArray], FloatArray]


def best_line(rows: Rows) -> Function:
    """Return the least-squares linear predictor of the rows; a constant column counts for nothing."""
    centre = rows.X.mean(axis=0)
    sd = rows.X.std(axis=0)
    scale = np.where(sd > 0, sd, 1.0)

    def columns(X: FloatArray) -> FloatArray:
        return np.column_stack([np.ones(len(X)), (X - centre) / scale])

    if rows.X.size * rows.X.shape[1] > MOST_WORK:
        coefficients = least_squares(columns, rows.X, rows.y)
    else:
        coefficients = np.asarray(np.linalg.lstsq(columns(rows.X), rows.y, rcond=None)[0], dtype=np.float64)
    return lambda X: coefficients[0] + ((X - centre) / scale) @ coefficients[1:]


def clamped(task: Task, nearest: FloatArray, within: FloatArray) -> FloatArray:
    """Return the true function (n,) at the nearest points (n, n_features) of a box.

    Many of these lie in its corners, where no row ever is and a function need not have a value: there it is taken
    a step from the corner towards the row `within` (n_features,).
    """
    with np.errstate(all="ignore"):
        y = np.array(task.function(nearest), dtype=np.float64)
    lost = ~np.isfinite(y)
    if lost.any():
        y[lost] = task.targets(nearest[lost] + STEP * (within - nearest[lost]))
    return y


def references(task: Task, train: Rows) -> dict[ReferenceName, tuple[str, Function]]:
    """Return title and function of each reference by name.

    The clamp only where the domain has a nearest point, the quadratic only of up to `MOST_INPUTS` inputs.
    """
    mean = float(train.y.mean())
    found: dict[ReferenceName, tuple[str, Function]] = {
        "truth": ("the true function", task.targets),
        "constant": ("the mean of the training law", lambda X: np.full(len(X), mean)),
        "line": ("the best linear predictor on the training law", best_line(train)),
    }
    if task.domain.n_features <= MOST_INPUTS:
        title = "the best polynomial of degree 2 on the training law"
        found["quadratic"] = (title, best_quadratic(train))
    if task.domain.nearest_inside(train.X[:1]) is not None:

        def clamp(X: FloatArray) -> FloatArray:
            inside = task.domain.nearest_inside(X)
            assert inside is not None
            return clamped(task, inside, train.X[0])

        found["clamp"] = ("the truth inside, and outside its value at the nearest point inside", clamp)
    return found


def measured_quantities(task: Task, predict: Function, X: FloatArray) -> dict[str, float]:
    """Return every figure that the task recovers from `predict` on interpolation rows X (n, n_features)."""
    measured: dict[str, float] = {}
    for quantity in task.quantities:
        rows = quantity.rows(X)
        measured |= quantity.measure(rows, predict(rows))
    return measured


def rounded(values: FloatArray) -> list[float]:
    """Return values for a picture, to seven significant digits."""
    return [float(f"{value:.7g}") for value in values]

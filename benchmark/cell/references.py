"""What a task alone says about scores: the true function, the training mean, the best line, the clamp.

They come from the task, never from a model file, and are shown as rows of their own. Mean and line are of the training
law, which nobody is told; what the rows at hand know of it, `benchmark.cell.samples` says.
"""

from collections.abc import Callable

import numpy as np

from benchmark.cell.dataset import Rows
from benchmark.store.record import ReferenceName
from tasks.base import FloatArray, Task

N_SLICE = 161

Function = Callable[[FloatArray], FloatArray]


def best_line(rows: Rows) -> Function:
    """Return the least-squares linear predictor of the rows; a constant column counts for nothing."""
    centre = rows.X.mean(axis=0)
    sd = rows.X.std(axis=0)
    scale = np.where(sd > 0, sd, 1.0)
    columns = np.column_stack([np.ones(len(rows.X)), (rows.X - centre) / scale])
    coefficients, *_ = np.linalg.lstsq(columns, rows.y, rcond=None)
    return lambda X: coefficients[0] + ((X - centre) / scale) @ coefficients[1:]


def references(task: Task, train: Rows) -> dict[ReferenceName, tuple[str, Function]]:
    """Return title and function of each reference by name; the clamp only where the domain has a nearest point."""
    mean = float(train.y.mean())
    found: dict[ReferenceName, tuple[str, Function]] = {
        "truth": ("the true function", task.targets),
        "constant": ("the mean of the training law", lambda X: np.full(len(X), mean)),
        "line": ("the best linear predictor on the training law", best_line(train)),
    }
    if task.domain.nearest_inside(train.X[:1]) is not None:

        def clamp(X: FloatArray) -> FloatArray:
            inside = task.domain.nearest_inside(X)
            assert inside is not None
            return task.targets(inside)

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

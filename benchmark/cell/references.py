"""What a task alone says about scores: the true function, the training mean, the best line, the clamp.

They come from the task, never from a model file, and are shown as rows of their own. Their errors
are population values: exact where the domain can be listed, else over 2^18 fixed draws.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from benchmark.catalogue.registry import Origin, load_task
from benchmark.cell.dataset import Rows, population
from benchmark.cell.metrics import rmse
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


def description(task: Task) -> dict[str, object]:
    """Return what the card of a task says of it in words and sizes, as plain values."""
    return {
        "task": task.name,
        "version": task.version,
        "title": task.title,
        "formula": task.formula,
        "source": task.source,
        "tags": list(task.tags),
        "family": task.family,
        "n_train": task.n_train,
        "n_test": task.n_test,
        "set_shape": list(task.set_shape),
        "noise_std": task.noise_std,
        "training_range": task.domain.describe(inner=0.0, outer=1.0),
        "extrapolation_range": task.domain.describe(inner=1.0, outer=task.reach),
        "ladder": list(task.ladder),
        "horizon_unit": task.horizon_unit,
        "quantities": [{"error": q.error, "estimate": q.estimate, "title": q.title} for q in task.quantities],
    }


def task_card(origin: Origin, name: str) -> dict[str, object]:
    """Return all that a reader of records may want of a task, as plain values.

    Raises:
        ValueError: the task's function is constant or not finite, so that no error can be put in proportion.
    """
    task = load_task(origin, name)
    train = population(task, inner=0.0, outer=1.0)
    sd = float(train.y.std())
    if not sd > 0:
        raise ValueError(f"task {name!r}: the function is constant on the training law; there is nothing to learn")
    outside = population(task, inner=1.0, outer=task.reach)
    # A shell needs no more than a fair estimate: it only places the references on the ladder.
    shells = [population(task, inner=a, outer=b, n=2**14) for a, b in pairwise(task.ladder)]
    line = task.domain.slice(N_SLICE, outer=task.ladder_end)
    return description(task) | {
        "target_sd": sd,
        "references": [
            {
                "name": reference,
                "title": title,
                "interpolation_rmse": rmse(function(train.X), train.y),
                "extrapolation_rmse": rmse(function(outside.X), outside.y),
                "shell_rmse": [rmse(function(shell.X), shell.y) for shell in shells],
                "quantities": measured_quantities(task, function, train.X),
                "slice": rounded(function(line.X)),
            }
            for reference, (title, function) in references(task, train).items()
        ],
        "slice": {
            "label": line.label,
            "position": rounded(line.position),
            "inside": list(line.inside),
        },
    }


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

"""Four functions of Xu et al. with as many rows as theirs, and rays that leave the training range as theirs do."""

from dataclasses import replace

import numpy as np

from tasks.base import FloatArray, Task
from tasks.rays import Edge, along_rays
from tasks.xu import TASKS as XU

# A ray begins at 1.1 times the boundary, and is ten times as long as the range of the test rows.
START, LENGTH = 1.1, 10
# How many times the training range their test range is, by function.
TEST_RANGES = {"xu-quadratic-8d": 5, "xu-cos-2d": 2, "xu-sqrt-8d": 5, "xu-l1-8d": 20}


def from_the_origin(low: float, high: float) -> Edge:
    """Return what takes the rows of a box [low, high]^d to rays from the origin, which have a factor of 1 at `high`."""
    middle = (low + high) / 2

    def edge(X: FloatArray) -> tuple[FloatArray, FloatArray]:
        away = X - middle
        return np.zeros(X.shape[1]), high * away / np.abs(away).max(axis=1, keepdims=True)

    return edge


def reach_of(task: Task) -> int:
    """Return the factor at which the rays of a task end, in times its training range."""
    return 1 + LENGTH * TEST_RANGES[task.name]


def roots(X: FloatArray) -> FloatArray:
    """Return the sum (n,) of the square roots of rows X (n, d), as `xu-sqrt-8d` has it; 0 for what is below 0.

    Rays from the origin leave the range of the root, where only predictions are looked at.
    """
    found: FloatArray = np.sqrt(np.maximum(X, 0)).sum(axis=1)
    return found


def _with_rays(task: Task) -> Task:
    ((low, high), *_) = task.domain.training  # type: ignore[attr-defined]
    return replace(
        task,
        function=roots if task.name == "xu-sqrt-8d" else task.function,
        name=f"{task.name}-rays",
        title=f"{task.title}, 20,000 rows, along rays",
        n_train=20_000,
        quantities=(along_rays(from_the_origin(low, high), reach_of(task), start=START),),
        tags=("control",),
        family=task.family or task.name,
    )


TASKS = tuple(_with_rays(task) for task in XU if task.name in TEST_RANGES)

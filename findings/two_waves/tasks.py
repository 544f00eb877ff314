"""A sum and a product of two waves, as the threads have them, the sum with more rows too. Off the main board."""

from dataclasses import replace

import numpy as np

from findings.sizes import with_rows
from findings.sources import FIFTY_ROWS, TWO_SINES
from tasks.base import FloatArray, Task
from tasks.widening import WideningBox

MORE_ROWS = (100, 200, 500)


def sine_plus_cosine(X: FloatArray) -> FloatArray:
    """Return sin(x1) + cos(x2) (n,) for X (n, 2)."""
    values: FloatArray = np.sin(X[:, 0]) + np.cos(X[:, 1])
    return values


def sine_times_sine(X: FloatArray) -> FloatArray:
    """Return sin(2 pi x1) sin(2 pi x2) (n,) for X (n, 2)."""
    values: FloatArray = np.sin(2 * np.pi * X[:, 0]) * np.sin(2 * np.pi * X[:, 1])
    return values


SUM = Task(
    name="sine-plus-cosine",
    title="Sine of one number plus cosine of another, 50 rows",
    formula="sin(x1) + cos(x2)",
    source=f"{FIFTY_ROWS.url}: 50 random rows",
    function=sine_plus_cosine,
    domain=WideningBox(((-5.0, 5.0), (0.0, 5.0)), ((-10.0, 10.0), (-2.5, 7.5))),
    n_train=50,
    set_shape=(2, 1),
    tags=("control", "periodic"),
)

TASKS = (
    SUM,
    # Families are of tasks on the board.
    *(replace(task, family="") for task in with_rows(SUM, MORE_ROWS)),
    Task(
        name="sine-times-sine",
        title="Product of two sines",
        formula="sin(2 pi x1) sin(2 pi x2)",
        source=f"{TWO_SINES.url}: on [0, 1]^2",
        function=sine_times_sine,
        domain=WideningBox(((0.0, 1.0),) * 2, ((-0.5, 1.5),) * 2),
        n_train=1_000,
        set_shape=(2, 1),
        tags=("control", "periodic"),
    ),
)

"""The sum of two numbers as the thread scores it: rounded."""

import numpy as np

from findings.sources import SQUARES
from tasks.base import FloatArray, Quantity, Task
from tasks.core import add
from tasks.domains import IntegerBox


def _rounded_rmse(name: str, shift: float, where: str) -> Quantity:
    def rows(X: FloatArray) -> FloatArray:
        return X + shift

    def measure(X: FloatArray, predictions: FloatArray) -> dict[str, float]:
        return {name: float(np.sqrt(np.mean((np.round(predictions) - add(X)) ** 2)))}

    return Quantity(
        error=name, title=f"RMSE of rounded predictions {where} the training range", rows=rows, measure=measure
    )


TASKS = (
    Task(
        name="sum-rounded",
        title="Sum of two numbers, predictions rounded as in the thread",
        formula="x1 + x2",
        source=f"{SQUARES.url}: rounds before it scores",
        function=add,
        domain=IntegerBox(n_features=2, high=1000, all_outside=True),
        n_train=1_000,
        set_shape=(2, 1),
        quantities=(
            _rounded_rmse("rounded_rmse_inside", 0.0, "inside"),
            _rounded_rmse("rounded_rmse_outside", 1000.0, "outside"),
        ),
        tags=("control",),
    ),
)

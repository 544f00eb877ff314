"""Keijzer's harmonic numbers and Vladislavleva's functions with the rows, and the test rows, of their sources."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tasks.base import FloatArray, Quantity, Task
from tasks.keijzer import ROWS as KEIJZER
from tasks.table import Row, rows_of_test
from tasks.training_law import Grid
from tasks.vladislavleva import ROWS as VLADISLAVLEVA
from tasks.widening import WideningBox

# How many rows, or which grid, each source trains on.
TRAINED_ON: dict[str, int | str] = {
    "keijzer-6": "E[1,50,1]",
    "vladislavleva-1": 100,
    "vladislavleva-4": 1_024,
    "vladislavleva-6": 30,
    "vladislavleva-7": 300,
    "vladislavleva-8": 50,
}
WHOLE, INSIDE, OUTSIDE = "rmse_on_published_test", "rmse_on_its_inside", "rmse_on_its_outside"


def as_tested(name: str) -> str:
    """Return the name of a function's task with the published rows and test rows."""
    return f"{name}-as-tested"


def _apart(truth: FloatArray, beyond: NDArray[np.bool_], X: FloatArray, predictions: FloatArray) -> dict[str, float]:
    squares = (predictions - truth) ** 2
    return {
        WHOLE: float(np.sqrt(squares.mean())),
        INSIDE: float(np.sqrt(squares[~beyond].mean())),
        OUTSIDE: float(np.sqrt(squares[beyond].mean())),
    }


def _scored(text: str, function: Callable[[FloatArray], FloatArray], domain: WideningBox) -> Quantity:
    rows = rows_of_test(text)
    beyond = domain.distance(rows) > 1
    return Quantity(
        error=WHOLE,
        title=f"RMSE on the test rows of the source, {text}: whole, and of those inside and outside its training range",
        rows=lambda X: rows,
        measure=partial(_apart, function(rows), beyond),
    )


def _as_tested(row: Row) -> Task:
    task, trained = row.task(), TRAINED_ON[row.name]
    assert isinstance(task.domain, WideningBox)
    law = Grid.read(trained) if isinstance(trained, str) else None
    domain = replace(task.domain, training_law=law)
    n_rows = law.n_rows if law else int(trained)
    return replace(
        task,
        name=as_tested(row.name),
        title=f"{task.title}, its {n_rows:,} published rows and its test",
        domain=domain,
        n_train=n_rows,
        quantities=(_scored(row.more["test"], task.targets, domain),),
        tags=(*task.tags, "control"),
        family=task.family or task.name,
    )


TASKS = tuple(_as_tested(row) for row in (*KEIJZER, *VLADISLAVLEVA) if row.name in TRAINED_ON)

"""The five formulas of Sahoo et al. with as many rows as theirs."""

from dataclasses import replace

from tasks.base import Task
from tasks.eql import TASKS as EQL

N_ROWS = 10_000
FORMULAS = ("eql-div", "eql-f1", "eql-f2", "eql-f3", "eql-f4")


def published(name: str) -> str:
    """Return the name of a formula's task with the published number of rows."""
    return f"{name}-{N_ROWS}-rows"


def _with_rows(task: Task) -> Task:
    return replace(
        task,
        name=published(task.name),
        title=f"{task.title}, its {N_ROWS:,} published rows",
        n_train=N_ROWS,
        tags=(*task.tags, "control"),
        family=task.family or task.name,
    )


TASKS = tuple(_with_rows(task) for task in EQL if task.name in FORMULAS)

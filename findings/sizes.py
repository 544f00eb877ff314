"""Tasks with another number of training rows."""

from collections.abc import Sequence
from dataclasses import replace

from tasks.base import Task


def with_rows(task: Task, sizes: Sequence[int]) -> tuple[Task, ...]:
    """Return a task once for each number of training rows, off the main board."""
    return tuple(
        replace(
            task,
            name=f"{task.name}-{n_train}-rows",
            title=f"{task.title}, {n_train:,} training rows",
            n_train=n_train,
            tags=("control",),
            family=task.family or task.name,
        )
        for n_train in sizes
    )

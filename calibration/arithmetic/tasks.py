"""The six operations on overlapping sums with 20,000 rows, where the paper draws fresh rows for every step."""

from dataclasses import replace

from tasks.base import Task
from tasks.nalu import TASKS as NALU


def _with_many_rows(task: Task) -> Task:
    return replace(
        task,
        name=task.name.replace("nalu-", "arithmetic-"),
        title=f"{task.title}, 20,000 rows",
        n_train=20_000,
        n_test=10_000,
        tags=("control",),
        family=task.family or task.name,
    )


TASKS = tuple(map(_with_many_rows, NALU))

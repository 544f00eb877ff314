"""The core tasks once more, with predictions along random rays that leave the training range. Off the main board.

A ray begins at the edge of the training range, at a factor of 1, and runs straight on to a factor of 4, where the
ladder of most tasks ends, or of 21, ten times as far as the outside rows: Xu et al. (2021), "How Neural Networks
Extrapolate", section 3. What a prediction does there needs no true function, so all seven tasks go as far.
"""

from dataclasses import replace

from tasks.base import Task
from tasks.core import TASKS as CORE
from tasks.rays import along_rays, edge_of

REACHES = (4, 21)


def _with_rays(task: Task) -> Task:
    edge = edge_of(task)
    return replace(
        task,
        name=f"{task.name}-rays",
        title=f"{task.title}, along random rays",
        quantities=tuple(along_rays(edge, reach) for reach in REACHES),
        tags=("control",),
        family=task.family or task.name,
    )


TASKS = tuple(_with_rays(task) for task in CORE)

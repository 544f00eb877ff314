"""Two of Nguyen's problems of two variables with McDermott's rows: 100 of the square from -1 to 1."""

from dataclasses import replace

from tasks.nguyen import TASKS as NGUYEN

N_ROWS = 100
TASKS = tuple(
    replace(
        task,
        name=f"{task.name}-{N_ROWS}-rows",
        title=f"{task.title}, {N_ROWS} rows",
        n_train=N_ROWS,
        tags=(*task.tags, "control"),
        family=task.family or task.name,
    )
    for task in NGUYEN
    if task.name in ("nguyen-9-wide", "nguyen-10-wide")
)

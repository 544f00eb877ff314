"""The third example of pykan with as many rows as theirs; the others are those of the suite."""

from dataclasses import replace

from tasks.kan import TASKS as KAN

N_ROWS = 3_000
DEEP = f"kan-3-{N_ROWS}-rows"
TASKS = tuple(
    replace(
        task,
        name=DEEP,
        title=f"{task.title}, its {N_ROWS:,} published rows",
        n_train=N_ROWS,
        tags=(*task.tags, "control"),
        family=task.family or task.name,
    )
    for task in KAN
    if task.name == "kan-3"
)

"""What is published, as one long table."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import pandas as pd

from benchmark.catalogue.registry import Entry, load_task
from benchmark.cell.card import task_card
from benchmark.environment import RESULTS, environment
from benchmark.store import archive
from benchmark.store.local import Contents
from benchmark.store.record import Record, SeedOutcome, TaskCard

COLUMNS = ("task", "model", "seed", "status", "region", "shell", "inner", "outer", "rmse", "nrmse")


@cache
def published() -> Contents:
    """Return what is published in this checkout, read once."""
    return archive.read(RESULTS)


def card_here(task: Entry) -> TaskCard:
    """Return the card of a task that is not published, made here: this takes seconds.

    Raises:
        ValueError: the task's function is constant or not finite.
    """
    made = {
        "task": task.name,
        "origin": "" if task.origin.kind == "room" else task.origin.title,
        "stamp": None,
        "environment": environment(()).model_dump(),
    }
    said = task_card(load_task(task.origin, task.name))
    return TaskCard.model_validate_json(json.dumps({**said, **made}))


def _regions(card: TaskCard, outcome: SeedOutcome) -> Iterator[tuple[str, int | None, float, float, float | None]]:
    """Yield each region of a seed: its name, its shell, its distance factors, its RMSE."""
    # Nobody keeps where the outside ends but as text; the ladder's last step is not it.
    yield "inside", None, 0.0, 1.0, outcome.interpolation_rmse
    yield "outside", None, 1.0, float("nan"), outcome.extrapolation_rmse
    for shell, (inner, outer) in enumerate(pairwise(card.ladder)):
        error = outcome.shell_rmse[shell] if shell < len(outcome.shell_rmse) else None
        yield "shell", shell, inner, outer, error


def rows_of(card: TaskCard, record: Record) -> Iterator[tuple[Any, ...]]:
    """Yield a row with `COLUMNS` for each seed and region of a record."""
    for outcome in record.seeds:
        for region, shell, inner, outer, error in _regions(card, outcome):
            rmse = float("nan") if error is None else error
            nrmse = rmse / card.target_sd
            yield record.task, record.model, outcome.seed, outcome.status, region, shell, inner, outer, rmse, nrmse


def records(tasks: Sequence[str] = (), models: Sequence[str] = ()) -> pd.DataFrame:
    """Return every published seed as one long table, a row for each task, model, seed and region.

    Columns: `task`, `model`, `seed`, `status`; `region`, which is "inside", "outside" or "shell"; `shell`, its number
    on the ladder, with its distance factors `inner` and `outer`; `rmse` in the units of y and `nrmse` in sd of y on the
    training law. Errors of a seed that did not end well are missing. `tasks` and `models` choose by name; all of them
    are some hundred thousand rows.
    """
    known = published()
    rows = [
        row
        for (task, model), record in sorted(known.records.items())
        if task in known.cards and (not tasks or task in tasks) and (not models or model in models)
        for row in rows_of(known.cards[task], record)
    ]
    frame = pd.DataFrame(rows, columns=[*COLUMNS])
    return frame.astype({"task": "category", "model": "category", "status": "category", "shell": "Int64"})

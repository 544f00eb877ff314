"""From records to the figures of the board: a row for each cell, a row for each contender."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from benchmark.record import OFF_BOARD, Record, TaskCard, Timing
from benchmark.report.cells import COLUMNS, NOTHING, Row, SeedScores, cell_rows, reference_rows
from benchmark.report.markdown import escaped
from benchmark.report.ties import BoolArray, Headline, ahead, places, tie_letters
from benchmark.words import counted

BASELINE = "linear-net"
# More names than this in one sentence are not read.
MOST_NAMES = 5


@dataclass(frozen=True)
class Board:
    """All there is to show: the tasks' cards, a frame of cells, a frame of contenders, words, and what they rest on.

    `remarks` are Markdown, with the words of others escaped. Of the cells on the board `n_quick` were made with
    `--quick`; `n_off_board` cells are of tasks or models that stay off it.
    """

    cards: tuple[TaskCard, ...]
    cells: pd.DataFrame
    overall: pd.DataFrame
    quantities: tuple[str, ...]
    notes: Mapping[str, tuple[str, ...]]
    remarks: tuple[str, ...]
    records: Mapping[tuple[str, str], Record]
    timings: Mapping[tuple[str, str], Timing]
    n_quick: int
    n_off_board: int

    @property
    def ranked_tasks(self) -> tuple[str, ...]:
        """The tasks that the order of merit compares on: the project's own, or a plugin's where there are no others."""
        own = tuple(card.task for card in self.cards if not card.origin)
        return own or tuple(card.task for card in self.cards)


@cache
def _quick(settings: str) -> bool:
    """Whether the settings in a fingerprint say that a record was made with `--quick`."""
    try:
        return bool(json.loads(settings)["quick"])
    except (ValueError, KeyError, TypeError):
        return False


def _listed(names: Iterable[str]) -> str:
    every = sorted(set(names))
    shown = ", ".join(f"`{name}`" for name in every[:MOST_NAMES])
    return shown if len(every) <= MOST_NAMES else f"{shown} and {counted(len(every) - MOST_NAMES, 'other model')}"


def _most(machines: Iterable[str]) -> str:
    counts = Counter(machines)
    return max(sorted(counts), key=lambda name: counts[name], default="")


def _timings_shown(
    timings: Mapping[tuple[str, str], Timing],
) -> tuple[str, dict[tuple[str, str], Timing], list[str]]:
    """Return the machine with the most timings, those to be shown, and what is to be said of them.

    A model that was not timed on that machine shows its seconds of another one: of one machine for each model.
    """
    board = _most(timing.environment.machine for timing in timings.values())
    machines: dict[str, list[str]] = {}
    for (_, model), timing in timings.items():
        machines.setdefault(model, []).append(timing.environment.machine)
    shown = {model: board if board in each else _most(each) for model, each in machines.items()}
    remarks = [f"Seconds were taken on one thread of: {escaped(board)}."] if board else []
    for other in sorted(set(shown.values()) - {board}):
        models = _listed(model for model, machine in shown.items() if machine == other)
        remarks.append(
            f"Seconds marked with * are of {models} on another machine: {escaped(other)}. "
            "They do not compare with the others, and have no ratio."
        )
    kept = {place: timing for place, timing in timings.items() if timing.environment.machine == shown[place[1]]}
    if left := len(timings) - len(kept):
        remarks.append(f"Not shown: {counted(left, 'timing')} taken on other machines, of models timed on this one.")
    return board, kept, remarks


def _note(record: Record) -> list[str]:
    reasons: dict[tuple[str, str], list[int]] = {}
    for outcome in record.seeds:
        if outcome.status != "ok":
            reasons.setdefault((outcome.status, outcome.reason), []).append(outcome.seed)
    every = len(record.seeds)
    return [
        f"{record.model}: {status.replace('-', ' ')}"
        + ("" if len(seeds) == every else f" on {len(seeds)} of {every} seeds (first: seed {seeds[0]})")
        + f": {reason}"
        for (status, reason), seeds in reasons.items()
    ]


def _contender(rows: pd.DataFrame, tasks: Collection[str], seconds: pd.DataFrame) -> Row:
    first = rows.iloc[0]
    counted = rows[rows["task"].isin(tasks)]
    n_counted = len(counted)
    # A model that met none of the tasks that count has no place, and its figures are those of what it met.
    rows = counted if n_counted else rows
    kept = seconds.reindex(rows["task"])
    elsewhere = bool(rows["other_machine"].any())
    ratios = {
        f"{phase}_ratio": (rows.set_index("task")[f"{phase}_seconds"] / kept[f"{phase}_seconds"]).median()
        for phase in ("fit", "predict")
    }
    holds = int((counted["verdict"] == "holds outside").sum())
    return {
        "model": first["model"],
        "kind": first["kind"],
        "n_tasks": n_counted,
        "complete": n_counted == len(tasks),
        "holds_outside": holds,
        "learned_inside": holds + int((counted["verdict"] == "inside only").sum()),
        "score": rows["score"].median(),
        "fit_seconds": rows["fit_seconds"].median(),
        "predict_seconds": rows["predict_seconds"].median(),
        "other_machine": elsewhere,
        **(dict.fromkeys(ratios, np.nan) if elsewhere else ratios),
    }


def _ahead(tasks: list[str], models: list[str], scores: Mapping[tuple[str, str], SeedScores]) -> BoolArray:
    """Return who is ahead of whom beyond chance; a model with fewer seeds than another repeats them in order."""
    if not tasks or not models:
        return np.zeros((len(models), len(models)), dtype=bool)
    n = max(len(scores[task, model].score) for task in tasks for model in models)
    slots = {k: np.arange(n) % k for k in {len(score.score) for score in scores.values()}}

    def table(name: str) -> np.ndarray:
        each = (getattr(scores[task, model], name) for task in tasks for model in models)
        return np.stack([seeds[slots[len(seeds)]] for seeds in each]).reshape(len(tasks), len(models), n)

    return ahead(Headline(table("holds"), table("learned"), table("score")))


def _overall(cells: pd.DataFrame, tasks: list[str], scores: Mapping[tuple[str, str], SeedScores]) -> pd.DataFrame:
    baseline = cells[(cells["model"] == BASELINE) & (cells["kind"] == "model")].set_index("task")
    contenders = pd.DataFrame(
        [_contender(rows, tasks, baseline) for _, rows in cells.groupby(["kind", "model"], sort=True)]
    )
    # Equal as printed is a tie: the score counts to two decimals.
    contenders["shown_score"] = contenders["score"].round(2) + 0.0
    contenders["is_reference"] = contenders["kind"] == "reference"
    contenders["incomplete"] = ~contenders["complete"] & ~contenders["is_reference"]
    order = ["is_reference", "incomplete", "holds_outside", "learned_inside", "shown_score", "model"]
    contenders = contenders.sort_values(order, ascending=[True, True, False, False, True, True], ignore_index=True)
    ranked = contenders.loc[~contenders["is_reference"] & ~contenders["incomplete"], "model"].tolist()
    beaten = _ahead(tasks, ranked, scores)
    held = [f"{first}" if first == last else f"{first}-{last}" for first, last in places(beaten)]
    # The ranked ones stand first.
    unranked = [""] * (len(contenders) - len(ranked))
    contenders["rank"] = [*held, *unranked]
    contenders["ties"] = [*tie_letters(beaten, range(len(ranked))), *unranked]
    return contenders


def _by_task(records: Mapping[tuple[str, str], Record]) -> dict[str, list[str]]:
    models: dict[str, list[str]] = {}
    for task, model in sorted(records):
        models.setdefault(task, []).append(model)
    return models


def board_of(
    cards: Mapping[str, TaskCard],
    records: Mapping[tuple[str, str], Record],
    timings: Mapping[tuple[str, str], Timing],
) -> Board:
    """Return the board that follows from what is kept: the same things give the same board."""
    shown = {name: card for name, card in sorted(cards.items()) if not OFF_BOARD & set(card.tags)}
    machine, seconds, remarks = _timings_shown(timings)
    rows: list[Row] = []
    notes: dict[str, tuple[str, ...]] = {}
    scores: dict[tuple[str, str], SeedScores] = {}
    machines: set[str] = set()
    models = _by_task(records)
    n_quick = n_off_board = 0
    for task in sorted({*models, *shown}):
        every = [records[task, model] for model in models.get(task, ())]
        kept = [record for record in every if not OFF_BOARD & set(record.model_tags)]
        if task in cards and task not in shown:
            n_off_board += len(every)
            continue
        n_off_board += len(every) - len(kept)
        if task not in shown:
            missing = f"is not shown: the file tasks/{task}.json is missing or unreadable."
            remarks += [f"{task} / {record.model} {missing}" for record in kept]
            continue
        remarks += [f"{task} / {record.model} is not shown: it has no seeds." for record in kept if not record.seeds]
        kept = [record for record in kept if record.seeds]
        machines |= {record.environment.machine for record in kept}
        n_quick += sum(_quick(record.fingerprint.get("settings", "")) for record in kept)
        new, new_scores = cell_rows(shown[task], kept, seconds, machine=machine)
        rows += [*reference_rows(shown[task]), *new]
        scores |= {(task, record.model): score for record, score in zip(kept, new_scores, strict=True)}
        if said := tuple(note for record in kept for note in _note(record)):
            notes[task] = said
    quantities = {
        name: None for card in shown.values() for q in card.quantities for name in (q.estimate, q.error) if name
    }
    quantities = {name: None for name in quantities if name not in COLUMNS}
    columns = [*COLUMNS, *quantities]
    cells = pd.DataFrame({name: [row.get(name, NOTHING) for row in rows] for name in columns}, columns=columns)
    if len(machines) > 1:
        remarks.append(f"The records come from {len(machines)} machines; errors may differ slightly between them.")
    board = Board(
        cards=tuple(shown.values()),
        cells=cells,
        overall=pd.DataFrame(),
        quantities=tuple(quantities),
        notes=notes,
        remarks=tuple(remarks),
        records=records,
        timings=seconds,
        n_quick=n_quick,
        n_off_board=n_off_board,
    )
    return replace(board, overall=_overall(cells, list(board.ranked_tasks), scores)) if rows else board

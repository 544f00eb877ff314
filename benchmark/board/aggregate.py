"""From records to the figures of the board: a row for each cell, a row for each contender."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from benchmark.board.costs import Timings, clock_of
from benchmark.board.growth import Growth, in_words
from benchmark.board.merit import Merit, merit_of
from benchmark.board.ranks import BoolArray, Headline, ahead, rank_ranges, tie_letters
from benchmark.board.scores import COLUMNS, NOTHING, Row, SeedScores, cell_rows, reference_rows
from benchmark.board.statistics import Verdict
from benchmark.store.record import OFF_BOARD, CellKey, Record, SuiteCard, TaskCard
from benchmark.words import counted


@dataclass(frozen=True)
class Board:
    """All there is to show: the tasks' cards, a frame of cells, a frame of contenders, words, and what they rest on.

    `merit` says what the order of the contenders compares. `remarks` are Markdown, with the words of others escaped.
    Of the cells on the board `n_quick` were made with `--quick`; `n_off_board` cells are of tasks or models that stay
    off it.
    """

    cards: tuple[TaskCard, ...]
    cells: pd.DataFrame
    overall: pd.DataFrame
    quantities: tuple[str, ...]
    notes: Mapping[str, tuple[str, ...]]
    remarks: tuple[str, ...]
    records: Mapping[tuple[str, str], Record]
    n_quick: int
    n_off_board: int
    merit: Merit

    def record(self, task: str, model: str) -> Record:
        """Return the record of a cell with the seeds that its figures are of."""
        return self.merit.within(self.records[task, model])


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


def _contender(rows: pd.DataFrame, merit: Merit, grown: Mapping[str, Growth]) -> Row:
    first = rows.iloc[0]
    counted = rows[rows["task"].isin(merit.tasks)]
    n_counted = len(counted)
    # A model that met none of the tasks that count has no place, and its figures are those of what it met.
    rows = counted if n_counted else rows
    growth = grown.get(first["model"], Growth()) if first["kind"] == "model" else Growth()
    verdicts: Counter[Verdict] = Counter(counted["verdict"])
    holds = verdicts["holds outside"]
    lacks = merit.lacks(n_counted, fewest_seeds=counted["n_seeds"].min(), n_quick=int(counted["quick"].sum()))
    return {
        "model": first["model"],
        "kind": first["kind"],
        "n_tasks": n_counted,
        # A reference has no seeds, and no place either.
        "lacks": tuple(lacks) if first["kind"] == "model" else (),
        "holds_outside": holds,
        "learned_inside": holds + verdicts["inside only"],
        "score": rows["score"].median(),
        "fit_seconds": rows["fit_seconds"].median(),
        "predict_seconds": rows["predict_seconds"].median(),
        "fit_ratio": rows["fit_ratio"].median(),
        "predict_ratio": rows["predict_ratio"].median(),
        "other_machine": bool(rows["other_machine"].any()),
        "cost_seconds": growth.seconds,
        "growth": in_words(growth),
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


def _overall(
    cells: pd.DataFrame,
    merit: Merit,
    scores: Mapping[tuple[str, str], SeedScores],
    *,
    grown: Mapping[str, Growth],
) -> pd.DataFrame:
    contenders = pd.DataFrame(
        [_contender(rows, merit, grown) for _, rows in cells.groupby(["kind", "model"], sort=True)]
    )
    # Equal as printed is a tie: the score counts to two decimals.
    contenders["shown_score"] = contenders["score"].round(2) + 0.0
    contenders["is_reference"] = contenders["kind"] == "reference"
    contenders["incomplete"] = contenders["lacks"].map(bool)
    order = ["is_reference", "incomplete", "holds_outside", "learned_inside", "shown_score", "model"]
    contenders = contenders.sort_values(order, ascending=[True, True, False, False, True, True], ignore_index=True)
    ranked = contenders.loc[~contenders["is_reference"] & ~contenders["incomplete"], "model"].tolist()
    beaten = _ahead(list(merit.tasks), ranked, scores)
    held = [f"{first}" if first == last else f"{first}-{last}" for first, last in rank_ranges(beaten)]
    # The ranked ones stand first.
    unranked = [""] * (len(contenders) - len(ranked))
    contenders["rank"] = [*held, *unranked]
    contenders["ties"] = [*tie_letters(beaten, range(len(ranked))), *unranked]
    return contenders


def _on_board(record: Record) -> bool:
    return not OFF_BOARD & set(record.model_tags)


def _by_task(records: Mapping[tuple[str, str], Record]) -> dict[str, list[str]]:
    models: dict[str, list[str]] = {}
    for task, model in sorted(records):
        models.setdefault(task, []).append(model)
    return models


def _no_seeds(record: Record, merit: Merit) -> str:
    which = f"none of {merit.window}" if record.seeds else "no seeds"
    return f"{record.task} / {record.model} is not shown: it has {which}."


def _timed_cells(cards: Mapping[str, TaskCard], records: Mapping[CellKey, Record]) -> Iterator[CellKey]:
    """Yield the cells whose seconds are shown: of the board, with a seed that went well."""
    for cell_id in records:
        if cell_id[0] in cards:
            record = records[cell_id]
            if not OFF_BOARD & set(record.model_tags) and any(outcome.status == "ok" for outcome in record.seeds):
                yield cell_id


def board_of(
    cards: Mapping[str, TaskCard],
    records: Mapping[tuple[str, str], Record],
    timings: Timings,
    *,
    suite: SuiteCard | None = None,
    here: str = "",
) -> Board:
    """Return the board that follows from what is kept: the same things give the same board.

    Places compare models on the tasks and seeds of the suite; without one, or without any task of it, on
    all tasks that are there. Every other task has its section, and moves no place. Seconds are of the
    machine `here` where it has as many as any.
    """
    shown = {name: card for name, card in sorted(cards.items()) if not OFF_BOARD & set(card.tags)}
    clock = clock_of(shown, _timed_cells(shown, records), timings, here=here)
    remarks = [*clock.remarks]
    rows: list[Row] = []
    notes: dict[str, tuple[str, ...]] = {}
    scores: dict[tuple[str, str], SeedScores] = {}
    machines: set[str] = set()
    models = _by_task(records)
    compared = [task for task in (suite.tasks if suite else ()) if task in shown]
    of_suite = (records[task, model] for task in compared for model in models.get(task, ()))
    merit = merit_of(suite, shown, filter(_on_board, of_suite))
    n_off_board = n_beyond = 0
    for task in sorted({*models, *shown}):
        every = [records[task, model] for model in models.get(task, ())]
        kept = [record for record in every if _on_board(record)]
        if task in cards and task not in shown:
            n_off_board += len(every)
            continue
        n_off_board += len(every) - len(kept)
        if task not in shown:
            missing = f"is not shown: the file tasks/{task}.json is missing or unreadable."
            remarks += [f"{task} / {record.model} {missing}" for record in kept]
            continue
        counting = [merit.within(record) for record in kept]
        remarks += [_no_seeds(record, merit) for record, cut in zip(kept, counting, strict=True) if not cut.seeds]
        n_beyond += sum(cut is not record for record, cut in zip(kept, counting, strict=True))
        kept = [record for record in counting if record.seeds]
        machines |= {record.environment.machine for record in kept}
        new, new_scores = cell_rows(shown[task], kept, clock)
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
    if n_beyond:
        holds = "holds" if n_beyond == 1 else "hold"
        remarks.append(
            f"Figures are of {merit.window}. {counted(n_beyond, 'record')} {holds} more, which do not count here."
        )
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
        n_quick=sum(bool(row["quick"]) for row in rows),
        n_off_board=n_off_board,
        merit=merit,
    )
    return replace(board, overall=_overall(cells, merit, scores, grown=clock.growths)) if rows else board

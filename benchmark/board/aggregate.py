"""From records to the figures of the board: a row for each cell, a row for each contender."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from benchmark.board.costs import Timings, clock_of
from benchmark.board.growth import Growth, in_words
from benchmark.board.merit import Merit, merit_of
from benchmark.board.scores import COLUMNS, NOTHING, Row, cell_rows, reference_rows
from benchmark.board.solving import Region
from benchmark.board.standings import Standings, standings
from benchmark.board.votes import Votes
from benchmark.store.record import OFF_BOARD, CellKey, Record, SuiteCard, TaskCard
from benchmark.words import counted


@dataclass(frozen=True)
class Board:
    """All there is to show: the tasks' cards, frames of cells, contenders and classes, words, and what they rest on.

    `merit` says what is compared, `votes` which of its tasks tell who is better in each region; `overall` and `classes`
    are the frames of `Standings`, the first with what each contender costs. `remarks` are Markdown, with the words of
    others escaped. Of the cells on the board `n_quick` were made with `--quick`; `n_off_board` cells are of tasks or
    models that stay off it.
    """

    cards: tuple[TaskCard, ...]
    cells: pd.DataFrame
    overall: pd.DataFrame
    classes: pd.DataFrame
    votes: Mapping[Region, Votes]
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
    compared = rows[rows["task"].isin(merit.tasks)]
    lacks = merit.lacks(len(compared), fewest_seeds=compared["n_seeds"].min(), n_quick=int(compared["quick"].sum()))
    growth = grown.get(first["model"], Growth()) if first["kind"] == "model" else Growth()
    # Of a model that met none of the tasks that are compared the seconds are those of what it met.
    rows = compared if len(compared) else rows
    return {
        "model": first["model"],
        "kind": first["kind"],
        # A reference has no seeds, and no place either.
        "lacks": tuple(lacks) if first["kind"] == "model" else (),
        "fit_seconds": rows["fit_seconds"].median(),
        "predict_seconds": rows["predict_seconds"].median(),
        "fit_ratio": rows["fit_ratio"].median(),
        "predict_ratio": rows["predict_ratio"].median(),
        "other_machine": bool(rows["other_machine"].any()),
        "cost_seconds": growth.seconds,
        "growth": in_words(growth),
    }


def _compared(
    cells: pd.DataFrame, cards: Mapping[str, TaskCard], merit: Merit, *, grown: Mapping[str, Growth]
) -> Standings:
    """Return where the contenders stand, with what each costs and lacks, in the order of the board outside."""
    costs = pd.DataFrame([_contender(rows, merit, grown) for _, rows in cells.groupby(["kind", "model"], sort=True)])
    whole = {row["model"]: not row["lacks"] for row in costs.to_dict("records") if row["kind"] == "model"}
    suite = merit.suite.name if merit.suite else ""
    found = standings(cells, cards, dict.fromkeys(merit.tasks, suite), ranked=whole)
    rows = found.rows.merge(costs, on=["kind", "model"], validate="one_to_one")
    return replace(found, rows=rows.sort_values("outside_order", ignore_index=True))


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


def _of_today(timings: Timings, records: Mapping[CellKey, Record]) -> Timings:
    """Return the timings without those of an older version of a model than its records are of."""
    versions: dict[str, int] = {}
    for (_, model), record in records.items():
        versions[model] = max(record.model_version, versions.get(model, 0))
    return {key: timing for key, timing in timings.items() if timing.model_version >= versions.get(timing.model, 0)}


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
    clock = clock_of(shown, _timed_cells(shown, records), _of_today(timings, records), here=here)
    remarks = [*clock.remarks]
    rows: list[Row] = []
    notes: dict[str, tuple[str, ...]] = {}
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
        rows += [*reference_rows(shown[task]), *cell_rows(shown[task], kept, clock)]
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
        classes=pd.DataFrame(),
        votes={},
        quantities=tuple(quantities),
        notes=notes,
        remarks=tuple(remarks),
        records=records,
        n_quick=sum(bool(row["quick"]) for row in rows),
        n_off_board=n_off_board,
        merit=merit,
    )
    if not rows:
        return board
    found = _compared(cells, shown, merit, grown=clock.growths)
    return replace(board, overall=found.rows, classes=found.classes, votes=found.votes)

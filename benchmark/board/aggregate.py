"""From records to the figures of the board: a row for each cell, a row for each contender."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from benchmark.board.costs import Clock, Timings, clock_of
from benchmark.board.growth import Growth, in_words
from benchmark.board.merit import Merit, first_seeds, has_more, merit_of
from benchmark.board.scores import COLUMNS, NOTHING, Row, cell_rows, reference_rows
from benchmark.board.solving import Region
from benchmark.board.standings import Standings, standings
from benchmark.board.tolerance import PUBLISHED, Tolerance
from benchmark.board.votes import Votes
from benchmark.store.record import OFF_BOARD, CellKey, Record, SuiteCard, TaskCard
from benchmark.words import counted


@dataclass(frozen=True)
class Board:
    """All there is to show: the tasks' cards, frames of cells, contenders and classes, words, and what they rest on.

    `merit` says what is compared, `votes` which of its tasks tell who is better in each region; `overall` and `classes`
    are the frames of `Standings`, the first with what each contender costs. `remarks` are Markdown, with the words of
    others escaped. Of the cells on the board `n_quick` were made with `--quick`; `n_off_board` cells are of tasks or
    models that stay off it. `tolerance` says what counts as solved.
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
    tolerance: Tolerance

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
    cells: pd.DataFrame,
    cards: Mapping[str, TaskCard],
    merit: Merit,
    *,
    grown: Mapping[str, Growth],
    tolerance: Tolerance,
) -> Standings:
    """Return where the contenders stand, with what each costs and lacks, in the order of the board outside."""
    costs = pd.DataFrame([_contender(rows, merit, grown) for _, rows in cells.groupby(["kind", "model"], sort=True)])
    whole = {row["model"]: not row["lacks"] for row in costs.to_dict("records") if row["kind"] == "model"}
    suite = merit.suite.name if merit.suite else ""
    found = standings(cells, cards, dict.fromkeys(merit.tasks, suite), ranked=whole, tolerance=tolerance)
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


@dataclass(frozen=True)
class _OfTask:
    """The rows of a task at so many seeds, what its failures were, and the records on the board.

    `whole` are these records with all their seeds, `counting` with those that count.
    """

    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    whole: tuple[Record, ...]
    counting: tuple[Record, ...]

    @property
    def n_beyond(self) -> int:
        return sum(cut is not record for record, cut in zip(self.whole, self.counting, strict=True))


def frame_of(rows: Sequence[Row], quantities: Sequence[str]) -> pd.DataFrame:
    """Return rows of cells as a frame, with a column for each quantity."""
    columns = [*COLUMNS, *quantities]
    return pd.DataFrame({name: [row.get(name, NOTHING) for row in rows] for name in columns}, columns=columns)


def quantities_of(cards: Iterable[TaskCard]) -> tuple[str, ...]:
    """Return the names of the quantities of tasks that have a column of their own."""
    names = {name: None for card in cards for q in card.quantities for name in (q.estimate, q.error) if name}
    return tuple(name for name in names if name not in COLUMNS)


@dataclass(frozen=True)
class Ledger:
    """What all boards of the same contents share: the seconds, and what was computed of each task.

    `cards` are those of the tasks on the board, in order, `off` the names of those off it. `models` are the names of
    the models with a record of a task.
    """

    cards: Mapping[str, TaskCard]
    off: frozenset[str]
    records: Mapping[CellKey, Record]
    models: Mapping[str, Sequence[str]]
    clock: Clock
    tolerance: Tolerance
    _known: dict[tuple[str, int | None], _OfTask] = field(default_factory=dict, repr=False, compare=False)

    def of_task(self, task: str, n_seeds: int | None) -> _OfTask:
        """Return the rows of a task on the board at seeds 0 to `n_seeds`-1; each is computed once."""
        whole = self.on_board(task)
        # Where no record has more seeds than these, they are all there are.
        limit = n_seeds if any(has_more(record, n_seeds) for record in whole) else None
        if (task, limit) not in self._known:
            card = self.cards[task]
            counting = tuple(first_seeds(record, limit) for record in whole)
            kept = [record for record in counting if record.seeds]
            rows = (*reference_rows(card, self.tolerance), *cell_rows(card, kept, self.clock, self.tolerance))
            notes = tuple(note for record in kept for note in _note(record))
            self._known[task, limit] = _OfTask(rows, notes, whole, counting)
        return self._known[task, limit]

    def on_board(self, task: str) -> tuple[Record, ...]:
        """Return the records of a task whose models do not stay off the board."""
        return tuple(filter(_on_board, (self.records[task, model] for model in self.models.get(task, ()))))

    def board(self, suite: SuiteCard | None, *, among: Collection[str] | None = None) -> Board:
        """Return the board of a suite, with all tasks there are or only those of some names.

        Places compare models on the tasks and seeds of the suite; without one, or without any task of it, on
        all tasks that are there. Every other task has its section, and moves no place.
        """
        shown = {name: card for name, card in self.cards.items() if among is None or name in among}
        compared = [task for task in (suite.tasks if suite else ()) if task in shown]
        merit = merit_of(suite, shown, (record for task in compared for record in self.on_board(task)))
        remarks = [*self.clock.remarks]
        rows: list[Row] = []
        notes: dict[str, tuple[str, ...]] = {}
        machines: set[str] = set()
        n_off_board = n_beyond = 0
        for task in sorted({*self.models, *shown} if among is None else {*self.models, *shown} & {*among}):
            n_models = len(self.models.get(task, ()))
            if task in self.off:
                n_off_board += n_models
                continue
            if task not in shown:
                missing = f"is not shown: the file tasks/{task}.json is missing or unreadable."
                kept = self.on_board(task)
                n_off_board += n_models - len(kept)
                remarks += [f"{task} / {record.model} {missing}" for record in kept]
                continue
            found = self.of_task(task, merit.seeds)
            n_off_board += n_models - len(found.whole)
            n_beyond += found.n_beyond
            empty = [record for record, cut in zip(found.whole, found.counting, strict=True) if not cut.seeds]
            remarks += [_no_seeds(record, merit) for record in empty]
            machines |= {record.environment.machine for record in found.counting if record.seeds}
            rows += found.rows
            if found.notes:
                notes[task] = found.notes
        quantities = quantities_of(shown.values())
        cells = frame_of(rows, quantities)
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
            quantities=quantities,
            notes=notes,
            remarks=tuple(remarks),
            records=self.records,
            n_quick=sum(bool(row["quick"]) for row in rows),
            n_off_board=n_off_board,
            merit=merit,
            tolerance=self.tolerance,
        )
        if not rows:
            return board
        stand = _compared(cells, shown, merit, grown=self.clock.growths, tolerance=self.tolerance)
        return replace(board, overall=stand.rows, classes=stand.classes, votes=stand.votes)


def ledger_of(
    cards: Mapping[str, TaskCard],
    records: Mapping[CellKey, Record],
    timings: Timings,
    *,
    here: str = "",
    tolerance: Tolerance = PUBLISHED,
) -> Ledger:
    """Return what boards of these contents share. Seconds are of the machine `here` where it has as many as any."""
    shown = {name: card for name, card in sorted(cards.items()) if not OFF_BOARD & set(card.tags)}
    clock = clock_of(shown, _timed_cells(shown, records), _of_today(timings, records), here=here)
    return Ledger(shown, frozenset({*cards} - {*shown}), records, _by_task(records), clock, tolerance)


def board_of(
    cards: Mapping[str, TaskCard],
    records: Mapping[CellKey, Record],
    timings: Timings,
    *,
    suite: SuiteCard | None = None,
    here: str = "",
    tolerance: Tolerance = PUBLISHED,
) -> Board:
    """Return the board of all tasks that follows from what is kept: the same things give the same board."""
    return ledger_of(cards, records, timings, here=here, tolerance=tolerance).board(suite)

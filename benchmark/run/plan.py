"""Says what is to be run: the selected cells, less what is up to date, each with its reason."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Self

from benchmark.errors import NothingSelectedError
from benchmark.record import DONE, OFF_BOARD, Record, TaskCard, Timing
from benchmark.registry import Catalogue, Entry, unknown
from benchmark.run import fingerprint
from benchmark.run.environment import machine


@dataclass(frozen=True)
class Selection:
    """The tasks and models that the options name; every pair of them is a cell, or only those at the given places.

    `n_seeds` says of a place how many seeds it needs, where that is not the number asked for.
    """

    tasks: tuple[Entry, ...]
    models: tuple[Entry, ...]
    places: frozenset[tuple[str, str]] | None = None
    n_seeds: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def cells(self) -> Iterator[tuple[Entry, Entry]]:
        """Yield the task and the model of each cell, models outside: a model's cells follow each other.

        So the costly ones do not all come last.
        """
        for model in self.models:
            for task in self.tasks:
                if self.places is None or (task.name, model.name) in self.places:
                    yield task, model

    def within(self, places: Iterable[tuple[str, str]]) -> Self:
        """Return the selection of the cells at these places only, and of what they need.

        Raises:
            NothingSelectedError: none of the cells is there.
        """
        kept = replace(self, places=frozenset(places))
        here = [(task.name, model.name) for task, model in kept.cells()]
        if not here:
            raise NothingSelectedError("no selected cell has the selected tags")
        tasks, models = ({place[side] for place in here} for side in (0, 1))
        return replace(
            kept,
            tasks=tuple(task for task in self.tasks if task.name in tasks),
            models=tuple(model for model in self.models if model.name in models),
        )


@dataclass(frozen=True)
class Cell:
    """One (task, model) and the seeds that are to be run, with the reason why.

    `machine` is the kind of machine they are to be run on when they are to be joined with kept ones.
    """

    task: Entry
    model: Entry
    seeds: tuple[int, ...]
    reason: str
    machine: str | None = None

    @property
    def name(self) -> str:
        """The cell in words."""
        return f"{self.task.name} / {self.model.name}"

    @property
    def place(self) -> tuple[str, str]:
        """The names of its task and model."""
        return self.task.name, self.model.name


def _matching(pattern: str, entries: Mapping[str, Entry]) -> list[Entry]:
    """Return what a name or glob means: what matches on the board, or else what matches off it."""
    matching = [entry for name, entry in entries.items() if fnmatchcase(name, pattern)]
    return [entry for entry in matching if not OFF_BOARD & set(entry.tags)] or matching


def _named(kind: str, entries: Mapping[str, Entry], patterns: Sequence[str]) -> list[Entry]:
    for pattern in patterns:
        if pattern and not set(pattern) & set("*?[") and pattern not in entries:
            raise unknown(kind, pattern, entries)
    names = {entry.name for pattern in patterns for entry in _matching(pattern, entries)}
    chosen = [entry for name, entry in entries.items() if name in names]
    if not chosen:
        raise NothingSelectedError(
            f"--{kind} {' '.join(map(repr, patterns))} selects no {kind}. Known: {', '.join(entries)}."
        )
    return chosen


def _tagged(entries: Iterable[Entry], tags: Sequence[str]) -> list[Entry]:
    # A tag narrows tasks and models alike, but only those among which it occurs.
    every = list(entries)
    return [entry for entry in every if set(tags) & set(entry.tags)] or every


def select(
    found: Catalogue,
    *,
    tasks: Sequence[str],
    models: Sequence[str],
    tags: Sequence[str],
    off_board: bool = False,
) -> Selection:
    """Return the entries that match names or globs and tags; with none given, everything on the main board.

    With `off_board` what stays off the board is as good as what is on it.

    Raises:
        UsageError: a name or tag does not exist.
        NothingSelectedError: a glob or an empty name matches nothing.
    """
    known = {tag for entries in (found.tasks, found.models) for e in entries.values() for tag in e.tags}
    for tag in tags:
        if tag not in known:
            raise unknown("tag", tag, known)

    def chosen(kind: str, entries: Mapping[str, Entry], patterns: Sequence[str]) -> tuple[Entry, ...]:
        if patterns:
            named = _named(kind, entries, patterns)
        elif tags or off_board:
            named = list(entries.values())
        else:
            named = [entry for entry in entries.values() if not OFF_BOARD & set(entry.tags)]
        return tuple(_tagged(named, tags) if tags else named)

    return Selection(chosen("task", found.tasks, tasks), chosen("model", found.models, models))


def _missing(
    kept: Record | None,
    now: Mapping[str, str],
    seeds: Sequence[int],
    *,
    retry_failed: bool,
    machines: Collection[str],
) -> tuple[tuple[int, ...], str]:
    if kept is None:
        return tuple(seeds), "new"
    if changed := fingerprint.differences(kept.fingerprint, now):
        return tuple(seeds), changed
    if kept.environment.machine not in machines:
        return tuple(seeds), "another machine"
    failed = {outcome.seed for outcome in kept.seeds if outcome.status not in DONE}
    if retry_failed and failed & set(seeds):
        done = {outcome.seed for outcome in kept.seeds} - failed
        return tuple(seed for seed in seeds if seed not in done), "failed before"
    there = {outcome.seed for outcome in kept.seeds}
    absent = tuple(seed for seed in seeds if seed not in there)
    return absent, f"{len(absent)} of {len(seeds)} seeds missing"


def missing_cells(
    selection: Selection,
    records: Mapping[tuple[str, str], Record],
    seeds: Sequence[int],
    *,
    quick: bool,
    fresh: bool,
    retry_failed: bool,
    machines: Collection[str] | None = None,
) -> list[Cell]:
    """Return the selected cells of which a seed is missing or out of date; all of them when `fresh`.

    `seeds` are wanted of each cell for which the selection says no number of its own. `machines` are those at hand,
    this one when none are given; a record of one of them is not out of date.
    """
    cells = []
    at_hand = {machine()} if machines is None else machines
    for task, model in selection.cells():
        place = (task.name, model.name)
        kept = None if fresh else records.get(place)
        now = fingerprint.of_cell(task, model, quick=quick)
        wanted = range(selection.n_seeds[place]) if place in selection.n_seeds else seeds
        absent, reason = _missing(kept, now, wanted, retry_failed=retry_failed, machines=at_hand)
        if absent:
            joined = kept is not None and kept.fingerprint == now and kept.environment.machine in at_hand
            where = kept.environment.machine if kept and joined else None
            cells.append(Cell(task, model, absent, "asked for with --fresh" if fresh else reason, where))
    return cells


def missing_cards(tasks: Iterable[Entry], cards: Mapping[str, TaskCard], *, fresh: bool) -> list[tuple[Entry, str]]:
    """Return the tasks whose card is missing or out of date, with the reason."""
    found = []
    for task in tasks:
        card = cards.get(task.name)
        if fresh or card is None:
            found.append((task, "new" if card is None else "asked for with --fresh"))
        elif changed := fingerprint.differences(card.fingerprint, fingerprint.of_task(task)):
            found.append((task, changed))
    return found


def missing_timings(
    selection: Selection,
    records: Mapping[tuple[str, str], Record],
    timings: Mapping[tuple[str, str], Timing],
    *,
    quick: bool,
    fresh: bool,
) -> list[Cell]:
    """Return the selected cells of the board whose timing is missing, out of date or of another machine.

    Each has its first good seed; where there is none, there is nothing to time.
    """
    cells = []
    for task, model in selection.cells():
        place = (task.name, model.name)
        record, timing = records.get(place), timings.get(place)
        good = [outcome.seed for outcome in record.seeds if outcome.status == "ok"] if record else []
        # Seconds are for the board.
        if not good or OFF_BOARD & {*task.tags, *model.tags}:
            continue
        if timing is None:
            reason = "new"
        elif changed := fingerprint.differences(timing.fingerprint, fingerprint.of_timing(task, model, quick=quick)):
            reason = changed
        elif timing.environment.machine != machine():
            reason = "another machine"
        elif fresh:
            reason = "asked for with --fresh"
        else:
            continue
        cells.append(Cell(task, model, (good[0],), reason))
    return cells

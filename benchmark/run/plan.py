"""Says what is to be run: the selected cells, less what is up to date, each with its reason."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Self

from benchmark.catalogue.registry import Catalogue, Entry, unknown
from benchmark.errors import NothingSelectedError
from benchmark.run.observed import Observed
from benchmark.store.record import DONE, OFF_BOARD, PAGES, CellKey, Record, TaskCard
from benchmark.store.stamp import MODEL, TASK, same
from tasks.suite import Suite
from tasks.suites import CORE


@dataclass(frozen=True)
class Selection:
    """The tasks and models that the options name; every pair of them is a cell, or only those of the given names.

    `n_seeds` says of a cell how many seeds it needs, where that is not the number asked for.
    """

    tasks: tuple[Entry, ...]
    models: tuple[Entry, ...]
    cell_ids: frozenset[CellKey] | None = None
    # How many seeds some cells need, whatever the others get.
    n_seeds: Mapping[CellKey, int] = field(default_factory=dict)

    def cells(self) -> Iterator[tuple[Entry, Entry]]:
        """Yield the task and the model of each cell, models outside: a model's cells follow each other.

        So the costly ones do not all come last.
        """
        for model in self.models:
            for task in self.tasks:
                if self.cell_ids is None or (task.name, model.name) in self.cell_ids:
                    yield task, model

    def varied(self, variants: Mapping[str, Sequence[Entry]]) -> Self:
        """Return the selection with the variants of each task in its place, by its name; each for as many seeds."""
        cell_ids = self.cell_ids
        if cell_ids is not None:
            cell_ids = frozenset((each.name, model) for task, model in cell_ids for each in variants.get(task, ()))
        seeds = {(each.name, model): n for (task, model), n in self.n_seeds.items() for each in variants.get(task, ())}
        tasks = tuple(each for task in self.tasks for each in variants[task.name])
        return replace(self, tasks=tasks, cell_ids=cell_ids, n_seeds=seeds)

    def sharded(self, k: int, n: int, *, known: Collection[CellKey]) -> Self:
        """Return the selection of the cells that fall to shard k of n, from 1 to n.

        Every n-th in the order of their hashes, whatever else is there: first of those that are not yet `known`, so
        that shards differ by one cell at most.
        """

        def order(cell_id: CellKey) -> tuple[bool, str]:
            return cell_id in known, hashlib.sha256("\n".join(cell_id).encode()).hexdigest()

        return self._of(sorted(((task.name, model.name) for task, model in self.cells()), key=order)[k - 1 :: n])

    def _of(self, cell_ids: Iterable[CellKey]) -> Self:
        """Return the selection of the cells of these names only, and of what they need."""
        kept = replace(self, cell_ids=frozenset(cell_ids))
        here = [(task.name, model.name) for task, model in kept.cells()]
        tasks, models = ({cell_id[side] for cell_id in here} for side in (0, 1))
        return replace(
            kept,
            tasks=tuple(task for task in self.tasks if task.name in tasks),
            models=tuple(model for model in self.models if model.name in models),
        )

    def within(self, cell_ids: Iterable[CellKey], why: str) -> Self:
        """Return the selection of the cells of these names only, and of what they need.

        Raises:
            NothingSelectedError: none of the cells is there, and `why`.
        """
        kept = self._of(cell_ids)
        if not kept.tasks:
            raise NothingSelectedError(why)
        return kept


@dataclass(frozen=True)
class Cell:
    """One (task, model) and the seeds that are to be run, with the reason why."""

    task: Entry
    model: Entry
    seeds: tuple[int, ...]
    reason: str

    @property
    def name(self) -> str:
        """The cell in words."""
        return f"{self.task.name} / {self.model.name}"

    @property
    def id(self) -> CellKey:
        """The names of its task and model."""
        return self.task.name, self.model.name


def _on_board(entry: Entry) -> bool:
    return not OFF_BOARD & set(entry.tags)


def _matching(pattern: str, entries: Mapping[str, Entry]) -> list[Entry]:
    """Return what a name or glob means: what matches on the board, or else what matches off it."""
    matching = [entry for name, entry in entries.items() if fnmatchcase(name, pattern)]
    return [entry for entry in matching if _on_board(entry)] or matching


def _named(kind: str, entries: Mapping[str, Entry], patterns: Sequence[str]) -> list[Entry]:
    plugin = any(entry.origin.kind == "file" for entry in entries.values())
    hint = "" if plugin else f" A {kind} of your own needs --plugin FILE."
    for pattern in patterns:
        if pattern and not set(pattern) & set("*?[") and pattern not in entries:
            raise unknown(kind, pattern, entries, more=hint)
    names = {entry.name for pattern in patterns for entry in _matching(pattern, entries)}
    chosen = [entry for name, entry in entries.items() if name in names]
    if not chosen:
        raise NothingSelectedError(
            f"--{kind} {' '.join(map(repr, patterns))} selects no {kind}. Known: {', '.join(entries)}."
        )
    return chosen


def _by_default(entries: Mapping[str, Entry]) -> list[Entry]:
    """Return what is run where nothing is named: the tasks and models of the core, and those of plugins."""
    every = (entry for entry in entries.values() if _on_board(entry))
    return [e for e in every if e.origin.kind != "room" or (e.name in CORE.tasks if e.kind == "task" else e.in_core)]


def _tagged(entries: Mapping[str, Entry], tag: str) -> list[str]:
    """Return the names that have a tag, or what is run by default where nothing has it."""
    return [e.name for e in entries.values() if tag in e.tags] or [e.name for e in _by_default(entries)]


def _cells_of(tag: str, found: Catalogue, needed: Mapping[str, Collection[CellKey]]) -> Iterator[CellKey]:
    """Yield the cells of one tag.

    A tag of the board means the tasks and the models that have it; where only tasks or only models have it, the
    others are those of the board. What stays off the board exists for an experiment, so that its tags mean the cells
    that a page needs, and of a plugin's own those with the other side's board.
    """
    if tag in PAGES:
        yield from needed.get(tag, ())
        return
    if tag not in OFF_BOARD:
        yield from ((task, model) for task in _tagged(found.tasks, tag) for model in _tagged(found.models, tag))
        return
    every = dict.fromkeys(cell_id for cells in needed.values() for cell_id in cells)
    known = (cell_id for cell_id in every if cell_id[0] in found.tasks and cell_id[1] in found.models)
    yield from (cell_id for cell_id in known if tag in (*found.tasks[cell_id[0]].tags, *found.models[cell_id[1]].tags))
    own = [
        {e.name: e for e in entries.values() if tag in e.tags and e.origin.kind != "room"}
        for entries in (found.tasks, found.models)
    ]
    usual = [{e.name: e for e in _by_default(entries)} for entries in (found.tasks, found.models)]
    yield from ((task, model) for task in own[0] for model in usual[1] | own[1])
    yield from ((task, model) for model in own[1] for task in usual[0])


def _no_cell(tags: Sequence[str], tasks: Sequence[str], models: Sequence[str]) -> str:
    named = " and ".join(
        f"--{kind} {' '.join(map(repr, names))}" for kind, names in (("task", tasks), ("model", models)) if names
    )
    what = f"the tag{'s' if len(tags) > 1 else ''} {', '.join(map(repr, tags))}"
    return (
        f"{what} and {named} have no cell in common; leave --tag out to run what is named"
        if named
        else (f"{what} means no cell that is at hand")
    )


def select(
    found: Catalogue,
    *,
    tasks: Sequence[str],
    models: Sequence[str],
    tags: Sequence[str],
    suites: Sequence[Suite] = (),
    needed: Mapping[str, Collection[CellKey]] = MappingProxyType({}),
) -> Selection:
    """Return what matches names or globs, of that the tasks of the suites, and of that the cells of the tags.

    With nothing named that is the suite `core`, and the tasks of plugins. `needed` are the cells that a page
    needs by its tag: what the tag itself and the tags that stay off the board mean.

    Raises:
        UsageError: a name or tag does not exist.
        NothingSelectedError: a glob or an empty name matches nothing, or names and tags share no cell.
    """
    known = {tag for entries in (found.tasks, found.models) for e in entries.values() for tag in e.tags} | PAGES
    for tag in tags:
        if tag not in known:
            raise unknown("tag", tag, known)

    def chosen(kind: str, entries: Mapping[str, Entry], patterns: Sequence[str]) -> tuple[Entry, ...]:
        if patterns:
            return tuple(_named(kind, entries, patterns))
        return tuple(entries.values() if tags else _by_default(entries))

    in_suites = {task for suite in suites for task in suite.tasks}
    of_suites = {name: entry for name, entry in found.tasks.items() if name in in_suites} if suites else found.tasks
    wanted = chosen("task", of_suites, tasks) if tasks or not suites else tuple(of_suites.values())
    selection = Selection(wanted, chosen("model", found.models, models))
    if not tags:
        return selection
    cells = (cell_id for tag in tags for cell_id in _cells_of(tag, found, needed))
    return selection.within(cells, _no_cell(tags, tasks, models))


def _again(kept: Record, seeds: Sequence[int], reason: str) -> tuple[tuple[int, ...], str]:
    """Return the seeds asked for and those that are kept: what makes way is never replaced by less."""
    there = {seed for seed, _ in kept.endings}
    every = tuple(sorted({*seeds, *there}))
    if len(every) == len(seeds):
        return every, reason
    return every, f"{reason}; its {len(there)} kept seed{'s are' if len(there) > 1 else ' is'} run again"


def changed(kept: Record, *, task: Entry, model: Entry, observed: Mapping[Entry, Observed], quick: bool) -> str:
    """Return in words why a record does not hold for today's task and model; "" where it does.

    What was not observed is not asked of.
    """
    if kept.quick != quick:
        return "made with --quick" if kept.quick else "made without --quick"
    if (kept.task_version, kept.model_version) != (task.version, model.version):
        versions = {"task": (kept.task_version, task.version), "model": (kept.model_version, model.version)}
        return ", ".join(f"{kind} version changed" for kind, (old, new) in versions.items() if old != new)
    if kept.task_stamp is None or kept.model_stamp is None:
        return "kept before practice was"
    reasons = []
    if task in observed and not same(kept.task_stamp, observed[task].stamp, TASK):
        reasons.append("the task scores otherwise")
    if model in observed and not same(kept.model_stamp, observed[model].stamp, MODEL):
        reasons.append("the model learns otherwise")
    return ", ".join(reasons)


def _missing(
    kept: Record | None, stale: str, seeds: Sequence[int], *, fresh: bool, retry_failed: bool
) -> tuple[tuple[int, ...], str]:
    if kept is None:
        return tuple(seeds), "new"
    if fresh:
        return _again(kept, seeds, "asked for with --fresh")
    if stale:
        return _again(kept, seeds, stale)
    there = {seed for seed, _ in kept.endings}
    failed = {seed for seed, status in kept.endings if status not in DONE}
    if retry_failed and failed & set(seeds):
        return tuple(seed for seed in seeds if seed not in there - failed), "failed before"
    absent = tuple(seed for seed in seeds if seed not in there)
    return absent, f"{len(absent)} of {len(seeds)} seeds missing"


def missing_cells(
    selection: Selection,
    records: Mapping[CellKey, Record],
    seeds: Sequence[int],
    *,
    observed: Mapping[Entry, Observed],
    quick: bool,
    fresh: bool,
    retry_failed: bool,
) -> list[Cell]:
    """Return the selected cells of which a seed is missing or out of date; all of them when `fresh`.

    A record that is out of date is made again with every seed that it has. `seeds` are wanted of each cell for
    which the selection says no number of its own. `observed` is what each task and model does on practice today.
    """
    cells = []
    for task, model in selection.cells():
        cell_id = (task.name, model.name)
        kept = records.get(cell_id)
        stale = changed(kept, task=task, model=model, observed=observed, quick=quick) if kept else ""
        wanted = range(selection.n_seeds[cell_id]) if cell_id in selection.n_seeds else seeds
        absent, reason = _missing(kept, stale, wanted, fresh=fresh, retry_failed=retry_failed)
        if absent:
            cells.append(Cell(task, model, absent, reason))
    return cells


def card_changed(card: TaskCard, observed: Observed) -> str:
    """Return in words why a card does not hold for today's task; "" where it does."""
    if not observed.describes(card):
        return "it says otherwise of itself"
    if not same(card.stamp, observed.stamp, TASK):
        return "it scores otherwise"
    if not card.samples:
        return "it was kept before what training rows know was"
    return "" if card.kinds else "it was kept before the kinds of its function were"


def missing_cards(
    tasks: Iterable[Entry], cards: Mapping[str, TaskCard], *, observed: Mapping[Entry, Observed], fresh: bool
) -> list[tuple[Entry, str]]:
    """Return the tasks whose card is missing or out of date, with the reason."""
    found = []
    for task in tasks:
        card = cards.get(task.name)
        if card is None:
            found.append((task, "new"))
        elif why := "asked for with --fresh" if fresh else card_changed(card, observed[task]):
            found.append((task, why))
    return found

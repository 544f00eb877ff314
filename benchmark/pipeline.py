"""The whole story: find, select, plan, run, keep, time, render. Prints nothing."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from benchmark.catalogue.fingerprint import heavy_modules
from benchmark.catalogue.registry import Catalogue, Entry
from benchmark.catalogue.suites import core
from benchmark.environment import commit
from benchmark.reporting import render
from benchmark.run.aside import differing
from benchmark.run.choice import choose, require_libraries, require_whole
from benchmark.run.observed import PLACE, observe
from benchmark.run.options import RunOptions
from benchmark.run.passes import run_cards, run_cells, run_timings
from benchmark.run.plan import (
    Cell,
    Selection,
    missing_cards,
    missing_cells,
)
from benchmark.run.shelf import Shelf, published_in
from benchmark.run.timeplan import TimingCell, missing_timings
from benchmark.run.work import Progress, Trouble
from benchmark.store.audit import drawn
from benchmark.store.files import uncollected
from benchmark.store.local import BadFile, Contents, Store
from benchmark.store.record import BASELINE, DONE, PAGES, CellKey
from benchmark.workers.cluster import Cluster
from benchmark.workers.server import preload, sweep
from tasks.suites import SUITES


@dataclass(frozen=True)
class Plan:
    """What a run would do, with the reasons; the failed seeds it would leave, and what it cannot read."""

    cards: list[tuple[Entry, str]]
    cells: list[Cell]
    timings: list[TimingCell]
    n_failed: int
    bad_files: tuple[BadFile, ...]
    audited: list[Cell]


@dataclass(frozen=True)
class Summary:
    """How a run ended: seeds by status, what went wrong, the passes' seconds and the top of the board.

    `n_published` of the selected cells are published. `stale` are the cells on the board that other code made,
    `without_card` the tasks whose cells cannot be shown, and `differing` the seeds of the `n_audited` cells that came
    out otherwise than they are published.
    """

    n_cells: int
    n_timed: int
    n_published: int
    n_audited: int
    differing: list[str]
    stale: list[str]
    without_card: list[str]
    statuses: dict[str, int]
    troubles: list[Trouble]
    bad_files: tuple[BadFile, ...]
    accuracy_seconds: float
    timing_seconds: float
    top: str

    @property
    def all_well(self) -> bool:
        """Whether nothing failed, every file could be read, and what was audited came out as it is published."""
        return not self.troubles and not self.bad_files and not self.differing


def _failures(selection: Selection, contents: Contents, store: Store) -> tuple[dict[str, int], list[Trouble]]:
    """Return the selected cells' seeds by status, and a line for each cell that has a seed that failed."""
    records = [contents.records[cell_id] for cell_id in _cell_ids(selection) if cell_id in contents.records]
    # Most records end alike: thousands of them need not be gone through seed by seed.
    endings = Counter(record.endings for record in records)
    failing = {each for each in endings if any(status not in DONE for _, status in each)}
    statuses: Counter[str] = Counter()
    for each, n in endings.items():
        statuses.update({status: n * count for status, count in Counter(status for _, status in each).items()})
    troubles = []
    for record in records if failing else ():
        if record.endings in failing:
            bad = [outcome for outcome in record.seeds if outcome.status not in DONE]
            log = store.log_path(record.task, record.model)
            name = f"{record.task} / {record.model}, {len(bad)} of {len(record.seeds)} seeds"
            troubles.append(Trouble(name, bad[0].status, bad[0].reason, log if log.exists() else None, record.model))
    return dict(statuses), troubles


def _cell_ids(selection: Selection) -> list[CellKey]:
    return [(task.name, model.name) for task, model in selection.cells()]


def _n_left_failed(selection: Selection, contents: Contents, cells: list[Cell]) -> int:
    left = {*_cell_ids(selection)} - {cell.id for cell in cells}
    # Most records end alike: thousands of them need not be gone through seed by seed.
    kept = Counter(record.endings for cell_id, record in contents.records.items() if cell_id in left)
    return sum(n * sum(status not in DONE for _, status in endings) for endings, n in kept.items())


def _is_timed(options: RunOptions) -> bool:
    # Their pages show no seconds.
    return options.timing and not PAGES & set(options.tags)


@uncollected()
def _shelf(
    store: Store,
    options: RunOptions,
    found: Catalogue,
    *,
    selection: Selection,
    progress: Progress,
    plan_only: bool = False,
) -> Shelf:
    """Return what is known, and what the selected tasks and models do on practice.

    A model of which nothing is kept practises beside its first cells, unless they run on a cluster: its plan does not
    need it. For a plan alone nothing practises but what something kept is judged by.
    """
    entries = dict.fromkeys(entry for pair in selection.cells() for entry in pair)
    if _is_timed(options) and BASELINE in found.models:
        # Timed beside the others, so that their seconds have a measure.
        entries[found.models[BASELINE]] = None
    require_libraries(entries)
    published = published_in(options)
    local = store.read()
    kept = local.records.keys() | published.records.keys()
    judged = {model for task, model in selection.cells() if (task.name, model.name) in kept}
    if plan_only:
        cards = local.cards.keys() | published.cards.keys()
        needed = judged | {task for task in selection.tasks if task.name in cards}
        needed |= {entry for entry in entries if entry.name == BASELINE and judged}
        entries = {entry: None for entry in entries if entry in needed and not options.fresh}
    later = [] if options.cluster else [model for model in selection.models if model not in judged]
    remembered = store.read_text(PLACE)
    practice = observe([*entries], remembered, options=options, progress=progress, later=later)
    return Shelf(store, options, found, practice, published)


@uncollected()
def _plan(shelf: Shelf, selection: Selection, contents: Contents) -> Plan:
    options, observed = shelf.options, shelf.practice.observed
    cells = missing_cells(
        selection,
        contents.records,
        range(options.n_seeds),
        observed=observed,
        quick=options.quick,
        fresh=options.fresh,
        retry_failed=options.retry_failed,
    )
    cards = missing_cards(selection.tasks, contents.cards, observed=observed, fresh=options.fresh)
    return Plan(
        cards=[(task, reason) for task, reason in cards if not contents.untouchable(task.name)],
        cells=[
            replace(cell, reason="its record cannot be read") if contents.bad_record(*cell.id) else cell
            for cell in cells
            if not contents.untouchable(*cell.id)
        ],
        timings=_planned_timings(shelf, selection, contents),
        n_failed=_n_left_failed(selection, contents, cells),
        bad_files=contents.bad,
        audited=_to_audit(shelf, selection),
    )


def _planned_timings(shelf: Shelf, selection: Selection, contents: Contents) -> list[TimingCell]:
    options = shelf.options
    if not _is_timed(options):
        return []
    return missing_timings(
        selection,
        contents,
        found=shelf.found,
        observed=shelf.practice.observed,
        core=core().tasks,
        quick=options.quick,
        fresh=options.fresh,
    )


def _of_core_models(shelf: Shelf) -> Iterator[CellKey]:
    for task, model in shelf.published.records:
        if task in SUITES["all"].tasks and model in shelf.found.models and shelf.found.models[model].in_core:
            yield task, model


def _to_audit(shelf: Shelf, selection: Selection) -> list[Cell]:
    """Return the published cells that are to be run again in full, drawn by the commit.

    They are of those selected that hold; where nothing is named, of the tasks of all suites and the models of the core.
    """
    options, found, known = shelf.options, shelf.found, shelf.published.records
    if not options.audit:
        return []
    named = options.tasks or options.models or options.tags or options.suites
    selected = {*_cell_ids(selection)} if named else {*_of_core_models(shelf)}
    holding = [cell_id for cell_id in known if cell_id in selected and not shelf.stale(known[cell_id])]
    cells = []
    for task, model in drawn(holding, options.audit, by=commit() or ""):
        seeds = tuple(seed for seed, _ in known[task, model].endings)
        cells.append(Cell(found.tasks[task], found.models[model], seeds, "audit"))
    return cells


def dry_run(options: RunOptions, progress: Progress) -> Plan:
    """Return what a run would do; no cell is run, nothing is written, and no cluster is asked."""
    store, found, selection = choose(options)
    shelf = _shelf(store, options, found, selection=selection, progress=progress, plan_only=True)
    return _plan(shelf, selection, shelf.read())


def _remember(shelf: Shelf) -> None:
    text = shelf.practice.text
    if shelf.store.read_text(PLACE) != text:
        shelf.store.write_text(PLACE, text)


def _cluster(options: RunOptions, selection: Selection, progress: Progress) -> AbstractContextManager[Cluster | None]:
    if options.cluster is None:
        return nullcontext()
    require_whole(dict.fromkeys(entry.origin for entry in (*selection.tasks, *selection.models)))
    return Cluster(options.cluster, jobs=options.jobs, watcher=progress)


def run(options: RunOptions, progress: Progress) -> Summary:
    """Run what is missing, keep it, time it, render the board.

    Raises:
        FnbenchError: the options, the folder or a plugin cannot be used, results cannot be written, or a cluster
            was lost.
    """
    store, found, selection = choose(options)
    troubles: list[Trouble] = []
    sweep()
    # Left before anything is timed: workers on this machine would be in the way.
    with _cluster(options, selection, progress) as cluster:
        shelf = _shelf(store, options, found, selection=selection, progress=progress)
        practice = shelf.practice
        before = shelf.read()
        plan = _plan(shelf, selection, before)
        store.prepare()
        _remember(shelf)
        start = time.monotonic()
        to_run = (*plan.cells, *plan.timings, *plan.audited)
        preload(heavy_modules({cell.model.name: cell.model for cell in to_run}.values()))
        observed = practice.observed
        if plan.cards:
            troubles += run_cards(plan.cards, store, options, observed=observed, progress=progress)
        if plan.cells and cluster:
            entries = dict.fromkeys(entry for cell in plan.cells for entry in (cell.task, cell.model))
            cluster.meet(map(practice.check, entries), heavy_modules(cell.model for cell in plan.cells))
        if plan.cells:
            run_cells(
                plan.cells, store, options, observed=observed, progress=progress, cluster=cluster, practice=practice
            )
            _remember(shelf)
    moved = differing(plan.audited, shelf.published, options=options, progress=progress)
    middle = time.monotonic()
    contents = shelf.read()
    timings = plan.timings if contents is before else _planned_timings(shelf, selection, contents)
    if timings:
        troubles += run_timings(timings, store, options, observed=observed, progress=progress)
        contents = shelf.read()
    end = time.monotonic()
    statuses, failures = _failures(selection, contents, store)
    return Summary(
        n_cells=len(plan.cells),
        n_timed=len(timings),
        n_published=sum(cell_id in shelf.published.records for cell_id in _cell_ids(selection)),
        stale=shelf.stale_cells(contents),
        statuses=statuses,
        troubles=troubles + failures,
        # What was unreadable and has made way for a new file was unreadable all the same.
        bad_files=tuple(dict.fromkeys((*before.bad, *contents.bad))),
        accuracy_seconds=middle - start,
        timing_seconds=end - middle,
        without_card=[task.name for task in selection.tasks if task.name not in contents.cards],
        n_audited=len(plan.audited),
        differing=[*map(str, moved)],
        top=render(store, contents),
    )

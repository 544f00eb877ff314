"""The whole story: find, select, plan, run, keep, time, render. Prints nothing."""

import time
from collections import Counter
from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from benchmark.choice import choose, require_libraries, require_whole
from benchmark.errors import CheckFailedError, UsageError
from benchmark.options import RESULTS, RunOptions
from benchmark.passes import Progress, Trouble, heavy_modules, run_cards, run_cells, run_timings
from benchmark.record import DONE, FINDINGS, OFF_BOARD
from benchmark.registry import Catalogue, Entry
from benchmark.render import render as render_folder
from benchmark.render import stale
from benchmark.report.readme import with_parts
from benchmark.revision import results_of
from benchmark.run import fingerprint
from benchmark.run.cluster import Cluster, Kit
from benchmark.run.environment import CHECKOUT
from benchmark.run.plan import Cell, Selection, missing_cards, missing_cells, missing_timings
from benchmark.run.server import preload, sweep
from benchmark.store import BadFile, Contents, Store

README = CHECKOUT / "README.md"


@dataclass(frozen=True)
class Plan:
    """What a run would do, with the reasons; the failed seeds it would leave, and what it cannot read."""

    cards: list[tuple[Entry, str]]
    cells: list[Cell]
    timings: list[Cell]
    n_failed: int
    bad_files: tuple[BadFile, ...]


@dataclass(frozen=True)
class Summary:
    """How a run ended: seeds by status, what went wrong, the passes' seconds and the top of the board.

    `stale` are the cells on the board that other code made, `without_card` the tasks whose cells cannot be shown, and
    `readme` says whether the README shows what the records give.
    """

    n_cells: int
    n_timed: int
    stale: list[str]
    without_card: list[str]
    readme: bool
    statuses: dict[str, int]
    troubles: list[Trouble]
    bad_files: tuple[BadFile, ...]
    accuracy_seconds: float
    timing_seconds: float
    top: str

    @property
    def all_well(self) -> bool:
        """Whether nothing failed and every file could be read."""
        return not self.troubles and not self.bad_files


def _failures(selection: Selection, contents: Contents, store: Store) -> tuple[dict[str, int], list[Trouble]]:
    """Return the selected cells' seeds by status, and a line for each cell that has a seed that failed."""
    statuses: Counter[str] = Counter()
    troubles = []
    for task, model in selection.cells():
        record = contents.records.get((task.name, model.name))
        if record is None:
            continue
        statuses.update(outcome.status for outcome in record.seeds)
        bad = [outcome for outcome in record.seeds if outcome.status not in DONE]
        if bad:
            log = store.log_path(task.name, model.name)
            name = f"{task.name} / {model.name}, {len(bad)} of {len(record.seeds)} seeds"
            troubles.append(Trouble(name, bad[0].status, bad[0].reason, log if log.exists() else None, model.name))
    return dict(statuses), troubles


def _n_left_failed(selection: Selection, contents: Contents, cells: list[Cell]) -> int:
    to_run = {cell.place for cell in cells}
    places = {(task.name, model.name) for task, model in selection.cells()}
    kept = (record for place, record in contents.records.items() if place in places - to_run)
    return sum(outcome.status not in DONE for record in kept for outcome in record.seeds)


def _stale(found: Catalogue, contents: Contents, *, quick: bool) -> list[str]:
    """Return the cells on the board that today's code, as far as it is at hand, did not make."""
    names = []
    for (task, model), record in contents.records.items():
        card = contents.cards.get(task)
        if OFF_BOARD & {*record.model_tags, *(card.tags if card else ())}:
            continue
        if task in found.tasks and model in found.models:
            now = fingerprint.of_cell(found.tasks[task], found.models[model], quick=quick)
            if changed := fingerprint.differences(record.fingerprint, now):
                names.append(f"{task} / {model} ({changed})")
        else:
            names.append(f"{task} / {model} (its plugin was not given)")
    return names


def _plan(
    options: RunOptions, store: Store, selection: Selection, machines: Collection[str] | None = None
) -> tuple[Contents, Plan]:
    contents = store.read()
    cells = missing_cells(
        selection,
        contents.records,
        range(options.seeds),
        quick=options.quick,
        fresh=options.fresh,
        retry_failed=options.retry_failed,
        machines=machines,
    )
    cards = missing_cards(selection.tasks, contents.cards, fresh=options.fresh)
    plan = Plan(
        cards=[(task, reason) for task, reason in cards if not contents.untouchable(task.name)],
        cells=[
            replace(cell, reason="its record cannot be read") if contents.bad_record(*cell.place) else cell
            for cell in cells
            if not contents.untouchable(*cell.place)
        ],
        timings=_planned_timings(options, selection, contents),
        n_failed=_n_left_failed(selection, contents, cells),
        bad_files=contents.bad,
    )
    both = [entry for cell in (*plan.cells, *plan.timings) for entry in (cell.task, cell.model)]
    require_libraries(dict.fromkeys([*(task for task, _ in plan.cards), *both]))
    return contents, plan


def _planned_timings(options: RunOptions, selection: Selection, contents: Contents) -> list[Cell]:
    # The page of the findings shows no seconds.
    if not options.timing or FINDINGS in options.tags:
        return []
    cells = missing_timings(selection, contents.records, contents.timings, quick=options.quick, fresh=options.fresh)
    return [cell for cell in cells if not contents.untouchable(*cell.place)]


def dry_run(options: RunOptions) -> Plan:
    """Return what a run would do, on machines like this one; nothing is run or written, and no cluster is asked."""
    store, _, selection = choose(options)
    return _plan(options, store, selection)[1]


def _cluster(options: RunOptions, selection: Selection, progress: Progress) -> AbstractContextManager[Cluster | None]:
    if options.cluster is None:
        return nullcontext()
    origins = dict.fromkeys(entry.origin for entry in (*selection.tasks, *selection.models))
    require_whole(origins)
    kit = Kit(tuple(origins), heavy_modules(selection.models))
    return Cluster(options.cluster, kit, jobs=options.jobs, watcher=progress)


def run(options: RunOptions, progress: Progress) -> Summary:
    """Run what is missing, keep it, time it, render the board.

    Raises:
        FnbenchError: the options, the folder or a plugin cannot be used, results cannot be written, or a cluster
            was lost.
    """
    store, found, selection = choose(options)
    troubles: list[Trouble] = []
    # Left before anything is timed: workers on this machine would be in the way.
    with _cluster(options, selection, progress) as cluster:
        before, plan = _plan(options, store, selection, cluster.machines if cluster else None)
        store.prepare()
        sweep()
        start = time.monotonic()
        preload(heavy_modules({cell.model.name: cell.model for cell in (*plan.cells, *plan.timings)}.values()))
        if plan.cards:
            troubles += run_cards(plan.cards, store, options, progress)
        if plan.cells:
            run_cells(plan.cells, store, options, progress, cluster)
    middle = time.monotonic()
    timings = _planned_timings(options, selection, store.read())
    if timings:
        troubles += run_timings(timings, store, options, progress)
    end = time.monotonic()
    contents = store.read()
    statuses, failures = _failures(selection, contents, store)
    # What a plugin of somebody's gives is no news of the project's.
    top, readme = render(store, contents, readme=not options.plugins)
    return Summary(
        n_cells=len(plan.cells),
        n_timed=len(timings),
        stale=_stale(found, contents, quick=options.quick),
        statuses=statuses,
        troubles=troubles + failures,
        # What was unreadable and has made way for a new file was unreadable all the same.
        bad_files=tuple(dict.fromkeys((*before.bad, *contents.bad))),
        accuracy_seconds=middle - start,
        timing_seconds=end - middle,
        without_card=[task.name for task in selection.tasks if task.name not in contents.cards],
        readme=readme,
        top=top,
    )


def render(store: Store, contents: Contents, *, readme: bool = True) -> tuple[str, bool]:
    """Write the board from what the folder holds; return its top, and whether the README shows what it should.

    The README shows the committed board; without `readme` it is left as it is.
    """
    parts = render_folder(store, contents)
    if store.root.resolve() != RESULTS or not README.is_file():
        return parts["leaderboard"], True
    old = README.read_text(encoding="utf-8")
    new = with_parts(old, parts)
    if readme and new != old:
        # Beside the folder, under the folder's own lock: the checkout is no results folder.
        store.write_text("../README.md", new)
    return parts["leaderboard"], readme or new == old


def _existing(results: Path) -> Store:
    if not results.exists():
        raise UsageError(f"there is no results folder {str(results)!r}; name one that a run has written")
    store = Store(results)
    store.check()
    return store


def report(results: Path) -> tuple[str, tuple[BadFile, ...]]:
    """Render a results folder from its records alone; return the top of the board and unreadable files.

    Raises:
        UsageError: there is no such folder.
    """
    store = _existing(results)
    contents = store.read()
    store.prepare()
    return render(store, contents)[0], contents.bad


def check_report(results: Path) -> None:
    """Refuse rendered files that do not follow from the records beside them.

    Raises:
        UsageError: there is no such folder.
        CheckFailedError: a file is missing or differs, or a record cannot be read.
    """
    store = _existing(results)
    contents = store.read()
    places, parts = stale(store, contents)
    wrong = [f"{bad.place}: {bad.reason}" for bad in contents.bad]
    wrong += [f"{place} does not follow from the records" for place in places]
    if store.root.resolve() == RESULTS and README.is_file():
        old = README.read_text(encoding="utf-8")
        wrong += ["README.md does not show what they give"] if with_parts(old, parts) != old else []
    if wrong:
        raise CheckFailedError("; ".join(wrong) + ". Run `nox -s report` and commit what it writes")


def compare(before: str, after: str) -> tuple[str, bool]:
    """Return what changed between two results folders or git revisions, as markdown, and whether something got worse.

    Raises:
        UsageError: one of them is neither.
        CheckFailedError: there is nothing to compare, or a file of theirs cannot be read.
    """
    # Here, since importing these takes longer than a run with nothing to do.
    from benchmark.report.changes import render_comparison
    from benchmark.report.compare import Kept, comparison

    sides = []
    for name in (before, after):
        with results_of(name, RESULTS) as folder:
            contents = Store(folder).read()
        if contents.bad or not contents.records:
            why = "; ".join(f"{bad.place}: {bad.reason}" for bad in contents.bad) or "it holds no records"
            raise CheckFailedError(f"{name!r} cannot be compared: {why}")
        sides.append(Kept(contents.cards, contents.records))
    found = comparison(*sides)
    return render_comparison(found, before, after), bool(found.worse)

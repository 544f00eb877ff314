"""The whole story: find, select, plan, run, keep, time, render. Prints nothing."""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

from benchmark.errors import CheckFailedError, PluginError
from benchmark.record import DONE, Environment, Record, SeedOutcome, TaskCard, Timing
from benchmark.registry import Catalogue, Entry, Origin, catalogue, describe, foreign, rooms
from benchmark.render import render as render_folder
from benchmark.render import stale
from benchmark.report.readme import with_top
from benchmark.revision import results_of
from benchmark.run import fingerprint
from benchmark.run.environment import CHECKOUT, environment, public
from benchmark.run.execute import CellSpec
from benchmark.run.isolation import Call, Limits, Outcome, preload
from benchmark.run.local import run_calls
from benchmark.run.plan import Cell, Selection, missing_cards, missing_cells, missing_timings, select
from benchmark.store import BadFile, Contents, Store

RESULTS = CHECKOUT / "results"
QUICK_RESULTS = CHECKOUT / "results-quick"
README = CHECKOUT / "README.md"
# To import a plugin is to import its libraries, whose own size no limit of a cell counts.
IMPORT_SECONDS, IMPORT_MIB, IMPORT_JOBS = 60.0, 4096, 2
TRUSTED = frozenset({"tasks", "models", "numpy", "scipy", "pandas", "sklearn", "torch", "xgboost"})


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """What the command line asks for."""

    tasks: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    seeds: int = 10
    quick: bool = False
    jobs: int = 1
    timeout: float = 1800.0
    memory: int = 4096
    plugins: tuple[Path, ...] = ()
    results: Path = RESULTS
    fresh: bool = False
    retry_failed: bool = False
    timing: bool = True

    @property
    def limits(self) -> Limits:
        """What one cell may take."""
        return Limits(seconds=self.timeout, memory_mib=self.memory)


class Progress(Protocol):
    """Where a run says how far it is."""

    def begin(self, what: str, total: int) -> None:
        """Say that a pass of `total` steps begins."""

    def step(self, name: str, words: str) -> None:
        """Say that one step is done, and how it went."""

    def end(self) -> None:
        """Say that the pass is over."""


@dataclass(frozen=True)
class Plan:
    """What a run would do, with the reasons; the failed seeds it would leave, and what it cannot read."""

    cards: list[tuple[Entry, str]]
    cells: list[Cell]
    timings: list[Cell]
    n_failed: int
    bad_files: tuple[BadFile, ...]


@dataclass(frozen=True)
class Trouble:
    """Something that went wrong with a task or a cell, in words, and where its output lies."""

    name: str
    status: str
    reason: str
    log: Path | None


@dataclass(frozen=True)
class Summary:
    """How a run ended: seeds by status, what went wrong, the passes' seconds and the top of the board."""

    n_cells: int
    n_timed: int
    stale: list[str]
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


def _heavy(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the modules that are imported once, before any worker process starts, for these entries.

    Of a plugin's own imports only the libraries that the project rests on: no others are trusted there.
    """
    names = fingerprint.modules(entry.file for entry in entries)
    return (
        *(name for name in names if name.split(".")[0] in TRUSTED),
        "benchmark.run.timing",
        "pytest_benchmark.plugin",
    )


def _clean_call(name: str, origin: Origin) -> Call:
    return Call(name, json.dumps({"origin": asdict(origin)}), clean=True)


def discover(plugins: Iterable[Path], limits: Limits) -> Catalogue:
    """Return everything there is: the rooms, the plugin files and what installed distributions offer.

    Foreign files are imported in a process of their own, never here.

    Raises:
        PluginError: a plugin cannot be imported, breaks the contract or takes a name that is in use.
    """
    entries = [entry for origin in rooms() for entry in describe(origin)]
    origins = foreign(plugins)
    calls = [(i, _clean_call("describe", origin)) for i, origin in enumerate(origins)]
    answers: dict[int, Outcome] = {}
    if calls:
        answers = dict(run_calls(calls, jobs=IMPORT_JOBS, limits=limits))
    for number, outcome in sorted(answers.items()):
        entries += _described(origins[number], outcome)
    return catalogue(entries)


def _described(origin: Origin, outcome: Outcome) -> list[Entry]:
    if outcome.status != "ok":
        raise PluginError(f"{origin.title}: importing it did not end well: {outcome.status}: {outcome.reason}")
    answer = json.loads(outcome.answer)
    if "error" in answer:
        raise PluginError(answer["error"])
    return [
        Entry(**{**entry, "tags": tuple(entry["tags"]), "origin": Origin(**entry["origin"])})
        for entry in answer["entries"]
    ]


@dataclass(frozen=True)
class Finding:
    """Whether one promise of the contract holds for a task or model of a plugin."""

    kind: str
    name: str
    what: str
    status: str
    reason: str

    @property
    def good(self) -> bool:
        """Whether the promise holds; a model that does not apply has broken none."""
        return self.status in DONE

    def __str__(self) -> str:
        return f"{self.status:<6} {self.kind} {self.name}: {self.what}{': ' if self.reason else ''}{self.reason}"


def check_plugin(plugin: Path, limits: Limits) -> list[Finding]:
    """Return how the tasks and models of a plugin file keep the contract.

    Raises:
        PluginError: it cannot be imported, or breaks the contract so that nothing can be tried.
    """
    discover([plugin], limits)
    origin = Origin("file", str(plugin.resolve()))
    [(_, outcome)] = run_calls([(0, _clean_call("check", origin))], jobs=1, limits=limits)
    if outcome.status != "ok":
        raise PluginError(f"{origin.title}: checking it did not end well: {outcome.status}: {outcome.reason}")
    return [Finding(**finding) for finding in json.loads(outcome.answer)]


def _spec(cell: Cell, *, quick: bool) -> str:
    spec = CellSpec(
        task=cell.task.name,
        task_origin=cell.task.origin,
        model=cell.model.name,
        model_origin=cell.model.origin,
        seeds=cell.seeds,
        quick=quick,
    )
    return json.dumps({"spec": asdict(spec)})


def _unkept(error: ValueError) -> Outcome:
    return Outcome("failed", f"its result cannot be kept: {public(error)}")


def _record(cell: Cell, outcome: Outcome, *, quick: bool) -> Record:
    if outcome.status == "ok":
        try:
            seeds = [SeedOutcome.model_validate_json(json.dumps(seed)) for seed in json.loads(outcome.answer)]
        except ValueError as error:
            outcome = _unkept(error)
    if outcome.status != "ok":
        seeds = [SeedOutcome(seed=s, status=outcome.status, reason=outcome.reason) for s in cell.seeds]
    return Record(
        task=cell.task.name,
        model=cell.model.name,
        task_version=cell.task.version,
        model_version=cell.model.version,
        model_title=cell.model.title,
        model_source=cell.model.source,
        model_tags=cell.model.tags,
        model_origin=cell.model.origin.title,
        fingerprint=fingerprint.of_cell(cell.task, cell.model, quick=quick),
        environment=_environment(cell.task, cell.model),
        seeds=tuple(seeds),
    )


def _environment(*entries: Entry) -> Environment:
    return environment(tuple(sorted({name for entry in entries for name in fingerprint.packages(entry.file)})))


def _words(record: Record) -> str:
    counts = Counter(outcome.status for outcome in record.seeds)
    return ", ".join(f"{status}" if len(counts) == 1 else f"{status} {n}" for status, n in counts.items())


def _run_cards(
    cards: list[tuple[Entry, str]], store: Store, options: RunOptions, progress: Progress
) -> Iterator[Trouble]:
    calls = [
        (
            i,
            Call(
                "card",
                json.dumps({"origin": asdict(task.origin), "name": task.name}),
                store.log_path(task.name, "task"),
            ),
        )
        for i, (task, _) in enumerate(cards)
    ]
    progress.begin("tasks", len(calls))
    with closing(run_calls(calls, jobs=options.jobs, limits=options.limits)) as outcomes:
        for number, outcome in outcomes:
            task = cards[number][0]
            if outcome.status == "ok":
                made = {"fingerprint": fingerprint.of_task(task), "environment": _environment(task).model_dump()}
                try:
                    store.save_card(TaskCard.model_validate_json(json.dumps(json.loads(outcome.answer) | made)))
                except ValueError as error:
                    outcome = _unkept(error)
            if outcome.status != "ok":
                yield Trouble(task.name, outcome.status, outcome.reason, store.log_path(task.name, "task"))
            progress.step(task.name, outcome.status)
    progress.end()


def _run_cells(cells: list[Cell], store: Store, options: RunOptions, progress: Progress) -> None:
    calls = [
        (i, Call("cell", _spec(cell, quick=options.quick), store.log_path(cell.task.name, cell.model.name)))
        for i, cell in enumerate(cells)
    ]
    progress.begin("accuracy", len(calls))
    with closing(run_calls(calls, jobs=options.jobs, limits=options.limits)) as outcomes:
        for number, outcome in outcomes:
            record = _record(cells[number], outcome, quick=options.quick)
            store.save_record(record)
            progress.step(cells[number].name, _words(record))
    progress.end()


def _run_timings(cells: list[Cell], store: Store, options: RunOptions, progress: Progress) -> Iterator[Trouble]:
    calls = [
        (i, Call("time", _spec(cell, quick=options.quick), store.log_path(cell.task.name, f"{cell.model.name}.timing")))
        for i, cell in enumerate(cells)
    ]
    progress.begin("timing", len(calls))
    with closing(run_calls(calls, jobs=1, limits=options.limits)) as outcomes:
        for number, outcome in outcomes:
            cell = cells[number]
            if outcome.status == "ok":
                try:
                    store.save_timing(_timing(cell, outcome, quick=options.quick))
                except ValueError as error:
                    outcome = _unkept(error)
            if outcome.status != "ok":
                log = store.log_path(cell.task.name, f"{cell.model.name}.timing")
                yield Trouble(f"{cell.name} (timing)", outcome.status, outcome.reason, log)
            progress.step(cell.name, outcome.status)
    progress.end()


def _timing(cell: Cell, outcome: Outcome, *, quick: bool) -> Timing:
    made = {
        "task": cell.task.name,
        "model": cell.model.name,
        "fingerprint": fingerprint.of_timing(cell.task, cell.model, quick=quick),
        "environment": _environment(cell.task, cell.model).model_dump(),
    }
    return Timing.model_validate_json(json.dumps(json.loads(outcome.answer) | made))


def _failures(selection: Selection, contents: Contents, store: Store) -> tuple[dict[str, int], list[Trouble]]:
    """Return the selected cells' seeds by status, and a line for each cell that has a seed that failed."""
    statuses: Counter[str] = Counter()
    troubles = []
    for task in selection.tasks:
        for model in selection.models:
            record = contents.records.get((task.name, model.name))
            if record is None:
                continue
            statuses.update(outcome.status for outcome in record.seeds)
            bad = [outcome for outcome in record.seeds if outcome.status not in DONE]
            if bad:
                log = store.log_path(task.name, model.name)
                name = f"{task.name} / {model.name}, {len(bad)} of {len(record.seeds)} seeds"
                troubles.append(Trouble(name, bad[0].status, bad[0].reason, log if log.exists() else None))
    return dict(statuses), troubles


def _n_left_failed(selection: Selection, contents: Contents, cells: list[Cell]) -> int:
    to_run = {cell.place for cell in cells}
    places = {(task.name, model.name) for task in selection.tasks for model in selection.models}
    kept = (record for place, record in contents.records.items() if place in places - to_run)
    return sum(outcome.status not in DONE for record in kept for outcome in record.seeds)


def _stale(found: Catalogue, contents: Contents, *, quick: bool) -> list[str]:
    """Return the cells on the board that today's code, as far as it is at hand, did not make."""
    names = []
    for (task, model), record in contents.records.items():
        if task in found.tasks and model in found.models:
            now = fingerprint.of_cell(found.tasks[task], found.models[model], quick=quick)
            if changed := fingerprint.differences(record.fingerprint, now):
                names.append(f"{task} / {model} ({changed})")
        else:
            names.append(f"{task} / {model} (its plugin was not given)")
    return names


def _prepare(options: RunOptions) -> tuple[Store, Catalogue, Selection, Contents, Plan]:
    store = Store(options.results)
    store.check()
    found = discover(options.plugins, Limits(min(options.timeout, IMPORT_SECONDS), max(options.memory, IMPORT_MIB)))
    selection = select(found, tasks=options.tasks, models=options.models, tags=options.tags)
    contents = store.read()
    cells = missing_cells(
        selection,
        contents.records,
        range(options.seeds),
        quick=options.quick,
        fresh=options.fresh,
        retry_failed=options.retry_failed,
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
    return store, found, selection, contents, plan


def _planned_timings(options: RunOptions, selection: Selection, contents: Contents) -> list[Cell]:
    if not options.timing:
        return []
    cells = missing_timings(selection, contents.records, contents.timings, quick=options.quick, fresh=options.fresh)
    return [cell for cell in cells if not contents.untouchable(*cell.place)]


def dry_run(options: RunOptions) -> Plan:
    """Return what a run would do; nothing is run or written."""
    return _prepare(options)[-1]


def run(options: RunOptions, progress: Progress) -> Summary:
    """Run what is missing, keep it, time it, render the board.

    Raises:
        FnbenchError: the options, the folder or a plugin cannot be used, or results cannot be written.
    """
    store, found, selection, before, plan = _prepare(options)
    store.prepare()
    start = time.monotonic()
    troubles: list[Trouble] = []
    preload(_heavy({cell.model.name: cell.model for cell in (*plan.cells, *plan.timings)}.values()))
    if plan.cards:
        troubles += _run_cards(plan.cards, store, options, progress)
    if plan.cells:
        _run_cells(plan.cells, store, options, progress)
    middle = time.monotonic()
    timings = _planned_timings(options, selection, store.read())
    if timings:
        troubles += _run_timings(timings, store, options, progress)
    end = time.monotonic()
    contents = store.read()
    statuses, failures = _failures(selection, contents, store)
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
        top=render(store, contents),
    )


def render(store: Store, contents: Contents) -> str:
    """Write the board from what the folder holds and return its top; the README shows the committed one."""
    top = render_folder(store, contents)
    if store.root.resolve() == RESULTS and README.is_file():
        old = README.read_text(encoding="utf-8")
        if (new := with_top(old, top)) != old:
            Store(CHECKOUT).write_text("README.md", new)
    return top


def report(results: Path) -> tuple[str, tuple[BadFile, ...]]:
    """Render a results folder from its records alone; return the top of the board and unreadable files."""
    store = Store(results)
    store.check()
    contents = store.read()
    store.prepare()
    return render(store, contents), contents.bad


def check_report(results: Path) -> None:
    """Refuse rendered files that do not follow from the records beside them.

    Raises:
        CheckFailedError: a file is missing or differs, or a record cannot be read.
    """
    store = Store(results)
    store.check()
    contents = store.read()
    places, top = stale(store, contents)
    wrong = [f"{bad.place}: {bad.reason}" for bad in contents.bad]
    wrong += [f"{place} does not follow from the records" for place in places]
    if store.root.resolve() == RESULTS and README.is_file():
        old = README.read_text(encoding="utf-8")
        wrong += ["README.md does not show the top of the board"] if with_top(old, top) != old else []
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

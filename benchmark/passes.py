"""The three passes of a run: the tasks' cards, the cells, their timing. Each keeps what it makes as it comes."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

from benchmark.errors import FewerSeedsError
from benchmark.options import RunOptions, limits_for
from benchmark.record import LETTERS, Environment, Record, SeedOutcome, TaskCard, Timing
from benchmark.registry import Entry
from benchmark.run import fingerprint
from benchmark.run.cluster import Cluster
from benchmark.run.dispatch import Part
from benchmark.run.environment import environment, public
from benchmark.run.isolation import Call, Outcome
from benchmark.run.local import run_calls
from benchmark.run.outcome import CellSpec
from benchmark.run.plan import Cell, Observed
from benchmark.store import Store
from benchmark.timeplan import TimingCell

# A cluster runs the seeds of a cell in groups of this size. A network gains much from training ten seeds at
# once, and nothing from more.
SEEDS_TOGETHER = 10
# Only the first seeds keep what they predict along the slice: of 1,000 seeds it would be megabytes, for one picture.
PICTURED_SEEDS = 20
TRUSTED = frozenset({"models", "numpy", "scipy", "pandas", "sklearn", "torch", "xgboost"})


class Progress(Protocol):
    """Where a run says how far it is."""

    def begin(self, what: str, total: int) -> None:
        """Say that a pass of `total` steps begins."""

    def step(self, name: str, words: str) -> None:
        """Say that one step is done, and how it went."""

    def end(self) -> None:
        """Say that the pass is over."""

    def workers(self, n: int) -> None:
        """Say on how many workers of a cluster the steps run now."""

    def say(self, text: str) -> None:
        """Say what has happened on a cluster that a person should know."""


class Waiting(Protocol):
    """Observations on practice that are still to be made."""

    def calls(self) -> list[Call]:
        """Return the calls that make them."""

    def take(self, number: int, outcome: Outcome) -> Entry:
        """Take in how a call ended, by its place among the calls, and return what it observed."""


@dataclass(frozen=True)
class Trouble:
    """Something that went wrong with a task or a model's cell, in words, and where its output lies."""

    name: str
    status: str
    reason: str
    log: Path | None
    model: str = ""


def heavy_modules(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the modules that are imported once, before any worker process starts, for these entries.

    Of a plugin's own imports only the libraries that the project rests on: no others are trusted there.
    """
    names = fingerprint.modules(entry.file for entry in entries)
    return (
        *(name for name in names if name.split(".")[0] in TRUSTED),
        "benchmark.run.timing",
        "pytest_benchmark.plugin",
    )


def _call(name: str, cell: Cell, options: RunOptions, log: Path) -> Call:
    spec = CellSpec(
        task=cell.task.name,
        task_origin=cell.task.origin,
        model=cell.model.name,
        model_origin=cell.model.origin,
        seeds=cell.seeds,
        quick=options.quick,
    )
    return Call(name, json.dumps({"spec": asdict(spec)}), log, limits=limits_for(options, cell.model))


def _lean(seed: SeedOutcome) -> SeedOutcome:
    return seed if seed.seed < PICTURED_SEEDS else seed.model_copy(update={"slice": ()})


def _unkept(error: Exception) -> Outcome:
    return Outcome("failed", f"its result cannot be kept: {public(error)}")


def _seed(said: dict[str, object]) -> SeedOutcome:
    try:
        return _lean(SeedOutcome.model_validate_json(json.dumps(said)))
    except ValueError as error:
        trouble = _unkept(error)
        return SeedOutcome.model_validate({"seed": said["seed"], "status": trouble.status, "reason": trouble.reason})


def _record(cell: Cell, outcome: Outcome, *, observed: Mapping[Entry, Observed], quick: bool) -> Record:
    if outcome.status == "ok":
        seeds = [_seed(said) for said in json.loads(outcome.answer)]
    else:
        reason = outcome.reason[: LETTERS["reason"]]
        seeds = [SeedOutcome(seed=s, status=outcome.status, reason=reason) for s in cell.seeds]
    return Record(
        task=cell.task.name,
        model=cell.model.name,
        task_version=cell.task.version,
        model_version=cell.model.version,
        model_title=cell.model.title,
        model_source=cell.model.source,
        model_tags=cell.model.tags,
        model_origin=cell.model.origin.title,
        quick=quick,
        task_stamp=observed[cell.task].stamp,
        model_stamp=observed[cell.model].stamp,
        environment=_environment(cell.task, cell.model, there=outcome.environment),
        seeds=tuple(seeds),
    )


def _environment(*entries: Entry, there: Environment | None = None) -> Environment:
    """Return the environment here, or what concerns these entries of the one elsewhere."""
    names = tuple(sorted({name for entry in entries for name in fingerprint.packages(entry.file)}))
    if there is None:
        return environment(names)
    return there.model_copy(update={"versions": {name: there.versions[name] for name in ("python", *names)}})


def _words(record: Record) -> str:
    counts = Counter(outcome.status for outcome in record.seeds)
    return ", ".join(f"{status}" if len(counts) == 1 else f"{status} {n}" for status, n in counts.items())


def _timing(cell: TimingCell, outcome: Outcome, *, observed: Mapping[Entry, Observed], quick: bool) -> Timing:
    [said] = json.loads(outcome.answer)
    made = {
        "model": cell.model.name,
        "timed_by": cell.model.timed_by,
        "shape": cell.shape.model_dump(),
        "task": cell.task.name,
        "seed": said["seed"],
        "fit_seconds": said["seconds"].get("fit", ()),
        "predict_seconds": said["seconds"].get("predict", ()),
        "model_version": cell.model.version,
        "quick": quick,
        "model_stamp": observed[cell.model].stamp.model_dump(mode="json"),
        "environment": _environment(cell.task, cell.model).model_dump() | {"alone": True},
    }
    return Timing.model_validate_json(json.dumps(made))


def run_cards(
    cards: list[tuple[Entry, str]],
    store: Store,
    options: RunOptions,
    *,
    observed: Mapping[Entry, Observed],
    progress: Progress,
) -> Iterator[Trouble]:
    """Make and keep the cards of tasks; yield what went wrong."""
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
    with closing(run_calls(calls, jobs=options.jobs, limits=options.card_limits)) as outcomes:
        for number, outcome in outcomes:
            task = cards[number][0]
            if outcome.status == "ok":
                made = {
                    "task": task.name,
                    "origin": "" if task.origin.kind == "room" else task.origin.title,
                    "stamp": observed[task].stamp.model_dump(mode="json"),
                    "environment": _environment(task).model_dump(),
                }
                try:
                    store.save_card(TaskCard.model_validate_json(json.dumps({**json.loads(outcome.answer), **made})))
                except (ValueError, TypeError) as error:
                    outcome = _unkept(error)
            if outcome.status != "ok":
                yield Trouble(task.name, outcome.status, outcome.reason, store.log_path(task.name, "task"))
            progress.step(task.name, outcome.status)
    progress.end()


def seed_groups(cell: Cell) -> Iterator[Cell]:
    """Yield a cell in groups of its seeds, each a cell of its own; the store joins what becomes of them."""
    for first in range(0, len(cell.seeds), SEEDS_TOGETHER):
        yield replace(cell, seeds=cell.seeds[first : first + SEEDS_TOGETHER])


def _group_name(cell: Cell, groups: Counter[str]) -> str:
    return cell.name if groups[cell.name] == 1 else f"{cell.name}, seeds {cell.seeds[0]} to {cell.seeds[-1]}"


def _kept_or_held(record: Record, store: Store, held: dict[tuple[str, str], Record]) -> None:
    """Keep a record, or hold it back with those before it while a record of another make has more seeds."""
    place = (record.task, record.model)
    whole = record.joined(held[place]) if place in held else record
    try:
        store.save_record(whole)
        held.pop(place, None)
    except FewerSeedsError:
        held[place] = whole


def run_cells(
    cells: list[Cell],
    store: Store,
    options: RunOptions,
    *,
    observed: Mapping[Entry, Observed],
    progress: Progress,
    cluster: Cluster | None = None,
    practice: Waiting | None = None,
) -> None:
    """Run cells, some at a time, and keep each one's record as it comes; what went wrong stands in the records.

    On a cluster, groups of seeds run wherever there is room. What is still to be observed is observed beside the cells,
    first of all; a cell that ends before its model has practised is kept as soon as it has.
    """
    if cluster:
        cells = [group for cell in cells for group in seed_groups(cell)]
    groups = Counter(cell.name for cell in cells)
    calls = [
        (i, _call("cell", cell, options, store.log_path(cell.task.name, cell.model.name)))
        for i, cell in enumerate(cells)
    ]
    progress.begin("accuracy", len(calls))
    if cluster:
        for _, call in calls:
            # Each group adds what it printed; what an earlier run left is not part of it.
            if call.log:
                call.log.unlink(missing_ok=True)
        parts = [Part(i, call, cells[i].name, cells[i].model.name) for i, call in calls]
        running = cluster.run_calls(parts, limits=options.limits)
    else:
        # Below zero, so that no cell has their number.
        first = [(-1 - i, call) for i, call in enumerate(practice.calls() if practice else [])]
        running = run_calls([*first, *calls], jobs=options.jobs, limits=options.limits)
    # Groups of a cell whose record is made again come one by one; together they are as many as it has.
    held: dict[tuple[str, str], Record] = {}
    ended: dict[Entry, list[tuple[Cell, Outcome]]] = {}

    def keep(cell: Cell, outcome: Outcome) -> None:
        record = _record(cell, outcome, observed=observed, quick=options.quick)
        _kept_or_held(record, store, held)
        progress.step(_group_name(cell, groups), _words(record))

    with closing(running) as outcomes:
        for number, outcome in outcomes:
            if number < 0 and practice:
                for cell, its in ended.pop(practice.take(-1 - number, outcome), []):
                    keep(cell, its)
            elif cells[number].model in observed:
                keep(cells[number], outcome)
            else:
                ended.setdefault(cells[number].model, []).append((cells[number], outcome))
    progress.end()
    for record in held.values():
        progress.say(f"{record.task} / {record.model}: not kept, since a record with more seeds has come meanwhile")


def run_timings(
    cells: list[TimingCell],
    store: Store,
    options: RunOptions,
    *,
    observed: Mapping[Entry, Observed],
    progress: Progress,
) -> Iterator[Trouble]:
    """Time models, one at a time and nothing beside them, and keep each timing; yield what went wrong."""
    calls = [
        (i, _call("time", cell, options, store.log_path(cell.task.name, f"{cell.model.name}.timing")))
        for i, cell in enumerate(cells)
    ]
    progress.begin("timing", len(calls))
    with closing(run_calls(calls, jobs=1, limits=options.limits)) as outcomes:
        for number, outcome in outcomes:
            cell = cells[number]
            if outcome.status == "ok":
                # One seed is timed: how that ended is how the call did.
                [said] = json.loads(outcome.answer)
                outcome = Outcome(said["status"], said["reason"], outcome.answer)
            if outcome.status == "ok":
                try:
                    store.save_timing(_timing(cell, outcome, observed=observed, quick=options.quick))
                except (ValueError, TypeError, KeyError) as error:
                    outcome = _unkept(error)
            if outcome.status != "ok":
                log = store.log_path(cell.task.name, f"{cell.model.name}.timing")
                yield Trouble(f"{cell.name} (timing)", outcome.status, outcome.reason, log)
            progress.step(cell.name, outcome.status)
    progress.end()

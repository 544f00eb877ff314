"""The passes of a run: the tasks' cards, the cells, their timing. Each says what is called and how it is taken in."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from benchmark.catalogue.registry import Entry
from benchmark.cell.outcome import CellSpec
from benchmark.errors import FewerSeedsError
from benchmark.run.made import card_of, record_of, timing_of, unkept
from benchmark.run.observed import Observed, Practice
from benchmark.run.options import RunOptions, limits_for
from benchmark.run.plan import Cell
from benchmark.run.timeplan import TimingCell
from benchmark.run.work import Done, Item, Progress, Trouble, here, work
from benchmark.store.local import Store
from benchmark.store.record import DONE, CellKey, K, Record
from benchmark.workers.cluster import Cluster
from benchmark.workers.isolation import Call, Outcome

# A cluster runs the seeds of a cell in groups of this size. A network gains much from training ten seeds at
# once, and nothing from more.
SEEDS_TOGETHER = 10


def _call(name: str, cell: Cell, options: RunOptions, log: Path) -> Call:
    spec = CellSpec(
        task=cell.task.name,
        task_origin=cell.task.origin,
        model=cell.model.name,
        model_origin=cell.model.origin,
        seeds=cell.seeds,
        quick=options.quick,
    )
    return Call(name, spec, log, limits=limits_for(options, cell.model))


def _words(record: Record) -> str:
    counts = Counter(outcome.status for outcome in record.seeds)
    return ", ".join(f"{status}" if len(counts) == 1 else f"{status} {n}" for status, n in counts.items())


def _kept(make: Callable[[], K], save: Callable[[K], None], outcome: Outcome) -> Outcome:
    """Keep what an outcome makes; return the outcome, or that its result cannot be kept."""
    if outcome.status == "ok":
        try:
            save(make())
        except (ValueError, TypeError, KeyError) as error:
            return unkept(error)
    return outcome


def _done(name: str, outcome: Outcome, trouble: str, log: Path) -> Done:
    well = outcome.status == "ok"
    return Done(name, outcome.status, well, None if well else Trouble(trouble, outcome.status, outcome.reason, log))


def run_cards(
    cards: list[tuple[Entry, str]],
    store: Store,
    options: RunOptions,
    *,
    observed: Mapping[Entry, Observed],
    progress: Progress,
) -> list[Trouble]:
    """Make and keep the cards of tasks; return what went wrong."""

    def item(task: Entry) -> Item:
        log = store.log_path(task.name, "task")

        def take(outcome: Outcome) -> Iterator[Done]:
            ended = _kept(lambda: card_of(task, outcome.answer, observed[task].stamp), store.save_card, outcome)
            yield _done(task.name, ended, task.name, log)

        return Item(Call("card", task, log), take)

    items = [item(task) for task, _ in cards]
    return work("tasks", items, on=here(options, limits=options.card_limits), progress=progress)


def seed_groups(cell: Cell) -> Iterator[Cell]:
    """Yield a cell in groups of its seeds, each a cell of its own; the store joins what becomes of them."""
    for first in range(0, len(cell.seeds), SEEDS_TOGETHER):
        yield replace(cell, seeds=cell.seeds[first : first + SEEDS_TOGETHER])


@dataclass
class _Keeping:
    """Keeps the records of cells as they end.

    Groups of a cell whose record is made again come one by one: they are held back until together they are as many
    seeds as the record has. A cell that ends before its model has practised waits for that.
    """

    store: Store
    observed: Mapping[Entry, Observed]
    quick: bool
    n_groups: Counter[str]
    held: dict[CellKey, Record] = field(default_factory=dict)
    waiting: dict[Entry, list[tuple[Cell, Outcome]]] = field(default_factory=dict)

    def cell(self, cell: Cell, outcome: Outcome) -> list[Done]:
        """Take in how a cell, or a group of its seeds, ended."""
        if cell.model not in self.observed:
            self.waiting.setdefault(cell.model, []).append((cell, outcome))
            return []
        record = record_of(cell, outcome, observed=self.observed, quick=self.quick)
        whole = record.joined(self.held[cell.id]) if cell.id in self.held else record
        try:
            self.store.save_record(whole)
            self.held.pop(cell.id, None)
        except FewerSeedsError:
            self.held[cell.id] = whole
        return [Done(self._name(cell), _words(record), all(status in DONE for _, status in record.endings))]

    def practised(self, model: Entry, _: Outcome) -> Iterator[Done]:
        """Take in that a model has been observed."""
        for cell, outcome in self.waiting.pop(model, []):
            yield from self.cell(cell, outcome)

    def _name(self, cell: Cell) -> str:
        one = self.n_groups[cell.name] == 1
        return cell.name if one else f"{cell.name}, seeds {cell.seeds[0]} to {cell.seeds[-1]}"


def run_cells(
    cells: list[Cell],
    store: Store,
    options: RunOptions,
    *,
    observed: Mapping[Entry, Observed],
    progress: Progress,
    cluster: Cluster | None = None,
    practice: Practice | None = None,
) -> None:
    """Run cells, some at a time, and keep each one's record as it comes; what went wrong stands in the records.

    On a cluster, groups of seeds run wherever there is room. What is still to be observed is observed beside the cells,
    first of all; a cell that ends before its model has practised is kept as soon as it has.
    """
    if cluster:
        cells = [group for cell in cells for group in seed_groups(cell)]
    keeping = _Keeping(store, observed, options.quick, Counter(cell.name for cell in cells))

    def item(cell: Cell) -> Item:
        log = store.log_path(cell.task.name, cell.model.name)
        return Item(_call("cell", cell, options, log), partial(keeping.cell, cell))

    items = [item(cell) for cell in cells]
    if practice and not cluster:
        items = [*practice.items(keeping.practised), *items]
    on = here(options)
    if cluster:
        on = partial(cluster.run_calls, limits=options.limits)
        for log in {each.call.log for each in items if each.call.log}:
            # Each group adds what it printed; what an earlier run left is not part of it.
            log.unlink(missing_ok=True)
    work("accuracy", items, on=on, progress=progress, n_steps=len(cells))
    for record in keeping.held.values():
        progress.say(f"{record.task} / {record.model}: not kept, since a record with more seeds has come meanwhile")


def run_timings(
    cells: list[TimingCell],
    store: Store,
    options: RunOptions,
    *,
    observed: Mapping[Entry, Observed],
    progress: Progress,
) -> list[Trouble]:
    """Time models, one at a time and nothing beside them, and keep each timing; return what went wrong."""

    def item(cell: TimingCell) -> Item:
        log = store.log_path(cell.task.name, f"{cell.model.name}.timing")

        def take(outcome: Outcome) -> Iterator[Done]:
            if outcome.status == "ok":
                # One seed is timed: how that ended is how the call did.
                [said] = outcome.answer
                outcome = Outcome(said["status"], said["reason"], outcome.answer)
            ended = _kept(
                lambda: timing_of(cell, outcome, observed=observed, quick=options.quick), store.save_timings, outcome
            )
            yield _done(cell.name, ended, f"{cell.name} (timing)", log)

        return Item(_call("time", cell, options, log), take)

    return work("timing", [item(cell) for cell in cells], on=here(options, jobs=1), progress=progress)

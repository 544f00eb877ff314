"""Says what is to be timed on this machine: which model, by which shape or task, and why.

A model is timed once for each shape that tasks have. One whose seconds depend on values is timed on each task of suite
`core` by itself, and once for each shape that other tasks have.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from benchmark.catalogue.registry import Catalogue, Entry
from benchmark.environment import machine
from benchmark.run.by_shape import tasks_by_shape
from benchmark.run.observed import Observed
from benchmark.run.plan import Cell, Selection
from benchmark.store.local import Contents
from benchmark.store.record import BASELINE, OFF_BOARD
from benchmark.store.shape import Shape, TimedBy
from benchmark.store.stamp import MODEL, same
from benchmark.store.timings import Timing


@dataclass(frozen=True)
class TimingCell(Cell):
    """A model to be timed on its task, for this task alone or for all of its shape."""

    shape: Shape
    timed_by: TimedBy

    @property
    def key(self) -> tuple[str, str, str]:
        """What its timing will be kept for."""
        return machine(), self.model.name, self.shape.name if self.timed_by == "shape" else self.task.name


def _wanted(selection: Selection, contents: Contents) -> Iterator[tuple[Entry, Entry, Shape]]:
    """Yield task, model and shape of the selected cells whose seconds are shown: of the board, with a good seed."""
    # Asked once of each task and model, not of each cell; equal shapes become one, which is quickly compared.
    one: dict[Shape, Shape] = {}
    shapes = {name: one.setdefault(shape, shape) for name, card in contents.cards.items() if (shape := card.shape)}
    off = {entry for entry in (*selection.tasks, *selection.models) if OFF_BOARD & set(entry.tags)}
    for task, model in selection.cells():
        shape, record = shapes.get(task.name), contents.records.get((task.name, model.name))
        if shape is None or record is None or task in off or model in off:
            continue
        if any(status == "ok" for _, status in record.endings):
            yield task, model, shape


def _on_one_of(
    tasks: tuple[Entry, ...], model: Entry, shape: Shape, *, timed_by: TimedBy, contents: Contents
) -> TimingCell | None:
    """Return the model with the task and seed that it is timed on, or None where all of its seeds failed.

    That is the first of the tasks, whether it was run there or not; one of no good seed there is timed on the next.
    """
    for task in tasks:
        record = contents.records.get((task.name, model.name))
        good = [0] if record is None else [seed for seed, status in record.endings if status == "ok"]
        if good:
            return TimingCell(task, model, (good[0],), "new", shape, timed_by)
    return None


def _why(cell: TimingCell, timings: Mapping[tuple[str, str, str], Timing], now: Observed | None, *, quick: bool) -> str:
    """Return in words why a model is to be timed; "" where its timing on this machine holds, as far as was observed."""
    timing = timings.get(cell.key)
    if timing is None:
        elsewhere = any(key[1:] == cell.key[1:] for key in timings)
        return "timed on another machine only" if elsewhere else "new"
    if timing.quick != quick or timing.model_version != cell.model.version:
        return "the model is another one"
    return "" if now is None or same(timing.model_stamp, now.stamp, MODEL) else "the model learns otherwise"


def missing_timings(
    selection: Selection,
    contents: Contents,
    *,
    found: Catalogue,
    observed: Mapping[Entry, Observed],
    core: Collection[str],
    quick: bool,
    fresh: bool,
) -> list[TimingCell]:
    """Return what has no timing on this machine that holds: of each selected model every shape, and tasks of their own.

    Those are the tasks of these names, `core`, of a model whose seconds depend on values. To each timing belongs the
    baseline's, selected or not: its seconds on the same machine are the measure. `observed` is what each selected model
    and the baseline do on practice today.
    """
    cards = [card for name, card in contents.cards.items() if name in found.tasks]
    # One whose seconds depend on values has timings of its own on the tasks of the core: others stand for the shape.
    stand_ins = {
        (by, shape): tuple(found.tasks[name] for name in names if by == "shape" or name not in core)
        for shape, names in tasks_by_shape(cards).items()
        for by in ("shape", "task")
    }
    wanted = list(_wanted(selection, contents))
    shapes = {task: shape for task, _, shape in wanted if BASELINE in found.models}
    measures = [(task, found.models[BASELINE], shape) for task, shape in shapes.items()]
    cells: list[TimingCell] = []
    # Stamps are compared once for all tasks of a shape: there may be hundreds.
    seen: set[tuple[Entry, Shape | Entry]] = set()
    core = {*core}
    for asked, of in ((True, wanted), (False, measures)):
        for task, model, shape in of:
            by: TimedBy = "task" if model.timed_by == "task" and task.name in core else "shape"
            subject = (model, shape if by == "shape" else task)
            if subject in seen:
                continue
            seen.add(subject)
            tasks = (task,) if by == "task" else stand_ins.get((model.timed_by, shape), ())
            cell = _on_one_of(tasks, model, shape, timed_by=by, contents=contents)
            if cell is None or contents.untouchable_timing(cell.key):
                continue
            why = _why(cell, contents.timings, observed.get(model), quick=quick)
            if fresh and asked:
                why = why or "asked for with --fresh"
            if why:
                cells.append(replace(cell, reason=why))
    return cells

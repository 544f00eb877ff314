"""Says what is to be timed on this machine: which model, by which shape or task, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from benchmark.catalogue.registry import Catalogue, Entry
from benchmark.environment import machine
from benchmark.run.by_shape import tasks_by_shape
from benchmark.run.observed import Observed
from benchmark.run.plan import Cell, Selection
from benchmark.store.local import Contents
from benchmark.store.record import BASELINE, OFF_BOARD, Timing
from benchmark.store.shape import Shape
from benchmark.store.stamp import MODEL, same


@dataclass(frozen=True)
class TimingCell(Cell):
    """A model to be timed: on its task, which stands for all of the shape unless its seconds depend on values."""

    shape: Shape

    @property
    def key(self) -> tuple[str, str, str]:
        """What its timing will be kept for."""
        subject = self.shape.name if self.model.timed_by == "shape" else self.task.name
        return machine(), self.model.name, subject


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


def _on_its_task(
    model: Entry, task: Entry, shape: Shape, *, stand_ins: Mapping[Shape, tuple[Entry, ...]], contents: Contents
) -> TimingCell | None:
    """Return the model with the task and seed that it is timed on, or None where all of its seeds failed.

    That is the first task of the shape, whether it was run there or not; one of no good seed there is timed on the
    next. Where its seconds depend on values, it is the task itself.
    """
    for each in (task,) if model.timed_by == "task" else stand_ins.get(shape, ()):
        record = contents.records.get((each.name, model.name))
        good = [0] if record is None else [seed for seed, status in record.endings if status == "ok"]
        if good:
            return TimingCell(each, model, (good[0],), "new", shape)
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
    quick: bool,
    fresh: bool,
) -> list[TimingCell]:
    """Return what has no timing on this machine that holds: of each selected model every shape, or every task.

    To each of them belongs the baseline, selected or not: its seconds on the same machine are the measure.
    `observed` is what each selected model and the baseline do on practice today.
    """
    cards = [card for name, card in contents.cards.items() if name in found.tasks]
    stand_ins = {shape: tuple(found.tasks[name] for name in names) for shape, names in tasks_by_shape(cards).items()}
    wanted = list(_wanted(selection, contents))
    shapes = {task: shape for task, _, shape in wanted if BASELINE in found.models}
    measures = [(task, found.models[BASELINE], shape) for task, shape in shapes.items()]
    cells: list[TimingCell] = []
    # Stamps are compared once for all tasks of a shape: there may be hundreds.
    seen: set[tuple[Entry, Shape | Entry]] = set()
    for asked, of in ((True, wanted), (False, measures)):
        for task, model, shape in of:
            subject = (model, shape if model.timed_by == "shape" else task)
            if subject in seen:
                continue
            seen.add(subject)
            cell = _on_its_task(model, task, shape, stand_ins=stand_ins, contents=contents)
            if cell is None or contents.untouchable_timing(cell.key):
                continue
            why = _why(cell, contents.timings, observed.get(model), quick=quick)
            if fresh and asked:
                why = why or "asked for with --fresh"
            if why:
                cells.append(replace(cell, reason=why))
    return cells

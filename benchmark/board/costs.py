"""From timings to the seconds of the board: of one machine, and as a ratio to the baseline on the same machine."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from benchmark.board.growth import Growth, Timed, growth
from benchmark.store.record import BASELINE, CellKey, TaskCard
from benchmark.store.timings import Timing
from benchmark.words import counted, escaped

# More names than this in one sentence are not read.
MOST_NAMES = 5
NOTHING = float("nan")

# Machine, model, and shape or task.
Timings = Mapping[tuple[str, str, str], Timing]


@dataclass(frozen=True)
class CellSeconds:
    """Median seconds of a cell, and how many times the baseline's on the same machine they are; NaN where unknown."""

    fit: float
    predict: float
    fit_ratio: float
    predict_ratio: float


@dataclass(frozen=True)
class Clock:
    """The seconds of a board: of each cell and what each model's grow with; the models timed on another machine."""

    cells: Mapping[CellKey, CellSeconds]
    growths: Mapping[str, Growth]
    elsewhere: frozenset[str]
    remarks: tuple[str, ...]


def _subjects(card: TaskCard) -> list[str]:
    return [card.task, *([card.shape.name] if card.shape else [])]


def _make(timing: Timing) -> tuple[int, bool, bool]:
    # Of two timings that hold for a task the one of the newer model counts, then the one of the task itself.
    return timing.model_version, timing.model_stamp is not None, timing.timed_by == "task"


def _timing(timings: Timings, machine: str, model: str, card: TaskCard) -> Timing | None:
    known = (timings.get((machine, model, subject)) for subject in _subjects(card))
    return max((timing for timing in known if timing), key=_make, default=None)


def _shown_on(timed: Mapping[str, Mapping[CellKey, Timing]], here: str) -> tuple[str, dict[str, str]]:
    """Return the machine on which most cells are timed, and for each model that one, or else its own such machine.

    Of machines with equally many the one that is `here` goes before.
    """
    most = max(sorted(timed), key=lambda machine: (len(timed[machine]), machine == here), default="")
    counts: dict[str, Counter[str]] = {}
    for machine in sorted(timed):
        for _, model in timed[machine]:
            counts.setdefault(model, Counter())[machine] += 1
    return most, {model: most if most in each else max(each, key=each.__getitem__) for model, each in counts.items()}


def _seconds(timing: Timing, measure: Timing | None) -> CellSeconds:
    fit, predict = median(timing.fit_seconds), median(timing.predict_seconds)
    least = (median(measure.fit_seconds), median(measure.predict_seconds)) if measure else (NOTHING, NOTHING)
    ratios = [mine / other if other else NOTHING for mine, other in zip((fit, predict), least, strict=True)]
    return CellSeconds(fit, predict, *ratios)


def _growth(timings: Iterable[tuple[Timing, TaskCard]]) -> Growth:
    # One timing stands for all tasks of its shape, and counts once.
    once = {timing.key: (timing, timing.shape or card.shape) for timing, card in timings}
    return growth(
        Timed(shape.n_train, shape.n_features, timing.fit_seconds) for timing, shape in once.values() if shape
    )


def listed(names: Iterable[str]) -> str:
    """Return the names of models as code, in order, the first five of many."""
    every = sorted(set(names))
    shown = ", ".join(f"`{name}`" for name in every[:MOST_NAMES])
    return shown if len(every) <= MOST_NAMES else f"{shown} and {counted(len(every) - MOST_NAMES, 'other model')}"


def _remarks(machine: str, shown: Mapping[str, str], timings: Timings) -> tuple[str, ...]:
    said = [f"Seconds were taken on one thread of: {escaped(machine)}."] if machine else []
    for other in sorted(set(shown.values()) - {machine}):
        models = listed(model for model, where in shown.items() if where == other)
        said.append(
            f"Figures marked with * are of {models} on another machine: {escaped(other)}. These seconds do not compare "
            f"with the others; the ratios are to `{BASELINE}` on that machine."
        )
    used = {(where, model) for model, where in shown.items()} | {(where, BASELINE) for where in shown.values()}
    if left := sum(model in shown and (where, model) not in used for where, model, _ in timings):
        said.append(f"Not shown: {counted(left, 'timing')} taken on other machines, of models timed on this one.")
    return tuple(said)


def clock_of(cards: Mapping[str, TaskCard], cell_ids: Iterable[CellKey], timings: Timings, *, here: str = "") -> Clock:
    """Return the seconds of the cells of these names, each of a task with a card: one machine for each model.

    That is the machine on which most of these cells are timed, `here` where it has as many as any; a model that was not
    timed there has its own.
    """
    machines = sorted({machine for machine, _, _ in timings})
    timed: dict[str, dict[CellKey, Timing]] = {machine: {} for machine in machines}
    for task, model in cell_ids:
        for machine in machines:
            if timing := _timing(timings, machine, model, cards[task]):
                timed[machine][task, model] = timing
    board, shown = _shown_on({machine: cells for machine, cells in timed.items() if cells}, here)
    kept = {
        cell_id: cells[cell_id] for machine, cells in timed.items() for cell_id in cells if shown[cell_id[1]] == machine
    }
    measures = {
        (task, machine): _timing(timings, machine, BASELINE, cards[task])
        for task, machine in {(task, shown[model]) for task, model in kept}
    }
    by_model: dict[str, list[tuple[Timing, TaskCard]]] = {}
    for (task, model), timing in kept.items():
        by_model.setdefault(model, []).append((timing, cards[task]))
    return Clock(
        cells={(task, model): _seconds(timing, measures[task, shown[model]]) for (task, model), timing in kept.items()},
        growths={model: _growth(each) for model, each in by_model.items()},
        elsewhere=frozenset(model for model, machine in shown.items() if machine != board),
        remarks=_remarks(board, shown, timings),
    )

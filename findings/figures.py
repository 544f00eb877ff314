"""Figures that statements are made of, and their limits: which number of which cell, in which unit, by which name."""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from operator import attrgetter
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmark.board.statistics import FloatArray
from benchmark.store.record import CellId, SeedOutcome, TaskCard
from benchmark.words import percent, plain
from findings.evidence import Evidence, Sample

T = TypeVar("T")


def cross(tasks: Iterable[str], models: Iterable[str]) -> tuple[CellId, ...]:
    """Return the cells of every pair of these tasks and models."""
    kept = tuple(models)
    return tuple(CellId(task, model) for task in tasks for model in kept)


def parts(value: object, kind: type[T]) -> Iterator[T]:
    """Yield the values of a kind, such as cells, that a value is made of, in the order of its fields."""
    if isinstance(value, kind):
        yield value
    elif is_dataclass(value):
        yield from parts(tuple(getattr(value, field.name) for field in fields(value)), kind)
    elif isinstance(value, Mapping):
        yield from parts(tuple(value.values()), kind)
    elif isinstance(value, tuple):
        for each in value:
            yield from parts(each, kind)


@dataclass(frozen=True)
class Limit:
    """What a figure may be: from `low` to `high`. The ends count unless it is `strict`."""

    low: float = -math.inf
    high: float = math.inf
    strict: bool = False

    def says(self, show: Callable[[float], str]) -> str:
        """Return the limit in words, such as "at most 5 %", with its numbers as `show` writes them."""
        if self.low == self.high:
            return show(self.low)
        if math.isinf(self.low):
            return f"{'below' if self.strict else 'at most'} {show(self.high)}"
        if math.isinf(self.high):
            return f"{'above' if self.strict else 'at least'} {show(self.low)}"
        return f"between {show(self.low)} and {show(self.high)}"

    def holds(self, values: FloatArray) -> NDArray[np.bool_]:
        """Return which of the values are within; NaN never is."""
        if self.strict:
            return (values > self.low) & (values < self.high)
        return (values >= self.low) & (values <= self.high)


def at_most(high: float) -> Limit:
    """Return the limit of what is `high` or less."""
    return Limit(high=high)


def at_least(low: float) -> Limit:
    """Return the limit of what is `low` or more."""
    return Limit(low=low)


def above(low: float) -> Limit:
    """Return the limit of what is more than `low`."""
    return Limit(low=low, strict=True)


def brief(value: float) -> str:
    """Return a threshold as it was given, up to six digits: 71,960, 0.25, 1e-9."""
    return re.sub(r"e([+-]?)0*", lambda found: f"e{found[1].strip('+')}", f"{value:,.6g}")


def decimals(value: float) -> str:
    """Return a number to three decimals."""
    return f"{value:.3f}"


@dataclass(frozen=True)
class Unit:
    """What is made of recorded numbers: its name, their values in it by the task's card, and how one is shown."""

    name: str = ""
    of: Callable[[FloatArray, TaskCard], FloatArray] = lambda values, card: values
    show: Callable[[float], str] = plain

    def says(self, limit: Limit) -> str:
        """Return a limit in this unit: "at most 5 % of sd(y)", or "at most 0.25" where it has no name."""
        shown = limit.says(percent if self.show is percent else brief)
        return f"{shown} of {self.name}" if self.name else shown


def per_sd(name: str, show: Callable[[float], str] = percent, *, times: float = 1.0) -> Unit:
    """Return the unit of sd(y) on the training law, or of so many times it."""
    return Unit(name, lambda values, card: values / (times * card.target_sd), show)


RAW, SD, SHARE = Unit(), per_sd("sd(y)"), Unit(show=percent)


@dataclass(frozen=True)
class Seen:
    """Whose figure it is, with its median, its smallest and its largest seed as a sentence shows them."""

    who: str
    median: str
    low: str
    high: str

    def __str__(self) -> str:
        return self.median


@dataclass(frozen=True, kw_only=True)
class Figure(ABC):
    """A number of every seed: `what` it is of `who`, in a unit."""

    who: str
    what: str
    unit: Unit = RAW

    @abstractmethod
    def of(self, evidence: Evidence) -> Sample:
        """Return the figure of every seed in this draw of the seeds."""

    @property
    def in_unit(self) -> str:
        """What it is, with its unit: "RMSE inside / sd(y)"."""
        return f"{self.what} / {self.unit.name}" if self.unit.name else self.what

    def within(self, limit: Limit) -> str:
        """Return for example "RMSE inside is at most 5 % of sd(y)"."""
        return f"{self.what} is {self.unit.says(limit)}"

    def seen(self, evidence: Evidence) -> Seen:
        """Return what a sentence may show of it."""
        sample = self.of(evidence)
        return Seen(self.who, *map(self.unit.show, (sample.median, *sample.ends)))


@dataclass(frozen=True, kw_only=True)
class Recorded(Figure):
    """A figure as the seeds of one cell have it.

    `kept` says of a seed whether it was made when the figure was looked at; None of what was always kept.
    """

    cell: CellId
    read: Callable[[SeedOutcome], float | None]
    kept: Callable[[SeedOutcome], bool] | None = None

    def of(self, evidence: Evidence) -> Sample:
        """Return it in its unit; NaN where a seed has none."""

        def values() -> FloatArray:
            found = [self.read(seed) for seed in evidence.outcomes(self.cell)]
            known = np.array([np.nan if value is None else value for value in found], dtype=np.float64)
            return self.unit.of(known, evidence.cards[self.cell.task])

        return evidence.drawn(self, values)

    def is_kept(self, evidence: Evidence) -> bool:
        """Whether all seeds were made when it was looked at: of older ones it says nothing, not that it is bad."""
        return self.kept is None or all(map(self.kept, evidence.outcomes(self.cell)))


def inside(task: str, model: str, unit: Unit = RAW, *, who: str = "", what: str = "RMSE inside") -> Recorded:
    """Return the RMSE inside the training range."""
    read = attrgetter("interpolation_rmse")
    return Recorded(who=who or model, what=what, unit=unit, cell=CellId(task, model), read=read)


def outside(task: str, model: str, unit: Unit = RAW, *, who: str = "", what: str = "RMSE outside") -> Recorded:
    """Return the RMSE outside the training range."""
    read = attrgetter("extrapolation_rmse")
    return Recorded(who=who or model, what=what, unit=unit, cell=CellId(task, model), read=read)


def training(task: str, model: str, unit: Unit = RAW, *, who: str = "") -> Recorded:
    """Return the RMSE on the rows trained on."""
    what, read = "RMSE on its training rows", attrgetter("training_rmse")
    return Recorded(who=who or model, what=what, unit=unit, cell=CellId(task, model), read=read)


def quantity(task: str, model: str, name: str, what: str, *, unit: Unit = RAW, who: str = "") -> Recorded:
    """Return a quantity that the task recovers, by its name in the records."""

    def read(seed: SeedOutcome) -> float | None:
        return seed.quantities.get(name)

    return Recorded(who=who or model, what=what, unit=unit, cell=CellId(task, model), read=read)


@dataclass(frozen=True, kw_only=True)
class Paired(Figure):
    """How far two cells of a task are apart, on each seed of the first; NaN for a seed that one of them has not."""

    one: CellId
    other: CellId
    read: Callable[[Evidence, CellId], Mapping[int, FloatArray]]
    apart: Callable[[FloatArray, FloatArray], float]

    def of(self, evidence: Evidence) -> Sample:
        """Return the distance of every seed."""

        def values() -> FloatArray:
            ours, theirs = self.read(evidence, self.one), self.read(evidence, self.other)
            seeds = (outcome.seed for outcome in evidence.outcomes(self.one))
            found = [self.apart(ours[s], theirs[s]) if s in ours and s in theirs else np.nan for s in seeds]
            return self.unit.of(np.array(found), evidence.cards[self.one.task])

        return evidence.drawn(self, values)


def apart(task: str, model: str, other: str, unit: Unit = SD) -> Paired:
    """Return the largest distance of a model from another along a task's slice, where both keep their curves."""
    return Paired(
        who=model,
        what=f"largest distance from {other} along the slice",
        unit=unit,
        one=CellId(task, model),
        other=CellId(task, other),
        read=Evidence.lines,
        apart=lambda ours, theirs: float(np.abs(ours - theirs).max()),
    )


def difference(figure: Recorded, other: str, *, relative: bool = False) -> Paired:
    """Return how far a figure is from the same of another model, or by which share of it where it is `relative`."""

    def read(evidence: Evidence, cell: CellId) -> Mapping[int, FloatArray]:
        return {seed.seed: np.array(figure.read(seed), dtype=np.float64) for seed in evidence.outcomes(cell)}

    return Paired(
        who=figure.who,
        what=f"{'relative ' if relative else ''}difference of {figure.what} from {other}",
        # Of what rounding leaves, one digit is enough.
        unit=Unit(show=lambda value: f"{value:.1g}"),
        one=figure.cell,
        other=CellId(figure.cell.task, other),
        read=read,
        apart=lambda ours, theirs: float(abs(ours / theirs - 1) if relative else abs(ours - theirs)),
    )

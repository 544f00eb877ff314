"""What a finding is: a question, a claim with its thresholds, the cells it needs, and how they decide it.

Everything here sees records only, through `Evidence`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from benchmark.record import Record, SeedOutcome, TaskCard
from benchmark.report.statistics import FloatArray, median_intervals

Verdict = Literal["confirmed", "refuted", "depends", "no evidence"]
Place = tuple[str, str]


Condition = Callable[[FloatArray], np.ndarray]


def at_most(limit: float) -> Condition:
    """Return the condition that a figure is at most `limit`."""
    return lambda values: values <= limit


def above(limit: float) -> Condition:
    """Return the condition that a figure is above `limit`."""
    return lambda values: values > limit


@dataclass(frozen=True)
class Sample:
    """One figure of every seed of a cell (n,), in the order of the seeds; NaN where a seed has none."""

    values: FloatArray

    @cached_property
    def _interval(self) -> tuple[float, float, float]:
        # A seed without the figure is as bad as can be, and never left out.
        known = np.where(np.isnan(self.values), np.finfo(np.float64).max, self.values)
        middle, low, high = median_intervals(known[np.newaxis])[0].tolist()
        return middle, low, high

    @property
    def median(self) -> float:
        """The median over seeds."""
        return self._interval[0]

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % bootstrap interval of the median."""
        return self._interval[1:]

    def __truediv__(self, other: float) -> "Sample":
        return Sample(self.values / other)

    def times(self, other: "Sample") -> float:
        """Return how many times the other's median this one's is; infinitely many times nothing."""
        if other.median == 0:
            return np.inf if self.median else 1.0
        return self.median / other.median

    def every(self, holds: Condition) -> bool:
        """Whether the condition holds for each seed; never where a seed has no figure."""
        return not np.isnan(self.values).any() and bool(holds(self.values).all())


@dataclass(frozen=True)
class Evidence:
    """The records that a finding may look at, by place, and the cards of their tasks."""

    cards: Mapping[str, TaskCard]
    records: Mapping[Place, Record]

    def has(self, place: Place) -> bool:
        """Whether a cell is recorded, with its card, and all its seeds went well."""
        record = self.records.get(place)
        seeds = record.seeds if record else ()
        return place[0] in self.cards and bool(seeds) and all(seed.status == "ok" for seed in seeds)

    def sd(self, task: str) -> float:
        """Return the sd of y on the training law, in the units of y."""
        return self.cards[task].target_sd

    def reference(self, task: str, name: str) -> float:
        """Return the RMSE inside of a reference of the task, in the units of y."""
        return next(each.interpolation_rmse for each in self.cards[task].references if each.name == name)

    def outcomes(self, task: str, model: str) -> tuple[SeedOutcome, ...]:
        """Return the seeds of a cell."""
        return self.records[task, model].seeds

    def sample(self, task: str, model: str, figure: Callable[[SeedOutcome], float | None]) -> Sample:
        """Return one figure of every seed; NaN for a seed that has none."""
        found = [figure(seed) for seed in self.outcomes(task, model)]
        return Sample(np.array([np.nan if value is None else value for value in found], dtype=np.float64))

    def inside(self, task: str, model: str) -> Sample:
        """Return the RMSE inside, in the units of y."""
        return self.sample(task, model, lambda seed: seed.interpolation_rmse)

    def outside(self, task: str, model: str) -> Sample:
        """Return the RMSE outside, in the units of y."""
        return self.sample(task, model, lambda seed: seed.extrapolation_rmse)

    def training(self, task: str, model: str) -> Sample:
        """Return the RMSE on the rows trained on, in the units of y."""
        return self.sample(task, model, lambda seed: seed.training_rmse)

    def quantity(self, task: str, model: str, name: str) -> Sample:
        """Return a quantity that the task recovers."""
        return self.sample(task, model, lambda seed: seed.quantities.get(name))

    def lines(self, task: str, model: str) -> FloatArray:
        """Return the predictions of every seed along the task's slice (seeds, n)."""
        n = len(self.cards[task].slice.position)
        kept = [seed.slice for seed in self.outcomes(task, model) if len(seed.slice) == n]
        return np.array(kept, dtype=np.float64).reshape(len(kept), n)

    def distance(self, task: str, model: str, other: str) -> float:
        """Return how far two models are apart along the task's slice, any seed, in units of sd(y).

        Infinitely far where one has more curves than the other, or none.
        """
        ours, theirs = (self.lines(task, each) for each in (model, other))
        if ours.shape != theirs.shape or not ours.size:
            return np.inf
        return float(np.abs(ours - theirs).max() / self.sd(task))


@dataclass(frozen=True)
class Check:
    """One part of a claim: a statement with its threshold, what was measured, and whether it holds."""

    statement: str
    measured: str
    holds: bool


@dataclass(frozen=True)
class Row:
    """A line of the evidence: what it is, with its units, and the figure of every seed."""

    what: str
    sample: Sample


@dataclass(frozen=True)
class Dots:
    """A picture: every seed's figure of each labelled sample; `line` marks a threshold."""

    title: str
    axis: str
    rows: tuple[Row, ...]
    line: float | None = None


@dataclass(frozen=True)
class Sweep:
    """A picture: figures of models over the number of training rows, both axes logarithmic."""

    title: str
    axis: str
    curves: Mapping[str, Mapping[int, Sample]]
    line: float | None = None


Picture = Dots | Sweep


@dataclass(frozen=True)
class Judgement:
    """What the records say: the checks, the figures they rest on, the figure that answers, a picture where it helps."""

    checks: tuple[Check, ...]
    rows: tuple[Row, ...]
    detail: str
    picture: Picture | None = None

    @property
    def verdict(self) -> Verdict:
        """`confirmed` where every check holds, `refuted` where none does, otherwise `depends`."""
        holding = sum(check.holds for check in self.checks)
        if holding == len(self.checks):
            return "confirmed"
        return "depends" if holding else "refuted"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A claim of a thread, settled by experiment. Its thresholds were written down before the experiment.

    `answer` says in a sentence what each verdict means for who asked; the judgement's detail follows it.
    """

    name: str
    question: str
    source: str
    claim: str
    cells: tuple[Place, ...]
    judge: Callable[[Evidence], Judgement]
    answer: Mapping[Verdict, str]
    see: str = ""

    def missing(self, evidence: Evidence) -> tuple[Place, ...]:
        """Return the cells without which there is no verdict: not recorded, without their card, or with a failed seed.

        What failed says nothing for a claim, nor against it.
        """
        return tuple(place for place in self.cells if not evidence.has(place))


def cross(tasks: Iterable[str], models: Iterable[str]) -> tuple[Place, ...]:
    """Return every pair of these tasks and models."""
    kept = tuple(models)
    return tuple((task, model) for task in tasks for model in kept)

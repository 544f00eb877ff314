"""What a finding sees: figures of every seed, read from the records, and the same for other draws of the seeds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmark.board.behaviour import Behaviour, behaviours
from benchmark.board.statistics import FloatArray, median_intervals
from benchmark.store.record import Record, SeedOutcome, TaskCard

Place = tuple[str, str]
T = TypeVar("T")
_WORST = np.finfo(np.float64).max
Condition = Callable[[FloatArray], NDArray[np.bool_]]


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
    def _known(self) -> FloatArray:
        # A seed without the figure is as bad as can be, and never left out.
        return np.where(np.isnan(self.values), _WORST, self.values)

    @cached_property
    def median(self) -> float:
        """The median over seeds."""
        ordered, n = np.sort(self._known), len(self._known)
        # As `median_over`, for one row: the redraws ask for thousands.
        return float(ordered[n // 2] if n % 2 else ordered[n // 2 - 1] / 2 + ordered[n // 2] / 2)

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The 95 % bootstrap interval of the median."""
        _, low, high = median_intervals(self._known[np.newaxis])[0].tolist()
        return low, high

    @property
    def ends(self) -> tuple[float, float]:
        """The smallest and the largest of the seeds."""
        return float(self._known.min()), float(self._known.max())

    def __truediv__(self, other: float) -> "Sample":
        return Sample(self.values / other)

    def times(self, other: "Sample") -> float:
        """Return how many times the other's median this one's is; infinitely many times nothing."""
        if other.median == 0:
            return np.inf if self.median else 1.0
        return self.median / other.median

    def where(self, condition: Condition) -> NDArray[np.bool_]:
        """Return for which seeds the condition holds (n,); never for one without a figure."""
        return ~np.isnan(self.values) & condition(self.values)


@lru_cache(maxsize=100_000)
def _redrawn(number: int, n: int) -> NDArray[np.intp]:
    """Return which of n seeds a redraw takes (n,), with repeats: a function of the two numbers alone."""
    return np.random.default_rng((number, n)).integers(n, size=n)


@dataclass(frozen=True)
class Evidence:
    """The records that a finding may look at, by place, and the cards of their tasks.

    With `redraw` it shows another draw of the seeds (a bootstrap resample, the one of that number): cells of equally
    many seeds get the same ones, so that what was paired stays so. What is not a `Sample` of a figure is as recorded.
    """

    cards: Mapping[str, TaskCard]
    records: Mapping[Place, Record]
    redraw: int | None = None
    _read: dict[tuple[str, str, str], FloatArray] = field(default_factory=dict, repr=False, compare=False)
    _made: dict[tuple[str, ...], Any] = field(default_factory=dict, repr=False, compare=False)

    def redrawn(self, number: int) -> "Evidence":
        """Return the same evidence with another draw of the seeds."""
        return replace(self, redraw=number)

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
        """Return the seeds of a cell, as recorded."""
        return self.records[task, model].seeds

    def _sample(self, task: str, model: str, name: str, figure: Callable[[SeedOutcome], float | None]) -> Sample:
        key = (task, model, name)
        if key not in self._read:
            found = [figure(seed) for seed in self.outcomes(task, model)]
            self._read[key] = np.array([np.nan if value is None else value for value in found], dtype=np.float64)
        values = self._read[key]
        return Sample(values if self.redraw is None else values[_redrawn(self.redraw, len(values))])

    def inside(self, task: str, model: str) -> Sample:
        """Return the RMSE inside, in the units of y."""
        return self._sample(task, model, "inside", lambda seed: seed.interpolation_rmse)

    def outside(self, task: str, model: str) -> Sample:
        """Return the RMSE outside, in the units of y."""
        return self._sample(task, model, "outside", lambda seed: seed.extrapolation_rmse)

    def training(self, task: str, model: str) -> Sample:
        """Return the RMSE on the rows trained on, in the units of y."""
        return self._sample(task, model, "training", lambda seed: seed.training_rmse)

    def quantity(self, task: str, model: str, name: str) -> Sample:
        """Return a quantity that the task recovers."""
        return self._sample(task, model, f"quantity {name}", lambda seed: seed.quantities.get(name))

    def _recorded(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """Return what is as recorded whatever the redraw, made once."""
        if key not in self._made:
            self._made[key] = make()
        made: T = self._made[key]
        return made

    @property
    def curves_read(self) -> frozenset[Place]:
        """The cells whose curves were asked for."""
        return frozenset((key[0], key[1]) for key in self._made if key[2:] == ("lines",))

    def lines(self, task: str, model: str) -> dict[int, FloatArray]:
        """Return the predictions along the task's slice (n,) of every seed that keeps them, as recorded."""

        def make() -> dict[int, FloatArray]:
            n = len(self.cards[task].slice.position)
            return {seed.seed: np.array(seed.slice) for seed in self.outcomes(task, model) if len(seed.slice) == n}

        return self._recorded((task, model, "lines"), make)

    def words(self, task: str, model: str) -> dict[int, Behaviour]:
        """Return the word for what every seed that keeps a curve does outside, as recorded."""

        def make() -> dict[int, Behaviour]:
            lines = self.lines(task, model)
            return dict(zip(lines, behaviours(self.cards[task], np.array([*lines.values()])), strict=True))

        return self._recorded((task, model, "words"), make)

    def apart(self, task: str, model: str, other: str) -> Sample:
        """Return how far a model is from another along the task's slice, each seed of it, in units of sd(y).

        As recorded; NaN for a seed of which one of them has no curve.
        """

        def make() -> Sample:
            ours, theirs = (self.lines(task, each) for each in (model, other))
            found = [
                np.abs(ours[seed.seed] - theirs[seed.seed]).max() / self.sd(task)
                if seed.seed in ours and seed.seed in theirs
                else np.nan
                for seed in self.outcomes(task, model)
            ]
            return Sample(np.array(found))

        return self._recorded((task, model, other, "apart"), make)

"""What a finding sees: figures of every seed, read from the records, and the same for other draws of the seeds."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmark.board.behaviour import Behaviour, behaviours
from benchmark.board.statistics import FloatArray, median_intervals
from benchmark.store.record import CellId, Record, SeedOutcome, TaskCard

# Names of cells, whether they are named tuples or not.
Key = TypeVar("Key", bound=tuple[str, str])
_WORST = np.finfo(np.float64).max


@dataclass(frozen=True)
class Sample:
    """One figure of every seed of a cell (n,), in the order of the seeds; NaN where a seed has none."""

    values: FloatArray

    @cached_property
    def known(self) -> FloatArray:
        """The figures (n,), as bad as can be where a seed has none: no seed is left out."""
        return np.where(np.isnan(self.values), _WORST, self.values)

    @cached_property
    def median(self) -> float:
        """The median over seeds."""
        ordered, n = np.sort(self.known), len(self.known)
        # As `median_over`, for one row: the redraws ask for thousands.
        return float(ordered[n // 2] if n % 2 else ordered[n // 2 - 1] / 2 + ordered[n // 2] / 2)

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The 95 % bootstrap interval of the median."""
        _, low, high = median_intervals(self.known[np.newaxis])[0].tolist()
        return low, high

    @property
    def ends(self) -> tuple[float, float]:
        """The smallest and the largest of the seeds."""
        return float(self.known.min()), float(self.known.max())

    def times(self, other: "Sample") -> float:
        """Return how many times the other's median this one's is; infinitely many times nothing."""
        if other.median == 0:
            return np.inf if self.median else 1.0
        return self.median / other.median


@lru_cache(maxsize=100_000)
def _redrawn(number: int, n: int) -> NDArray[np.intp]:
    """Return which of n seeds a redraw takes (n,), with repeats: a function of the two numbers alone."""
    return np.random.default_rng((number, n)).integers(n, size=n)


@dataclass(frozen=True)
class Evidence:
    """The records that a finding may look at, by cell, and the cards of their tasks.

    With `redraw` it shows another draw of the seeds (a bootstrap resample, the one of that number): cells of equally
    many seeds get the same ones, so that what was paired stays so. Curves and their words are as recorded.
    """

    cards: Mapping[str, TaskCard]
    records: Mapping[CellId, Record]
    redraw: int | None = None
    _read: dict[Hashable, FloatArray] = field(default_factory=dict, repr=False, compare=False)
    _lines: dict[CellId, dict[int, FloatArray]] = field(default_factory=dict, repr=False, compare=False)

    def redrawn(self, number: int | None) -> "Evidence":
        """Return the same evidence with another draw of the seeds; with None, as recorded."""
        return replace(self, redraw=number)

    def has(self, cell: CellId) -> bool:
        """Whether a cell is recorded, with its card, and all its seeds went well."""
        record = self.records.get(cell)
        seeds = record.seeds if record else ()
        return cell.task in self.cards and bool(seeds) and all(seed.status == "ok" for seed in seeds)

    def outcomes(self, cell: CellId) -> tuple[SeedOutcome, ...]:
        """Return the seeds of a cell, as recorded."""
        return self.records[cell].seeds

    def drawn(self, figure: Hashable, read: Callable[[], FloatArray]) -> Sample:
        """Return the sample of a figure in this draw of the seeds; `read` gives it as recorded (n,) and is asked once.

        Two figures that are equal are the same to it.
        """
        if figure not in self._read:
            self._read[figure] = read()
        values = self._read[figure]
        return Sample(values if self.redraw is None else values[_redrawn(self.redraw, len(values))])

    @property
    def curves_read(self) -> frozenset[CellId]:
        """The cells whose curves were asked for."""
        return frozenset(self._lines)

    def lines(self, cell: CellId) -> dict[int, FloatArray]:
        """Return the predictions along the task's slice (n,) of every seed that keeps them, as recorded."""
        if cell not in self._lines:
            n = len(self.cards[cell.task].slice.position)
            self._lines[cell] = {
                seed.seed: np.array(seed.slice) for seed in self.outcomes(cell) if len(seed.slice) == n
            }
        return self._lines[cell]

    def words(self, cell: CellId) -> dict[int, Behaviour]:
        """Return the word for what every seed that keeps a curve does outside, as recorded."""
        lines = self.lines(cell)
        return dict(zip(lines, behaviours(self.cards[cell.task], np.array([*lines.values()])), strict=True))


def evidence_of(cards: Mapping[str, TaskCard], records: Mapping[Key, Record]) -> Evidence:
    """Return what findings see of cards by task, and of records by (task, model)."""
    return Evidence(cards, {CellId(*key): record for key, record in records.items()})

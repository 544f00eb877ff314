"""Which cells of two results folders differ beyond the noise of their seeds.

Each region of a cell is compared by its seeds' log scores against the constant (clipped, so that one
rounding error is as good as another; a failed seed scores 3, an abstaining one 0) with the two-sided
test of Mann and Whitney (1947), Ann. Math. Stat. 18, 50-60. Over all comparisons the share of false
alarms is held to 5 % as in Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57, 289-300.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

import numpy as np

from benchmark.board.failures import WORST, counted
from benchmark.board.scores import constant_rmse
from benchmark.board.statistics import FloatArray, log_score, median_over
from benchmark.store.record import CellId, Record, TaskCard

FALSE_ALARMS = 0.05
# Up to this many seeds of both sides together the test is exact.
EXACT = 50

Region = Literal["inside", "outside"]


@dataclass(frozen=True)
class Kept:
    """What a results folder holds of cards and records."""

    cards: Mapping[str, TaskCard]
    records: Mapping[CellId, Record]


@dataclass(frozen=True)
class Change:
    """One region of one cell: median RMSE before and after, and how sure it is.

    The median is infinite where it is that of a failed seed, None where the model does not apply.
    """

    cell_id: CellId
    region: Region
    before: float | None
    after: float | None
    worse: bool
    p: float


@dataclass(frozen=True)
class Comparison:
    """What changed between two results folders, and what could not be compared."""

    changes: tuple[Change, ...] = ()
    n_compared: int = 0
    missing: tuple[CellId, ...] = ()
    new: tuple[CellId, ...] = ()
    apart: Mapping[CellId, str] = field(default_factory=dict)

    @property
    def least_seeds(self) -> int:
        """How many seeds a side show a change of one region of one cell among all that are compared."""
        return least_seeds(2 * self.n_compared)

    @property
    def worse(self) -> list[Change]:
        """What got worse."""
        return [change for change in self.changes if change.worse]

    @property
    def better(self) -> list[Change]:
        """What got better."""
        return [change for change in self.changes if not change.worse]


def least_p(n: int, m: int) -> float:
    """Return the least p-value that samples of n and m values can have: two orders of all are the most extreme."""
    return 2 / math.comb(n + m, n)


def least_seeds(n_comparisons: int) -> int:
    """Return how many seeds a side a change needs that is the only one among so many comparisons.

    Then its p-value has to be at most 5 % divided by their number.
    """
    return next(n for n in count(1) if least_p(n, n) * max(n_comparisons, 1) <= FALSE_ALARMS)


def _ranks(values: FloatArray) -> FloatArray:
    """Return ranks from 1, equal values sharing the middle of theirs."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    middle: FloatArray = (last - (counts - 1) / 2)[which]
    return middle


def _exact(ranks: FloatArray, n: int, observed: float) -> float:
    # How many ways n of the ranks add up to each sum; doubled, shared ranks are whole numbers.
    doubled = np.rint(2 * ranks).astype(int)
    ways = np.zeros((n + 1, int(doubled.sum()) + 1))
    ways[0, 0] = 1
    for rank in doubled:
        for size in range(n, 0, -1):
            ways[size, rank:] += ways[size - 1, : ways.shape[1] - rank]
    centre = n * doubled.sum() / len(doubled)
    away = np.abs(np.arange(ways.shape[1]) - centre) >= abs(2 * observed - centre) - 1e-9
    return float(ways[n, away].sum() / ways[n].sum())


def mann_whitney(left: FloatArray, right: FloatArray) -> float:
    """Return the two-sided p-value that both samples come from one law, ties counted exactly.

    Beyond 50 values in all it is the normal approximation, corrected for ties.

    Raises:
        ValueError: a sample is empty.
    """
    n, m = len(left), len(right)
    if n == 0 or m == 0:
        raise ValueError(f"both samples need values, got {n} and {m}")
    ranks = _ranks(np.concatenate([left, right]))
    observed = float(ranks[:n].sum())
    if n + m <= EXACT:
        return _exact(ranks, n, observed)
    variance = n * m / (n + m) * float(ranks.var()) * (n + m) / (n + m - 1)
    if variance == 0:
        return 1.0
    away = max(abs(observed - n * (n + m + 1) / 2) - 0.5, 0.0)
    return math.erfc(away / math.sqrt(2 * variance))


def _scores(card: TaskCard, record: Record, region: Region) -> FloatArray:
    inside, outside = constant_rmse(card)
    constant, name = (inside, "interpolation_rmse") if region == "inside" else (outside, "extrapolation_rmse")
    errors = [getattr(o, name) if o.status == "ok" else math.nan for o in record.seeds]
    abstained = np.array([o.status == "not-applicable" for o in record.seeds], dtype=bool)
    return np.where(abstained, 0.0, log_score(np.array(errors, dtype=np.float64), constant))


def _median_rmse(record: Record, region: Region) -> float | None:
    name = "interpolation_rmse" if region == "inside" else "extrapolation_rmse"
    errors = [getattr(o, name) if o.status == "ok" else WORST for o in counted(record.seeds)]
    return float(median_over(np.array(errors))) if errors else None


def _why_apart(before: Kept, after: Kept, cell_id: CellId, n_cells: int) -> str:
    """Return why a cell, of so many, cannot be compared, or "" when it can."""
    task = cell_id[0]
    left, right = before.records[cell_id], after.records[cell_id]
    if task not in before.cards or task not in after.cards:
        return f"tasks/{task}.json is missing on one side"
    if left.task_version != right.task_version:
        return f"the task changed from version {left.task_version} to {right.task_version}"
    n, m = len(left.seeds), len(right.seeds)
    if n == 0 or m == 0:
        return "no seeds on one side"
    same = left.seeds == right.seeds
    if not same and least_p(n, m) > FALSE_ALARMS:
        return (
            f"{n} and {m} seeds are too few to tell any change from noise; a change of one region of one cell among "
            f"{n_cells} shows from {least_seeds(2 * n_cells)} seeds a side on"
        )
    return ""


def _surely(changes: Sequence[Change]) -> list[Change]:
    """Return the changes to believe: the largest k whose k-th smallest p is at most 5 % of k / n."""
    ordered = sorted(changes, key=lambda change: change.p)
    kept = [i for i, change in enumerate(ordered, 1) if change.p <= FALSE_ALARMS * i / len(ordered)]
    return sorted(ordered[: max(kept, default=0)], key=lambda change: (change.cell_id, change.region))


def comparison(before: Kept, after: Kept) -> Comparison:
    """Return what changed from one results folder to another."""
    both = sorted(before.records.keys() & after.records.keys())
    apart = {cell_id: why for cell_id in both if (why := _why_apart(before, after, cell_id, len(both)))}
    tried: list[Change] = []
    for cell_id in both:
        if cell_id in apart:
            continue
        left, right = before.records[cell_id], after.records[cell_id]
        # One scale for both sides, the newer.
        card = after.cards[cell_id[0]]
        for region in ("inside", "outside"):
            old, new = _scores(card, left, region), _scores(card, right, region)
            p = mann_whitney(old, new)
            ranks = _ranks(np.concatenate([old, new]))
            worse = bool(ranks[len(old) :].mean() > ranks[: len(old)].mean())
            tried.append(Change(cell_id, region, _median_rmse(left, region), _median_rmse(right, region), worse, p))
    return Comparison(
        changes=tuple(_surely(tried)),
        n_compared=len(both) - len(apart),
        missing=tuple(sorted(before.records.keys() - after.records.keys())),
        new=tuple(sorted(after.records.keys() - before.records.keys())),
        apart=apart,
    )

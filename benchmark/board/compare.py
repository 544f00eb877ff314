"""Which cells of two results folders, or of two models, differ beyond the noise of their seeds.

Seeds are paired by their number, since at one number both sides saw the same rows; a seed that only one side has is
left out. Each region of a cell is compared by its seeds' log scores against the constant. They are clipped, so that one
rounding error is as good as another. A failed seed is worse than any number, so that two of them are a tie. A seed to
which the model does not apply scores 0.

Over all regions in which a seed differs the share of false alarms is held to 5 % as in Benjamini and Hochberg (1995),
J. R. Stat. Soc. B 57, 289-300. What has no p-value but 1 does not count among them: Gilbert (2005), J. R. Stat. Soc. C
54, 143-158.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.stats import false_discovery_control, rankdata

from benchmark.board.failures import WORST, counted
from benchmark.board.paired import FALSE_ALARMS, least_seeds, p_value
from benchmark.board.scores import constant_rmse
from benchmark.board.solving import ERRORS, REGIONS, Region
from benchmark.board.statistics import SCORE_CEILING, FloatArray, log_score, median_over
from benchmark.store.record import CellKey, Record, SeedOutcome, TaskCard
from benchmark.store.stamp import MODEL
from benchmark.words import counted as n_of

FAILED = SCORE_CEILING + 1
# Two processors may differ by so much, as in stamps; in log10.
ROUNDING = math.log10(1 + MODEL.relative)

Seeds = Sequence[SeedOutcome]


@dataclass(frozen=True)
class Kept:
    """What a results folder holds of cards and records."""

    cards: Mapping[str, TaskCard]
    records: Mapping[CellKey, Record]


@dataclass(frozen=True)
class Change:
    """One region of one cell: median RMSE before and after over the paired seeds, and how sure it is.

    The median is infinite where it is that of a failed seed, None where the model does not apply.
    """

    cell_id: CellKey
    region: Region
    before: float | None
    after: float | None
    worse: bool
    p: float


@dataclass(frozen=True)
class Comparison:
    """What changed between two results folders, and what could not be compared.

    `n_different` counts the regions of the compared cells in which a seed differs.
    """

    changes: tuple[Change, ...] = ()
    n_compared: int = 0
    n_different: int = 0
    missing: tuple[CellKey, ...] = ()
    new: tuple[CellKey, ...] = ()
    apart: Mapping[CellKey, str] = field(default_factory=dict)

    @property
    def least_seeds(self) -> int:
        """How many pairs show a change of one region of one cell among all that differ."""
        return least_seeds(self.n_different)

    @property
    def worse(self) -> list[Change]:
        """What got worse."""
        return [change for change in self.changes if change.worse]

    @property
    def better(self) -> list[Change]:
        """What got better."""
        return [change for change in self.changes if not change.worse]


def _paired(before: Record, after: Record) -> tuple[list[SeedOutcome], list[SeedOutcome]]:
    """Return the seeds of both sides that have one number, in its order."""
    left, right = ({outcome.seed: outcome for outcome in record.seeds} for record in (before, after))
    both = sorted(left.keys() & right.keys())
    return [left[seed] for seed in both], [right[seed] for seed in both]


def _errors(seeds: Seeds, region: Region) -> list[float | None]:
    return [getattr(seed, ERRORS[region]) if seed.status == "ok" else WORST for seed in seeds]


def _scores(card: TaskCard, seeds: Seeds, region: Region) -> FloatArray:
    constant = constant_rmse(card)[region == "outside"]
    errors = np.array(_errors(seeds, region), dtype=np.float64)
    status = np.array([seed.status for seed in seeds])
    scores = np.where(status == "ok", log_score(errors, constant), FAILED)
    return np.where(status == "not-applicable", 0.0, scores)


def median_rmse(seeds: Seeds, region: Region) -> float | None:
    """Return the median RMSE of seeds in a region: infinite where it is a failed one's, None where none counts."""
    errors = _errors(counted(seeds), region)
    return float(median_over(np.array(errors))) if errors else None


def _changes(card: TaskCard, cell_id: CellKey, before: Seeds, after: Seeds) -> list[Change]:
    """Return the regions of a cell in which a seed differs by more than rounding, with their p-values."""
    found: list[Change] = []
    for region in REGIONS:
        old, new = _scores(card, before, region), _scores(card, after, region)
        new = np.where(np.abs(new - old) <= ROUNDING, old, new)
        if (new == old).all():
            continue
        worse = bool(np.sign(new - old) @ rankdata(np.abs(new - old)) > 0)
        medians = median_rmse(before, region), median_rmse(after, region)
        found.append(Change(cell_id, region, *medians, worse, p_value(old, new)))
    return found


def _why_apart(before: Kept, after: Kept, cell_id: CellKey) -> str:
    """Return why a cell cannot be compared, or "" when it can."""
    task = cell_id[0]
    left, right = before.records[cell_id], after.records[cell_id]
    if task not in before.cards or task not in after.cards:
        return f"tasks/{task}.json is missing on one side"
    if left.task_version != right.task_version:
        return f"the task changed from version {left.task_version} to {right.task_version}"
    return "" if _paired(left, right)[0] else "no seed is on both sides"


def _surely(changes: Sequence[Change]) -> list[Change]:
    """Return the changes to believe, in the order of their cells."""
    if not changes:
        return []
    adjusted = false_discovery_control([change.p for change in changes])
    sure = [change for change, p in zip(changes, adjusted, strict=True) if p <= FALSE_ALARMS]
    return sorted(sure, key=lambda change: (change.cell_id, change.region))


def of_model(kept: Kept, model: str) -> Kept:
    """Return the cells of one model under its tasks' names alone, so that two models can be compared as two folders."""
    records = {(task, ""): record for (task, name), record in kept.records.items() if name == model}
    return Kept(kept.cards, records)


def comparison(before: Kept, after: Kept) -> Comparison:
    """Return what changed from one results folder to another."""
    both = sorted(before.records.keys() & after.records.keys())
    apart = {cell_id: why for cell_id in both if (why := _why_apart(before, after, cell_id))}
    tried: list[Change] = []
    for cell_id in both:
        if cell_id in apart:
            continue
        old, new = _paired(before.records[cell_id], after.records[cell_id])
        # One scale for both sides, the newer.
        found = _changes(after.cards[cell_id[0]], cell_id, old, new)
        if found and len(old) < (least := least_seeds(1)):
            apart[cell_id] = (
                f"with {n_of(len(old), 'seed')} in common any change may be noise; it takes at least {least}"
            )
        else:
            tried += found
    return Comparison(
        changes=tuple(_surely(tried)),
        n_compared=len(both) - len(apart),
        n_different=len(tried),
        missing=tuple(sorted(before.records.keys() - after.records.keys())),
        new=tuple(sorted(after.records.keys() - before.records.keys())),
        apart=apart,
    )

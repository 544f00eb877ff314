"""Figures of what a model knows: how well signs tell its wrong rows, and what its intervals hold."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from benchmark.store.record import CellId, SeedOutcome
from findings.evidence import Evidence, Sample
from findings.figures import SHARE, Figure, Recorded, Unit, decimals


def _with_signs(seed: SeedOutcome) -> bool:
    return bool(seed.signs)


def _with_shells(seed: SeedOutcome) -> bool:
    return seed.offer is not None and bool(seed.offer.shell_coverage)


@dataclass(frozen=True)
class _Sign:
    """Reads a share that a seed's signs have by this name; see `benchmark.cell.signs`."""

    name: str

    def __call__(self, seed: SeedOutcome) -> float | None:
        return seed.signs.get(self.name)


def told(task: str, model: str, sign: str, *, who: str = "") -> Recorded:
    """Return the area under the ROC curve of a sign: how well it tells wrong rows from right ones."""
    what = "area under the ROC curve"
    return Recorded(
        who=who or model,
        what=what,
        unit=Unit(show=decimals),
        cell=CellId(task, model),
        read=_Sign(sign),
        kept=_with_signs,
    )


def missed(task: str, model: str, sign: str, *, who: str = "") -> Recorded:
    """Return the share of wrong rows of which a sign does not warn where it warns of 5 % of the right ones."""
    what, read = "wrong rows without a warning", _Sign(f"{sign} missed")
    return Recorded(who=who or model, what=what, unit=SHARE, cell=CellId(task, model), read=read, kept=_with_signs)


@dataclass(frozen=True)
class _Covered:
    """Reads the coverage "inside", "outside" or in a shell, by its number from 1 on."""

    where: str | int

    def __call__(self, seed: SeedOutcome) -> float | None:
        if seed.offer is None or seed.offer.coverage is None:
            return None
        if isinstance(self.where, int):
            shells = seed.offer.shell_coverage
            return shells[self.where - 1] if self.where <= len(shells) else None
        return seed.offer.coverage[("inside", "outside").index(self.where)]


def covered(task: str, model: str, where: str | int, *, who: str = "") -> Recorded:
    """Return the share of rows whose truth lies in the 95 % interval of the model.

    It is of those "inside" or "outside", or in a shell of the ladder, by its number from 1 on.
    """
    region = f"in shell {where}" if isinstance(where, int) else where
    what, read = f"truths {region} in the 95 % interval", _Covered(where)
    return Recorded(who=who or model, what=what, unit=SHARE, cell=CellId(task, model), read=read, kept=_with_shells)


@dataclass(frozen=True, kw_only=True)
class Mean(Figure):
    """The mean of the same figure of several cells, seed by seed; NaN where one of them has none."""

    figures: tuple[Recorded, ...]

    def of(self, evidence: Evidence) -> Sample:
        """Return the mean of every seed."""
        return Sample(np.mean([figure.of(evidence).values for figure in self.figures], axis=0))


def mean(who: str, figures: Iterable[Recorded]) -> Mean:
    """Return the mean of a figure over cells of as many seeds."""
    kept = tuple(figures)
    return Mean(who=who, what=f"mean {kept[0].what}", unit=kept[0].unit, figures=kept)

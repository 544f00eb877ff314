"""Kept cells run again: do they still come out as they are kept, beyond the noise of their seeds?

Stamps guard every edit at little cost; this guards the stamps. Which cells or seeds are run again is drawn by a hash,
so that nobody chooses them and everybody can draw them again.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from benchmark.store.published.tables import DIGITS
from benchmark.store.record import CellKey, Record, SeedOutcome, TaskCard

# A seed may come out otherwise by rounding in any case, in log10.
ROUNDING = 1e-4
# Where most errors of a seed come out to rounding, none of it may be further off than this, in log10: a quarter of 1 %.
ALIKE = 1e-3
# Below this share of sd(y) an error is itself rounding.
NOTHING = 1e-9
# Below this one, rounding may show in an error.
SMALL = 1e-6


@dataclass(frozen=True)
class Difference:
    """A seed that came out otherwise than it is kept, in words."""

    cell_id: CellKey
    seed: int
    words: str

    def __str__(self) -> str:
        task, model = self.cell_id
        return f"{task} / {model}, seed {self.seed}: {self.words}"


def drawn(cell_ids: Iterable[CellKey], n: int, *, by: str) -> list[CellKey]:
    """Return n of some cells, drawn by a hash of their names and of `by`."""

    def lot(cell_id: CellKey) -> str:
        return hashlib.sha256("\x1f".join((by, *cell_id)).encode()).hexdigest()

    return sorted(cell_ids, key=lot)[:n]


def drawn_seed(record: Record, *, by: str, before: Record | None = None) -> int:
    """Return one of a record's seeds, drawn by a hash: of those with other figures than before, where there are any."""
    lot = hashlib.sha256("\x1f".join((by, record.task, record.model, "seed")).encode()).digest()
    figures, known = _figures(record), _figures(before) if before else {}
    seeds = [seed for seed in figures if figures[seed] != known.get(seed)] or [*figures]
    return seeds[int.from_bytes(lot[:8], "big") % len(seeds)]


def _all_errors(outcome: SeedOutcome) -> tuple[float | None, ...]:
    return (outcome.training_rmse, outcome.interpolation_rmse, outcome.extrapolation_rmse, *outcome.shell_rmse)


def _figures(record: Record) -> dict[int, tuple[object, ...]]:
    """Return the figures of each seed as they are published."""
    return {
        outcome.seed: (
            outcome.status,
            *(None if error is None else f"{error:.{DIGITS}g}" for error in _all_errors(outcome)),
            *((name, f"{value:.{DIGITS}g}") for name, value in sorted(outcome.quantities.items())),
        )
        for outcome in record.seeds
    }


def _errors(outcome: SeedOutcome, sd: float) -> dict[str, float]:
    """Return log10 of a seed's errors in units of sd(y), those of rounding as one."""
    shells = {f"shell {i}": error for i, error in enumerate(outcome.shell_rmse, 1)}
    errors = {"inside": outcome.interpolation_rmse, "outside": outcome.extrapolation_rmse}
    errors |= {"training": outcome.training_rmse, **shells}
    return {name: math.log10(max(error / sd, NOTHING)) for name, error in errors.items() if error is not None}


def _alike(now: Mapping[str, float], then: Mapping[str, float]) -> frozenset[str]:
    """Return the errors that must be as they were: all above rounding where it is the same fit, else none.

    What amplifies rounding moves the error on the training rows, and others with it. Where that is as it was, and most
    of the others are, or where a single one is not, this was altered.
    """
    large = [name for name in now if name in then and min(now[name], then[name]) > math.log10(SMALL)]
    same_as_then = {name for name in large if abs(now[name] - then[name]) <= ROUNDING}
    most = 2 * len(same_as_then) > len(large)
    return frozenset(large if most and ("training" in same_as_then or len(large) - len(same_as_then) <= 1) else ())


def _reach(*sides: Mapping[int, Mapping[str, float]]) -> dict[str, float]:
    """Return how far seeds are from each other inside and outside, in log errors: of the closest side."""
    return {
        name: min(float(np.ptp([errors[name] for errors in seeds.values()])) for seeds in sides)
        for name in ("inside", "outside")
    }


def differences(kept: Record, again: Record, card: TaskCard) -> list[Difference]:
    """Return the seeds that came out otherwise when they were run again.

    A seed may be as far apart from its kept self as the kept seeds are from each other, in log errors: other processors
    round otherwise, and a network may amplify that until it is as another seed. Where its errors show that it is the
    same fit, all of them must come out as they are kept.
    """
    cell_id = (kept.task, kept.model)
    before = {outcome.seed: outcome for outcome in kept.seeds}
    good = {outcome.seed: _errors(outcome, card.target_sd) for outcome in kept.seeds if outcome.status == "ok"}
    found = []
    for outcome in again.seeds:
        old = before.get(outcome.seed)
        if old is None:
            continue
        if old.status != outcome.status:
            found.append(Difference(cell_id, outcome.seed, f"{outcome.status}, kept as {old.status}"))
            continue
        now, then = _errors(outcome, card.target_sd), _errors(old, card.target_sd)
        # With what was run again in its place as well: an altered seed makes no room for itself, nor do all that were.
        reach = _reach(good, {**good, outcome.seed: now}) if now else {}
        limits = {name: max(ROUNDING, span) for name, span in reach.items()}
        limits |= {name: min(ALIKE, limits.get(name, ALIKE)) for name in _alike(now, then)}
        for name in now:
            allowed = limits.get(name, math.inf)
            if abs(now[name] - then.get(name, now[name])) > allowed:
                share = 10 ** (now[name] - then[name])
                words = f"{name} RMSE is {share:.4g} times the kept one, allowed is a factor of {10**allowed:.4g}"
                found.append(Difference(cell_id, outcome.seed, words))
    return found


def changed_since(now: Mapping[CellKey, Record], before: Mapping[CellKey, Record]) -> list[CellKey]:
    """Return the cells whose figures, as published, are others than before, or were not there."""
    return [
        cell_id
        for cell_id in sorted(now)
        if cell_id not in before or _figures(now[cell_id]) != _figures(before[cell_id])
    ]


def contradicted(now: Mapping[CellKey, Record], others: Mapping[CellKey, Record]) -> list[CellKey]:
    """Return the cells of both of which a seed that both have has other figures, as published, in the one."""
    found = []
    for cell_id in sorted(now.keys() & others.keys()):
        one, other = _figures(now[cell_id]), _figures(others[cell_id])
        if any(one[seed] != other[seed] for seed in one.keys() & other.keys()):
            found.append(cell_id)
    return found

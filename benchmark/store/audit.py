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
# Below this share of sd(y) an error is itself rounding.
NOTHING = 1e-9


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


def drawn_seed(record: Record, *, by: str) -> int:
    """Return one of a record's seeds, drawn by a hash."""
    lot = hashlib.sha256("\x1f".join((by, record.task, record.model, "seed")).encode()).digest()
    return record.seeds[int.from_bytes(lot[:8], "big") % len(record.seeds)].seed


def _all_errors(outcome: SeedOutcome) -> tuple[float | None, ...]:
    return (outcome.training_rmse, outcome.interpolation_rmse, outcome.extrapolation_rmse, *outcome.shell_rmse)


def _errors(outcome: SeedOutcome, sd: float) -> dict[str, float]:
    """Return log10 of a seed's errors in units of sd(y), those of rounding as one."""
    errors = {"inside": outcome.interpolation_rmse, "outside": outcome.extrapolation_rmse}
    return {name: math.log10(max(error / sd, NOTHING)) for name, error in errors.items() if error is not None}


def differences(kept: Record, again: Record, card: TaskCard) -> list[Difference]:
    """Return the seeds that came out otherwise when they were run again.

    A seed may be as far apart from its kept self as the kept seeds are from each other, in log errors: other processors
    round otherwise, and a network may amplify that until it is as another seed.
    """
    cell_id = (kept.task, kept.model)
    before = {outcome.seed: outcome for outcome in kept.seeds}
    good = [_errors(outcome, card.target_sd) for outcome in kept.seeds if outcome.status == "ok"]
    reach = {name: float(np.ptp([errors[name] for errors in good])) for name in ("inside", "outside") if good}
    found = []
    for outcome in again.seeds:
        old = before.get(outcome.seed)
        if old is None:
            continue
        if old.status != outcome.status:
            found.append(Difference(cell_id, outcome.seed, f"{outcome.status}, kept as {old.status}"))
            continue
        now, then = _errors(outcome, card.target_sd), _errors(old, card.target_sd)
        for name in now:
            allowed = max(ROUNDING, reach[name])
            if abs(now[name] - then[name]) > allowed:
                share = 10 ** (now[name] - then[name])
                words = f"{name} RMSE is {share:.4g} times the kept one, allowed is a factor of {10**allowed:.4g}"
                found.append(Difference(cell_id, outcome.seed, words))
    return found


def changed_since(now: Mapping[CellKey, Record], before: Mapping[CellKey, Record]) -> list[CellKey]:
    """Return the cells whose figures, as published, are others than before, or were not there."""

    def figures(record: Record) -> list[object]:
        return [
            (
                outcome.seed,
                outcome.status,
                *(None if error is None else f"{error:.{DIGITS}g}" for error in _all_errors(outcome)),
                *((name, f"{value:.{DIGITS}g}") for name, value in sorted(outcome.quantities.items())),
            )
            for outcome in record.seeds
        ]

    return [
        cell_id for cell_id in sorted(now) if cell_id not in before or figures(now[cell_id]) != figures(before[cell_id])
    ]

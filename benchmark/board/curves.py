"""What the pictures of a cell show: its predictions along the slice, and its error by distance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmark.board.failures import WORST, mostly_failed
from benchmark.board.statistics import FloatArray, median_over
from benchmark.store.record import DONE, Curve, Record, TaskCard
from benchmark.words import percent

# The band holds the middle eight of ten seeds.
BAND = (0.1, 0.9)
BAND_WORDS = f"{percent(BAND[1] - BAND[0])} of seeds"
# RMSE / sd of a failed seed, which no renderer could draw were it infinite.
WORST_DRAWN = 1e300


@dataclass(frozen=True)
class Band:
    """Median and band over seeds, each (n,)."""

    median: FloatArray
    low: FloatArray
    high: FloatArray


def _band(rows: Sequence[Sequence[float]]) -> Band | None:
    if not rows or not rows[0]:
        return None
    values = np.sort(np.array(rows, dtype=np.float64), axis=0)
    # Whole seeds, not averages of two: the median of errors near 1e308 must not overflow either.
    low, high = (values[round(share * (len(values) - 1))] for share in BAND)
    return Band(median_over(values), low, high)


def slice_band(card: TaskCard, record: Record) -> Band | None:
    """Return the predictions along the card's slice, or None where there are none of its length, or half failed."""
    if mostly_failed(record.seeds):
        return None
    curve = curve_of(card, record)
    return Band(*(np.array(part) for part in (curve.median, curve.low, curve.high))) if curve else None


def _slices(card: TaskCard, record: Record) -> list[tuple[float, ...]]:
    """Return what the good seeds predict along the card's slice, of those that keep it at its length."""
    n = len(card.slice.position)
    return [outcome.slice for outcome in record.seeds if n and outcome.status == "ok" and len(outcome.slice) == n]


def _kept_curve(card: TaskCard, record: Record) -> Curve | None:
    return record.curve if record.curve and len(record.curve.median) == len(card.slice.position) else None


def median_line(card: TaskCard, record: Record) -> FloatArray | None:
    """Return the median prediction (n,) along the card's slice, None as in `slice_band`."""
    if mostly_failed(record.seeds):
        return None
    if slices := _slices(card, record):
        return median_over(np.array(slices))
    curve = _kept_curve(card, record)
    return np.array(curve.median) if curve else None


def curve_of(card: TaskCard, record: Record) -> Curve | None:
    """Return median and band of the good seeds along the card's slice, None where none of its length is kept."""
    band = _band(_slices(card, record))
    if band is None:
        return _kept_curve(card, record)
    return Curve.model_construct(
        median=tuple(band.median.tolist()), low=tuple(band.low.tolist()), high=tuple(band.high.tolist())
    )


def distance_band(card: TaskCard, record: Record) -> Band | None:
    """Return RMSE / sd inside and in each shell of the ladder, or None where there is none of its length.

    A failed seed counts as the worst, `WORST_DRAWN`.
    """
    k = len(card.ladder) - 1
    errors = [
        (outcome.interpolation_rmse or 0.0, *outcome.shell_rmse)
        for outcome in record.seeds
        if outcome.status == "ok" and len(outcome.shell_rmse) == k
    ]
    failed = [(WORST,) * (k + 1) for outcome in record.seeds if outcome.status not in DONE]
    band = _band([*errors, *failed] if errors else [])
    if band is None:
        return None
    with np.errstate(over="ignore"):
        return Band(*(np.minimum(part / card.target_sd, WORST_DRAWN) for part in (band.median, band.low, band.high)))

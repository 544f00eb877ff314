"""How a model's seconds grow with rows and features: powers, by least squares over the shapes that were timed."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

import numpy as np

from benchmark.board.statistics import FloatArray

# The size whose seconds stand beside the powers.
ROWS, FEATURES = 1_000, 2
# Too fast for the clock.
_LEAST_SECONDS = 1e-9
_NONE = float("nan")


@dataclass(frozen=True)
class Timed:
    """Every sample, in seconds, of one fit to `rows` rows of `features` numbers."""

    rows: int
    features: int
    seconds: tuple[float, ...]


@dataclass(frozen=True)
class Growth:
    """The seconds of a fit at ROWS rows of FEATURES numbers, and the powers of rows and features that it grows with.

    NaN is what is not known: no such size was timed, the sizes do not determine a power, or it is lost in noise.
    """

    seconds: float = _NONE
    rows: float = _NONE
    features: float = _NONE


def _logs(timings: Iterable[Timed]) -> FloatArray:
    return np.log(np.maximum([second for timing in timings for second in timing.seconds], _LEAST_SECONDS))


def _quartiles_apart(values: FloatArray) -> float:
    low, high = np.quantile(values, [0.25, 0.75])
    return float(high - low)


def _powers(sizes: FloatArray, seconds: FloatArray, *, noise: float) -> list[float]:
    """Return the power of each column of log sizes (n, k) in log seconds (n,): NaN if undetermined or lost in noise."""
    table = np.column_stack([np.ones(len(sizes)), sizes])
    fitted = np.linalg.lstsq(table, seconds, rcond=None)[0]
    # What the sizes are off the fitted plane is noise as well.
    noise = max(noise, float(np.abs(seconds - table @ fitted).max()))
    rank = np.linalg.matrix_rank(table)
    powers = []
    for column, power in enumerate(fitted[1:].tolist(), start=1):
        determined = np.linalg.matrix_rank(np.delete(table, column, axis=1)) < rank
        effect = abs(power) * float(np.ptp(table[:, column]))
        powers.append(power if determined and effect > noise else _NONE)
    return powers


def growth(timings: Iterable[Timed]) -> Growth:
    """Return what a fit costs, from the timings of one model on one machine.

    Several timings of a size, of tasks whose values differ, count as one: the median of their medians. Noise is, in
    logarithms, the largest distance between the quartiles of all samples of a size, or from a size to the fitted plane.
    A power that changes the seconds by less than that over the sizes timed is not known.
    """
    sizes: dict[tuple[int, int], list[Timed]] = {}
    for timing in timings:
        sizes.setdefault((timing.rows, timing.features), []).append(timing)
    if not sizes:
        return Growth()
    middle = {size: median(median(timing.seconds) for timing in same) for size, same in sizes.items()}
    seconds = np.log(np.maximum(list(middle.values()), _LEAST_SECONDS))
    noise = max(_quartiles_apart(_logs(same)) for same in sizes.values())
    rows, features = _powers(np.log(np.array(list(sizes), dtype=np.float64)), seconds, noise=noise)
    return Growth(seconds=middle.get((ROWS, FEATURES), _NONE), rows=rows, features=features)


def in_words(found: Growth) -> str:
    """Return the powers as "rows^1.0 features^0.3", without those that are 0 as printed, below it, or not known.

    Below 0 it is no growth: a network that trains again on few rows takes less time on many.
    """
    powers = {"rows": found.rows, "features": found.features}
    return " ".join(f"{name}^{power:.1f}" for name, power in powers.items() if round(power, 1) > 0)

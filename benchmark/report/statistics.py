"""The statistics of the board: pure functions of numbers, each with its source or rule."""

import math
from collections.abc import Sequence
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

SOLVED_NRMSE = 0.05
SCORE_FLOOR, SCORE_CEILING = -6.0, 3.0
RESAMPLES = 10_000
Z_95 = 1.959963984540054

Verdict = Literal["holds outside", "inside only", "unstable", "does not learn", "failed", "not applicable"]


@cache
def _resampled_medians(n: int) -> tuple[NDArray[np.intp], FloatArray]:
    """Return the pairs of ranks (m, 2) that the median of a resample of n values averages, and their shares (m,).

    A median needs only the ranks, so each of the 10,000 resamples of one n is drawn once for all cells.
    """
    draws = np.sort(np.random.default_rng(0).integers(n, size=(RESAMPLES, n)), axis=1)
    pairs, counts = np.unique(draws[:, [(n - 1) // 2, n // 2]], axis=0, return_counts=True)
    return pairs, counts / RESAMPLES


def median_interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the median and its percentile bootstrap 95 % interval, from a fixed generator.

    Efron and Tibshirani (1993), "An Introduction to the Bootstrap", section 13.3. A single value is
    its own interval.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("the median of no values is not defined")
    # Halves first: the sum of two values near 1e308 would overflow.
    halves = np.sort(np.asarray(values, dtype=np.float64)) / 2
    n = len(halves)
    pairs, shares = _resampled_medians(n)
    medians = halves[pairs].sum(axis=1)
    order = np.argsort(medians, kind="stable")
    reached = np.cumsum(shares[order])
    low, high = (medians[order[np.searchsorted(reached, level - 1e-12)]] for level in (0.025, 0.975))
    return float(halves[(n - 1) // 2] + halves[n // 2]), float(low), float(high)


def wilson_interval(successes: int, n: int) -> tuple[float, float]:
    """Return the Wilson 95 % interval of a rate. Wilson (1927), JASA 22, 209-212.

    Raises:
        ValueError: not 0 <= successes <= n with n >= 1.
    """
    if not 0 <= successes <= n or n < 1:
        raise ValueError(f"needs 0 <= successes <= n and n >= 1, got {successes} of {n}")
    rate, z2 = successes / n, Z_95**2
    centre = (rate + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 / (1 + z2 / n) * math.sqrt(rate * (1 - rate) / n + z2 / (4 * n * n))
    # At the ends the interval touches 0 or 1 exactly, which rounding would miss.
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == n else centre + half
    return low, high


def log_score(rmse: float | None, constant_rmse: float) -> float:
    """Return log10(RMSE / RMSE of the constant), clipped to [-6, 3]; a run without an error scores 3."""
    if rmse is None:
        return SCORE_CEILING
    if rmse == 0:
        return SCORE_FLOOR
    return min(max(math.log10(rmse) - math.log10(constant_rmse), SCORE_FLOOR), SCORE_CEILING)


def trust_horizon(inside_nrmse: float, shell_nrmse: Sequence[float], ladder: Sequence[float]) -> float:
    """Return the largest ladder edge up to which every shell's NRMSE stays <= 0.05; 0 if it fails inside.

    `ladder` has the edges from 1 on, one more than there are shells. A horizon at the last edge is
    right-censored: it may reach further.
    """
    if not inside_nrmse <= SOLVED_NRMSE:
        return 0.0
    horizon = ladder[0]
    for error, edge in zip(shell_nrmse, ladder[1:], strict=True):
        if not error <= SOLVED_NRMSE:
            break
        horizon = edge
    return horizon


def verdict(n: int, *, inside: int, outside: int, failed: int, not_applicable: int) -> tuple[Verdict, str]:
    """Return the verdict of a cell of n seeds, bare and as printed.

    `inside` seeds solve the task inside, `outside` solve it inside and outside, both by NRMSE <= 0.05.
    Every seed must hold for "holds outside", and learn for "inside only"; where only some learn inside
    it is "unstable k/n", k of n.
    """
    if not_applicable == n:
        return "not applicable", "not applicable"
    if failed == n:
        return "failed", "failed"
    if outside == n:
        return "holds outside", "holds outside"
    if inside == n:
        return "inside only", "inside only"
    if inside == 0:
        return "does not learn", "does not learn"
    return "unstable", f"unstable {inside}/{n}"

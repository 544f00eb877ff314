"""The statistics of the board: pure functions of numbers, each with its source or rule."""

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

SCORE_FLOOR, SCORE_CEILING = -6.0, 3.0
RESAMPLES = 10_000
# From this many values on the bootstrap interval of a median holds what it should. Of fewer it is their range, and of
# three that holds the true median in three cases of four.
FEWEST = 5
# Processors differ in the last bit of a logarithm: in millionths they agree, and so does all that follows.
SCORE_DECIMALS = 6
# How many standard deviations hold the middle 95 % of a normal law.
NORMAL_95 = 1.959963984540054


@cache
def _resampled_medians(n: int) -> tuple[NDArray[np.intp], FloatArray]:
    """Return the pairs of ranks (m, 2) that the median of a resample of n values averages, and their shares (m,).

    A median needs only the ranks, so each of the 10,000 resamples of one n is drawn once for all cells.
    """
    draws = np.sort(np.random.default_rng(0).integers(n, size=(RESAMPLES, n)), axis=1)
    pairs, counts = np.unique(draws[:, [(n - 1) // 2, n // 2]], axis=0, return_counts=True)
    return pairs, counts / RESAMPLES


def median_over(values: FloatArray, axis: int = 0) -> FloatArray:
    """Return the median along an axis; two values near 1e308 do not overflow, as their sum would."""
    n = values.shape[axis]
    ordered = np.sort(values, axis=axis)
    low, high = (np.take(ordered, position, axis=axis) for position in ((n - 1) // 2, n // 2))
    middle: FloatArray = low if n % 2 else low / 2 + high / 2
    return middle


def median_intervals(values: FloatArray) -> FloatArray:
    """Return for each row of values (m, n) the median and its percentile bootstrap 95 % interval (m, 3).

    Efron and Tibshirani (1993), "An Introduction to the Bootstrap", section 13.3, with a fixed
    generator. Of fewer than five values it is their range; a single value is its own interval.

    Raises:
        ValueError: there are no values.
    """
    m, n = values.shape
    if n == 0:
        raise ValueError("the median of no values is not defined")
    pairs, shares = _resampled_medians(n)
    # Halves first: the sum of two values near 1e308 would overflow.
    medians = (np.sort(values, axis=1) / 2)[:, pairs].sum(axis=2)
    order = np.argsort(medians, axis=1, kind="stable")
    reached = np.cumsum(shares[order], axis=1)
    rows = np.arange(m)
    ends = [medians[rows, order[rows, (reached >= level - 1e-12).argmax(axis=1)]] for level in (0.025, 0.975)]
    return np.stack([median_over(values, axis=1), *ends], axis=1)


@cache
def wilson_interval(successes: int, n: int) -> tuple[float, float]:
    """Return the Wilson 95 % interval of a rate. Wilson (1927), JASA 22, 209-212.

    Raises:
        ValueError: not 0 <= successes <= n with n >= 1.
    """
    if not 0 <= successes <= n or n < 1:
        raise ValueError(f"needs 0 <= successes <= n and n >= 1, got {successes} of {n}")
    # Here, since importing it takes longer than a run with nothing to do. The cache is for the redraws of the findings,
    # which ask the same few shares some thousand times: scipy takes 1.5 ms, 500 times as long as the bare formula.
    from scipy.stats import binomtest

    low, high = binomtest(successes, n).proportion_ci(method="wilson")
    return float(low), float(high)


def share_interval(share: float, n: float) -> tuple[float, float]:
    """Return the Wilson 95 % interval of a mean share over n independent units, n > 0, to six decimals.

    The units' own shares may lie between 0 and 1: then they vary less than those that are 0 or 1, and it is wide.
    """
    z_squared = NORMAL_95 * NORMAL_95 / n
    middle, scale = share + z_squared / 2, 1 + z_squared
    half = math.sqrt(z_squared * share * (1 - share) + z_squared * z_squared / 4)
    low, high = (round((middle + sign * half) / scale, SCORE_DECIMALS) for sign in (-1, 1))
    return max(low, 0.0), min(high, 1.0)


@cache
def chi_square(share: float, n: int) -> float:
    """Return the quantile of a chi-square of n degrees."""
    # Here and cached for the same reasons.
    from scipy.stats import chi2

    return float(chi2.ppf(share, n))


def log_score(rmse: FloatArray, constant_rmse: float) -> FloatArray:
    """Return log10(RMSE / RMSE of the constant), clipped to [-6, 3], to six decimals.

    NaN, a run without an error, scores 3.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log10(rmse) - np.log10(np.float64(constant_rmse))
    # Without an error nothing can be better, even where the constant has none either.
    ratio = np.where(rmse == 0, SCORE_FLOOR, np.where(np.isnan(rmse), SCORE_CEILING, ratio))
    scores: FloatArray = np.clip(ratio, SCORE_FLOOR, SCORE_CEILING).round(SCORE_DECIMALS)
    return scores


def trust_horizon(inside: NDArray[np.bool_], shells: NDArray[np.bool_], ladder: Sequence[float]) -> FloatArray:
    """Return the largest ladder edge up to which every shell is solved, 0 where the inside is not: (n,).

    `inside` (n,) and `shells` (n, k) say what is solved; `ladder` has the k + 1 edges from 1 on. A
    horizon at the last edge is right-censored: it may reach further.

    Raises:
        ValueError: there is not one shell between each two edges.
    """
    if shells.shape[1] != len(ladder) - 1:
        raise ValueError(f"{len(ladder)} edges have {len(ladder) - 1} shells between them, got {shells.shape[1]}")
    edges = np.logical_and.accumulate(shells, axis=1).sum(axis=1)
    return np.where(inside, np.asarray(ladder)[edges], 0.0)

"""Whether paired scores changed: exact tests of the pairs and of both sides as a whole, and what they can see at all.

The pairs see far smaller changes where a seed's rows decide its score. But ten pairs can have no p-value below
2 / 2^10: among 40 differences a single one would never show, were it as large as can be. Both sides as a whole can have
one of 2 / C(20, 10). So both are asked, and the p-value is twice the smaller one, as in Bonferroni.
"""

import math
from itertools import count

import numpy as np
from scipy.stats import mannwhitneyu, rankdata, wilcoxon

from benchmark.board.statistics import SCORE_DECIMALS, FloatArray

FALSE_ALARMS = 0.05
# Up to this many pairs the tests are exact, beyond they are scipy's normal approximations.
EXACT = 25


def _share_as_far(ways: FloatArray, centre: float, observed: float) -> float:
    """Return the share of the ways whose sum, their place in the array, is as far from the centre as the observed."""
    away = np.abs(np.arange(len(ways)) - centre) >= abs(observed - centre) - 1e-9
    return float(ways[away].sum() / ways.sum())


def signed_ranks(differences: FloatArray) -> float:
    """Return the two-sided p-value that differences (n,) are as likely to be negative, ties counted exactly.

    Wilcoxon (1945), Biometrics Bulletin 1, 80-83. A difference of 0 is ranked and then left out: Pratt (1959),
    JASA 54, 655-667.
    """
    if not differences.any():
        return 1.0
    if len(differences) > EXACT:
        return float(wilcoxon(differences, zero_method="pratt", method="asymptotic").pvalue)
    # Doubled, shared ranks are whole numbers. Where ranks tie, scipy tries all signs, which takes 700 ms for ten pairs.
    doubled = np.rint(2 * rankdata(np.abs(differences))).astype(int)
    ways = np.ones(1)
    for rank in doubled[differences != 0]:
        ways = np.pad(ways, (0, rank)) + np.pad(ways, (rank, 0))
    return _share_as_far(ways, (len(ways) - 1) / 2, doubled[differences > 0].sum())


def mann_whitney(left: FloatArray, right: FloatArray) -> float:
    """Return the two-sided p-value that both samples (n,) come from one law, ties counted exactly.

    Mann and Whitney (1947), Ann. Math. Stat. 18, 50-60.
    """
    n, ranks = len(left), rankdata(np.concatenate([left, right]))
    if n > EXACT:
        return float(mannwhitneyu(left, right, method="asymptotic").pvalue)
    # How many ways n of the ranks add up to each sum. scipy counts them only where no ranks tie.
    doubled = np.rint(2 * ranks).astype(int)
    ways = np.zeros((n + 1, int(doubled.sum()) + 1))
    ways[0, 0] = 1
    for rank in doubled:
        ways[1:, rank:] += ways[:-1, : ways.shape[1] - rank]
    return _share_as_far(ways[n], n * doubled.mean(), doubled[:n].sum())


def p_value(before: FloatArray, after: FloatArray) -> float:
    """Return the two-sided p-value that nothing changed between the scores (n,) of the same seeds."""
    differences = (after - before).round(SCORE_DECIMALS)
    return min(1.0, 2 * min(signed_ranks(differences), mann_whitney(before, after)))


def least_p(n: int) -> float:
    """Return the least p-value that n pairs can have: twice the share of the two most extreme orders of all values."""
    return min(1.0, 4 / math.comb(2 * n, n))


def least_seeds(n_different: int) -> int:
    """Return how many pairs a change needs that is the only one among so many differences.

    Then its p-value has to be at most 5 % divided by their number.
    """
    return next(n for n in count(1) if least_p(n) * max(n_different, 1) <= FALSE_ALARMS)

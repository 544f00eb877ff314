"""How one part of a claim is decided: by a figure, by the share of the seeds, or by the band of a known law.

The rules that these docstrings give stand in the introduction of the findings page too.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmark.board.statistics import wilson_interval
from findings.evidence import Condition, Sample

Holds = Literal["yes", "no", "undecided"]

# "Every seed" is confirmed where fewer than this share is ruled out (so six seeds are the least),
ENOUGH = 0.6
# and refuted where this share is: a seed in twenty may fail.
NEARLY_ALL = 0.95


@dataclass(frozen=True)
class Check:
    """One part of a claim: a statement with its threshold, what was measured, and whether it holds.

    One with `by_figure` compares a figure over the seeds with a threshold, and is asked again of other draws of the
    seeds; `turned` is the share of them that answer otherwise.
    """

    statement: str
    measured: str
    holds: Holds
    by_figure: bool = False
    turned: float = 0.0


def by_figure(statement: str, measured: str, holds: bool) -> Check:
    """Return a check that compares a figure over the seeds, such as a median, with a threshold."""
    return Check(statement, measured, "yes" if holds else "no", by_figure=True)


def by_law(statement: str, measured: str, holds: bool) -> Check:
    """Return a check against the 95 % band of a known law: what other draws would give is in the band already."""
    return Check(statement, measured, "yes" if holds else "no")


def share(k: int, n: int) -> str:
    """Return for example "7 of 10 (40 to 89 %)": the share with its Wilson interval."""
    low, high = wilson_interval(k, n)
    return f"{k:,} of {n:,} ({100 * low:.0f} to {100 * high:.0f} %)"


def _seeds(holds: NDArray[np.bool_], also: str = "") -> tuple[int, int, str]:
    # Of no seeds nothing is true.
    k, n = int(holds.sum()), max(1, len(holds))
    return k, n, share(k, n).replace(" (", " seeds (", 1) + (f", {also}" if also else "")


def by_every_seed(statement: str, sample: Sample, condition: Condition, also: str = "") -> Check:
    """Return a check that says something of every seed; `also` is another figure to show.

    It holds where all seeds do what it says and their Wilson interval begins at 60 % or above, and does not where the
    interval ends below 95 %. One seed of ten that fails leaves it undecided, two do not.
    """
    k, n, measured = _seeds(sample.where(condition), also)
    low, high = wilson_interval(k, n)
    holds: Holds = "yes" if k == n and low >= ENOUGH else "no" if high < NEARLY_ALL else "undecided"
    return Check(f"{statement}, every seed", measured, holds)


def by_most_seeds(statement: str, sample: Sample, condition: Condition) -> Check:
    """Return a check that says something of most seeds: it holds where their Wilson interval lies above one half.

    It does not where the interval lies below, and is undecided where one half is within it.
    """
    k, n, measured = _seeds(sample.where(condition))
    low, high = wilson_interval(k, n)
    return Check(f"{statement}, most seeds", measured, "yes" if low > 0.5 else "no" if high < 0.5 else "undecided")


def _beyond(ours: tuple[int, int], theirs: tuple[int, int], factor: float) -> tuple[float, float]:
    """Return the 95 % interval of p1 - factor p2, for the shares of k of n.

    Zou and Donner (2008), Statistics in Medicine 27, 1693-1702, with Wilson intervals; factor 1 is Newcombe's.
    """
    (p1, (l1, u1)), (p2, (l2, u2)) = ((k / n, wilson_interval(k, n)) for k, n in (ours, theirs))
    middle = p1 - factor * p2
    return (
        middle - math.hypot(p1 - l1, factor * (u2 - p2)),
        middle + math.hypot(u1 - p1, factor * (p2 - l2)),
    )


def by_shares(statement: str, ours: tuple[int, int], theirs: tuple[int, int], *, at_most_times: float) -> Check:
    """Return a check that one share, k of n seeds, is at most so many times another; undecided within its interval."""
    low, high = _beyond(ours, theirs, at_most_times)
    measured = f"{share(*ours)} against {share(*theirs)}"
    return Check(statement, measured, "yes" if high <= 0 else "no" if low > 0 else "undecided")


def contrary(check: Check, statement: str) -> Check:
    """Return the check that says the opposite, in other words."""
    opposite: dict[Holds, Holds] = {"yes": "no", "no": "yes", "undecided": "undecided"}
    return Check(statement, check.measured, opposite[check.holds], check.by_figure, check.turned)

"""How one part of a claim is decided: by the share of the seeds, or by two shares. What a figure decides is in `draws`.

The rules that these docstrings give stand in the introduction of the findings page too.
"""

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmark.board.statistics import wilson_interval

Holds = Literal["yes", "no", "undecided"]

# "Every seed" is confirmed where fewer than this share is ruled out (so six seeds are the least),
ENOUGH = 0.6
# and refuted where this share is: a seed in twenty may fail.
NEARLY_ALL = 0.95
OPPOSITE: dict[Holds, Holds] = {"yes": "no", "no": "yes", "undecided": "undecided"}


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


class Counted(NamedTuple):
    """Of how many seeds something is true: k of n."""

    k: int
    n: int

    def __str__(self) -> str:
        return f"{self.k:,} of {self.n:,}"

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % Wilson interval of the share."""
        # Of no seeds nothing is true.
        return wilson_interval(self.k, max(1, self.n))

    @property
    def percents(self) -> str:
        """The interval in words: "(40 to 89 %)"."""
        low, high = self.interval
        return f"({100 * low:.0f} to {100 * high:.0f} %)"


def counted(holds: NDArray[np.bool_]) -> Counted:
    """Return of how many seeds (n,) it is true."""
    return Counted(int(holds.sum()), len(holds))


def by_every_seed(seeds: Counted) -> Holds:
    """Return whether it is true of every seed.

    It is where all seeds do it and their Wilson interval begins at 60 % or above, and is not where the interval ends
    below 95 %. One seed of ten that fails leaves it undecided, two do not.
    """
    low, high = seeds.interval
    return "yes" if seeds.k == seeds.n and low >= ENOUGH else "no" if high < NEARLY_ALL else "undecided"


def by_most_seeds(seeds: Counted) -> Holds:
    """Return whether it is true of most seeds: where the Wilson interval lies above one half.

    It is not where the interval lies below, and is undecided where one half is within it.
    """
    low, high = seeds.interval
    return "yes" if low > 0.5 else "no" if high < 0.5 else "undecided"


def by_share_within(seeds: Counted, low: float, high: float) -> Holds:
    """Return whether a share of the seeds lies between two shares.

    It does where the share itself lies there, and does not where all of its Wilson interval lies beyond; where only
    the interval reaches there it is undecided.
    """
    share, (least, most) = seeds.k / max(1, seeds.n), seeds.interval
    return "yes" if low <= share <= high else "no" if most < low or least > high else "undecided"


def _beyond(ours: Counted, theirs: Counted, factor: float) -> tuple[float, float]:
    """Return the 95 % interval of p1 - factor p2, for the shares of k of n.

    Zou and Donner (2008), Statistics in Medicine 27, 1693-1702, with Wilson intervals; factor 1 is Newcombe's.
    """
    (p1, (l1, u1)), (p2, (l2, u2)) = ((seeds.k / max(1, seeds.n), seeds.interval) for seeds in (ours, theirs))
    middle = p1 - factor * p2
    return (middle - math.hypot(p1 - l1, factor * (u2 - p2)), middle + math.hypot(u1 - p1, factor * (p2 - l2)))


def by_shares(ours: Counted, theirs: Counted, *, at_most_times: float) -> Holds:
    """Return whether one share is at most so many times another; undecided within its interval."""
    low, high = _beyond(ours, theirs, at_most_times)
    return "yes" if high <= 0 else "no" if low > 0 else "undecided"

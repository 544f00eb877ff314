"""Rows uniform by volume over a box without a box inside it: it is taken to pieces, and nothing is refused.

The first piece holds the rows whose first variable is outside, the second those of which only the second one need be,
and so on: the pieces do not overlap, and each is a product of intervals, one of which has a gap.
"""

from dataclasses import dataclass

import numpy as np

from tasks.base import FloatArray
from tasks.drawing import uniform_numbers


@dataclass(frozen=True)
class Intervals:
    """For every variable an interval [low, high) without its gap [gap_low, gap_high), as arrays (d,).

    Where numbers are `whole`, [3, 6) holds 3, 4 and 5. An empty gap ends where it begins.
    """

    low: FloatArray
    high: FloatArray
    gap_low: FloatArray
    gap_high: FloatArray
    whole: bool

    @property
    def gap(self) -> FloatArray:
        """The length (d,) of each gap."""
        return self.gap_high - self.gap_low

    @property
    def length(self) -> FloatArray:
        """The length (d,) of each interval without its gap; of whole numbers how many there are."""
        return self.high - self.low - self.gap

    def at(self, j: int, share: FloatArray) -> FloatArray:
        """Return the points of variable j that lie at a share (n,) in [0, 1) of its length."""
        length = self.length[j]
        along = np.minimum(np.floor(share * length), length - 1) if self.whole else share * length
        x = self.low[j] + along
        x = np.where(x >= self.gap_low[j], x + self.gap[j], x)
        # Rounding is not to leave the box, where the function may have no value.
        points: FloatArray = np.clip(x, self.low[j], self.high[j] - self.whole)
        return points


@dataclass(frozen=True)
class Ring:
    """The rows of `all` of which a variable at least lies in `beyond`: `within` and `beyond` make up `all`."""

    all: Intervals
    within: Intervals
    beyond: Intervals

    @property
    def shares(self) -> FloatArray:
        """How much of the volume of `all` each piece (d,) holds; together less than 1."""
        inside = self.within.length / self.all.length
        before = np.concatenate([[1.0], np.cumprod(inside)[:-1]])
        shares: FloatArray = before * (self.beyond.length / self.all.length)
        return shares

    def draw(self, n: int, rng: np.random.Generator, *, even: bool) -> FloatArray:
        """Return n rows (n, d). With `even` each piece has its share of them, spread over it as a Latin hypercube."""
        shares = self.shares / self.shares.sum()
        ends = np.cumsum(shares)
        number = uniform_numbers(n, 1, rng, even=even)[:, 0]
        piece = np.minimum(np.searchsorted(ends, number, side="right"), np.flatnonzero(shares)[-1])
        X = np.empty((n, len(shares)), order="F")
        for i in np.unique(piece):
            rows = np.flatnonzero(piece == i)
            # What is left of the number that chose the piece is uniform again, and as even as before.
            rest = np.clip((number[rows] - (ends[i] - shares[i])) / shares[i], 0.0, np.nextafter(1.0, 0.0))
            for j in range(len(shares)):
                if j == i:
                    X[rows, j] = self.beyond.at(j, rest)
                else:
                    share = uniform_numbers(len(rows), 1, rng, even=even)[:, 0]
                    X[rows, j] = (self.within if j < i else self.all).at(j, share)
        return np.ascontiguousarray(X)

"""The sides of a training box and of an outer box: where they are at a distance factor, and the factor of a row."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tasks.base import FloatArray
from tasks.notation import Side

# What is larger leaves no room for sums and squares.
MOST = 1e100
# A side moves by more than this share of its size: less is how a processor rounds.
ROOM = 1e-9
# Distance factors are kept to so many digits, so that 0.1 + 0.2 is no further out than 0.3.
DIGITS = 12
# Numbers of the rows whose factors are found at a time.
ROWS_AT_A_TIME = 2**17
# Whole numbers beyond are no longer whole.
MOST_WHOLE = 2**53


def _pair(side: Side) -> str:
    return f"{side[0]:g}:{side[1]:g}"


def check_sides(training: tuple[Side, ...], outer: tuple[Side, ...], *, whole: bool, all_outside: bool) -> None:
    """Refuse sides that are no training box within an outer box.

    Raises:
        ValueError: a side is not finite, upside down or not whole, an outer side lies inside, or no side moves.
    """
    if not training or len(training) != len(outer):
        raise ValueError(
            f"the training box has {len(training)} variables and the outer box {len(outer)}; give both the same, one "
            "at least"
        )
    for i, (inside, beyond) in enumerate(zip(training, outer, strict=True), start=1):
        for what, side in (("training", inside), ("outer", beyond)):
            if not all(math.isfinite(value) and abs(value) <= MOST for value in side):
                raise ValueError(
                    f"the {what} range {_pair(side)} of x{i} is not finite; give numbers of at most {MOST:g}"
                )
            if not side[0] < side[1]:
                raise ValueError(f"the {what} range {_pair(side)} of x{i} is upside down or empty; give low:high")
            if whole and not all(float(value).is_integer() and abs(value) <= MOST_WHOLE for value in side):
                raise ValueError(
                    f"the {what} range {_pair(side)} of x{i} has sides that are not whole; give whole ones"
                )
        if beyond[0] > inside[0] or beyond[1] < inside[1]:
            raise ValueError(
                f"the outer range {_pair(beyond)} of x{i} does not hold its training range {_pair(inside)}; give a low "
                f"of at most {inside[0]:g} and a high of at least {inside[1]:g}"
            )
        for one, other in zip(inside, beyond, strict=True):
            if 0 < abs(one - other) < ROOM * max(abs(one), abs(other), inside[1] - inside[0]):
                raise ValueError(
                    f"the side {one!r} of x{i} moves by {abs(one - other):g} only; leave it, or move it more"
                )
        if all_outside and inside == beyond:
            raise ValueError(
                f"all variables are to lie outside, and x{i} stays in {_pair(inside)}; widen it, or let one be enough"
            )
    if training == outer:
        raise ValueError("the outer box is the training box, so that there is no outside; widen a side of a variable")


@dataclass(frozen=True)
class Sides:
    """The sides of a training box (factor 1) and of the outer box (factor 2) around it, of each variable.

    Between and beyond, a side moves in proportion. Within, the box shrinks to a centre that divides every variable as
    its two sides move: a side that stays has it, and a variable of which both stay does not shrink.
    """

    training: tuple[Side, ...]
    outer: tuple[Side, ...]

    @cached_property
    def _inner(self) -> FloatArray:
        return np.array(self.training, dtype=np.float64).T

    @cached_property
    def _outer(self) -> FloatArray:
        return np.array(self.outer, dtype=np.float64).T

    @cached_property
    def down(self) -> FloatArray:
        """How far the lower side of each variable (d,) moves from factor 1 to 2."""
        found: FloatArray = self._inner[0] - self._outer[0]
        return found

    @cached_property
    def up(self) -> FloatArray:
        """How far the upper side of each variable (d,) moves from factor 1 to 2."""
        found: FloatArray = self._outer[1] - self._inner[1]
        return found

    @cached_property
    def stays(self) -> NDArray[np.bool_]:
        """Whether both sides of each variable (d,) stay where they are."""
        found: NDArray[np.bool_] = (self.down == 0) & (self.up == 0)
        return found

    @cached_property
    def centre(self) -> FloatArray:
        """The point (d,) to which the box shrinks; of a variable that stays the end where the slice begins."""
        low, high = self._inner
        share = np.divide(self.down, self.down + self.up, out=np.full(len(low), 0.5), where=~self.stays)
        if not self.down.any():
            share = np.where(self.stays, 0.0, share)
        elif not self.up.any():
            share = np.where(self.stays, 1.0, share)
        # Exactly a side where that side stays.
        point: FloatArray = np.where(share == 1, high, low + share * (high - low))
        return point

    def at(self, factor: float) -> tuple[FloatArray, FloatArray]:
        """Return the lower and the upper sides (d,) of the box at a distance factor."""
        low, high = self._inner
        if factor >= 1:
            # Exactly the training box at 1 and the outer box at 2.
            lower, upper = ((2 - factor) * a + (factor - 1) * b for a, b in zip(self._inner, self._outer, strict=True))
            return np.where(self.down > 0, lower, low), np.where(self.up > 0, upper, high)
        lower, upper = (self.centre + factor * (side - self.centre) for side in (low, high))
        return np.where(self.stays, low, lower), np.where(self.stays, high, upper)

    def diagonal(self, position: float) -> FloatArray:
        """Return the point (d,) on the way from the centre to the upper corner, below 0 to the lower one.

        The size of `position` is its distance factor.
        """
        factor = abs(position)
        ends = self.at(max(factor, 1.0))[int(position > 0)]
        return ends if factor >= 1 else self.centre + factor * (ends - self.centre)

    def distance(self, X: FloatArray) -> FloatArray:
        """Return the distance factor (n,) of the rows X (n, d): that of the smallest box which holds the row.

        It is infinite where a variable is beyond a side that stays, and at least 1e-12.
        """
        # Some rows at a time, which need little memory and stay near the processor.
        size = max(1, ROWS_AT_A_TIME // X.shape[1])
        parts = [self._distance(X[start : start + size]) for start in range(0, len(X), size)]
        return np.concatenate(parts) if parts else np.empty(0)

    def _distance(self, X: FloatArray) -> FloatArray:
        beyond = self._signs * (X[:, self._columns] - self._edges)
        moving = self._steps > 0
        ahead = beyond[:, moving]
        factors = 1 + ahead / np.where(ahead > 0, self._steps[moving], self._rooms[moving])
        found = np.round(np.maximum(factors.max(axis=1), 10.0**-DIGITS), DIGITS)
        return np.where((beyond[:, ~moving] > self._slack[~moving]).any(axis=1), np.inf, found)

    # Every side of every variable: the upper ones, and then the lower ones.

    @cached_property
    def _columns(self) -> NDArray[np.intp]:
        return np.tile(np.arange(len(self.training)), 2)

    @cached_property
    def _signs(self) -> FloatArray:
        return np.repeat([1.0, -1.0], len(self.training))

    @cached_property
    def _edges(self) -> FloatArray:
        return np.concatenate([self._inner[1], self._inner[0]])

    @cached_property
    def _steps(self) -> FloatArray:
        return np.concatenate([self.up, self.down])

    @cached_property
    def _slack(self) -> FloatArray:
        """How much of rounding a side that stays forgives."""
        widths = np.tile(self._inner[1] - self._inner[0], 2)
        slack: FloatArray = 10.0**-DIGITS * np.maximum(widths, np.abs(self._edges))
        return slack

    @cached_property
    def _rooms(self) -> FloatArray:
        """How far each side is from the centre."""
        return np.maximum(self._signs * (self._edges - np.tile(self.centre, 2)), self._slack)

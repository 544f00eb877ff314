"""A box with sides of its own for every variable, that widens to an outer box with sides of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Literal

import numpy as np

from tasks.base import FloatArray, Sample, Slice
from tasks.drawing import draw_until, number
from tasks.notation import Side, read_box
from tasks.ring import Intervals, Ring
from tasks.sides import DIGITS, Sides, check_sides
from tasks.training_law import TrainingLaw

Law = Literal["ring", "all outside"]
# A finite domain is listed up to so many rows.
MOST_LISTED = 4_000_000


def _hull(training: tuple[Side, ...], region: tuple[Side, ...], *, whole: bool) -> tuple[Side, ...]:
    """Return the outer sides where rows outside lie in `region`, which begins where the training range ends."""
    step = 1.0 if whole else 0.0
    for i, ((low, high), (first, last)) in enumerate(zip(training, region, strict=False), start=1):
        if first != high + step and last != low - step:
            raise ValueError(
                f"all variables are to lie outside, and the outer range {first:g}:{last:g} of x{i} does not begin "
                f"where its training range {low:g}:{high:g} ends; give {high + step:g} as its low or {low - step:g} "
                "as its high"
            )
    hull = zip(training, region, strict=False)
    return tuple((min(a[0], b[0]), max(a[1], b[1])) for a, b in hull) + region[len(training) :]


def _words(sides: Sequence[Side], *, whole: bool) -> str:
    """Return for example "[-1, 1]^2 x [0, 3]" or "{1..50}"."""
    parts = []
    for (low, high), alike in groupby(sides):
        n = len(list(alike))
        side = f"{{{number(low)}..{number(high)}}}" if whole else f"[{number(low)}, {number(high)}]"
        parts.append(side + (f"^{n}" if n > 1 else ""))
    return " x ".join(parts)


@dataclass(frozen=True)
class WideningBox:
    """The box `training` under the uniform law, and a box `outer` around it: each variable has two sides in both.

    The distance factor of a row is 1 on the training box and 2 on the outer box. Between and beyond, the factor f is
    that of the box whose sides have moved by f - 1 times their way from the one to the other. A side that is the same
    in both stays for good. Inside, the box shrinks to the point that divides each variable as its sides move.

    One coordinate beyond the training range is enough to be outside; with `all_outside` all of them lie beyond. With
    `whole` all coordinates are whole numbers, the sides among them. A `training_law` is where training rows come from,
    where they are no uniform draws of the training box; the rows to score on always are. `held` fixes coordinates on
    the slice for pictures: (None, 0.5) moves x1 and holds x2 at 0.5. By default all move together, on the diagonal.

    Raises:
        ValueError: a side is not finite, upside down or not whole; an outer side lies inside; no side moves; or the
            training law has another number of variables, or rows beyond the training box.
    """

    training: tuple[Side, ...]
    outer: tuple[Side, ...]
    whole: bool = False
    all_outside: bool = False
    training_law: TrainingLaw | None = None
    held: tuple[float | None, ...] = ()

    def __post_init__(self) -> None:
        check_sides(self.training, self.outer, whole=self.whole, all_outside=self.all_outside)
        if self.held and len(self.held) != self.n_features:
            raise ValueError(f"held needs an entry for each variable ({self.n_features}), got {len(self.held)}")
        if self.held and not any(
            value is None and not still for value, still in zip(self.held, self._sides.stays, strict=True)
        ):
            raise ValueError(f"held={self.held} leaves no variable to move outside; put None for one that widens")
        if self.training_law is None:
            return
        if self.training_law.n_features != self.n_features:
            raise ValueError(
                f"the training rows have {self.training_law.n_features} columns and the training box has "
                f"{self.n_features} variables; give both the same"
            )
        for i, ((first, last), (low, high)) in enumerate(zip(self.training_law.hull, self.training, strict=True), 1):
            room = 10.0**-DIGITS * (high - low)
            if first < low - room or last > high + room:
                raise ValueError(
                    f"the training rows have x{i} in {first:g}:{last:g}, and its training range is {low:g}:{high:g}; "
                    "widen the range, or leave these rows out"
                )

    @classmethod
    def read(
        cls,
        training: str,
        outer: str,
        *,
        law: Law = "ring",
        whole: bool = False,
        training_law: TrainingLaw | None = None,
        task: str = "",
    ) -> "WideningBox":
        """Return the box that two ranges in the notation of `tasks.notation` name.

        With the law "all outside" the outer range is where rows outside lie, such as 2:6 for a training range of 1:2.
        The words of an error begin with the name of the `task`, where there is one.

        Raises:
            ValueError: a text is no range, or the two are no training box and its outer box.
        """
        try:
            inside, beyond = read_box(training), read_box(outer)
            if all_outside := law == "all outside":
                beyond = _hull(inside, beyond, whole=whole)
            return cls(inside, beyond, whole=whole, all_outside=all_outside, training_law=training_law)
        except ValueError as error:
            raise ValueError(f"task {task!r}: {error}" if task else str(error)) from error

    @cached_property
    def _sides(self) -> Sides:
        return Sides(self.training, self.outer)

    @property
    def n_features(self) -> int:
        """Number of variables."""
        return len(self.training)

    @property
    def horizon_unit(self) -> str:
        """Distance factors are those of a box that widens; where it is a plain one its unit is said."""
        sides = self._sides
        low, high = np.array(self.training).T
        moving = ~sides.stays
        width = (high - low)[moving]
        if np.allclose(sides.down[moving], width / 2) and np.allclose(sides.up[moving], width / 2):
            return "times the half-width of the range"
        if not sides.down.any() and np.allclose(sides.up[moving], width):
            return "times the width of the range"
        return "steps out, 1 the training range and 2 the outer box"

    def distance(self, X: FloatArray) -> FloatArray:
        """Return the distance factor (n,) of the rows X (n, n_features), infinite beyond a side that stays."""
        return self._sides.distance(X)

    def _box(self, factor: float) -> tuple[FloatArray, FloatArray]:
        """Return the sides of the box of a factor; of whole numbers the first of each variable and the one after."""
        low, high = self._sides.at(factor)
        if not self.whole:
            return low, high
        room = 10.0**-DIGITS * np.maximum(1.0, np.abs([low, high]).max(axis=0))
        # 0 is added so that no 0 is a -0.
        low, high = np.ceil(low - room) + 0.0, np.floor(high + room) + 1
        return low, np.maximum(high, low)

    def ring(self, inner: float, outer: float) -> Ring:
        """Return the rows with a distance factor in (inner, outer], of which one or all variables lie outside."""

        def intervals(box: tuple[FloatArray, FloatArray], gap: tuple[FloatArray, FloatArray]) -> Intervals:
            return Intervals(*box, *gap, whole=self.whole)

        box = self._box(outer)
        none = (box[0], box[0])
        # All rows lie within a factor above 0.
        within = self._box(inner) if inner > 0 else none
        trained = self._box(1.0) if self.all_outside and inner >= 1 else none
        return Ring(
            all=intervals(box, trained),
            within=intervals(within if inner > 0 else none, trained if inner > 0 else none),
            beyond=intervals(box, within),
        )

    def has_rows(self, *, inner: float, outer: float) -> bool:
        """Return whether there is a row with a distance factor in (inner, outer]."""
        return inner < outer and bool(self.ring(inner, outer).shares.any())

    def draw(
        self, n: int, rng: np.random.Generator, *, inner: float = 0.0, outer: float = 1.0, even: bool = False
    ) -> Sample:
        """Return n rows uniform by volume over the distance factors (inner, outer]; see `Domain.draw`."""
        if not self.has_rows(inner=inner, outer=outer):
            kind = "whole number" if self.whole else "row"
            raise ValueError(
                f"no {kind} of {_words(self.outer, whole=self.whole)} has a distance factor in ({inner:g}, {outer:g}]; "
                "ask for a wider region"
            )
        ring = self.ring(inner, outer)
        return draw_until(n, lambda m: ring.draw(m, rng, even=even), self.distance, inner, outer)

    @property
    def n_training_rows(self) -> int | None:
        """How many training rows there are, or None where any number of them can be drawn."""
        return self.training_law.n_rows if self.training_law else None

    def training_rows(self, n: int, rng: np.random.Generator) -> Sample:
        """Return n rows of the training law, or independent draws of the training box where there is none.

        Raises:
            ValueError: there is another number of fixed rows.
        """
        if self.training_law is None:
            return self.draw(n, rng)
        X = self.training_law.rows(n, rng)
        return Sample(X, self.distance(X))

    def every_row(self, *, inner: float, outer: float) -> FloatArray | None:
        """Return all whole rows (n, n_features) of the factors (inner, outer], up to 4e6; None of a continuous box."""
        low, high = self._box(outer)
        if not self.whole or np.prod(high - low) > MOST_LISTED:
            return None
        axes = [np.arange(a, b) for a, b in zip(low, high, strict=True)]
        X = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, self.n_features)
        kept = self.distance(X) > inner
        if self.all_outside and inner >= 1:
            first, last = np.array(self.training).T
            kept &= ((first > X) | (last < X)).all(axis=1)
        rows: FloatArray = X[kept]
        return rows

    def nearest_inside(self, X: FloatArray) -> FloatArray:
        """Return X (n, n_features) clipped to the training box."""
        low, high = np.array(self.training).T
        return np.clip(X, low, high)

    def corners(self, *, factor: float, most: int) -> FloatArray:
        """Return the corners (n, n_features) of the box of a factor, all of them up to `most`.

        Of more, `most` are taken: the lowest, the highest, and others from everywhere between.
        """
        low, high = self._sides.at(factor)
        if self.whole:
            low, after = self._box(factor)
            high = after - 1
        d, number_of = self.n_features, 2**self.n_features
        # A corner has a number, whose binary digits say at which side it is. Multiples of an odd one are distinct.
        stride = 1 if number_of <= most else (number_of * 618_033_988 // 1_000_000_000) | 1
        codes = {k * stride % number_of: None for k in range(min(most, number_of))}
        if number_of - 1 not in codes:
            codes.popitem()
            codes[number_of - 1] = None
        upper = np.array([[code >> (d - 1 - j) & 1 for j in range(d)] for code in codes], dtype=bool)
        corners: FloatArray = np.where(upper, high, low)
        return corners

    def slice(self, n: int, *, outer: float) -> Slice:
        """Return up to n points through the training box to the corners that widen, at a factor of `outer`.

        Coordinates in `held` are fixed. Where all others are alike the position is their value. Where not it is the
        distance factor, below 0 on the way to the lower sides; a variable that stays goes from side to side of the
        training box. Where all sides on the way stay, the line ends a step before them: many a function has no value
        there.
        """
        held = np.array([np.nan if value is None else value for value in self.held or (None,) * self.n_features])
        free = np.flatnonzero(np.isnan(held))
        sides = Sides(tuple(self.training[j] for j in free), tuple(self.outer[j] for j in free))
        alike = len(set(zip(sides.training, sides.outer, strict=True))) == 1
        down, up = bool(sides.down.any()), bool(sides.up.any())
        first, last = (sides.at(outer)[k][0] for k in (0, 1)) if alike else (-outer * down, outer * up)
        steps = n + (not down) + (not up)
        position = np.linspace(first, last, steps)[int(not down) : steps - (not up)]
        moved = np.repeat(position[:, None], len(free), axis=1)
        if not alike:
            moved = np.stack([sides.diagonal(t) for t in position])
        X = np.tile(held, (n, 1))
        X[:, free] = moved
        if self.whole:
            X, kept = np.unique(np.round(X), axis=0, return_index=True)
            order = np.argsort(kept)
            X, position = X[order], X[order, free[0]] if alike else position[kept[order]]
        inside = sides.training[0] if alike else (-1.0 * down, 1.0 * up)
        return Slice(self._label(free.tolist(), alike=alike), position, X, inside)

    def _label(self, free: list[int], *, alike: bool) -> str:
        names = [f"x{j + 1}" for j in free]
        moving = " = ".join(names) if len(names) <= 3 else f"{names[0]} = ... = {names[-1]}"
        if not alike:
            moving = "distance factor along the diagonal"
        if self.n_features == 1:
            return "x"
        fixed = [f"x{j + 1} = {value:g}" for j, value in enumerate(self.held) if value is not None]
        return ", ".join([moving, *(fixed if len(fixed) <= 3 else ["the others held"])])

    def describe(self, *, inner: float, outer: float) -> str:
        """Return for example "U[1, 5]^3" or "uniform on [1, 9]^3 with at least one coordinate beyond [1, 5]^3"."""

        def box(factor: float) -> str:
            low, high = self._sides.at(factor)
            if self.whole:
                low, after = self._box(factor)
                high = after - 1
            return _words(list(zip(low.tolist(), high.tolist(), strict=True)), whole=self.whole)

        if inner <= 0:
            law = f"; trained on {self.training_law.describe()}" if self.training_law else ""
            return f"{'integers ' if self.whole else ''}U{box(outer)}{law}"
        which = "every coordinate" if self.all_outside else "at least one coordinate"
        beyond = "beyond" if self.n_features == 1 else f"with {which} beyond"
        return f"{'integers' if self.whole else 'uniform on'} {box(outer)} {beyond} {box(inner)}"

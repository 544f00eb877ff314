"""Where rows come from: boxes, whole numbers, paths of a diffusion, sets that grow.

A new domain is a class with the methods of `tasks.base.Domain`.
"""

import math
from dataclasses import dataclass
from functools import reduce

import numpy as np

from tasks.base import FloatArray, Sample, Slice
from tasks.drawing import draw_until, number, uniform_numbers


@dataclass(frozen=True)
class Box:
    """The cube [low, high]^n_features under the uniform law.

    The distance factor of a row is max_i |x_i - centre| / half-width, so one coordinate beyond the
    training range is enough to be outside: beyond the cube lies a ring, and in many dimensions it
    is mostly corner.

    `held` fixes coordinates on the slice for pictures: (None, 0.5) moves x1 and holds x2 at 0.5. By
    default all coordinates move together, along the diagonal.
    """

    n_features: int
    low: float = -1.0
    high: float = 1.0
    held: tuple[float | None, ...] = ()

    def __post_init__(self) -> None:
        if self.n_features < 1:
            raise ValueError(f"Box needs n_features >= 1, got {self.n_features}")
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"Box needs finite low < high, got low={self.low}, high={self.high}")
        if self.held and len(self.held) != self.n_features:
            raise ValueError(f"Box.held needs one entry a feature ({self.n_features}), got {len(self.held)}")

    @property
    def _centre(self) -> float:
        return (self.low + self.high) / 2

    @property
    def _half_width(self) -> float:
        return (self.high - self.low) / 2

    def distance(self, X: FloatArray) -> FloatArray:
        """Return the distance factor (n,) of the rows X (n, n_features)."""
        factors: FloatArray = (np.abs(X - self._centre) / self._half_width).max(axis=1)
        return factors

    def _at(self, uniform: FloatArray, inner: float, outer: float) -> FloatArray:
        # Uniform over a cubic ring, exactly and without rejection: the radius has density r^(d-1),
        # one coordinate lies on a face of that radius, the others anywhere on it.
        d = self.n_features
        radius = (inner**d + (1.0 - uniform[:, 0]) * (outer**d - inner**d)) ** (1 / d)
        face = np.floor(2 * d * uniform[:, 1]).astype(np.intp)
        unit = 2.0 * uniform[:, 2:] - 1.0
        unit[np.arange(len(unit)), face // 2] = np.where(face % 2 == 0, -1.0, 1.0)
        return self._centre + self._half_width * radius[:, None] * unit

    @property
    def horizon_unit(self) -> str:
        """Distance factors are measured from the centre."""
        return "times the half-width of the range"

    def draw(
        self, n: int, rng: np.random.Generator, *, inner: float = 0.0, outer: float = 1.0, even: bool = False
    ) -> Sample:
        """Return n rows uniform over the ring of distance factors (inner, outer]; see `Domain.draw`."""

        def propose(m: int) -> FloatArray:
            return self._at(uniform_numbers(m, self.n_features + 2, rng, even=even), inner, outer)

        return draw_until(n, propose, self.distance, inner, outer)

    def every_row(self, *, inner: float, outer: float) -> None:
        """Return None: a box has no finite list of rows."""
        return

    def nearest_inside(self, X: FloatArray) -> FloatArray:
        """Return X (n, n_features) clipped to [low, high]."""
        return np.clip(X, self.low, self.high)

    def slice(self, n: int, *, outer: float) -> Slice:
        """Return n points from one outer face to the other, with the coordinates in `held` fixed."""
        held = self.held or (None,) * self.n_features
        position = np.linspace(self._centre - self._half_width * outer, self._centre + self._half_width * outer, n)
        columns = [position if value is None else np.full(n, value) for value in held]
        moving = [f"x{i + 1}" for i, value in enumerate(held) if value is None]
        fixed = [f"x{i + 1} = {value:g}" for i, value in enumerate(held) if value is not None]
        names = " = ".join(moving) if len(moving) <= 3 else f"{moving[0]} = ... = {moving[-1]}"
        return Slice(", ".join([names, *fixed]), position, np.stack(columns, axis=1), (self.low, self.high))

    def describe(self, *, inner: float, outer: float) -> str:
        """Return for example "U[-1, 1]^2" or "[-2, 2]^2 with at least one coordinate beyond [-1, 1]"."""

        def cube(factor: float) -> str:
            low = number(self._centre - factor * self._half_width)
            high = number(self._centre + factor * self._half_width)
            return f"[{low}, {high}]"

        power = f"^{self.n_features}" if self.n_features > 1 else ""
        if inner <= 0:
            return f"U{cube(outer)}{power}"
        ring = "with at least one coordinate beyond" if self.n_features > 1 else "beyond"
        return f"uniform on {cube(outer)}{power} {ring} {cube(inner)}"


@dataclass(frozen=True)
class IntegerBox:
    """The integers {1..high}^n_features under the uniform law; the distance factor is max_i x_i / high.

    With `all_outside` every coordinate of a row outside lies beyond `high`; without it one is enough.
    """

    n_features: int
    high: int
    all_outside: bool = False

    def __post_init__(self) -> None:
        if self.n_features < 1 or self.high < 20:
            raise ValueError(
                "IntegerBox needs n_features >= 1 and high >= 20, so that every shell of the ladder holds "
                f"an integer; got {self.n_features} and {self.high}"
            )

    def _edge(self, factor: float) -> int:
        return math.floor(factor * self.high + 1e-9)

    def _lowest(self, inner: float) -> int:
        if self.n_features == 1:
            return self._edge(inner) + 1
        return self.high + 1 if self.all_outside and inner >= 1 else 1

    def distance(self, X: FloatArray) -> FloatArray:
        """Return the distance factor (n,) of the rows X (n, n_features)."""
        # Column by column: along the short rows of millions it takes ten times as long.
        largest: FloatArray = reduce(np.maximum, X.T)
        return largest / self.high

    @property
    def horizon_unit(self) -> str:
        """Distance factors are measured from 0."""
        return "times the largest number"

    def draw(
        self, n: int, rng: np.random.Generator, *, inner: float = 0.0, outer: float = 1.0, even: bool = False
    ) -> Sample:
        """Return n rows uniform over the integer points with distance factor in (inner, outer]; see `Domain.draw`."""
        lowest, highest = self._lowest(inner), self._edge(outer)
        if highest <= max(self._edge(inner), lowest - 1):
            raise ValueError(f"no integer has a distance factor in ({inner:g}, {outer:g}] with high={self.high}")

        def propose(m: int) -> FloatArray:
            uniform = uniform_numbers(m, self.n_features, rng, even=even)
            return lowest + np.floor(uniform * (highest + 1 - lowest))

        return draw_until(n, propose, self.distance, inner, outer)

    def every_row(self, *, inner: float, outer: float) -> FloatArray | None:
        """Return all integer points (n, n_features) with distance factor in (inner, outer], up to 4e6 of them."""
        axis = np.arange(self._lowest(inner), self._edge(outer) + 1, dtype=np.float64)
        if len(axis) ** self.n_features > 4_000_000:
            return None
        X = np.stack(np.meshgrid(*[axis] * self.n_features, indexing="ij"), axis=-1).reshape(-1, self.n_features)
        rows: FloatArray = X[self.distance(X) > inner]
        return rows

    def nearest_inside(self, X: FloatArray) -> FloatArray:
        """Return X (n, n_features) clipped to [1, high]."""
        return np.clip(X, 1.0, float(self.high))

    def slice(self, n: int, *, outer: float) -> Slice:
        """Return up to n integer points with all coordinates equal, from 1 to the outer edge."""
        position = np.unique(np.round(np.linspace(1, self._edge(outer), n)))
        names = " = ".join(f"x{i + 1}" for i in range(self.n_features)) if self.n_features > 1 else "x"
        X = np.repeat(position[:, None], self.n_features, axis=1)
        return Slice(names, position, X, (1.0, float(self.high)))

    def describe(self, *, inner: float, outer: float) -> str:
        """Return for example "integers U{1..1000}^2"."""
        power = f"^{self.n_features}" if self.n_features > 1 else ""
        if inner <= 0:
            return f"integers U{{1..{self._edge(outer)}}}{power}"
        if self.all_outside or self.n_features == 1:
            return f"integers U{{{self._edge(inner) + 1}..{self._edge(outer)}}}{power}"
        return f"integers {{1..{self._edge(outer)}}}{power} with at least one coordinate beyond {self._edge(inner)}"


@dataclass(frozen=True)
class DiffusionPaths:
    """n_paths values X(t) of the diffusion dX = drift dt + volatility dW from X(0) = 0, all at one time t.

    The distance factor of a row is its time t, which the row does not show: t is uniform, and the
    values are independent N(drift t, volatility^2 t).
    """

    n_paths: int
    drift: float
    volatility: float

    def __post_init__(self) -> None:
        if self.n_paths < 1 or not self.volatility > 0:
            raise ValueError(
                f"DiffusionPaths needs n_paths >= 1 and volatility > 0, got {self.n_paths} and {self.volatility}"
            )

    @property
    def n_features(self) -> int:
        """Number of paths, each one column."""
        return self.n_paths

    @property
    def horizon_unit(self) -> str:
        """Distance factors are times."""
        return "times the longest time"

    def draw(
        self, n: int, rng: np.random.Generator, *, inner: float = 0.0, outer: float = 1.0, even: bool = False
    ) -> Sample:
        """Return n rows (n, n_paths), their times uniform in (inner, outer]; with `even` the times are spread."""
        share = uniform_numbers(n, 1, rng, even=even)[:, 0]
        time = np.clip(outer - (outer - inner) * share, np.nextafter(inner, outer), outer)
        noise = rng.standard_normal((n, self.n_paths))
        return Sample(self._at(time, noise), time)

    def _at(self, time: FloatArray, noise: FloatArray) -> FloatArray:
        return self.drift * time[:, None] + self.volatility * np.sqrt(time)[:, None] * noise

    def every_row(self, *, inner: float, outer: float) -> None:
        """Return None: paths have no finite list of rows."""
        return

    def nearest_inside(self, X: FloatArray) -> None:
        """Return None: the training law covers all of space, so there is nothing to clamp to."""
        return

    def slice(self, n: int, *, outer: float) -> Slice:
        """Return n times in (0, outer], each with the same spread of paths (a fixed normal draw, rescaled)."""
        noise = np.random.default_rng(0).standard_normal(self.n_paths)
        noise = (noise - noise.mean()) / noise.std()
        time = np.linspace(outer / n, outer, n)
        return Slice("t", time, self._at(time, np.broadcast_to(noise, (n, self.n_paths))), (0.0, 1.0))

    def describe(self, *, inner: float, outer: float) -> str:
        """Return for example "t U(0, 1], 20 values N(0.1 t, 1 t)"."""
        law = f"N({number(self.drift)} t, {number(self.volatility**2)} t)"
        return f"t U({number(inner)}, {number(outer)}], {self.n_paths} values {law}"


@dataclass(frozen=True)
class GrowingSet:
    """Sets of up to `reach * n_trained` elements, uniform on [-1, 1]; n_trained at most inside the training range.

    A row has a place for every element there may be, two numbers each: the element and 1, or 0 and 0
    where there is none. Its distance factor t is uniform and not shown; the row has ceil(n_trained t)
    elements, so 1 is the largest set trained on and 2 twice as many.
    """

    n_trained: int
    reach: int = 2

    def __post_init__(self) -> None:
        if self.n_trained < 1 or self.reach < 2:
            raise ValueError(f"GrowingSet needs n_trained >= 1 and reach >= 2, got {self.n_trained} and {self.reach}")

    @property
    def n_elements(self) -> int:
        """Number of places in a row."""
        return self.n_trained * self.reach

    @property
    def n_features(self) -> int:
        """Number of columns: two a place."""
        return 2 * self.n_elements

    def _at(self, distance: FloatArray, values: FloatArray) -> FloatArray:
        count = np.ceil(self.n_trained * distance)
        present = np.arange(self.n_elements) < count[:, None]
        return np.stack([values * present, present], axis=2).reshape(len(distance), self.n_features)

    @property
    def horizon_unit(self) -> str:
        """Distance factors are numbers of elements."""
        return "times the largest set"

    def draw(
        self, n: int, rng: np.random.Generator, *, inner: float = 0.0, outer: float = 1.0, even: bool = False
    ) -> Sample:
        """Return n rows with distance factors uniform in (inner, outer]; with `even` these are spread."""
        if outer > self.reach:
            raise ValueError(f"GrowingSet has places up to a distance factor of {self.reach}, asked for {outer:g}")
        strata = rng.permutation(n) if even else np.zeros(n)
        share = (strata + rng.random(n)) / (n if even else 1)
        distance = np.clip(outer - (outer - inner) * share, np.nextafter(inner, outer), outer)
        return Sample(self._at(distance, rng.uniform(-1, 1, (n, self.n_elements))), distance)

    def every_row(self, *, inner: float, outer: float) -> None:
        """Return None: there is no finite list of rows."""
        return

    def nearest_inside(self, X: FloatArray) -> None:
        """Return None: a set with too many elements has no nearest one with fewer."""
        return

    def slice(self, n: int, *, outer: float) -> Slice:
        """Return n sets of the same elements, spread over [-1, 1], growing up to the outer edge."""
        distance = np.linspace(outer / n, outer, n)
        # Multiples of the golden ratio, whose first few are spread as evenly as all of them.
        values = 2 * np.mod(np.arange(1, self.n_elements + 1) * (1 + 5**0.5) / 2, 1.0) - 1
        label = f"number of elements / {self.n_trained}"
        return Slice(label, distance, self._at(distance, np.broadcast_to(values, (n, self.n_elements))), (0.0, 1.0))

    def describe(self, *, inner: float, outer: float) -> str:
        """Return for example "1 to 5 elements U[-1, 1]"."""
        first = int(np.floor(self.n_trained * inner)) + 1
        return f"{first} to {int(np.ceil(self.n_trained * outer))} elements U[-1, 1]"

"""What a task is, and the domains its rows are drawn from.

Here belongs whatever every task file needs: the `Task` value, the three domains and all their
checks. numpy only: a task knows nothing of models or of the engine that runs it.

Throughout, the *distance factor* of a row says how far out it lies: 1 is the edge of the training
range, (0, 1] is the training law, 2 is twice as far out.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
LADDER = (1.0, 1.05, 1.1, 1.25, 1.5, 2.0, 3.0, 4.0)


class Sample(NamedTuple):
    """Rows drawn from a domain: X (n, n_features) and the distance factor of each row (n,)."""

    X: FloatArray
    distance: FloatArray


class Slice(NamedTuple):
    """A line through a domain, for pictures: position (n,), X (n, n_features), the training range."""

    label: str
    position: FloatArray
    X: FloatArray
    inside: tuple[float, float]


class Domain(Protocol):
    """Where rows come from. Rows have a distance factor in (inner, outer]; (0, 1] trains."""

    @property
    def n_features(self) -> int:
        """Number of columns of X."""

    def draw(self, n: int, rng: np.random.Generator, *, inner: float, outer: float, even: bool) -> Sample:
        """Return n rows of the region with distance factors in (inner, outer].

        Each row has the region's law. With `even` they are no independent draws but spread evenly over
        the region, so that an average over them is nearer to the average over the law.
        """

    def every_row(self, *, inner: float, outer: float) -> FloatArray | None:
        """Return all rows (n, n_features) of a small finite domain, or None where there are too many."""

    def nearest_inside(self, X: FloatArray) -> FloatArray | None:
        """Return for each row the nearest point of the training range, or None where that has no meaning."""

    def slice(self, n: int, *, outer: float) -> Slice:
        """Return n points on a line that crosses the training range and ends at distance factor outer."""

    def describe(self, *, inner: float, outer: float) -> str:
        """Return the range in words, with its units, for the leaderboard."""


def _number(value: float) -> str:
    return f"{value:g}"


def _uniform(n: int, d: int, rng: np.random.Generator, *, even: bool) -> FloatArray:
    """Return (n, d) numbers uniform on [0, 1): independent, or a Latin hypercube, one a stratum in each column.

    McKay, Beckman and Conover (1979), Technometrics 21, 239-245.
    """
    if not even:
        return rng.random((n, d))
    strata = np.stack([rng.permutation(n) for _ in range(d)], axis=1)
    # The last stratum's end may round up to 1, which belongs to nobody.
    return np.minimum((strata + rng.random((n, d))) / n, np.nextafter(1.0, 0.0))


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

    def draw(
        self, n: int, rng: np.random.Generator, *, inner: float = 0.0, outer: float = 1.0, even: bool = False
    ) -> Sample:
        """Return n rows uniform over the ring of distance factors (inner, outer]; see `Domain.draw`."""

        def propose(m: int) -> FloatArray:
            return self._at(_uniform(m, self.n_features + 2, rng, even=even), inner, outer)

        return _draw_until(n, propose, self.distance, inner, outer)

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
            low = _number(self._centre - factor * self._half_width)
            high = _number(self._centre + factor * self._half_width)
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
        factors: FloatArray = X.max(axis=1) / self.high
        return factors

    def draw(
        self, n: int, rng: np.random.Generator, *, inner: float = 0.0, outer: float = 1.0, even: bool = False
    ) -> Sample:
        """Return n rows uniform over the integer points with distance factor in (inner, outer]; see `Domain.draw`."""
        lowest, highest = self._lowest(inner), self._edge(outer)
        if highest <= max(self._edge(inner), lowest - 1):
            raise ValueError(f"no integer has a distance factor in ({inner:g}, {outer:g}] with high={self.high}")

        def propose(m: int) -> FloatArray:
            uniform = _uniform(m, self.n_features, rng, even=even)
            return lowest + np.floor(uniform * (highest + 1 - lowest))

        return _draw_until(n, propose, self.distance, inner, outer)

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

    def draw(
        self, n: int, rng: np.random.Generator, *, inner: float = 0.0, outer: float = 1.0, even: bool = False
    ) -> Sample:
        """Return n rows (n, n_paths), their times uniform in (inner, outer]; with `even` the times are spread."""
        share = _uniform(n, 1, rng, even=even)[:, 0]
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
        law = f"N({_number(self.drift)} t, {_number(self.volatility**2)} t)"
        return f"t U({_number(inner)}, {_number(outer)}], {self.n_paths} values {law}"


def _draw_until(
    n: int,
    propose: Callable[[int], FloatArray],
    distance: Callable[[FloatArray], FloatArray],
    inner: float,
    outer: float,
) -> Sample:
    """Return n proposed rows whose distance factor lies in (inner, outer]; what is refused is proposed again."""
    kept: list[FloatArray] = []
    missing = n
    while missing > 0:
        X = propose(missing if not kept else max(64, missing))
        factors = distance(X)
        X = X[(factors > inner) & (factors <= outer)][:missing]
        kept.append(X)
        missing -= len(X)
    X = np.concatenate(kept)
    return Sample(X, distance(X))


@dataclass(frozen=True)
class Quantity:
    """Something a task can recover from predictions alone, such as a hidden constant.

    `error` names the figure that is scored (smaller is better); `estimate` names the recovered value
    where it is one number. `rows` turns interpolation rows X (n, n_features) into the rows to predict
    at; `measure` takes those rows and the predictions (n,) and returns the named figures.
    """

    error: str
    title: str
    rows: Callable[[FloatArray], FloatArray]
    measure: Callable[[FloatArray, FloatArray], dict[str, float]]
    estimate: str | None = None


@dataclass(frozen=True, kw_only=True)
class Task:
    """One function to learn: a formula, a source and a range.

    `function` takes X (n, n_features) and returns y (n,), both float64. `set_shape` is (elements,
    features of an element): how a row reads as a set; (1, n_features) where it is no set. The
    extrapolation rows have distance factor in (1, reach], the ladder of shells ends at `ladder_end`.
    `noise_std`, in the units of y, is added to the training targets only: scores are against the
    function itself. Raise `version` with every change that moves a number.

    Raises:
        ValueError: a field is missing, of the wrong kind or out of range; the message says which.
    """

    name: str
    title: str
    formula: str
    source: str
    function: Callable[[FloatArray], FloatArray]
    domain: Domain
    n_train: int
    set_shape: tuple[int, int]
    version: int = 1
    reach: float = 2.0
    ladder_end: float = 4.0
    n_test: int = 5_000
    n_shell: int = 1_000
    noise_std: float = 0.0
    quantities: tuple[Quantity, ...] = ()
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (isinstance(self.name, str) and NAME_PATTERN.fullmatch(self.name)):
            raise ValueError(
                f"task name {self.name!r}: use 1 to 64 of a-z, 0-9 and '-', starting with a letter or digit"
            )
        for field in ("n_train", "n_test", "n_shell", "version"):
            value = getattr(self, field)
            if not isinstance(value, int) or value < 1:
                raise ValueError(f"task {self.name!r}: {field} must be a whole number >= 1, got {value!r}")
        if not callable(self.function):
            raise ValueError(f"task {self.name!r}: function must be callable, got {self.function!r}")
        if math.prod(self.set_shape) != self.domain.n_features:
            raise ValueError(
                f"task {self.name!r}: set_shape {self.set_shape} has {math.prod(self.set_shape)} numbers, "
                f"its domain has {self.domain.n_features} features"
            )
        if not 1 < self.reach <= self.ladder_end:
            raise ValueError(
                f"task {self.name!r}: needs 1 < reach <= ladder_end, got reach={self.reach}, "
                f"ladder_end={self.ladder_end}"
            )
        if not (math.isfinite(self.noise_std) and self.noise_std >= 0):
            raise ValueError(f"task {self.name!r}: noise_std must be finite and >= 0, got {self.noise_std}")

    @property
    def ladder(self) -> tuple[float, ...]:
        """The edges of the shells, from 1 to `ladder_end`."""
        return (*[edge for edge in LADDER if edge < self.ladder_end], self.ladder_end)

    def targets(self, X: FloatArray) -> FloatArray:
        """Return the true function at X (n, n_features) as float64 (n,).

        Raises:
            ValueError: the function returned another shape, or a value that is not finite.
        """
        y = np.asarray(self.function(X), dtype=np.float64)
        if y.shape != (len(X),):
            raise ValueError(f"task {self.name!r}: function returned shape {y.shape}, expected ({len(X)},)")
        if not np.isfinite(y).all():
            bad = X[int(np.flatnonzero(~np.isfinite(y))[0])]
            raise ValueError(f"task {self.name!r}: function is not finite at {bad.tolist()}")
        return y

"""What a task is, and what the domain is that its rows are drawn from.

Here belongs whatever every task file needs: the `Task` value and its checks (see `tasks.domains` for the domains
there are). numpy only: a task knows nothing of models or of the engine that runs it.

Throughout, the *distance factor* of a row says how far out it lies: 1 is the edge of the training
range, (0, 1] is the training law, 2 is twice as far out.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
# The same in words.
NAME_WORDS = "1 to 64 of a-z, 0-9 and '-', starting with a letter or digit"
FAMILY_WORDS = f"'' (a family of its own) or {NAME_WORDS}"
# What kinds of task there are: one has the tags of those that it is, or they are computed for its card. Models are
# compared class by class.
CLASSES = (
    *("linear", "polynomial", "rational", "periodic", "exponential", "logarithmic", "root", "special", "smooth"),
    *("kink", "jump", "sets", "few-rows", "noisy"),
)
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
    """Where rows come from. Rows have a distance factor in (inner, outer]; (0, 1] trains.

    What else a domain may say stands beside it: `WithUnit`, `WithTraining`, `WithGaps`, `WithCorners`.
    """

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


@runtime_checkable
class WithUnit(Protocol):
    """A domain that says what its distance factors are measured in. Horizons are compared within one unit only."""

    @property
    def horizon_unit(self) -> str:
        """The unit in a few words, which follow a number: "times the longest time"."""


@runtime_checkable
class WithTraining(Protocol):
    """A domain whose training rows may be others than fresh rows of its inside: a grid, or rows of a table."""

    @property
    def n_training_rows(self) -> int | None:
        """How many training rows there are, or None where any number of them can be drawn."""

    def training_rows(self, n: int, rng: np.random.Generator) -> Sample:
        """Return n rows with distance factors in (0, 1], as a user has them."""


@runtime_checkable
class WithGaps(Protocol):
    """A domain whose rows lie apart, so that a narrow shell may hold none."""

    def has_rows(self, *, inner: float, outer: float) -> bool:
        """Return whether there is a row with a distance factor in (inner, outer]."""


@runtime_checkable
class WithCorners(Protocol):
    """A domain with corners, where a function that is drawn at random is never met."""

    def corners(self, *, factor: float, most: int) -> FloatArray:
        """Return the corners (n, n_features) of the box of a distance factor, or `most` of them where they are more."""


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
    extrapolation rows have distance factor in (1, reach], the ladder of shells ends at `ladder_end`. A domain with
    fixed training rows has `n_train` of them. Its references are averages over `n_reference` rows, where not all rows
    can be listed.

    `noise_std`, in the units of y, is added to the training targets only: scores are against the
    function itself. In place of it `noise` says as much in units of sd(y) on the training law. Near copies, such as
    one function at several sizes, share the name of a `family` and count as one; "" is a family of its own. The `tags`
    in `CLASSES` say what kind of function it is. Raise `version` with every change that moves a number.

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
    n_reference: int = 2**18
    noise_std: float = 0.0
    noise: float = 0.0
    quantities: tuple[Quantity, ...] = ()
    tags: tuple[str, ...] = ()
    family: str = ""

    def __post_init__(self) -> None:
        if not (isinstance(self.name, str) and NAME_PATTERN.fullmatch(self.name)):
            raise ValueError(f"task name {self.name!r}: use {NAME_WORDS}")
        if not (isinstance(self.family, str) and (self.family == "" or NAME_PATTERN.fullmatch(self.family))):
            raise ValueError(
                f"task {self.name!r}: family must be {FAMILY_WORDS}, got {self.family!r}; give near copies one name"
            )
        for field in ("n_train", "n_test", "n_shell", "n_reference", "version"):
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
        fixed = self.domain.n_training_rows if isinstance(self.domain, WithTraining) else None
        if fixed is not None and fixed != self.n_train:
            raise ValueError(
                f"task {self.name!r}: n_train={self.n_train:,}, and its domain has {fixed:,} fixed training rows; "
                f"give n_train={fixed}"
            )
        if not 1 < self.reach <= self.ladder_end:
            raise ValueError(
                f"task {self.name!r}: needs 1 < reach <= ladder_end, got reach={self.reach}, "
                f"ladder_end={self.ladder_end}"
            )
        for field in ("noise_std", "noise"):
            value = getattr(self, field)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"task {self.name!r}: {field} must be finite and >= 0, got {value}")
        if self.noise and self.noise_std:
            raise ValueError(
                f"task {self.name!r}: its noise is given twice, noise={self.noise:g} in units of sd(y) and "
                f"noise_std={self.noise_std:g} in the units of y; leave one out"
            )

    @property
    def ladder(self) -> tuple[float, ...]:
        """The edges of the shells, from 1 to `ladder_end`. A shell without rows is one with the next."""
        edges = (*[edge for edge in LADDER if edge < self.ladder_end], self.ladder_end)
        if not isinstance(self.domain, WithGaps):
            return edges
        kept = [1.0]
        for edge in edges[1:]:
            if self.domain.has_rows(inner=kept[-1], outer=edge):
                kept.append(edge)
        # What is left over beyond the last shell belongs to it.
        return (*(kept[:-1] or kept), self.ladder_end)

    @property
    def horizon_unit(self) -> str:
        """What the distance factors are measured in; "" where the domain does not say."""
        return self.domain.horizon_unit if isinstance(self.domain, WithUnit) else ""

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
            raise ValueError(
                f"task {self.name!r}: function is not finite at {bad.tolist()}, and must be inside and outside; take a "
                "range and a ladder_end that leave such rows out"
            )
        return y

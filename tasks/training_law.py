"""Training rows of another law than the rows to score on: a grid, rows of a table, blocks with a gap between them.

Such a law stands beside a domain, as `training` of a `tasks.widening.WideningBox`: what is scored inside stays uniform
over the whole training range.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from tasks.base import FloatArray
from tasks.drawing import number
from tasks.notation import Side, even_axis, read_grid

# Numbers in the rows of a grid or a table: half a GiB.
MOST_NUMBERS = 2**26


class TrainingLaw(Protocol):
    """Where training rows come from, where they are no draws of the rows that are scored inside."""

    @property
    def n_features(self) -> int:
        """Number of columns."""

    @property
    def n_rows(self) -> int | None:
        """How many rows there are, or None where any number can be drawn."""

    @property
    def hull(self) -> tuple[Side, ...]:
        """The smallest and the largest value of every column."""

    def rows(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Return X (n, n_features)."""

    def describe(self) -> str:
        """Return the law in words that follow "trained on"."""


def _all(X: FloatArray, n: int, rng: np.random.Generator) -> FloatArray:
    if n != len(X):
        raise ValueError(f"asked for {n:,} training rows, and there are {len(X):,}: each is taken once")
    # Whoever sets the last rows aside, or learns in their order, is not to meet an order of ours.
    return X[rng.permutation(n)]


@dataclass(frozen=True)
class Grid:
    """Every point of a product of axes, each once, in an order that is drawn.

    Raises:
        ValueError: there is no axis, an axis has no points, two equal ones or one that is not finite, or the grid is
            too large to be held.
    """

    axes: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        if not self.axes or not all(self.axes):
            raise ValueError(f"a grid needs an axis for each variable and a point on each, got {self._sizes or 'none'}")
        for i, axis in enumerate(self.axes, start=1):
            if not all(map(math.isfinite, axis)) or any(b <= a for a, b in pairwise(axis)):
                raise ValueError(f"a grid needs finite points in rising order, and those of x{i} are not")
        if self.n_rows * self.n_features > MOST_NUMBERS:
            raise ValueError(
                f"a grid of {self._sizes} points has {self.n_rows:,} rows and {self.n_rows * self.n_features:,} "
                f"numbers, and {MOST_NUMBERS:,} are allowed; take longer steps, or draw the rows"
            )

    @classmethod
    def read(cls, text: str) -> "Grid":
        """Return the grid that a text such as "E[0.05,10,0.1] x E[0.05,10.05,2]" names; see `notation.read_grid`."""
        return cls(read_grid(text))

    @classmethod
    def of_numbers(cls, low: int, high: int) -> "Grid":
        """Return the whole numbers from low to high."""
        return cls((even_axis(low, high, 1),))

    @property
    def _sizes(self) -> str:
        return " x ".join(f"{len(axis):,}" for axis in self.axes)

    @property
    def n_features(self) -> int:
        """Number of axes."""
        return len(self.axes)

    @property
    def n_rows(self) -> int:
        """Number of points."""
        return math.prod(len(axis) for axis in self.axes)

    @property
    def hull(self) -> tuple[Side, ...]:
        """The ends of every axis."""
        return tuple((axis[0], axis[-1]) for axis in self.axes)

    def rows(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Return all points (n, n_features).

        Raises:
            ValueError: n is not their number.
        """
        axes = (np.array(axis, dtype=np.float64) for axis in self.axes)
        points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, self.n_features)
        return _all(points, n, rng)

    def describe(self) -> str:
        """Return for example "the 26 x 26 points of a grid"."""
        return f"the {self._sizes} points of a grid"


@dataclass(frozen=True)
class FixedRows:
    """Rows of a table, each once, in an order that is drawn.

    Raises:
        ValueError: there is no row, rows differ in length, or a number is not finite.
    """

    table: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        lengths = sorted({len(row) for row in self.table})
        if len(lengths) != 1 or lengths[0] < 1:
            raise ValueError(f"fixed rows need one length of at least 1, got {lengths or 'no row'}")
        for i, row in enumerate(self.table):
            if not all(map(math.isfinite, row)):
                raise ValueError(f"fixed rows need finite numbers, and row {i} is {list(row)}; leave it out")

    @property
    def n_features(self) -> int:
        """Number of columns."""
        return len(self.table[0])

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.table)

    @property
    def hull(self) -> tuple[Side, ...]:
        """The smallest and the largest value of every column."""
        return tuple((min(column), max(column)) for column in zip(*self.table, strict=True))

    def rows(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Return all rows (n, n_features).

        Raises:
            ValueError: n is not their number.
        """
        return _all(np.array(self.table, dtype=np.float64), n, rng)

    def describe(self) -> str:
        """Return for example "20 fixed rows"."""
        return f"{self.n_rows:,} fixed rows"


@dataclass(frozen=True)
class Blocks:
    """Uniform draws of several boxes, with gaps between them: each has as many rows, or one more.

    Raises:
        ValueError: there is no box, boxes differ in their number of variables, or one has no volume.
    """

    boxes: tuple[tuple[Side, ...], ...]

    def __post_init__(self) -> None:
        sizes = sorted({len(box) for box in self.boxes})
        if len(sizes) != 1 or sizes[0] < 1:
            raise ValueError(f"blocks need one number of variables of at least 1, got {sizes or 'no box'}")
        for box in self.boxes:
            for i, (low, high) in enumerate(box, start=1):
                if not (math.isfinite(low) and math.isfinite(high) and low < high):
                    raise ValueError(f"a block needs finite low < high, and x{i} has {low:g}:{high:g}")

    @property
    def n_features(self) -> int:
        """Number of variables."""
        return len(self.boxes[0])

    @property
    def n_rows(self) -> None:
        """None: any number of rows can be drawn."""
        return

    @property
    def hull(self) -> tuple[Side, ...]:
        """The sides of the smallest box that holds all blocks."""
        columns = zip(*self.boxes, strict=True)
        return tuple((min(low for low, _ in column), max(high for _, high in column)) for column in columns)

    def rows(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Return n independent rows (n, n_features)."""
        block = rng.permutation(n) % len(self.boxes)
        low, high = np.moveaxis(np.array(self.boxes, dtype=np.float64), -1, 0)
        X = low[block] + rng.random((n, self.n_features)) * (high - low)[block]
        rows: FloatArray = np.clip(X, low[block], high[block])
        return rows

    def describe(self) -> str:
        """Return for example "[-15, -5] and [5, 15]"."""
        words = (" x ".join(f"[{number(low)}, {number(high)}]" for low, high in box) for box in self.boxes)
        return " and ".join(words)

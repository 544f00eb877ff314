"""What a network sees of rows: scaled, in batches, and some of them held back. Imports no torch."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.base import FloatArray
from models.settings import spread
from models.training.recipe import Recipe


@dataclass(frozen=True)
class Scaling:
    """Subtracts a mean from the inputs and the target and divides by a scale: the training rows' sd, or one given."""

    x_mean: FloatArray
    x_sd: FloatArray
    y_mean: float
    y_sd: float

    @classmethod
    def of(cls, X: FloatArray, y: FloatArray, element: tuple[int, int]) -> Self:
        """Return the scaling that standardises X (n, n_features) and y (n,), pooled over elements (count, features).

        A constant column is only centred.
        """
        n_elements, n_element_features = element
        pooled = X.reshape(-1, n_element_features)
        return cls(
            x_mean=np.tile(pooled.mean(axis=0), n_elements),
            x_sd=np.tile(spread(pooled), n_elements),
            y_mean=float(y.mean()),
            y_sd=float(spread(y)),
        )

    @classmethod
    def by(cls, x_divisor: float, y_divisor: float, n_features: int) -> Self:
        """Return the scaling that divides each of n_features columns, and the target, by a number of its own."""
        return cls(x_mean=np.zeros(n_features), x_sd=np.full(n_features, x_divisor), y_mean=0.0, y_sd=y_divisor)

    def inputs(self, X: FloatArray) -> FloatArray:
        """Return X (n, n_features) scaled."""
        scaled: FloatArray = (X - self.x_mean) / self.x_sd
        return scaled

    def targets(self, y: FloatArray) -> FloatArray:
        """Return y (n,) scaled."""
        scaled: FloatArray = (y - self.y_mean) / self.y_sd
        return scaled

    def written_inputs(self) -> list[str]:
        """Return the scaled inputs as formulas of x1, x2, ..., each in parentheses."""
        pairs = enumerate(zip(self.x_mean.tolist(), self.x_sd.tolist(), strict=True), 1)
        return [f"((x{i} {'-' if mean >= 0 else '+'} {abs(mean)!r})/{sd!r})" for i, (mean, sd) in pairs]

    def written_target(self, formula: str) -> str:
        """Return the formula of a scaled target in the target's own units."""
        return f"{self.y_mean!r} + {self.y_sd!r}*({formula})"


def batches(recipe: Recipe, n_rows: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return the row numbers of every batch (steps, batch size): a function of seed and epoch alone."""
    size = min(recipe.batch_size, n_rows)
    per_epoch = n_rows // size
    epochs = [
        np.random.default_rng((seed, epoch)).permutation(n_rows)[: per_epoch * size].reshape(per_epoch, size)
        for epoch in range(-(-recipe.steps // per_epoch))
    ]
    return np.concatenate(epochs)[: recipe.steps]


@dataclass(frozen=True)
class Split:
    """The numbers of the training rows that are trained on, and of those held back."""

    kept: NDArray[np.int64]
    held_back: NDArray[np.int64]


def n_held_back(n_rows: int, share: float) -> int:
    """Return how many of n_rows rows this share is; at least one row is left to train on."""
    return min(round(share * n_rows), n_rows - 1)


def parted(recipe: Recipe, X: FloatArray, seed: int) -> Split:
    """Return which rows of X (n, n_features) the recipe holds back: random ones, or those at the edge."""
    share = recipe.validation or 0.0
    return edge(X, share) if recipe.validation_rows == "edge" else split(len(X), share, seed)


def edge(X: FloatArray, share: float) -> Split:
    """Return which rows of X (n, n_features) lie outermost, about this share of them.

    A row lies as far out as its farthest input does: |x - mean| / sd, over the rows. Of equal ones the first are kept.
    """
    far = (np.abs(X - X.mean(axis=0)) / spread(X)).max(axis=1)
    n_kept = len(X) - n_held_back(len(X), share)
    order = np.argsort(far, kind="stable")
    # In their own order, whatever their distance.
    return Split(kept=np.sort(order[:n_kept]), held_back=np.sort(order[n_kept:]))


def split(n_rows: int, share: float, seed: int) -> Split:
    """Return which of n_rows rows are held back, about this share of them: a function of the seed alone."""
    # A stream that no batch is drawn from.
    order = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,))).permutation(n_rows)
    n = n_held_back(n_rows, share)
    return Split(kept=order[n:], held_back=order[:n])

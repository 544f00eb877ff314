"""What a network sees of rows: scaled, and in batches. Imports no torch."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from models.base import FloatArray
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
        x_sd, y_sd = pooled.std(axis=0), float(y.std())
        return cls(
            x_mean=np.tile(pooled.mean(axis=0), n_elements),
            x_sd=np.tile(np.where(x_sd > 0, x_sd, 1.0), n_elements),
            y_mean=float(y.mean()),
            y_sd=y_sd if y_sd > 0 else 1.0,
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


def batches(recipe: Recipe, n_rows: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return the row numbers of every batch (steps, batch size): a function of seed and epoch alone."""
    size = min(recipe.batch_size, n_rows)
    per_epoch = n_rows // size
    epochs = [
        np.random.default_rng((seed, epoch)).permutation(n_rows)[: per_epoch * size].reshape(per_epoch, size)
        for epoch in range(-(-recipe.steps // per_epoch))
    ]
    return np.concatenate(epochs)[: recipe.steps]

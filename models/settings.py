"""What the regressors of this room have in common that are written here: they show their settings, and draw rows."""

from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.base import FloatArray


class Settings:
    """Base of a dataclass whose fields are its settings, shown as scikit-learn shows them."""

    def get_params(self, deep: bool = False) -> dict[str, Any]:
        """Return the fields that it was made with, by name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.init}  # type: ignore[arg-type]


def generator(seed: int) -> np.random.Generator:
    """Return the random stream of a seed."""
    return np.random.default_rng(seed)


def some_rows(X: FloatArray, y: FloatArray, most: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Return at most so many rows of X (n, d) and y (n,), drawn without replacement and in their order."""
    if len(y) <= most:
        return X, y
    chosen = np.sort(rng.choice(len(y), size=most, replace=False))
    return X[chosen], y[chosen]


def folds(n: int, n_folds: int, rng: np.random.Generator) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Return the rows to learn from and those held back, for each of the folds of n shuffled rows."""
    parts = np.array_split(rng.permutation(n), n_folds)
    return [(np.concatenate([*parts[:i], *parts[i + 1 :]]), part) for i, part in enumerate(parts)]

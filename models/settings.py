"""What the regressors that are written in this room share: settings, scales, drawn rows, and a choice by folds."""

import math
from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.base import FloatArray, NotApplicable, Problem

# An error held back that is lower by less is no reason for something less simple.
_AS_GOOD = 1.05
C = TypeVar("C")


class Settings:
    """Base of a dataclass whose fields are its settings, shown as scikit-learn shows them."""

    def get_params(self, deep: bool = False) -> dict[str, Any]:
        """Return the fields that it was made with, by name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.init}  # type: ignore[arg-type]


def require_rows(problem: Problem, least: int) -> None:
    """Raise unless a problem has so many training rows.

    Raises:
        NotApplicable: it has fewer.
    """
    if problem.n_train < least:
        raise NotApplicable(f"it chooses or fits on {least} training rows at least, got {problem.n_train}")


def generator(seed: int) -> np.random.Generator:
    """Return the random stream of a seed."""
    return np.random.default_rng(seed)


def spread(values: FloatArray) -> FloatArray:
    """Return the standard deviation of y (n,) as (), or of each column of X (n, d) as (d,); 1 where there is none.

    Equal numbers have one of a few last digits. It is none by the bound of scikit-learn's StandardScaler: n times the
    rounding of the mean.
    """
    sd = values.std(axis=0)
    rounding = len(values) * np.finfo(np.float64).eps * np.abs(values.mean(axis=0))
    return np.where(sd > rounding, sd, 1.0)


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


def simplest(candidates: Iterable[C], held_back: Callable[[C], Iterable[FloatArray]], floor: float) -> C:
    """Return which of some candidates, the simplest first, has the least error on rows held back.

    `held_back` gives the errors of a candidate on each fold. A later one must be better by 5 % than the one that
    stands. Root mean squares below the floor are all alike. The first stands where none has a finite error.
    """
    every = list(candidates)
    best, chosen = math.inf, every[0]
    for candidate in every:
        error = max(math.sqrt(float(np.mean(np.concatenate([*held_back(candidate)]) ** 2))), floor)
        if error * _AS_GOOD < best:
            best, chosen = error, candidate
    return chosen

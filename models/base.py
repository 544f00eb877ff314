"""What a model is, and what it may know of a problem.

Here belongs the contract between models and the engine, and nothing that trains. Nothing here
needs to be imported by a plugin: the contract is by attributes.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class NotApplicable(Exception):
    """Raised by a model that cannot do a problem, with the reason: an outcome, not a failure."""


class Diverged(Exception):
    """Raised by `predict` when the training of this seed ended in NaN or infinity, with the step."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What a model may know of a task: its sizes, never its function.

    A row of X holds `n_elements` elements of `n_element_features` numbers each, one after another.
    `quick` asks for a small training budget, for trying things out; a model may ignore it.
    """

    n_features: int
    n_elements: int
    n_element_features: int
    n_train: int
    quick: bool = False


class Regressor(Protocol):
    """What `build` returns; every scikit-learn regressor is one."""

    def fit(self, X: FloatArray, y: FloatArray) -> object:
        """Learn from X (n, n_features) and y (n,), both float64 and read-only."""

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, n_features)."""


@runtime_checkable
class ManySeedRegressor(Protocol):
    """A regressor whose class can fit many seeds at once."""

    @classmethod
    def fit_many(cls, regressors: Sequence[Self], data: Sequence[tuple[FloatArray, FloatArray]]) -> None:
        """Fit regressors[i] on data[i] = (X, y), in place; the result must not depend on the company."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """One contender on the board.

    `build(problem, seed)` returns a fresh, unfitted regressor; it may raise `NotApplicable`. Raise
    `version` with every change that moves a number.
    """

    name: str
    build: Callable[[Problem, int], Regressor]
    version: int = 1
    title: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()


def refusal_of_build(build: object) -> str | None:
    """Return why `build(problem, seed)` cannot be called, and what to do; None where it can."""
    if not callable(build):
        return f"build must be a function (problem, seed) -> regressor, got {build!r}"
    try:
        signature = inspect.signature(build)
    except (TypeError, ValueError):
        return None  # Callables of C may not tell.
    if _takes(signature, "problem", "seed"):
        return None
    name = getattr(build, "__name__", type(build).__name__)
    hint = f"; for a network write build=network({name})" if _takes(signature, "problem") else ""
    return f"build must take (problem, seed), got {name}({', '.join(signature.parameters)}){hint}"


def _takes(signature: inspect.Signature, *given: object) -> bool:
    try:
        signature.bind(*given)
    except TypeError:
        return False
    return True

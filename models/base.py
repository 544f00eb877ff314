"""What a model is, and what it may know of a problem.

Here belongs the contract between models and the engine, and nothing that trains. Nothing here
needs to be imported by a plugin: the contract is by attributes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, Self, runtime_checkable

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


@runtime_checkable
class BriefRegressor(Protocol):
    """A regressor that can be asked to train for a few steps only, in which rounding has no time to grow."""

    def briefly(self) -> Regressor:
        """Return the same regressor, unfitted, that trains for a few steps."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """One contender on the board.

    `build(problem, seed)` returns a fresh, unfitted regressor; it may raise `NotApplicable`. Raise
    `version` with every change that moves a number. `memory` (MiB) and `timeout` (seconds) are what one
    cell of this model needs where the usual limits are too tight; None asks for nothing. A model is timed once for
    each shape of a problem; one whose seconds depend on the values too (trees, early stopping) says `timed_by="task"`,
    and is timed on each task of suite `core` by itself. `group` names the dependency group of its further libraries, ""
    where it needs none beside the usual ones.
    """

    name: str
    build: Callable[[Problem, int], Regressor]
    version: int = 1
    title: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()
    memory: int | None = None
    timeout: float | None = None
    timed_by: Literal["shape", "task"] = "shape"
    group: str = ""

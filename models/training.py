"""Trains ordinary `nn.Module`s, many seeds at once: the interface that authors of networks use.

An author writes a factory `problem -> nn.Module` whose module maps (batch, n_features) to
(batch, 1) or (batch,); `network(factory)` makes of it the `build` of a `Model`. Scaling, batches,
optimiser and schedule are the recipe's, visible as parameters and kept in the record.

This file imports no torch, so that listing the models is quick; the training loops do.
"""

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from models.base import Diverged, FloatArray, Problem, Regressor
from models.recipe import Recipe, recipe_of

if TYPE_CHECKING:
    from torch import nn

    from models.trainer.trained import Trained

Factory = Callable[[Problem], "nn.Module"]


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


class NetworkRegressor:
    """One seed of a network: a regressor whose class trains many seeds together.

    `fit_info_` says, after training, which engine trained it and why.
    """

    def __init__(self, factory: Factory, problem: Problem, seed: int, recipe: Recipe) -> None:
        self.factory = factory
        self.problem = problem
        self.seed = seed
        self.recipe = recipe
        self.fit_info_: Mapping[str, str] = {}
        self._scaling: Scaling
        self._trained: Trained

    def get_params(self, deep: bool = False) -> dict[str, Any]:
        """Return the recipe and the factory's name: the settings that the record keeps."""
        return {"network": name_of(self.factory), "loss": "mse", **asdict(self.recipe)}

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Train on X (n, n_features) and y (n,); the same result as in the company of other seeds."""
        self.fit_many([self], [(X, y)])
        return self

    def briefly(self) -> Self:
        """Return this network of this seed with a recipe of few steps: what it learns in them is its own already."""
        return type(self)(self.factory, self.problem, self.seed, self.recipe.brief())

    def _scaling_of(self, X: FloatArray, y: FloatArray) -> Scaling:
        if self.recipe.divisors is not None:
            return Scaling.by(*self.recipe.divisors, self.problem.n_features)
        element = (1, self.problem.n_features)
        if self.recipe.share_scaling:
            element = (self.problem.n_elements, self.problem.n_element_features)
        return Scaling.of(X, y, element)

    @classmethod
    def fit_many(cls, regressors: Sequence[Self], data: Sequence[tuple[FloatArray, FloatArray]]) -> None:
        """Train regressors[i] on data[i], all of one factory, problem and recipe."""
        from models.trainer.engine import train
        from models.trainer.trained import Job

        first = regressors[0]
        scalings = [first._scaling_of(X, y) for X, y in data]
        job = Job(
            factory=first.factory,
            problem=first.problem,
            recipe=first.recipe,
            seeds=[regressor.seed for regressor in regressors],
            inputs=[scaling.inputs(X) for scaling, (X, _) in zip(scalings, data, strict=True)],
            targets=[scaling.targets(y) for scaling, (_, y) in zip(scalings, data, strict=True)],
        )
        for regressor, scaling, network_ in zip(regressors, scalings, train(job), strict=True):
            regressor._scaling, regressor._trained = scaling, network_
            regressor.fit_info_ = {"engine": network_.engine, "engine_reason": network_.reason}

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, n_features), in the units of y.

        Raises:
            Diverged: training ended in NaN or infinity.
        """
        if self._trained.diverged_at is not None:
            raise Diverged(f"the loss was no longer finite at step {self._trained.diverged_at:,}")
        scaled = self._trained.predict(self._scaling.inputs(X))
        return self._scaling.y_mean + self._scaling.y_sd * scaled


def name_of(factory: object) -> str:
    """Return what a factory is called: the record's settings and errors show it."""
    while isinstance(factory, partial):
        factory = factory.func
    return str(getattr(factory, "__name__", type(factory).__name__))


def _require_factory(factory: object) -> None:
    """Raise `TypeError` unless `factory(problem)` can be called: here, at the author's own line."""
    expected = "network() takes a function problem -> nn.Module"
    # Without torch there is no module that could have been given.
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(factory, torch.nn.Module):
        raise TypeError(
            f"{expected}, got an instance of {type(factory).__name__}; every seed needs a new one: "
            "write a function that returns it"
        )
    if not callable(factory):
        raise TypeError(f"{expected}, got {factory!r}")
    try:
        signature = inspect.signature(factory)
    except (TypeError, ValueError):
        return  # Callables of C may not tell.
    try:
        signature.bind("problem")
    except TypeError as error:
        name, names = name_of(factory), ", ".join(signature.parameters)
        raise TypeError(f"{expected}, but {name}({names}) cannot be called as {name}(problem): {error}") from None


def network(factory: Factory, **recipe: Any) -> Callable[[Problem, int], Regressor]:
    """Return the `build` of a model that trains `factory(problem)` by `Recipe(**recipe)`.

    Raises:
        TypeError: the factory cannot be called with a problem, or there is no such option.
        ValueError: an option holds what is not allowed.
    """
    _require_factory(factory)
    full = recipe_of(recipe)

    def build(problem: Problem, seed: int) -> Regressor:
        return NetworkRegressor(factory, problem, seed, full.quick() if problem.quick else full)

    return build

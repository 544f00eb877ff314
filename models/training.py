"""Trains ordinary `nn.Module`s, many seeds at once: the interface that authors of networks use.

An author writes a factory `problem -> nn.Module` whose module maps (batch, n_features) to
(batch, 1) or (batch,); `network(factory)` makes of it the `build` of a `Model`. Scaling, batches,
optimiser and schedule are the recipe's, visible as parameters and kept in the record.

This file imports no torch, so that listing the models is quick; the training loops do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from models.base import Diverged, FloatArray, Problem, Regressor

if TYPE_CHECKING:
    from torch import nn

    from models.trainer.trained import Trained

Factory = Callable[[Problem], "nn.Module"]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a network is trained: by default Adam on the mean squared error of standardised targets.

    The learning rate goes from `learning_rate` to 0 along half a cosine over `steps` steps. Each
    epoch is a fresh permutation of the training rows cut into batches of `batch_size`; a remainder
    that fills no batch is left out of that epoch. With `share_scaling` all elements of a set are
    standardised by one mean and one sd per element feature, otherwise each column by its own; with
    `divisors` nothing is standardised, and X and y are divided by these two numbers instead.

    `rmsprop` is Tieleman and Hinton (2012), "Lecture 6.5", with Keras's settings: rho 0.9, epsilon 1e-7.

    `engine` is chosen by itself (see `models.trainer.engine`); naming one is for comparing them.
    """

    steps: int = 4_000
    batch_size: int = 128
    learning_rate: float = 1e-2
    schedule: Literal["cosine", "constant"] = "cosine"
    optimizer: Literal["adam", "rmsprop"] = "adam"
    dtype: Literal["float32", "float64"] = "float32"
    share_scaling: bool = False
    divisors: tuple[float, float] | None = None
    engine: Literal["auto", "stack", "traced", "loop"] = "auto"

    def __post_init__(self) -> None:
        if self.steps < 1 or self.batch_size < 1 or not self.learning_rate > 0:
            raise ValueError(
                "a recipe needs steps >= 1, batch_size >= 1 and learning_rate > 0, got "
                f"{self.steps}, {self.batch_size} and {self.learning_rate}"
            )
        if self.divisors is not None and not all(0 < divisor < np.inf for divisor in self.divisors):
            raise ValueError(f"a recipe divides X and y by finite numbers greater than 0, got {self.divisors}")

    def quick(self) -> Self:
        """Return the recipe with a tenth of the steps, for trying things out."""
        return replace(self, steps=max(1, self.steps // 10))

    def learning_rates(self) -> FloatArray:
        """Return the learning rate of each step (steps,)."""
        if self.schedule == "constant":
            return np.full(self.steps, self.learning_rate)
        rates: FloatArray = self.learning_rate / 2 * (1 + np.cos(np.pi * np.arange(self.steps) / self.steps))
        return rates


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
        return {"network": self.factory.__name__, "loss": "mse", **asdict(self.recipe)}

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Train on X (n, n_features) and y (n,); the same result as in the company of other seeds."""
        self.fit_many([self], [(X, y)])
        return self

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


def network(factory: Factory, **recipe: Any) -> Callable[[Problem, int], Regressor]:
    """Return the `build` of a model that trains `factory(problem)` by `Recipe(**recipe)`."""
    full = Recipe(**recipe)

    def build(problem: Problem, seed: int) -> Regressor:
        return NetworkRegressor(factory, problem, seed, full.quick() if problem.quick else full)

    return build

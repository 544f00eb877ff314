"""Trains ordinary `nn.Module`s, many seeds at once: the interface that authors of networks use.

An author writes a factory `problem -> nn.Module` whose module maps (batch, n_features) to
(batch, 1) or (batch,); `network(factory)` makes of it the `build` of a `Model`. Scaling, batches,
optimiser and schedule are the recipe's, visible as parameters and kept in the record.

This file imports no torch, so that listing the models is quick; the training loops do.
"""

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Self

from models.base import Diverged, FloatArray, Problem, Regressor
from models.training.recipe import Factory, Recipe, name_of, recipe_of
from models.training.scaling import Scaling, split
from models.training.validation import DIVERGED, Choice, budgets, choice_of, nothing_to_choose

if TYPE_CHECKING:
    from models.training.job import Trained


class NetworkRegressor:
    """One seed of a network: a regressor whose class trains many seeds together.

    `fit_info_` says, after training, which engine trained it and why; where the recipe has a `validation`, also for
    how many steps and why.
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
        unused = dict.fromkeys(("batch_size", "learning_rate", "schedule")) if self.recipe.optimizer == "lbfgs" else {}
        return {"network": name_of(self.factory), "loss": "mse", **asdict(self.recipe), **unused}

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
        cls._train(regressors, data)
        if regressors[0].recipe.validation is not None:
            cls._choose_steps(regressors, data)

    @classmethod
    def _train(cls, regressors: Sequence[Self], data: Sequence[tuple[FloatArray, FloatArray]]) -> None:
        """Train regressors[i] on all rows of data[i] for as many steps as the recipe says."""
        from models.training.engines.choice import train
        from models.training.job import Job

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

    @classmethod
    def _choose_steps(cls, regressors: Sequence[Self], data: Sequence[tuple[FloatArray, FloatArray]]) -> None:
        """Train those of the trained regressors again that do better with fewer steps, as rows held back say.

        What a seed chooses follows from its own rows alone, and so does what it learns then.
        """
        share, full = regressors[0].recipe.validation or 0.0, regressors[0].recipe.steps
        why_not = [
            nothing_to_choose(y, regressor._errors(X, y), share)
            for regressor, (X, y) in zip(regressors, data, strict=True)
        ]
        due = [i for i, reason in enumerate(why_not) if reason is None]
        choices = {i: Choice(full, reason) for i, reason in enumerate(why_not) if reason is not None}
        choices |= zip(due, cls._choices([regressors[i] for i in due], [data[i] for i in due]), strict=True)
        for steps in sorted({choice.steps for choice in choices.values()} - {full}):
            group = [i for i in due if choices[i].steps == steps]
            shorter = [regressors[i]._of(steps) for i in group]
            cls._train(shorter, [data[i] for i in group])
            for i, network_ in zip(group, shorter, strict=True):
                if network_._trained.diverged_at is None:
                    regressors[i]._scaling, regressors[i]._trained = network_._scaling, network_._trained
                else:
                    choices[i] = replace(choices[i], steps=full, decided_by=DIVERGED)
        for i, choice in choices.items():
            regressors[i].fit_info_ = {**regressors[i].fit_info_, **choice.notes}

    @classmethod
    def _choices(cls, regressors: Sequence[Self], data: Sequence[tuple[FloatArray, FloatArray]]) -> list[Choice]:
        """Return for how many steps each regressor does best on rows held back; data[i] are its rows, and no others."""
        if not regressors:
            return []
        errors: list[dict[int, FloatArray | None]] = [{} for _ in regressors]
        recipe = regressors[0].recipe
        share = recipe.validation or 0.0
        parts = [split(len(y), share, regressor.seed) for regressor, (_, y) in zip(regressors, data, strict=True)]
        for steps in budgets(recipe.steps):
            trials = [regressor._of(steps) for regressor in regressors]
            cls._train(trials, [(X[part.kept], y[part.kept]) for part, (X, y) in zip(parts, data, strict=True)])
            for found, trial, part, (X, y) in zip(errors, trials, parts, data, strict=True):
                found[steps] = trial._errors(X[part.held_back], y[part.held_back])
        for found, regressor in zip(errors, regressors, strict=True):
            if regressor._trained.diverged_at is not None:
                # On all rows the full training is of no use, whatever it was on some.
                found[recipe.steps] = None
        return [choice_of(found, y) for found, (_, y) in zip(errors, data, strict=True)]

    def _of(self, steps: int) -> Self:
        """Return this network of this seed, unfitted, that trains for so many steps, without a choice."""
        recipe = replace(self.recipe, steps=steps, validation=None)
        return type(self)(self.factory, self.problem, self.seed, recipe)

    def _errors(self, X: FloatArray, y: FloatArray) -> FloatArray | None:
        """Return the errors (n,) of what was trained, on X (n, n_features) and y (n,); None where it diverged."""
        try:
            return self.predict(X) - y
        except Diverged:
            return None

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, n_features), in the units of y.

        Raises:
            Diverged: training ended in NaN or infinity.
        """
        if self._trained.diverged_at is not None:
            raise Diverged(f"the loss was no longer finite at step {self._trained.diverged_at:,}")
        scaled = self._trained.predict(self._scaling.inputs(X))
        return self._scaling.y_mean + self._scaling.y_sd * scaled

    def parameters(self) -> int:
        """Return how many numbers were trained."""
        trained = [each for each in self._trained.module.parameters() if each.requires_grad]
        return sum(each.numel() * (2 if each.is_complex() else 1) for each in trained)

    @property
    def expression(self) -> Callable[[], str]:
        """A function that returns what was learned as a formula of x1, x2, ... in the units of X and y.

        It is Python: sums, products and the functions that the module's own `expression` writes.

        Raises:
            AttributeError: the module writes no formula, or nothing is trained yet.
        """
        write: Callable[[list[str]], str] | None = getattr(self._trained.module, "expression", None)
        if write is None:
            raise AttributeError(f"the network of {name_of(self.factory)!r} writes no formula")
        return lambda: self._scaling.written_target(write(self._scaling.written_inputs()))


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

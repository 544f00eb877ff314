"""Trains ordinary `nn.Module`s, many seeds at once: the interface that authors of networks use.

An author writes a factory `problem -> nn.Module` whose module maps (batch, n_features) to
(batch, 1) or (batch,); `network(factory)` makes of it the `build` of a `Model`. Scaling, batches,
optimiser and schedule are the recipe's, visible as parameters and kept in the record.

This file imports no torch, so that listing the models is quick; the training loops do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from models.base import Diverged, FloatArray, Problem, Regressor
from models.training.allowed import name_of
from models.training.factory import require_factory
from models.training.recipe import Factory, Recipe, recipe_of
from models.training.scaling import Scaling, parted
from models.training.validation import (
    DIVERGED,
    TOO_FEW,
    Choice,
    RateChoice,
    budgets,
    choice_of,
    nothing_to_choose,
    rate_of,
    too_few,
)

if TYPE_CHECKING:
    from models.training.job import Trained

Rows = tuple[FloatArray, FloatArray]
"""Inputs (n, n_features) and targets (n,), in their own units."""


class NetworkRegressor:
    """One seed of a network: a regressor whose class trains many seeds together.

    `fit_info_` says, after training, which engine trained it and why; where the recipe has a `validation`, also what
    the rows held back have decided: for how many steps, with which rate, or after which step it was best.
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
        return {"network": name_of(self.factory), **self.recipe.settings()}

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Train on X (n, n_features) and y (n,); the same result as in the company of other seeds."""
        self.fit_many([self], [(X, y)])
        return self

    def briefly(self) -> Self:
        """Return this network of this seed with a recipe of few steps: what it learns in them is its own already."""
        return self._with(self.recipe.brief())

    def _scaling_of(self, X: FloatArray, y: FloatArray) -> Scaling:
        if self.recipe.divisors is not None:
            return Scaling.by(*self.recipe.divisors, self.problem.n_features)
        element = (1, self.problem.n_features)
        if self.recipe.share_scaling:
            element = (self.problem.n_elements, self.problem.n_element_features)
        return Scaling.of(X, y, element)

    @classmethod
    def fit_many(cls, regressors: Sequence[Self], data: Sequence[Rows]) -> None:
        """Train regressors[i] on data[i], all of one factory, problem and recipe."""
        recipe = regressors[0].recipe
        if recipe.learning_rates is not None:
            cls._choose_rates(regressors, data)
        elif recipe.early_stopping:
            cls._train_and_look(regressors, data)
        else:
            cls._train(regressors, data)
            if recipe.validation is not None:
                cls._choose_steps(regressors, data)

    @classmethod
    def _train(cls, regressors: Sequence[Self], data: Sequence[Rows], held_back: Sequence[Rows] | None = None) -> None:
        """Train regressors[i] on all rows of data[i] for as many steps as the recipe says.

        With rows held back each stops early by its own.
        """
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
            held_back=None
            if held_back is None
            else [(each.inputs(X), each.targets(y)) for each, (X, y) in zip(scalings, held_back, strict=True)],
        )
        for regressor, scaling, network_ in zip(regressors, scalings, train(job), strict=True):
            regressor._scaling, regressor._trained = scaling, network_
            stopped = {} if network_.stopped is None else network_.stopped.notes
            regressor.fit_info_ = {"engine": network_.engine, "engine_reason": network_.reason, **stopped}

    @classmethod
    def _train_and_look(cls, regressors: Sequence[Self], data: Sequence[Rows]) -> None:
        """Train on the rows that are not held back, and keep the weights that do best on those that are."""
        if too_few(len(data[0][1]), regressors[0].recipe.validation or 0.0):
            cls._train(regressors, data)
            for regressor in regressors:
                regressor.fit_info_ = {**regressor.fit_info_, "not_stopped_by": TOO_FEW}
        else:
            cls._train(regressors, *cls._parts(regressors, data))

    @classmethod
    def _parts(cls, regressors: Sequence[Self], data: Sequence[Rows]) -> tuple[list[Rows], list[Rows]]:
        """Return the rows of each regressor that it trains on, and those that its recipe holds back."""
        parts = [parted(each.recipe, X, each.seed) for each, (X, _) in zip(regressors, data, strict=True)]
        kept = [(X[part.kept], y[part.kept]) for part, (X, y) in zip(parts, data, strict=True)]
        return kept, [(X[part.held_back], y[part.held_back]) for part, (X, y) in zip(parts, data, strict=True)]

    @classmethod
    def _choose_rates(cls, regressors: Sequence[Self], data: Sequence[Rows]) -> None:
        """Train each regressor as if it had been given the one of its rates that does best on the rows held back."""
        recipe = regressors[0].recipe
        choices = cls._rates(regressors, data)
        for rate in sorted({choice.rate for choice in choices}):
            group = [i for i, choice in enumerate(choices) if choice.rate == rate]
            fitted = [regressors[i]._with(recipe.at_rate(rate)) for i in group]
            cls.fit_many(fitted, [data[i] for i in group])
            for i, network_ in zip(group, fitted, strict=True):
                regressors[i]._take(network_)
                regressors[i].fit_info_ = {**network_.fit_info_, **choices[i].notes}

    @classmethod
    def _rates(cls, regressors: Sequence[Self], data: Sequence[Rows]) -> list[RateChoice]:
        """Return with which rate each regressor does best on rows held back; data[i] are its rows, and no others."""
        recipe = regressors[0].recipe
        rates = recipe.learning_rates or ()
        if too_few(len(data[0][1]), recipe.validation or 0.0):
            return [RateChoice(rates[0], TOO_FEW)] * len(regressors)
        kept, held_back = cls._parts(regressors, data)
        losses: list[dict[float, float]] = [{} for _ in regressors]
        for rate in rates:
            trial = replace(recipe.at_rate(rate), callback=None)
            if not trial.early_stopping:
                trial = trial.without_choice(trial.steps)
            trials = [regressor._with(trial) for regressor in regressors]
            cls._train(trials, kept, held_back if trial.early_stopping else None)
            for found, network_, (X, y) in zip(losses, trials, held_back, strict=True):
                found[rate] = network_._loss(X, y)
        return [rate_of(found) for found in losses]

    @classmethod
    def _choose_steps(cls, regressors: Sequence[Self], data: Sequence[Rows]) -> None:
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
            shorter = [regressors[i]._with(regressors[i].recipe.without_choice(steps)) for i in group]
            cls._train(shorter, [data[i] for i in group])
            for i, network_ in zip(group, shorter, strict=True):
                if network_._trained.diverged_at is None:
                    regressors[i]._take(network_)
                else:
                    choices[i] = replace(choices[i], steps=full, decided_by=DIVERGED)
        for i, choice in choices.items():
            regressors[i].fit_info_ = {**regressors[i].fit_info_, **choice.notes}

    @classmethod
    def _choices(cls, regressors: Sequence[Self], data: Sequence[Rows]) -> list[Choice]:
        """Return for how many steps each regressor does best on rows held back; data[i] are its rows, and no others."""
        if not regressors:
            return []
        errors: list[dict[int, FloatArray | None]] = [{} for _ in regressors]
        recipe = regressors[0].recipe
        kept, held_back = cls._parts(regressors, data)
        for steps in budgets(recipe.steps):
            trials = [regressor._with(replace(recipe.without_choice(steps), callback=None)) for regressor in regressors]
            cls._train(trials, kept)
            for found, trial, (X, y) in zip(errors, trials, held_back, strict=True):
                found[steps] = trial._errors(X, y)
        for found, regressor in zip(errors, regressors, strict=True):
            if regressor._trained.diverged_at is not None:
                # On all rows the full training is of no use, whatever it was on some.
                found[recipe.steps] = None
        return [choice_of(found, y) for found, (_, y) in zip(errors, data, strict=True)]

    def _with(self, recipe: Recipe) -> Self:
        """Return this network of this seed, unfitted, with another recipe."""
        return type(self)(self.factory, self.problem, self.seed, recipe)

    def _take(self, other: Self) -> None:
        """Be from now on what the other has learned."""
        self._scaling, self._trained = other._scaling, other._trained

    def _loss(self, X: FloatArray, y: FloatArray) -> float:
        """Return the recipe's loss on X (n, n_features) and y (n,), standardised; infinity where training diverged."""
        from models.training.losses import loss_between

        if self._trained.diverged_at is not None:
            return float("inf")
        if self._trained.stopped is not None:
            return self._trained.stopped.loss
        predicted = self._trained.predict(self._scaling.inputs(X))
        return loss_between(self.recipe, predicted, self._scaling.targets(y))

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


def network(factory: Factory, **recipe: Any) -> Callable[[Problem, int], Regressor]:
    """Return the `build` of a model that trains `factory(problem)` by `Recipe(**recipe)`.

    Raises:
        TypeError: the factory cannot be called with a problem, or there is no such option.
        ValueError: an option holds what is not allowed.
    """
    require_factory(factory)
    full = recipe_of(recipe)

    def build(problem: Problem, seed: int) -> Regressor:
        return NetworkRegressor(factory, problem, seed, full.quick() if problem.quick else full)

    return build

"""The smallest changes of a model or a task that are real: what a stamp has to see."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

import numpy as np

from benchmark.cell.practice import SHAPES, task_stamp
from benchmark.store.stamp import Stamp
from findings.lambda_.models import ClosedForm, GradientDescent
from models.base import Model, Problem, Regressor
from models.training import Factory
from models.training.network import NetworkRegressor
from tasks.base import LADDER, Domain, FloatArray, Quantity, Sample, Task

if TYPE_CHECKING:
    from torch import nn

Edit = Callable[[Any], Regressor]


def edited(model: Model, edit: Edit) -> Model:
    """Return the model whose regressors go through `edit` before they learn."""

    def build(problem: Problem, seed: int) -> Regressor:
        return edit(model.build(problem, seed))

    return replace(model, build=build)


def recipe(**change: Callable[[Any], object]) -> Edit:
    """Return the edit of a network's recipe that gives each of these fields what its function makes of it."""

    def edit(network: NetworkRegressor) -> Regressor:
        fields: dict[str, Any] = {name: of(getattr(network.recipe, name)) for name, of in change.items()}
        return NetworkRegressor(network.factory, network.problem, network.seed, replace(network.recipe, **fields))

    return edit


def another_seed(network: NetworkRegressor) -> Regressor:
    """Return the network of the next seed."""
    return NetworkRegressor(network.factory, network.problem, network.seed + 1, network.recipe)


def parameters(**change: Callable[[Any], object]) -> Edit:
    """Return the edit of a scikit-learn regressor that gives each parameter what its function makes of it."""

    def edit(regressor: Any) -> Regressor:
        given = regressor.get_params()
        return cast("Regressor", regressor.set_params(**{name: of(given[name]) for name, of in change.items()}))

    return edit


def _layers(module: "nn.Module") -> "list[Any]":
    from torch import nn

    return [layer for layer in module.modules() if isinstance(layer, nn.Linear | nn.Conv1d)]


def _one_unit_more(module: "nn.Module") -> None:
    """Give the first hidden layer one unit more; all others start as before."""
    import torch
    from torch import nn

    first, second, *_ = _layers(module)
    with torch.no_grad():
        row, column = first.weight[:1].clone().uniform_(-0.5, 0.5), second.weight[:, :1].clone().uniform_(-0.1, 0.1)
        first.weight = nn.Parameter(torch.cat([first.weight, row]))
        first.bias = nn.Parameter(torch.cat([first.bias, first.bias[:1]]))
        second.weight = nn.Parameter(torch.cat([second.weight, column], dim=1))
    for layer, side in ((first, "out"), (second, "in")):
        for name in (f"{side}_features", f"{side}_channels"):
            if name in vars(layer):
                setattr(layer, name, getattr(layer, name) + 1)


def _larger_start(module: "nn.Module") -> None:
    """Let the weights of the first layer start one per cent larger."""
    import torch

    with torch.no_grad():
        _layers(module)[0].weight *= 1.01


def network_of(change: "Callable[[nn.Module], None]") -> Edit:
    """Return the edit that changes a network's fresh module."""

    def edit(network: NetworkRegressor) -> Regressor:
        factory: Factory = network.factory

        @wraps(factory)
        def changed(problem: Problem) -> "nn.Module":
            module = factory(problem)
            change(module)
            return module

        return NetworkRegressor(changed, network.problem, network.seed, network.recipe)

    return edit


LEARNING_RATE = recipe(learning_rate=lambda rate: 1.01 * rate)
SMALLER_BATCH = recipe(batch_size=lambda size: size - 1)
NETWORK: Mapping[str, Edit] = {
    "rate +1 %": LEARNING_RATE,
    "batch -1": SMALLER_BATCH,
    "seed": another_seed,
    "step +1": recipe(steps=lambda steps: steps + 1),
    "unit +1": network_of(_one_unit_more),
    "start +1 %": network_of(_larger_start),
}
TREES: Mapping[str, Edit] = {
    "rate +1 %": parameters(learning_rate=lambda rate: 1.01 * rate),
    "tree +1": parameters(n_estimators=lambda n: n + 1),
    "depth +1": parameters(max_depth=lambda depth: depth + 1),
}
POLYNOMIAL: Mapping[str, Edit] = {"degree +1": parameters(polynomialfeatures__degree=lambda degree: degree + 1)}
_POWERS: Mapping[str, Edit] = {"power +1": lambda known: ClosedForm((*known.powers, known.powers[-1] + 1))}
_DESCENT: Mapping[str, Edit] = {"rate +1 %": lambda known: GradientDescent(1.01 * known.rate)}


def edits_of(model: Model) -> Mapping[str, Edit]:
    """Return the smallest real changes of this model, by name."""
    regressor = model.build(SHAPES["2 numbers"], 0)
    known: tuple[tuple[type, Mapping[str, Edit]], ...] = ((ClosedForm, _POWERS), (GradientDescent, _DESCENT))
    for kind, edits in known:
        if isinstance(regressor, kind):
            return edits
    if isinstance(regressor, NetworkRegressor):
        hidden = len(_layers(regressor.factory(SHAPES["2 numbers"]))) > 1
        return {name: edit for name, edit in NETWORK.items() if hidden or name != "unit +1"}
    return TREES if type(regressor).__name__ == "XGBRegressor" else POLYNOMIAL


@dataclass(frozen=True)
class _Uneven:
    """A domain whose rows are never spread evenly."""

    domain: Domain

    def __getattr__(self, name: str) -> object:
        return getattr(self.domain, name)

    def draw(self, n: int, rng: np.random.Generator, *, inner: float, outer: float, even: bool) -> Sample:
        """Return n independent draws."""
        return self.domain.draw(n, rng, inner=inner, outer=outer, even=False)


def mean_absolute_error(predictions: FloatArray, y: FloatArray) -> float:
    """Return the mean of the absolute errors."""
    return float(np.mean(np.abs(predictions - y)))


def _other_sign(quantity: Quantity) -> Quantity:
    def measure(X: FloatArray, predictions: FloatArray) -> dict[str, float]:
        return {name: -value for name, value in quantity.measure(X, predictions).items()}

    return replace(quantity, measure=measure)


def _scaled(task: Task) -> Task:
    return replace(task, function=lambda X: 1.0001 * task.function(X))


def _uneven(task: Task) -> Task:
    changed = copy(task)
    object.__setattr__(changed, "domain", _Uneven(task.domain))
    return changed


_OTHER_LADDER = tuple(1.11 if edge == 1.1 else edge for edge in LADDER)
TASK: Mapping[str, Callable[[Task], Task]] = {
    "stream": lambda task: replace(task, name=f"{task.name}-2"),
    "row -1": lambda task: replace(task, n_train=task.n_train - 1),
    "scored row -1": lambda task: replace(task, n_test=task.n_test - 1),
    "not even": _uneven,
    "reach -1 %": lambda task: replace(task, reach=0.99 * task.reach),
    "function +0.01 %": _scaled,
    "noise +1 %": lambda task: replace(task, noise_std=1.01 * task.noise_std),
    "sign of a quantity": lambda task: replace(task, quantities=tuple(map(_other_sign, task.quantities))),
}
SCORING: Mapping[str, Callable[[], AbstractContextManager[object]]] = {
    "mean absolute error": lambda: patch("benchmark.cell.scoring.rmse", mean_absolute_error),
    "shell edge": lambda: patch("tasks.base.LADDER", _OTHER_LADDER),
}


def stamps_of_changes(task: Task) -> dict[str, Stamp]:
    """Return the stamp of the task after each change that it can have, by the change's name."""
    done: dict[str, tuple[Task, AbstractContextManager[object]]] = {
        name: (change(task), nullcontext())
        for name, change in TASK.items()
        if (name != "noise +1 %" or task.noise_std) and (name != "sign of a quantity" or task.quantities)
    }
    done |= {name: (task, scoring()) for name, scoring in SCORING.items()}
    stamps = {}
    for name, (changed, scoring) in done.items():
        with scoring:
            stamps[name] = Stamp.model_validate(task_stamp(changed))
    return stamps

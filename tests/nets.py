"""Networks and jobs that the trainer is tested on: ordinary modules, easy ones and awkward ones."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from contextlib import suppress

import numpy as np
import torch
from torch import Tensor, nn

import models
from benchmark.record import OFF_BOARD
from models.base import Model, NotApplicable, Problem
from models.trainer.trained import Job
from models.training import Factory, NetworkRegressor, Recipe

PAIR = Problem(n_features=6, n_elements=2, n_element_features=3, n_train=160)


def registered() -> Iterator[tuple[str, NetworkRegressor]]:
    """Yield the name of every network of the board with a regressor of it for `PAIR`, seed 0."""
    for found in pkgutil.iter_modules(models.__path__):
        module = importlib.import_module(f"models.{found.name}")
        entries: tuple[Model, ...] = getattr(module, "MODELS", ())
        for model in entries:
            with suppress(NotApplicable):
                regressor = model.build(PAIR, 0)
                if isinstance(regressor, NetworkRegressor) and not OFF_BOARD & set(model.tags):
                    yield model.name, regressor


def job(factory: Factory, seeds: Iterable[int], recipe: Recipe, *, problem: Problem = PAIR) -> Job:
    """Return the job of learning a smooth function, every seed on rows of its own."""
    seeds = tuple(seeds)
    inputs = [np.random.default_rng(seed).standard_normal((problem.n_train, problem.n_features)) for seed in seeds]
    targets = [np.sin(X[:, 0]) + X[:, 1] * X[:, -1] for X in inputs]
    return Job(factory=factory, problem=problem, recipe=recipe, seeds=seeds, inputs=inputs, targets=targets)


def plain(problem: Problem) -> nn.Module:
    return nn.Sequential(nn.Linear(problem.n_features, 16), nn.Tanh(), nn.Linear(16, 1))


def linear(problem: Problem) -> nn.Module:
    return nn.Sequential(nn.Linear(problem.n_features, 9), nn.Linear(9, 5, bias=False), nn.Linear(5, 1))


def without_bias(problem: Problem) -> nn.Module:
    return nn.Sequential(
        nn.Linear(problem.n_features, 16, bias=False),
        nn.Sequential(nn.ReLU(), nn.Linear(16, 9)),
        nn.Tanh(),
        nn.Linear(9, 1, bias=False),
    )


def layer_norm(problem: Problem) -> nn.Module:
    return nn.Sequential(nn.Linear(problem.n_features, 16), nn.LayerNorm(16), nn.GELU(), nn.Linear(16, 1))


def convolution(problem: Problem) -> nn.Module:
    return nn.Sequential(
        nn.Unflatten(-1, (1, problem.n_features)),
        nn.Conv1d(1, 8, kernel_size=3, padding=1),
        nn.Tanh(),
        nn.Flatten(),
        nn.Linear(8 * problem.n_features, 1),
    )


class Attention(nn.Module):
    """Elements that attend to each other, then their mean."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.elements = (problem.n_elements, problem.n_element_features)
        self.embed = nn.Linear(problem.n_element_features, 8)
        self.attend = nn.MultiheadAttention(8, num_heads=2, batch_first=True)
        self.out = nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        h = self.embed(x.reshape(-1, *self.elements))
        output: Tensor = self.out(self.attend(h, h, h, need_weights=False)[0].mean(dim=1))
        return output


def tied_weights(problem: Problem) -> nn.Module:
    shared = nn.Linear(12, 12)
    return nn.Sequential(nn.Linear(problem.n_features, 12), shared, nn.Tanh(), shared, nn.Tanh(), nn.Linear(12, 1))


class Features(nn.Module):
    """Random features in a buffer, drawn anew for every seed; a frozen weight; a weight that nothing uses."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.directions: Tensor
        self.register_buffer("directions", torch.randn(problem.n_features, 16))
        self.frozen = nn.Parameter(torch.randn(16), requires_grad=False)
        self.unused = nn.Parameter(torch.randn(3))
        self.out = nn.Linear(16, 1)

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = self.out(torch.cos(x @ self.directions + self.frozen))
        return output


def batch_norm(problem: Problem) -> nn.Module:
    return nn.Sequential(nn.Linear(problem.n_features, 8), nn.BatchNorm1d(8), nn.Linear(8, 1))


def dropout(problem: Problem) -> nn.Module:
    return nn.Sequential(nn.Linear(problem.n_features, 8), nn.Dropout(0.2), nn.Linear(8, 1))


def spectral_norm(problem: Problem) -> nn.Module:
    first = nn.utils.parametrizations.spectral_norm(nn.Linear(problem.n_features, 8))
    return nn.Sequential(first, nn.Linear(8, 1))


class Recurrent(nn.Module):
    """A GRU along the elements."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.elements = (problem.n_elements, problem.n_element_features)
        self.recur = nn.GRU(problem.n_element_features, 6, batch_first=True)
        self.out = nn.Linear(6, 1)

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = self.out(self.recur(x.reshape(-1, *self.elements))[0][:, -1])
        return output


class Branching(nn.Module):
    """A layer that is used or not, by the sign of a value."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.left, self.right = nn.Linear(problem.n_features, 1), nn.Linear(problem.n_features, 1)

    def forward(self, x: Tensor) -> Tensor:
        chosen = self.left if x.mean() > 0 else self.right
        output: Tensor = chosen(x)
        return output


class HiddenConstant(nn.Module):
    """A random constant that is no buffer, so that nobody sees that it differs between seeds."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.constant = torch.randn(problem.n_features, dtype=torch.float64)
        self.out = nn.Linear(problem.n_features, 1)

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = self.out(x * self.constant.to(x.dtype))
        return output


RECORDABLE: tuple[Factory, ...] = (layer_norm, convolution, Attention, tied_weights, Features)
"""Modules for the traced engine."""

UNRECORDABLE: tuple[tuple[Factory, str], ...] = (
    (batch_norm, "its buffer '1.running_mean' changes in training"),
    (dropout, "it draws random numbers in training"),
    (spectral_norm, "changes in training"),
    (Branching, "it cannot be recorded"),
    (HiddenConstant, "is not the one of plain autograd"),
)
"""Modules for the loop only, each with a part of the reason."""

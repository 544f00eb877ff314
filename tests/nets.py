"""Networks and jobs that the trainer is tested on: ordinary modules, easy ones and awkward ones."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from contextlib import suppress

import numpy as np
import torch
from torch import Tensor, nn

import models
from benchmark.store.record import OFF_BOARD
from models.base import Model, NotApplicable, Problem
from models.training import Factory
from models.training.job import Job
from models.training.network import NetworkRegressor
from models.training.recipe import Recipe

PAIR = Problem(n_features=6, n_elements=2, n_element_features=3, n_train=160)


def registered() -> Iterator[tuple[str, NetworkRegressor]]:
    """Yield the name of every plain stack of the suite `core` with a regressor of it for `PAIR`, seed 0."""
    for model, regressor in networks():
        if "core" in model.tags:
            yield model.name, regressor


def networks() -> Iterator[tuple[Model, NetworkRegressor]]:
    """Yield every network of the board with a regressor of it for `PAIR`, seed 0."""
    for found in pkgutil.iter_modules(models.__path__):
        module = importlib.import_module(f"models.{found.name}")
        entries: tuple[Model, ...] = getattr(module, "MODELS", ())
        for model in entries:
            with suppress(NotApplicable):
                regressor = model.build(PAIR, 0)
                if isinstance(regressor, NetworkRegressor) and not OFF_BOARD & set(model.tags):
                    yield model, regressor


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


class ComplexWeights(nn.Module):
    """Complex weights after a real one of an odd number of entries, and a real output."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.shift = nn.Parameter(torch.randn(3))
        self.first = nn.Parameter(torch.randn(problem.n_features, 9, dtype=torch.cfloat) / 3)
        self.second = nn.Parameter(torch.randn(9, 1, dtype=torch.cfloat) / 3)

    def forward(self, x: Tensor) -> Tensor:
        hidden = torch.tanh(x.to(self.first.dtype) @ self.first)
        return (hidden @ self.second).real + self.shift.sum()


def norms_of_odd_width(problem: Problem) -> nn.Module:
    """Two batch normalisations, one without weights, whose widths fill no vector register."""
    return nn.Sequential(
        nn.Linear(problem.n_features, 7, bias=False),
        nn.BatchNorm1d(7),
        nn.GELU(),
        nn.Linear(7, 5, bias=False),
        nn.BatchNorm1d(5, affine=False),
        nn.GELU(),
        nn.Linear(5, 1),
    )


def dropouts(problem: Problem) -> nn.Module:
    """Dropout of numbers, of whole elements, and one that keeps mean and variance."""
    return nn.Sequential(
        nn.Unflatten(-1, (problem.n_elements, problem.n_element_features)),
        nn.Dropout1d(0.1),
        nn.Flatten(),
        nn.Linear(problem.n_features, 16),
        nn.AlphaDropout(0.1),
        nn.GELU(),
        nn.Dropout(0.3),
        nn.Linear(16, 1),
    )


class Noise(nn.Module):
    """Random numbers of many kinds in every call, some of which nothing uses."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.hidden, self.out = nn.Linear(problem.n_features, 8), nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        torch.rand(5)
        noisy = x + 0.1 * torch.randn_like(x) * torch.rand(x.shape, dtype=x.dtype)
        kept = torch.bernoulli(torch.full((8,), 0.9, dtype=x.dtype))
        hidden = torch.tanh(self.hidden(noisy)) * kept * torch.rand_like(x[:, :1]).uniform_(0.9, 1.1)
        output: Tensor = self.out(hidden + torch.empty_like(hidden).normal_(0, 0.1))
        return output


class RunningMean(nn.Module):
    """A buffer of the author's own that every call moves."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.mean: Tensor
        self.register_buffer("mean", torch.zeros(8))
        self.hidden, self.out = nn.Linear(problem.n_features, 8), nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.hidden(x)
        if self.training:
            self.mean.mul_(0.9).add_(0.1 * hidden.detach().mean(dim=0))
        output: Tensor = self.out(torch.tanh(hidden - self.mean))
        return output


class ReplacedMean(RunningMean):
    """The same buffer, made anew in every call, which a record cannot hold."""

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.hidden(x)
        if self.training:
            self.mean = 0.9 * self.mean + 0.1 * hidden.detach().mean(dim=0)
        output: Tensor = self.out(torch.tanh(hidden - self.mean))
        return output


class Overwriting(nn.Module):
    """Writes over the rows that it is given."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.hidden, self.out = nn.Linear(problem.n_features, 8), nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = self.out(torch.tanh(self.hidden(x.mul_(2).sub_(1))))
        return output


class Counting(nn.Module):
    """Counts its calls and lets its features in one after another, the last after 32 calls: a curriculum."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.calls = 0
        self.out = nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        self.calls += self.training
        frequencies = torch.arange(8, dtype=x.dtype)
        weights = (8 * self.calls / 32 - frequencies).clamp(0, 1)
        output: Tensor = self.out(weights * torch.sin(x[:, :1] * frequencies))
        return output


def by_chance(problem: Problem) -> nn.Module:
    """A structure that the seed draws: an activation, and a width."""
    width = int(torch.randint(4, 9, (1,)))
    activation = nn.Tanh() if torch.rand(1) < 0.5 else nn.Sigmoid()
    return nn.Sequential(nn.Linear(problem.n_features, width), activation, nn.Linear(width, 1))


class _Tripled(torch.autograd.Function):
    """Twice x, and three times x where `vmap` asks: an author's mistake."""

    @staticmethod
    def forward(x: Tensor) -> Tensor:
        return 2 * x

    @staticmethod
    def setup_context(context: object, inputs: object, output: object) -> None:
        pass

    @staticmethod
    def backward(context: object, *gradients: Tensor) -> Tensor:
        return 2 * gradients[0]

    @staticmethod
    def vmap(info: object, dims: tuple[int], x: Tensor) -> tuple[Tensor, int]:
        return 3 * x, dims[0]


class WrongUnderVmap(nn.Module):
    """Computes something else where many seeds are computed at once."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.hidden, self.out = nn.Linear(problem.n_features, 8), nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = self.out(_Tripled.apply(self.hidden(x)))  # type: ignore[no-untyped-call]
        return output


RECORDABLE: tuple[Factory, ...] = (
    *(layer_norm, convolution, Attention, tied_weights, Features, Overwriting, ComplexWeights),
    *(batch_norm, norms_of_odd_width, RunningMean, dropout, dropouts, Noise),
)
"""Modules for the traced engine."""

UNRECORDABLE: tuple[tuple[Factory, str], ...] = (
    (Counting, "plain loop: its attribute 'calls' changes with its calls"),
    (ReplacedMean, "plain loop: its recorded buffer 'mean' is not the one of plain autograd"),
    (spectral_norm, "plain loop: it cannot be recorded: "),
    (Branching, "plain loop: it cannot be recorded: it reads a tensor's value as a number, or branches on it"),
    (WrongUnderVmap, "plain loop: its recorded gradient of 'hidden.weight' is not the one of plain autograd"),
)
"""Modules for the loop only, each with how the reason starts."""

"""The six networks that training is timed on, and the arithmetic that they cost."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from torch import nn

from models.base import FloatArray, Problem
from models.kolmogorov_arnold import radial_kan
from models.residual import gelu_resnet
from models.sine import siren
from models.training.layers import SumOverElements


@dataclass(frozen=True, kw_only=True)
class Net:
    """A ReLU network: `inner` widths on each element, their sum, `outer` widths; without inner no sum.

    With a `factory` it is what that returns. `products` are then the multiplications of a row in each matrix product,
    those of the first layer, whose inputs need no gradient, in `first_products`.
    """

    name: str
    n_elements: int = 1
    n_element_features: int
    inner: tuple[int, ...] = ()
    outer: tuple[int, ...] = ()
    factory: Callable[[Problem], nn.Module] | None = None
    products: tuple[int, ...] = ()
    first_products: int = 0
    n_rows: int
    batch_size: int
    steps: int
    learning_rate: float = 1e-2
    seeds: tuple[int, ...] = (1, 10, 50)

    @property
    def kind(self) -> str:
        """ "plain", "set" or "other": not every library has every network."""
        return "other" if self.factory is not None else "set" if self.inner else "plain"

    @property
    def problem(self) -> Problem:
        """The sizes that a factory may know."""
        return Problem(
            n_features=self.n_elements * self.n_element_features,
            n_elements=self.n_elements,
            n_element_features=self.n_element_features,
            n_train=self.n_rows,
        )

    def module(self, _: Problem | None = None) -> nn.Module:
        """Return a fresh module from (batch, n_features) to (batch, 1)."""
        if self.factory is not None:
            return self.factory(self.problem)
        layers: list[nn.Module] = []
        width = self.n_element_features
        if self.inner:
            layers.append(nn.Unflatten(-1, (self.n_elements, self.n_element_features)))
        for out in self.inner:
            layers += [nn.Linear(width, out), nn.ReLU()]
            width = out
        if self.inner:
            layers.append(SumOverElements())
        for out in self.outer:
            layers += [nn.Linear(width, out), nn.ReLU()]
            width = out
        return nn.Sequential(*layers[:-1])

    def gigaflops(self, n_seeds: int) -> float:
        """Return the arithmetic of the matrix products of a whole training, in 10^9 operations."""
        products, first = list(self.products), self.first_products
        if self.factory is None:
            widths = (self.n_element_features, *self.inner, *self.outer)
            columns = (self.n_elements,) * len(self.inner) + (1,) * len(self.outer)
            first, *products = (a * b * n for a, b, n in zip(widths, widths[1:], columns, strict=False))
        # Forward, gradient of the weights, gradient of the inputs; the first layer needs no third.
        multiplications = 3 * sum(products) + 2 * first
        return 2e-9 * multiplications * self.batch_size * self.steps * n_seeds

    def rows(self, seed: int) -> tuple[FloatArray, FloatArray]:
        """Return a seed's training rows, inputs (n, n_features) and targets (n,), both about standard."""
        X = np.random.default_rng(seed).standard_normal((self.n_rows, self.problem.n_features))
        return X, np.sin(X).sum(axis=1)


NETS = (
    Net(name="1-64-64-1", n_element_features=1, outer=(64, 64, 1), n_rows=1_000, batch_size=100, steps=5_000),
    Net(
        name="2-32-64-32-1",
        n_element_features=2,
        outer=(32, 64, 32, 1),
        n_rows=10_000,
        batch_size=128,
        steps=4_000,
    ),
    Net(
        name="deep-sets",
        n_elements=2,
        n_element_features=3,
        inner=(50, 50),
        outer=(50, 1),
        n_rows=10_000,
        batch_size=128,
        steps=4_000,
    ),
    Net(
        name="siren",
        n_element_features=1,
        factory=siren,
        products=(64 * 64, 64 * 64, 64),
        first_products=64,
        n_rows=10_000,
        batch_size=128,
        steps=4_000,
        learning_rate=1e-4,
        seeds=(1, 10),
    ),
    Net(
        name="gelu-resnet",
        n_element_features=1,
        factory=gelu_resnet,
        products=(*(64 * 64 for _ in range(6)), 64),
        first_products=64,
        n_rows=10_000,
        batch_size=128,
        steps=4_000,
        learning_rate=1e-3,
        seeds=(1, 10),
    ),
    Net(
        name="radial-kan",
        n_element_features=1,
        factory=radial_kan,
        products=(9 * 16 * 16, 9 * 16),
        first_products=9 * 16,
        n_rows=10_000,
        batch_size=128,
        steps=4_000,
        seeds=(1, 10),
    ),
)

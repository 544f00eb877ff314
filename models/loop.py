"""The plain training loop: one seed after another, ordinary autograd. Slow, simple, the reference."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from models.base import FloatArray, Problem
from models.training import Factory, Recipe, batches

DTYPES = {"float32": torch.float32, "float64": torch.float64}


@dataclass(frozen=True)
class Trained:
    """A trained module of one seed, the engine that trained it, and the step at which it diverged, if it did."""

    module: nn.Module
    engine: str
    diverged_at: int | None

    def predict(self, X: FloatArray) -> FloatArray:
        """Return outputs (n,) for standardised X (n, n_features), in chunks so that memory stays small."""
        dtype = next(self.module.parameters()).dtype
        with torch.no_grad():
            chunks = [
                self.module(torch.tensor(X[start : start + 8192], dtype=dtype)).reshape(-1)
                for start in range(0, len(X), 8192)
            ]
        outputs: FloatArray = torch.cat(chunks).numpy().astype(np.float64)
        return outputs


def initial_module(factory: Factory, problem: Problem, recipe: Recipe, seed: int) -> nn.Module:
    """Return a fresh module whose weights are a function of the seed alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return factory(problem).to(DTYPES[recipe.dtype])


def train(
    factory: Factory,
    problem: Problem,
    recipe: Recipe,
    *,
    seeds: Sequence[int],
    inputs: Sequence[FloatArray],
    targets: Sequence[FloatArray],
) -> list[Trained]:
    """Train one module a seed on inputs[i] (n, n_features) and targets[i] (n,), both standardised."""
    torch.set_flush_denormal(True)
    return [
        _train_one(factory, problem, recipe, seed, X, y)
        for seed, X, y in zip(seeds, inputs, targets, strict=True)
    ]


def _train_one(
    factory: Factory, problem: Problem, recipe: Recipe, seed: int, X: FloatArray, y: FloatArray
) -> Trained:
    module = initial_module(factory, problem, recipe, seed)
    dtype = DTYPES[recipe.dtype]
    x_rows, y_rows = torch.tensor(X, dtype=dtype), torch.tensor(y, dtype=dtype)
    optimizer = torch.optim.Adam(module.parameters(), lr=recipe.learning_rate)
    order = torch.from_numpy(batches(recipe, len(X), seed))
    for step, (rows, rate) in enumerate(zip(order, recipe.learning_rates(), strict=True)):
        optimizer.param_groups[0]["lr"] = float(rate)
        optimizer.zero_grad()
        loss = (module(x_rows[rows]).reshape(-1) - y_rows[rows]).square().mean()
        if not torch.isfinite(loss):
            return Trained(module, "loop", step)
        loss.backward()
        optimizer.step()
    return Trained(module.eval(), "loop", None)

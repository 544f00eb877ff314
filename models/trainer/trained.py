"""What every engine of the trainer starts from and ends with: a module of one seed, fresh and trained."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import threadpoolctl
import torch
from numpy.typing import NDArray
from torch import nn

from models.base import FloatArray, Problem
from models.training import Factory, Recipe

DTYPES = {"float32": torch.float32, "float64": torch.float64}

# Found once: looking through the loaded libraries takes longer than a small prediction.
_THREAD_POOLS = threadpoolctl.ThreadpoolController()


class Unsuitable(Exception):
    """Raised by an engine that cannot train a network, with the reason, before it has trained anything."""


@dataclass(frozen=True)
class Trained:
    """A trained module of one seed, the engine that trained it, and the step at which it diverged, if it did.

    `reason` says why this engine was taken.
    """

    module: nn.Module
    engine: str
    diverged_at: int | None
    reason: str = ""

    def predict(self, X: FloatArray) -> FloatArray:
        """Return outputs (n,) for standardised X (n, n_features), in chunks so that memory stays small."""
        dtype = next(self.module.parameters()).dtype
        with torch.no_grad(), one_thread():
            chunks = [
                self.module(torch.tensor(X[start : start + 8192], dtype=dtype)).reshape(-1)
                for start in range(0, len(X), 8192)
            ]
        outputs: FloatArray = torch.cat(chunks).numpy().astype(np.float64)
        return outputs


@dataclass(frozen=True, kw_only=True)
class Job:
    """What is to be trained: one network a seed, seeds[i] on inputs[i] (n, n_features) and targets[i] (n,).

    Inputs and targets are standardised; every seed has rows of its own, equally many.
    """

    factory: Factory
    problem: Problem
    recipe: Recipe
    seeds: Sequence[int]
    inputs: Sequence[FloatArray]
    targets: Sequence[FloatArray]

    @property
    def dtype(self) -> torch.dtype:
        """The floating-point type that the recipe names."""
        return DTYPES[self.recipe.dtype]

    @property
    def n_rows(self) -> int:
        """The number of training rows of one seed."""
        return len(self.targets[0])

    @property
    def batch_size(self) -> int:
        """The rows of a batch, all of them where there are fewer than the recipe asks for."""
        return min(self.recipe.batch_size, self.n_rows)

    def part(self, start: int, stop: int) -> "Job":
        """Return the job of seeds[start:stop] alone."""
        return Job(
            factory=self.factory,
            problem=self.problem,
            recipe=self.recipe,
            seeds=self.seeds[start:stop],
            inputs=self.inputs[start:stop],
            targets=self.targets[start:stop],
        )


class Divergence:
    """The first step, for each seed, at which the loss was no longer finite."""

    def __init__(self, n_seeds: int) -> None:
        self._at: list[int | None] = [None] * n_seeds

    def everywhere(self, start: int, losses: NDArray[Any]) -> bool:
        """Note losses (steps, seeds) from step `start` on; return whether every seed has diverged by now."""
        finite = np.isfinite(losses)
        for seed in np.flatnonzero(~finite.all(axis=0)):
            if self._at[seed] is None:
                self._at[seed] = start + int(np.argmin(finite[:, seed]))
        return None not in self._at

    def trained(self, modules: Sequence[nn.Module], engine: str) -> list[Trained]:
        """Return the modules as trained by `engine`."""
        return [Trained(module.eval(), engine, at) for module, at in zip(modules, self._at, strict=True)]


def initial_module(job: Job, seed: int) -> nn.Module:
    """Return a fresh module whose weights are a function of the seed alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return job.factory(job.problem).to(job.dtype)


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute on one thread, with denormals flushed to zero: more threads only wait for each other here.

    Dead units drive Adam's moments into denormals, on which a step takes twenty times as long.
    """
    before = torch.get_num_threads()
    # torch can set this and not tell it: the smallest number survives only where nothing is flushed.
    flushing = bool(torch.tensor(5e-324, dtype=torch.float64) * 1 == 0)
    torch.set_flush_denormal(True)
    torch.set_num_threads(1)
    try:
        with _THREAD_POOLS.limit(limits=1):
            yield
    finally:
        torch.set_flush_denormal(flushing)
        torch.set_num_threads(before)

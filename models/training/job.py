"""What every engine of the trainer starts from and ends with: a module of one seed, fresh and trained."""

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import threadpoolctl
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.base import FloatArray, Problem
from models.training.recipe import Factory, Recipe
from models.training.validation import Stopped

DTYPES = {"float32": torch.float32, "float64": torch.float64}

# Found once: looking through the loaded libraries takes longer than a small prediction.
_THREAD_POOLS = threadpoolctl.ThreadpoolController()


class Unsuitable(Exception):
    """Raised by an engine that cannot train a network, with the reason.

    `positions` are those of the seeds that it cannot train; none stands for all.
    """

    def __init__(self, reason: str, positions: tuple[int, ...] = ()) -> None:
        super().__init__(reason)
        self.positions = positions


class WrongNetwork(ValueError):
    """Raised where a network cannot be trained rightly by any engine, with what was given and what is allowed."""


def first_line(error: Exception) -> str:
    """Return the first line of what an error says, or its type where it says nothing."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def outputs(given: object, n_rows: int) -> Tensor:
    """Return what a module returned for n_rows rows as a tensor (n_rows,).

    Raises:
        WrongNetwork: it is not one real number a row.
    """
    expected = f"expected ({n_rows}, 1) or ({n_rows},)"
    if not isinstance(given, Tensor):
        raise WrongNetwork(f"the module returned a {type(given).__name__}, {expected}, a tensor")
    if given.dim() == 0 or len(given) != n_rows or given.numel() != n_rows:
        raise WrongNetwork(f"the module returned {tuple(given.shape)}, {expected}")
    if given.is_complex():
        raise WrongNetwork("the module returned complex numbers, expected real ones: take their real part or modulus")
    return given.reshape(-1)


def _copied(module: nn.Module) -> nn.Module:
    try:
        return deepcopy(module)
    except Exception:  # noqa: BLE001 - not everything that a module may hold can be copied
        return module


@dataclass(frozen=True)
class Trained:
    """A trained module of one seed, the engine that trained it, and the step at which it diverged, if it did.

    `reason` says why this engine was taken. Where calls may draw random numbers or change the module, `seed` is
    given: every prediction then starts from the seed's streams and the module as it was trained. `stopped` says where
    early stopping found the best weights, which the module then has.
    """

    module: nn.Module
    engine: str
    diverged_at: int | None
    reason: str = ""
    seed: int | None = None
    stopped: Stopped | None = None

    def predict(self, X: FloatArray) -> FloatArray:
        """Return outputs (n,) for standardised X (n, n_features), in chunks so that memory stays small."""
        dtype = next(self.module.parameters()).dtype.to_real()
        module = self.module if self.seed is None else _copied(self.module)
        with torch.no_grad(), one_thread(), nullcontext() if self.seed is None else seeded(self.seed):
            chunks = [torch.tensor(X[start : start + 8192], dtype=dtype) for start in range(0, len(X), 8192)]
            predicted = torch.cat([outputs(module(chunk), len(chunk)) for chunk in chunks])
        numbers: FloatArray = predicted.numpy().astype(np.float64)
        return numbers


@dataclass(frozen=True, kw_only=True)
class Job:
    """What is to be trained: one network a seed, seeds[i] on inputs[i] (n, n_features) and targets[i] (n,).

    Inputs and targets are standardised; every seed has rows of its own, equally many. `held_back` are further rows,
    inputs and targets of each seed, by which early stopping finds the best weights; without them there is none.
    """

    factory: Factory
    problem: Problem
    recipe: Recipe
    seeds: Sequence[int]
    inputs: Sequence[FloatArray]
    targets: Sequence[FloatArray]
    held_back: Sequence[tuple[FloatArray, FloatArray]] | None = None

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

    def at(self, positions: Iterable[int]) -> "Job":
        """Return the job of the seeds at these positions alone."""
        chosen = list(positions)
        inputs, targets = ([rows[position] for position in chosen] for rows in (self.inputs, self.targets))
        held_back = None if self.held_back is None else [self.held_back[position] for position in chosen]
        seeds = [self.seeds[position] for position in chosen]
        return replace(self, seeds=seeds, inputs=inputs, targets=targets, held_back=held_back)


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


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Set the global random streams of torch, numpy and Python to the seed; give them back as they were."""
    of_numpy, of_python = np.random.get_state(), random.getstate()  # noqa: NPY002 - what authors may draw from
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        np.random.seed(seed % 2**32)  # noqa: NPY002
        random.seed(seed)
        try:
            yield
        finally:
            np.random.set_state(of_numpy)  # noqa: NPY002
            random.setstate(of_python)


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

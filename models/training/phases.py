"""What a module may do besides its forward: add to the loss, and hold its weights where they belong.

Both are methods of the module that the factory returns, and both may depend on `progress`: the share of training that
is over, a tensor () in [0, 1). A record holds it as an input, so that a schedule is written with tensor operations:
`torch.where(progress < 0.5, 0.0, 1.0)`, never `if progress < 0.5`.
"""

from typing import Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from models.training.job import Job, WrongNetwork


@runtime_checkable
class Penalised(Protocol):
    """A module with a penalty of its own on the loss."""

    def penalty(self, progress: Tensor) -> Tensor:
        """Return what is added to the loss of the recipe (), such as a multiple of the weights' absolute sum."""


@runtime_checkable
class Constrained(Protocol):
    """A module whose weights have to stay somewhere."""

    def constrain(self, progress: Tensor) -> None:
        """Change parameters in place after a step, without a gradient: `weight.copy_(weight.clamp(0, 1))`."""


def progress_of(job: Job) -> Tensor:
    """Return the progress of each step (steps,), from 0 on."""
    return (torch.arange(job.recipe.steps, dtype=torch.float64) / job.recipe.steps).to(job.dtype)


def one_number(given: object, what: str = "the module's penalty") -> Tensor:
    """Return a penalty or a loss as a tensor ().

    Raises:
        WrongNetwork: it is not one real number.
    """
    expected = "expected a tensor with one real number"
    if not isinstance(given, Tensor):
        raise WrongNetwork(f"{what} is a {type(given).__name__}, {expected}")
    if given.numel() != 1:
        raise WrongNetwork(f"{what} is of shape {tuple(given.shape)}, {expected}")
    if given.is_complex():
        raise WrongNetwork(f"{what} is complex, {expected}")
    return given.reshape(())


def loss_of(module: nn.Module, error: Tensor, progress: Tensor) -> Tensor:
    """Return the error () with the module's penalty, if it has one.

    Raises:
        WrongNetwork: the penalty is not one real number.
    """
    return error + one_number(module.penalty(progress)) if isinstance(module, Penalised) else error

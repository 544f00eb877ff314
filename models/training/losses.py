"""What is made small: the losses by name, and an author's own, each of predictions and targets (batch,)."""

from collections.abc import Mapping
from math import inf, isfinite

import torch
from torch import Tensor

from models.base import FloatArray
from models.training.allowed import name_of
from models.training.phases import one_number
from models.training.recipe import Loss, Recipe

_DELTA = 1.0


def _mse(predictions: Tensor, targets: Tensor) -> Tensor:
    return (predictions - targets).square().mean()


def _mae(predictions: Tensor, targets: Tensor) -> Tensor:
    return (predictions - targets).abs().mean()


def _huber(predictions: Tensor, targets: Tensor) -> Tensor:
    size = (predictions - targets).abs()
    return torch.where(size < _DELTA, 0.5 * size.square(), _DELTA * (size - 0.5 * _DELTA)).mean()


_NAMED: Mapping[str, Loss] = {"mse": _mse, "mae": _mae, "huber": _huber}


def loss_function(recipe: Recipe) -> Loss:
    """Return the recipe's loss: of predictions (batch,) and targets (batch,), both standardised, a tensor ().

    An author's own raises `WrongNetwork` where what it returns is not one real number.
    """
    if isinstance(recipe.loss, str):
        return _NAMED[recipe.loss]
    of_author = recipe.loss
    what = f"the loss {name_of(of_author)!r}"
    return lambda predictions, targets: one_number(of_author(predictions, targets), what)


def loss_between(recipe: Recipe, predictions: FloatArray, targets: FloatArray) -> float:
    """Return the recipe's loss of standardised predictions (n,) and targets (n,); infinity where it is not finite."""
    loss = float(loss_function(recipe)(torch.from_numpy(predictions), torch.from_numpy(targets)))
    return loss if isfinite(loss) else inf

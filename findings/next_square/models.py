"""The networks that were asked for the next square: ReLU on raw numbers, and tanh up to the output."""

from typing import TYPE_CHECKING, Any

from findings.keras import asked, relu, stack
from findings.sources import NEXT_SQUARE, NTH_SQUARE
from models.base import Model, Problem
from models.training import Factory

if TYPE_CHECKING:
    from torch import nn

# In batches of 32, Keras's default: 2,500 epochs of 1,001 rows, and 80 of 80,001.
_EPOCHS, _OF_MANY = 2_500 * (1_001 // 32), 80 * (80_001 // 32)


def tanh_10_6(problem: Problem) -> "nn.Module":
    """Return a network 10-6-1 with tanh in its hidden layers."""
    from torch import nn

    return stack(problem.n_features, (10, 6), (nn.Tanh(), nn.Tanh()))


def tanh_10_6_and_output(problem: Problem) -> "nn.Module":
    """Return a network 10-6-1 with tanh in its hidden layers and at its output."""
    from torch import nn

    hidden = stack(problem.n_features, (10, 6), (nn.Tanh(), nn.Tanh()))
    return nn.Sequential(*hidden.children(), nn.Tanh())


def _next(name: str, title: str, width: int = 100, **recipe: Any) -> Model:
    return asked(name, title, relu(width), NEXT_SQUARE.url, **({"batch_size": 32, "steps": _EPOCHS} | recipe))


def _nth(name: str, title: str, factory: Factory, target: float) -> Model:
    # neurolab's start is for the range of x that it is told, and its numbers are of double precision.
    recipe: dict[str, Any] = {"optimizer": "lbfgs", "steps": 500, "dtype": "float64"}
    return asked(name, title, factory, NTH_SQUARE.url, version=2, divisors=(99.0, target), **recipe)


MODELS = (
    _next("asked-next-square", "One hidden layer of 100 ReLU, raw numbers, 2,500 epochs", divisors=(1.0, 1.0)),
    _next(
        "asked-next-square-scaled",
        "One hidden layer of 100 ReLU, n divided by 1,000 and n^2 by 1,000^2, 2,500 epochs",
        divisors=(1e3, 1e6),
    ),
    _next(
        "asked-next-square-fast",
        "One hidden layer of 100 ReLU, raw numbers, 2,500 epochs, Adam at 0.1",
        divisors=(1.0, 1.0),
        learning_rate=0.1,
    ),
    _next(
        "asked-next-square-20",
        "One hidden layer of 20 ReLU, raw numbers, 80 epochs",
        20,
        divisors=(1.0, 1.0),
        steps=_OF_MANY,
    ),
    _nth("asked-tanh-output", "Network 10-6-1, tanh at the output, raw squares", tanh_10_6_and_output, 1.0),
    _nth(
        "asked-tanh-output-scaled",
        "Network 10-6-1, tanh at the output, squares divided by 99^2",
        tanh_10_6_and_output,
        99.0**2,
    ),
    _nth("asked-linear-output", "Network 10-6-1, linear at the output, raw squares", tanh_10_6, 1.0),
    _nth(
        "asked-linear-output-scaled",
        "Network 10-6-1, linear at the output, squares divided by 99^2",
        tanh_10_6,
        99.0**2,
    ),
)

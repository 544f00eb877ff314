"""The network of the answer, as it stands there."""

from typing import TYPE_CHECKING

from findings.keras import asked, stack
from findings.sources import ANY_FUNCTION
from models.base import Problem

if TYPE_CHECKING:
    from torch import nn


def approximator(problem: Problem) -> "nn.Module":
    """Return 32 linear, 64 tanh, 32 tanh, 1."""
    from torch import nn

    return stack(problem.n_features, (32, 64, 32), (None, nn.Tanh(), nn.Tanh()))


MODELS = (
    asked(
        "asked-approximator",
        "Network 32 linear, 64 tanh, 32 tanh, RMSprop at 0.001, 50 epochs, nothing scaled",
        approximator,
        ANY_FUNCTION.url,
        optimizer="rmsprop",
        batch_size=128,
        steps=3_900,
        divisors=(1.0, 1.0),
    ),
)

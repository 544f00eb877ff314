"""The stack of Dense layers as it was asked about."""

from typing import TYPE_CHECKING

from findings.keras import asked, stack
from findings.sources import SQUARES
from models.base import Problem

if TYPE_CHECKING:
    from torch import nn

# The thread divides x and x^2 alike by the square of the largest number, and a sum of two by twice the largest.
_BY_LARGEST_SQUARED, _BY_TWICE_LARGEST = (1e6, 1e6), (2e3, 2e3)


def linear_stack(problem: Problem) -> "nn.Module":
    """Return Linear layers 20-100-1000-100-1 with nothing between them."""
    return stack(problem.n_features, (20, 100, 1000, 100), (None,) * 4)


MODELS = (
    asked(
        "asked-linear-sum",
        "Linear layers 20-100-1000-100-1, x and y divided by 2,000",
        linear_stack,
        SQUARES.url,
        divisors=_BY_TWICE_LARGEST,
    ),
    asked(
        "asked-linear-square",
        "Linear layers 20-100-1000-100-1, x and y divided by 1,000^2",
        linear_stack,
        SQUARES.url,
        divisors=_BY_LARGEST_SQUARED,
    ),
)

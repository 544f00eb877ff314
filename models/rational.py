"""Networks whose activation is a quotient of polynomials."""

from typing import TYPE_CHECKING

from models.base import Model, Problem
from models.training import network

if TYPE_CHECKING:
    from torch import nn


def rational(problem: Problem) -> "nn.Module":
    """Return a 64-64 network with a trained quotient of degrees 3 and 2 in each layer, which starts near ReLU.

    The rate is a third of that of other networks: a denominator that is moved far can reach 0.
    """
    from torch import nn

    from models.layers.activations import Rational

    return nn.Sequential(nn.Linear(problem.n_features, 64), Rational(), nn.Linear(64, 64), Rational(), nn.Linear(64, 1))


MODELS = (
    Model(
        name="rational",
        title="Rational network, 64-64, type (3, 2)",
        source="Boulle, Nakatsukasa and Townsend (2020), Rational neural networks: type (3, 2), started as their ReLU",
        build=network(rational, learning_rate=3e-3, validation=0.2),
        tags=("network",),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
)

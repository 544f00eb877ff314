"""Plain multi-layer perceptrons."""

from typing import TYPE_CHECKING

from models.base import Model, Problem
from models.training import network

if TYPE_CHECKING:
    from torch import nn


def relu_mlp(problem: Problem) -> "nn.Module":
    """Return a 64-64 network with ReLU."""
    from torch import nn

    return nn.Sequential(nn.Linear(problem.n_features, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))


def tanh_mlp(problem: Problem) -> "nn.Module":
    """Return a 64-64 network with tanh."""
    from torch import nn

    return nn.Sequential(nn.Linear(problem.n_features, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))


MODELS = (
    Model(
        name="relu-mlp",
        title="ReLU network, 64-64",
        source="https://datascience.stackexchange.com/q/60170: the answer's advice",
        build=network(relu_mlp, validation=0.2),
        version=2,
        tags=("core",),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
    Model(
        name="tanh-mlp",
        title="tanh network, 64-64",
        source="https://datascience.stackexchange.com/a/40547: the example's activation",
        build=network(tanh_mlp, validation=0.2),
        version=2,
        tags=("core",),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
)

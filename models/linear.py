"""The network of the question: layers without an activation, which is one linear map."""

from typing import TYPE_CHECKING

from models.base import Model, Problem
from models.training import network

if TYPE_CHECKING:
    from torch import nn


def linear_net(problem: Problem) -> "nn.Module":
    """Return Linear layers 20-100-100-1 with nothing between them."""
    from torch import nn

    return nn.Sequential(nn.Linear(problem.n_features, 20), nn.Linear(20, 100), nn.Linear(100, 100), nn.Linear(100, 1))


MODELS = (
    Model(
        name="linear-net",
        title="Linear layers without activation, 20-100-100-1",
        source="https://datascience.stackexchange.com/q/60170: the network of the question, without its widest layer",
        build=network(linear_net, validation=0.2),
        version=2,
        tags=("core",),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
)

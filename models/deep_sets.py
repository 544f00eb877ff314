"""Networks that know a row is a set: the same network for every element, then a sum."""

from typing import TYPE_CHECKING

from models.base import Model, Problem
from models.training import network

if TYPE_CHECKING:
    from torch import nn


def deep_sets(problem: Problem) -> "nn.Module":
    """Return rho(sum_i phi(element_i)), phi 50-50 and rho 50-1, all ReLU.

    Zaheer et al. (2017), "Deep Sets", theorem 2. With one element it is an ordinary network.
    """
    from torch import nn

    from models.training.layers import SumOverElements

    return nn.Sequential(
        _elements(problem),
        nn.Linear(problem.n_element_features, 50),
        nn.ReLU(),
        nn.Linear(50, 50),
        nn.ReLU(),
        SumOverElements(),
        nn.Linear(50, 50),
        nn.ReLU(),
        nn.Linear(50, 1),
    )


def shared_sum(problem: Problem) -> "nn.Module":
    """Return sum_i z(element_i) for one tanh network z, 50-50-1."""
    from torch import nn

    from models.training.layers import SumOverElements

    return nn.Sequential(
        _elements(problem),
        nn.Linear(problem.n_element_features, 50),
        nn.Tanh(),
        nn.Linear(50, 50),
        nn.Tanh(),
        nn.Linear(50, 1),
        SumOverElements(),
    )


def _elements(problem: Problem) -> "nn.Module":
    """Return a layer from (batch, n_features) to (batch, n_elements, n_element_features)."""
    from torch import nn

    return nn.Unflatten(-1, (problem.n_elements, problem.n_element_features))


MODELS = (
    Model(
        name="deep-sets",
        title="Deep Sets, ReLU: phi 50-50, sum, rho 50-1",
        source="https://datascience.stackexchange.com/q/63953: the answer's width-1 convolution with sum pooling",
        build=network(deep_sets, share_scaling=True, validation=0.2),
        version=2,
        tags=("core",),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
    Model(
        name="shared-sum",
        title="One tanh network z, 50-50-1, applied to every element and summed",
        source="https://datascience.stackexchange.com/q/63953: the network of the question, shared",
        build=network(shared_sum, share_scaling=True, validation=0.2),
        version=2,
        tags=("core",),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
)

"""Models that a finding compares with: the exact answer, or the same thing made another way. Off the main board."""

from typing import TYPE_CHECKING, Any

from models.base import Model, Problem, Regressor
from models.deep_sets import deep_sets, shared_sum
from models.mlp import relu_mlp
from models.polynomial import polynomial
from models.training import Factory, network

if TYPE_CHECKING:
    from torch import nn

# Long enough to be far from the start; in double precision, so that rounding cannot be taken for another function.
_DOUBLE: dict[str, Any] = {"steps": 500, "dtype": "float64", "share_scaling": True}


def _least_squares(problem: Problem, seed: int) -> Regressor:
    return polynomial(problem, 1)


def convolution(problem: Problem) -> "nn.Module":
    """Return one tanh network 50-50-1 for every element, and their sum, as convolutions of width 1 and sum pooling.

    A seed gives it the weights that it gives `models.deep_sets.shared_sum`. The sum is average pooling times
    the number of elements, as the thread has it.
    """
    from torch import nn

    from models.set_layers import SumPooling

    return nn.Sequential(
        *_columns(problem),
        nn.Conv1d(problem.n_element_features, 50, 1),
        nn.Tanh(),
        nn.Conv1d(50, 50, 1),
        nn.Tanh(),
        nn.Conv1d(50, 1, 1),
        SumPooling(),
    )


def convolution_and_network(problem: Problem) -> "nn.Module":
    """Return Deep Sets 50-50, sum, 50-1 as convolutions of width 1, pooling and a network; weights as `deep_sets`."""
    from torch import nn

    from models.set_layers import SumPooling

    return nn.Sequential(
        *_columns(problem),
        nn.Conv1d(problem.n_element_features, 50, 1),
        nn.ReLU(),
        nn.Conv1d(50, 50, 1),
        nn.ReLU(),
        SumPooling(),
        nn.Linear(50, 50),
        nn.ReLU(),
        nn.Linear(50, 1),
    )


def _columns(problem: Problem) -> "tuple[nn.Module, nn.Module]":
    """Return the layers from rows to elements as columns (batch, element features, n_elements)."""
    from torch import nn

    from models.set_layers import ColumnsOfElements

    return nn.Unflatten(-1, (problem.n_elements, problem.n_element_features)), ColumnsOfElements()


def _double(name: str, title: str, factory: Factory, source: str = "") -> Model:
    return Model(
        name=name,
        title=f"{title}, 500 steps in float64",
        source=source,
        build=network(factory, **_DOUBLE),
        tags=("control",),
    )


MODELS = (
    Model(
        name="least-squares",
        title="Least squares on the inputs as they are: the best line of its training rows",
        build=_least_squares,
        tags=("control",),
    ),
    Model(
        name="relu-mlp-40000-steps",
        title="ReLU network, 64-64, ten times the steps of relu-mlp",
        build=network(relu_mlp, steps=40_000),
        tags=("control",),
    ),
    _double("shared-sum-double", "One network z for every element, summed", shared_sum),
    _double(
        "convolution-double",
        "Convolutions of width 1 and sum pooling",
        convolution,
        "000_c02269f4547f471d: the answer's proposal",
    ),
    _double("deep-sets-double", "Deep Sets", deep_sets),
    _double(
        "convolution-and-network-double", "Convolutions of width 1, sum pooling, a network", convolution_and_network
    ),
)

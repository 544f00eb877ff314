"""Models that a finding compares with: the exact answer, or the same thing made another way. Off the main board."""

from typing import TYPE_CHECKING, Any

from models.base import Model, Problem, Regressor
from models.deep_sets import deep_sets
from models.polynomial import polynomial
from models.training import network

if TYPE_CHECKING:
    from torch import nn

# Long enough to be far from the start; in double precision, so that rounding cannot be taken for another function.
_DOUBLE: dict[str, Any] = {"steps": 500, "dtype": "float64", "share_scaling": True}


def _least_squares(problem: Problem, seed: int) -> Regressor:
    return polynomial(problem, 1)


def convolution(problem: Problem) -> "nn.Module":
    """Return Deep Sets 50-50, sum, 50-1 with its elements as columns under convolutions of width 1.

    A seed gives it the weights that it gives `models.deep_sets.deep_sets`. The sum is average pooling times
    the number of elements, as the thread has it.
    """
    from torch import nn

    from models.set_layers import ColumnsOfElements, SumPooling

    return nn.Sequential(
        nn.Unflatten(-1, (problem.n_elements, problem.n_element_features)),
        ColumnsOfElements(),
        nn.Conv1d(problem.n_element_features, 50, 1),
        nn.ReLU(),
        nn.Conv1d(50, 50, 1),
        nn.ReLU(),
        SumPooling(),
        nn.Linear(50, 50),
        nn.ReLU(),
        nn.Linear(50, 1),
    )


MODELS = (
    Model(
        name="least-squares",
        title="Least squares on the inputs as they are: the best line of its training rows",
        build=_least_squares,
        tags=("control",),
    ),
    Model(
        name="deep-sets-double",
        title="Deep Sets, 500 steps in float64",
        source="000_c02269f4547f471d: the answer's function, as Deep Sets",
        build=network(deep_sets, **_DOUBLE),
        tags=("control",),
    ),
    Model(
        name="convolution-double",
        title="Convolutions of width 1 and sum pooling, 500 steps in float64",
        source="000_c02269f4547f471d: the answer's function, as it proposes it",
        build=network(convolution, **_DOUBLE),
        tags=("control",),
    ),
)

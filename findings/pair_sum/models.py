"""One function for both elements: the network as it was asked about, and the answer's proposal beside Deep Sets."""

from typing import TYPE_CHECKING, Any

from findings.keras import asked, stack
from findings.sources import PAIRS
from models.base import Model, Problem
from models.deep_sets import deep_sets, shared_sum
from models.training import Factory, network

if TYPE_CHECKING:
    from torch import nn

# Long enough to be far from the start; in double precision, so that rounding cannot be taken for another function.
_DOUBLE: dict[str, Any] = {"steps": 500, "dtype": "float64", "share_scaling": True}


def tanh_50(problem: Problem) -> "nn.Module":
    """Return one hidden layer of 50 tanh."""
    from torch import nn

    return stack(problem.n_features, (50,), (nn.Tanh(),))


def convolution(problem: Problem) -> "nn.Module":
    """Return one tanh network 50-50-1 for every element, and their sum, as convolutions of width 1 and sum pooling.

    A seed gives it the weights that it gives `models.deep_sets.shared_sum`. The sum is average pooling times
    the number of elements, as the thread has it.
    """
    from torch import nn

    from models.training.layers import SumPooling

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

    from models.training.layers import SumPooling

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

    from models.training.layers import ColumnsOfElements

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
    asked(
        "asked-tanh-50",
        "One hidden layer of 50 tanh, 10 epochs in batches of 8, nothing scaled",
        tanh_50,
        PAIRS.url,
        batch_size=8,
        steps=2_500,
        divisors=(1.0, 1.0),
    ),
    _double("shared-sum-double", "One network z for every element, summed", shared_sum),
    _double(
        "convolution-double",
        "Convolutions of width 1 and sum pooling",
        convolution,
        f"{PAIRS.url}: the answer's proposal",
    ),
    _double("deep-sets-double", "Deep Sets", deep_sets),
    _double(
        "convolution-and-network-double", "Convolutions of width 1, sum pooling, a network", convolution_and_network
    ),
)

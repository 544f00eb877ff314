"""The networks 100-2-1 of Madsen and Johansen, trained for a fiftieth of their steps or less, at a higher rate."""

from typing import TYPE_CHECKING, Any

from calibration.sources import ARITHMETIC
from models.base import Model, Problem
from models.training import Factory, network

if TYPE_CHECKING:
    from torch import nn

# Nothing is standardised, as there. Theirs are 5,000,000 steps at a constant 1e-3.
_RECIPE: dict[str, Any] = {"batch_size": 128, "divisors": (1.0, 1.0)}


def linear_linear(problem: Problem) -> "nn.Module":
    """Return two linear layers."""
    from calibration.arithmetic.units import linear_units

    return linear_units(problem.n_features)


def relu6_linear(problem: Problem) -> "nn.Module":
    """Return a layer of ReLU6 and a linear one."""
    from calibration.arithmetic.units import capped_units

    return capped_units(problem.n_features)


def nau_nau(problem: Problem) -> "nn.Module":
    """Return two layers of additions."""
    from calibration.arithmetic.units import TwoUnits
    from models.layers.arithmetic import Addition

    return TwoUnits(problem.n_features, Addition, strength=0.01)


def nau_nmu(problem: Problem) -> "nn.Module":
    """Return a layer of additions and one of multiplications."""
    from calibration.arithmetic.units import TwoUnits
    from models.layers.arithmetic import Multiplication

    return TwoUnits(problem.n_features, Multiplication, strength=10.0)


def product_of_sums(problem: Problem) -> "nn.Module":
    """Return the product of two sums, which start as additions do."""
    from calibration.arithmetic.units import ProductOfSums

    return ProductOfSums(problem.n_features)


def nalu_nalu(problem: Problem) -> "nn.Module":
    """Return two layers of gated logic units."""
    from calibration.arithmetic.units import logic_units

    return logic_units(problem.n_features)


def _model(name: str, title: str, factory: Factory, steps: int, rate: float, **more: Any) -> Model:
    return Model(
        name=f"arithmetic-{name}",
        title=f"{title}, 100-2-1, {steps:,} steps",
        source=f"{ARITHMETIC.url}: function_task_static",
        build=network(factory, steps=steps, learning_rate=rate, **(_RECIPE | more)),
        tags=("control",),
    )


MODELS = (
    _model("linear", "Two linear layers", linear_linear, 100_000, 2e-3),
    _model(
        "linear-constant", "Two linear layers at a constant rate", linear_linear, 100_000, 1e-3, schedule="constant"
    ),
    # The bias has to come to the mean of what is 1,400 on average.
    _model("relu6", "ReLU6 and a linear layer", relu6_linear, 12_000, 0.3),
    _model("relu6-twice", "ReLU6 and a linear layer", relu6_linear, 24_000, 0.3),
    _model("nau", "Two layers of neural addition units", nau_nau, 20_000, 5e-2),
    _model("nau-quarter", "Two layers of neural addition units", nau_nau, 5_000, 5e-2),
    _model("nmu", "Neural addition units and a multiplication unit", nau_nmu, 20_000, 2e-2),
    _model("nmu-thrice", "Neural addition units and a multiplication unit", nau_nmu, 60_000, 2e-2),
    _model("nalu", "Two layers of neural arithmetic logic units", nalu_nalu, 2_000, 1e-3),
    Model(
        name="arithmetic-product-lbfgs",
        title="The product of two sums, 100-2-1, by L-BFGS on all rows, 5,000 iterations at most",
        source=f"{ARITHMETIC.url}: function_task_static",
        build=network(product_of_sums, optimizer="lbfgs", steps=5_000, dtype="float64", divisors=(1.0, 1.0)),
        tags=("control",),
    ),
)

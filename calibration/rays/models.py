"""The networks of Xu et al.: one hidden layer of 128 units, trained for fewer steps."""

from typing import TYPE_CHECKING, Any

from calibration.sources import RAYS
from models.base import Model, Problem
from models.training import Factory, network

if TYPE_CHECKING:
    from torch import nn

# Theirs are 500 epochs of 20,000 rows: 156,000 steps at 1e-4.
_RECIPE: dict[str, Any] = {
    "steps": 10_000,
    "batch_size": 64,
    "learning_rate": 1e-3,
    "schedule": "constant",
    "weight_decay": 1e-5,
    "divisors": (1.0, 1.0),
}


def relu_128(problem: Problem) -> "nn.Module":
    """Return one hidden layer of 128 ReLU."""
    from torch import nn

    return nn.Sequential(nn.Linear(problem.n_features, 128), nn.ReLU(), nn.Linear(128, 1))


def tanh_128(problem: Problem) -> "nn.Module":
    """Return one hidden layer of 128 tanh."""
    from torch import nn

    return nn.Sequential(nn.Linear(problem.n_features, 128), nn.Tanh(), nn.Linear(128, 1))


def _model(name: str, title: str, factory: Factory) -> Model:
    return Model(
        name=name,
        title=title,
        source=f"{RAYS.url}: feedforward/",
        build=network(factory, **_RECIPE),
        tags=("control",),
    )


MODELS = (
    _model("rays-relu-128", "One hidden layer of 128 ReLU, as Xu et al. train it, 10,000 steps", relu_128),
    _model("rays-tanh-128", "One hidden layer of 128 tanh, as Xu et al. train it, 10,000 steps", tanh_128),
)

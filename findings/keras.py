"""Networks as a thread has them: layers and starts as Keras makes them, epochs and scalings as they were asked about.

They exist for the findings and stay off the main board. Each variant changes one thing, which its name says.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from models.base import Model, Problem
from models.training import Factory, network

if TYPE_CHECKING:
    from torch import nn

# 500 epochs of 1,000 rows in batches of 100, Adam at Keras's constant rate.
_KERAS: dict[str, Any] = {"steps": 5_000, "batch_size": 100, "learning_rate": 1e-3, "schedule": "constant"}


def stack(n_features: int, widths: tuple[int, ...], activations: "tuple[nn.Module | None, ...]") -> "nn.Module":
    """Return Linear layers of these widths and then 1, each followed by its activation, started as Keras does.

    Glorot and Bengio (2010), AISTATS 9, 249-256: uniform weights; biases at zero.
    """
    from torch import nn

    layers: list[nn.Module] = []
    for n_in, n_out, activation in zip((n_features, *widths), (*widths, 1), (*activations, None), strict=True):
        linear = nn.Linear(n_in, n_out)
        nn.init.xavier_uniform_(linear.weight)
        nn.init.zeros_(linear.bias)
        layers += [linear] if activation is None else [linear, activation]
    return nn.Sequential(*layers)


def relu(*widths: int) -> Factory:
    """Return what makes a stack of ReLU layers of these widths."""

    def relu_stack(problem: Problem) -> "nn.Module":
        from torch import nn

        return stack(problem.n_features, widths, tuple(nn.ReLU() for _ in widths))

    # The record's settings hold the name.
    relu_stack.__name__ = "_".join(["relu", *map(str, widths)])
    return relu_stack


def asked(name: str, title: str, factory: Factory, source: str, *, version: int = 1, **recipe: Any) -> Model:
    """Return a model that trains a network as it was asked about: by Keras's defaults, but for what the recipe says."""
    build: Callable[[Problem, int], Any] = network(factory, **(_KERAS | recipe))
    return Model(name=name, title=title, source=f"{source}: as asked", build=build, tags=("as-asked",), version=version)

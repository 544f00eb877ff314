"""The networks of the threads, as they were asked about: their layers, starts, optimisers, epochs and scalings.

They exist for the findings and stay off the main board. Each variant changes one thing, which its name says.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from models.base import Model, Problem
from models.training import Factory, network

if TYPE_CHECKING:
    from torch import nn

SQUARE_THREAD = "001_55de2f4d7c7aedaf"
# 500 epochs of 1,000 rows in batches of 100, Adam at Keras's constant rate.
_KERAS: dict[str, Any] = {"steps": 5_000, "batch_size": 100, "learning_rate": 1e-3, "schedule": "constant"}
# The thread divides x and x^2 alike by the square of the largest number, and a sum of two by twice the largest.
_BY_LARGEST_SQUARED, _BY_OWN_RANGE, _BY_TWICE_LARGEST = (1e6, 1e6), (1e3, 1e6), (2e3, 2e3)


def _stack(n_features: int, widths: tuple[int, ...], activations: "tuple[nn.Module | None, ...]") -> "nn.Module":
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


def _relu(*widths: int) -> Factory:
    def relu_stack(problem: Problem) -> "nn.Module":
        from torch import nn

        return _stack(problem.n_features, widths, tuple(nn.ReLU() for _ in widths))

    # The record's settings hold the name.
    relu_stack.__name__ = "_".join(["relu", *map(str, widths)])
    return relu_stack


def linear_stack(problem: Problem) -> "nn.Module":
    """Return Linear layers 20-100-1000-100-1 with nothing between them."""
    return _stack(problem.n_features, (20, 100, 1000, 100), (None,) * 4)


def approximator(problem: Problem) -> "nn.Module":
    """Return 32 linear, 64 tanh, 32 tanh, 1."""
    from torch import nn

    return _stack(problem.n_features, (32, 64, 32), (None, nn.Tanh(), nn.Tanh()))


def tanh_50(problem: Problem) -> "nn.Module":
    """Return one hidden layer of 50 tanh."""
    from torch import nn

    return _stack(problem.n_features, (50,), (nn.Tanh(),))


def _asked(name: str, title: str, factory: Factory, source: str = SQUARE_THREAD, **recipe: Any) -> Model:
    build: Callable[[Problem, int], Any] = network(factory, **(_KERAS | recipe))
    return Model(name=name, title=title, source=f"{source}: as asked", build=build, tags=("as-asked",))


_BIG, _SMALL = _relu(20, 100, 1000, 100, 20), _relu(20, 100, 20)

MODELS = (
    _asked(
        "asked-linear-sum",
        "Linear layers 20-100-1000-100-1, x and y divided by 2,000",
        linear_stack,
        divisors=_BY_TWICE_LARGEST,
    ),
    _asked(
        "asked-linear-square",
        "Linear layers 20-100-1000-100-1, x and y divided by 1,000^2",
        linear_stack,
        divisors=_BY_LARGEST_SQUARED,
    ),
    _asked(
        "asked-relu",
        "ReLU network 20-100-1000-100-20, x and y divided by 1,000^2, 500 epochs",
        _BIG,
        divisors=_BY_LARGEST_SQUARED,
    ),
    _asked(
        "asked-relu-own-range",
        "ReLU network 20-100-1000-100-20, x divided by 1,000 and y by 1,000^2, 500 epochs",
        _BIG,
        divisors=_BY_OWN_RANGE,
    ),
    _asked(
        "asked-relu-1000-epochs",
        "ReLU network 20-100-1000-100-20, x and y divided by 1,000^2, 1,000 epochs",
        _BIG,
        divisors=_BY_LARGEST_SQUARED,
        steps=10_000,
    ),
    _asked(
        "asked-small",
        "ReLU network 20-100-20, x and y divided by 1,000^2, 500 epochs",
        _SMALL,
        divisors=_BY_LARGEST_SQUARED,
    ),
    _asked(
        "asked-small-own-range",
        "ReLU network 20-100-20, x divided by 1,000 and y by 1,000^2, 500 epochs",
        _SMALL,
        divisors=_BY_OWN_RANGE,
    ),
    _asked(
        "asked-small-5000-epochs",
        "ReLU network 20-100-20, x and y divided by 1,000^2, 5,000 epochs",
        _SMALL,
        divisors=_BY_LARGEST_SQUARED,
        steps=50_000,
    ),
    _asked(
        "asked-one-hidden",
        "One hidden layer of 100 ReLU, x and y divided by 1,000^2, 500 epochs",
        _relu(100),
        divisors=_BY_LARGEST_SQUARED,
    ),
    _asked(
        "asked-one-hidden-own-range",
        "One hidden layer of 100 ReLU, x divided by 1,000 and y by 1,000^2, 500 epochs",
        _relu(100),
        divisors=_BY_OWN_RANGE,
    ),
    _asked(
        "asked-approximator",
        "Network 32 linear, 64 tanh, 32 tanh, RMSprop at 0.001, 50 epochs, nothing scaled",
        approximator,
        "002_f6a378ec8a34250f",
        optimizer="rmsprop",
        batch_size=128,
        steps=3_900,
        divisors=(1.0, 1.0),
    ),
    _asked(
        "asked-tanh-50",
        "One hidden layer of 50 tanh, 10 epochs in batches of 8, nothing scaled",
        tanh_50,
        "000_c02269f4547f471d",
        batch_size=8,
        steps=2_500,
        divisors=(1.0, 1.0),
    ),
)

"""The networks that were asked to learn x^2 on an interval, one thing changed at a time."""

from typing import TYPE_CHECKING, Any

from findings.keras import asked, relu, stack
from findings.sources import SQUARE_AND_CONSTANT, STRAIGHT_OUTSIDE, TRAINING_SCOPE, TRUST
from models.base import Model, Problem
from models.training import Factory

if TYPE_CHECKING:
    from torch import nn

_RAW, _BY_RANGE = (1.0, 1.0), (500.0, 250_000.0)
# Batches of 32 in an epoch of 10,000 rows, of which a fifth is held back.
_EPOCH = 8_000 // 32
_EARLY: dict[str, Any] = {"steps": 300 * _EPOCH, "validation": 0.2, "early_stopping": True}
_FEW_EPOCHS: dict[str, Any] = {"steps": 25 * _EPOCH}
# Keras adds 0.001 times the squared weights to the loss, torch half the decay times them.
_DECAY: dict[str, Any] = {"weight_decay": 2e-3}


def linear_2_64_32(problem: Problem) -> "nn.Module":
    """Return Linear layers 2-64-32-1 with nothing between them."""
    return stack(problem.n_features, (2, 64, 32), (None,) * 3)


def linear_512_256(problem: Problem) -> "nn.Module":
    """Return Linear layers 512-256-1 with nothing between them."""
    return stack(problem.n_features, (512, 256), (None,) * 2)


def _straight(name: str, title: str, factory: Factory, rate: float = 0.1) -> Model:
    return asked(
        name,
        f"{title}, mean absolute error, Adam at {rate}, 100 epochs, nothing scaled",
        factory,
        STRAIGHT_OUTSIDE.url,
        loss="mae",
        learning_rate=rate,
        batch_size=32,
        steps=100 * (1_000 // 32),
        divisors=_RAW,
    )


def _scope(name: str, title: str, width: int = 8, **recipe: Any) -> Model:
    return asked(
        name,
        f"{width} ReLU, RMSprop at 0.01, {title}",
        relu(width),
        TRAINING_SCOPE.url,
        optimizer="rmsprop",
        learning_rate=1e-2,
        batch_size=32,
        **({"divisors": _RAW} | _EARLY | recipe),
    )


def _constant(name: str, title: str, factory: Factory, rate: float = 1e-2) -> Model:
    return asked(
        name,
        f"{title}, Adam at {rate}, 1,000 epochs, nothing scaled",
        factory,
        SQUARE_AND_CONSTANT.url,
        learning_rate=rate,
        batch_size=32,
        steps=1_000 * (75 // 32),
        divisors=_RAW,
    )


MODELS = (
    _straight("asked-mae", "ReLU network 64-64", relu(64, 64)),
    _straight("asked-mae-one-layer", "One hidden layer of 64 ReLU", relu(64)),
    _straight("asked-mae-lower-rate", "ReLU network 64-64", relu(64, 64), 1e-3),
    _scope("asked-scope", "weight decay, early stopping, raw numbers", **_DECAY),
    _scope("asked-scope-25-epochs", "weight decay, raw numbers, within 25 epochs", **_DECAY, **_FEW_EPOCHS),
    _scope("asked-scope-no-decay", "raw numbers, within 25 epochs", **_FEW_EPOCHS),
    _scope("asked-scope-64", "weight decay, raw numbers, within 25 epochs", 64, **_DECAY, **_FEW_EPOCHS),
    _scope(
        "asked-scope-scaled",
        "weight decay, x divided by 500 and y by 500^2, within 25 epochs",
        divisors=_BY_RANGE,
        **_DECAY,
        **_FEW_EPOCHS,
    ),
    _scope(
        "asked-scope-scaled-no-decay",
        "x divided by 500 and y by 500^2, within 25 epochs",
        divisors=_BY_RANGE,
        **_FEW_EPOCHS,
    ),
    _constant("asked-constant-linear", "Linear layers 2-64-32", linear_2_64_32),
    _constant("asked-constant-wide", "Linear layers 512-256", linear_512_256),
    _constant("asked-constant-lower-rate", "Linear layers 2-64-32", linear_2_64_32, 1e-3),
    _constant("asked-constant-relu", "ReLU layers 2-64-32", relu(2, 64, 32)),
    _constant("asked-constant-relu-64", "ReLU layers 64-32", relu(64, 32)),
    asked(
        "asked-two-layers",
        "ReLU network 50-50, Adam at 0.001, 100 epochs, nothing scaled",
        relu(50, 50),
        TRUST.url,
        batch_size=32,
        steps=100 * (1_000 // 32),
        divisors=_RAW,
    ),
)

"""What the closed form takes and what it leaves to others: it must know every layer exactly."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from torch import Tensor, nn

from models.base import Problem
from models.training.engines import stack
from models.training.job import Unsuitable
from models.training.layers import SumOverElements
from models.training.recipe import Recipe
from tests.nets import PAIR, job, plain


class Doubled(nn.Linear):
    """A Linear in name only."""

    def forward(self, x: Tensor) -> Tensor:
        return 2 * super().forward(x)


def _hooked() -> nn.Module:
    layer = nn.Linear(6, 1)
    layer.register_forward_hook(lambda module, given, output: 2 * output)
    return layer


def _patched() -> nn.Module:
    layer = nn.Linear(6, 1)
    layer.forward = lambda input: input[:, :1]  # type: ignore[method-assign]  # noqa: A006 - torch calls it so
    return layer


def _frozen() -> nn.Module:
    layer = nn.Linear(6, 1)
    layer.bias.requires_grad_(False)
    return layer


def _weight_hooked() -> nn.Module:
    layer = nn.Linear(6, 1)
    layer.weight.register_hook(lambda gradient: 2 * gradient)  # type: ignore[no-untyped-call]
    return layer


def _tied() -> nn.Module:
    first, second = nn.Linear(6, 6), nn.Linear(6, 6)
    second.weight = first.weight
    return nn.Sequential(first, nn.Tanh(), second, nn.Tanh(), nn.Linear(6, 1))


REFUSED: dict[str, tuple[Callable[[], nn.Module], str]] = {
    "subclass": (lambda: Doubled(6, 1), "Doubled has no closed form here"),
    "hook": (_hooked, "a Linear carries hooks or a forward of its own"),
    "own forward": (_patched, "a Linear carries hooks or a forward of its own"),
    "frozen weight": (_frozen, "shared, frozen or mixed-precision weights"),
    "hooked weight": (_weight_hooked, "its 'weight' carries a hook"),
    "tied weights": (_tied, "shared, frozen or mixed-precision weights"),
    "two outputs": (lambda: nn.Linear(6, 2), "does not end in one number a row"),
    "wrong width": (lambda: nn.Linear(3, 1), "Linear has no closed form here"),
    "activation first": (lambda: nn.Sequential(nn.Tanh(), nn.Linear(6, 1)), "Tanh has no closed form here"),
    "activation twice": (
        lambda: nn.Sequential(nn.Linear(6, 4), nn.Tanh(), nn.Tanh(), nn.Linear(4, 1)),
        "Tanh has no closed form here",
    ),
    "elements never summed": (
        lambda: nn.Sequential(nn.Unflatten(-1, (2, 3)), nn.Linear(3, 1)),
        "does not end in one number a row",
    ),
    "sum without elements": (
        lambda: nn.Sequential(SumOverElements(), nn.Linear(6, 1)),
        "SumOverElements has no closed form here",
    ),
    "elements of another size": (
        lambda: nn.Sequential(nn.Unflatten(-1, (3, 1)), nn.Linear(1, 1), SumOverElements()),
        "does not cut a row into elements",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_plain_stack_is_refused_with_the_reason(kind: str) -> None:
    build, reason = REFUSED[kind]
    with pytest.raises(Unsuitable, match=reason):
        stack.train(job(lambda problem: build(), [0], Recipe(steps=1)))


@pytest.mark.parametrize("last", [nn.Flatten(), nn.Flatten(0), nn.Identity()])
def test_a_last_layer_that_keeps_the_rows_changes_no_bit(last: nn.Module) -> None:
    recipe = Recipe(steps=5)
    (with_it,) = stack.train(job(lambda problem: nn.Sequential(plain(problem), last), [3], recipe))
    (without,) = stack.train(job(plain, [3], recipe))
    X = job(plain, [3], recipe).inputs[0]
    assert np.array_equal(with_it.predict(X), without.predict(X))


def test_layers_that_differ_from_seed_to_seed_are_refused() -> None:
    activations = itertools.cycle([nn.ReLU, nn.Tanh])

    def by_turns(problem: Problem) -> nn.Module:
        return nn.Sequential(nn.Linear(6, 4), next(activations)(), nn.Linear(4, 1))

    with pytest.raises(Unsuitable, match="its layers differ from seed to seed"):
        stack.train(job(by_turns, range(2), Recipe(steps=1)))


def test_training_writes_the_weights_back_into_the_module() -> None:
    (trained,) = stack.train(job(lambda problem: nn.Linear(PAIR.n_features, 1), [0], Recipe(steps=300)))
    assert isinstance(trained.module, nn.Linear)
    # The target is sin(x_0) + x_1 x_5, whose best line is x_0 / sqrt(e) in expectation.
    assert trained.module.weight[0, 0].item() == pytest.approx(0.61, abs=0.1)
    assert not trained.module.training

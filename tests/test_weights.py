"""The optimisers, their decay and the clipping: each is torch's own, whatever seeds are trained together."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import torch

from models.training import Factory
from models.training.engines.choice import ENGINES as ENGINE
from tests.nets import ComplexWeights, job, layer_norm, plain
from tests.plain_torch import ENGINES, RECIPE, Optimizer, adam, assert_same_weights, distinct_bits_of_seed_4, trained

_KERAS: dict[str, Any] = {"alpha": 0.9, "eps": 1e-7}
OPTIMIZERS: Mapping[str, tuple[dict[str, Any], Optimizer]] = {
    "adam with decay": ({"weight_decay": 0.1}, partial(torch.optim.Adam, weight_decay=0.1)),
    "adamw": ({"optimizer": "adamw"}, partial(torch.optim.AdamW, weight_decay=0.0)),
    "adamw with decay": (
        {"optimizer": "adamw", "weight_decay": 0.3},
        partial(torch.optim.AdamW, weight_decay=0.3),
    ),
    "sgd": ({"optimizer": "sgd"}, partial(torch.optim.SGD, lr=0.0, momentum=0.9)),
    "sgd without momentum": ({"optimizer": "sgd", "momentum": 0}, partial(torch.optim.SGD, lr=0.0)),
    "sgd with decay": (
        {"optimizer": "sgd", "momentum": 0.5, "weight_decay": 0.1},
        partial(torch.optim.SGD, lr=0.0, momentum=0.5, weight_decay=0.1),
    ),
    "rmsprop with decay": (
        {"optimizer": "rmsprop", "weight_decay": 0.1},
        partial(torch.optim.RMSprop, weight_decay=0.1, **_KERAS),
    ),
}


@pytest.mark.parametrize(("name", "factory"), ENGINES)
@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_an_optimizer_is_the_one_of_torch(kind: str, name: str, factory: Factory) -> None:
    options, theirs = OPTIMIZERS[kind]
    one = job(factory, [3], replace(RECIPE, **options))
    (ours,) = ENGINE[name](one)
    assert_same_weights(ours.module, trained(one, theirs))


@pytest.mark.parametrize(("name", "factory"), ENGINES)
@pytest.mark.parametrize("clip_norm", [0.05, 1.0, 1e6])
def test_clipping_is_the_one_of_torch(clip_norm: float, name: str, factory: Factory) -> None:
    one = job(factory, [3, 0], replace(RECIPE, clip_norm=clip_norm, weight_decay=0.1, learning_rate=0.1))
    ours, _ = ENGINE[name](one)
    assert_same_weights(ours.module, trained(one, partial(torch.optim.Adam, weight_decay=0.1), clip_norm=clip_norm))


def test_a_complex_gradient_is_as_long_as_its_modulus() -> None:
    one = job(ComplexWeights, [3], replace(RECIPE, clip_norm=0.05, optimizer="sgd"))
    assert_same_weights(ENGINE["traced"](one)[0].module, ENGINE["loop"](one)[0].module)


def test_clipping_takes_hold_of_long_gradients_alone() -> None:
    one = job(plain, [3], replace(RECIPE, optimizer="sgd", momentum=0.0))
    free, loose, tight = (
        ENGINE["stack"](replace(one, recipe=replace(one.recipe, clip_norm=each)))[0].predict(one.inputs[0]).tobytes()
        for each in (None, 1e6, 0.1)
    )
    assert free == loose
    assert free != tight


@pytest.mark.parametrize(("name", "factory"), [("stack", plain), ("traced", layer_norm)])
@pytest.mark.parametrize("kind", ["adamw with decay", "sgd with decay", "rmsprop with decay"])
def test_a_seeds_bits_do_not_depend_on_its_company(kind: str, name: str, factory: Factory) -> None:
    recipe = replace(RECIPE, dtype="float32", clip_norm=0.3, **OPTIMIZERS[kind][0])
    assert distinct_bits_of_seed_4(factory, recipe, name) == 1


def test_adam_without_decay_and_clipping_is_plain_adam() -> None:
    one = job(plain, [3], RECIPE)
    assert_same_weights(ENGINE["stack"](one)[0].module, trained(one, adam))

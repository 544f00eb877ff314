"""The losses by name and by an author's function: each is what plain torch makes of it."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.training import Factory
from models.training.engines import choice as engine
from models.training.job import Unsuitable, WrongNetwork
from models.training.losses import loss_between, loss_function
from models.training.network import NetworkRegressor
from models.training.recipe import Recipe
from tests.nets import PAIR, job, layer_norm, plain
from tests.plain_torch import GENERAL, RECIPE, Loss, adam, assert_same_weights, distinct_bits_of_seed_4, trained


def log_cosh(predictions: Tensor, targets: Tensor) -> Tensor:
    return torch.log(torch.cosh(predictions - targets)).mean()


LOSSES: dict[str, tuple[str | Loss, Loss]] = {
    "mae": ("mae", nn.functional.l1_loss),
    "huber": ("huber", nn.functional.huber_loss),
    "log_cosh": (log_cosh, log_cosh),
    "torch's own": (nn.functional.smooth_l1_loss, nn.functional.smooth_l1_loss),
    "a module of torch": (nn.MSELoss(), nn.functional.mse_loss),
}


def test_a_named_loss_is_what_it_says_of_numbers_that_can_be_checked_by_hand() -> None:
    predictions, targets = np.array([1.0, 2.0, 5.0]), np.array([1.0, 2.5, 2.0])
    assert loss_between(Recipe(), predictions, targets) == pytest.approx((0.25 + 9) / 3)
    assert loss_between(Recipe(loss="mae"), predictions, targets) == pytest.approx(3.5 / 3)
    assert loss_between(Recipe(loss="huber"), predictions, targets) == pytest.approx((0.125 + 2.5) / 3)
    assert loss_between(Recipe(), np.array([np.nan]), np.array([0.0])) == np.inf


def test_huber_has_the_slope_of_torch_at_its_corner_and_far_beyond() -> None:
    targets = torch.zeros(6, dtype=torch.float64)
    points = torch.tensor([-1e200, -1.0, 0.0, 0.5, 1.0, 3.0], dtype=torch.float64, requires_grad=True)
    ours, theirs = (
        torch.autograd.grad(each(points, targets), points)[0]
        for each in (loss_function(Recipe(loss="huber")), nn.functional.huber_loss)
    )
    assert torch.equal(ours, theirs)


@pytest.mark.parametrize(("name", "factory"), GENERAL)
@pytest.mark.parametrize("kind", LOSSES)
def test_a_loss_is_what_plain_torch_makes_of_it(kind: str, name: str, factory: Factory) -> None:
    ours, theirs = LOSSES[kind]
    one = job(factory, [3, 0], replace(RECIPE, loss=ours))
    assert_same_weights(engine.ENGINES[name](one)[0].module, trained(one, adam, loss=theirs))


@pytest.mark.parametrize("kind", ["mae", "huber", "log_cosh"])
def test_a_seeds_bits_do_not_depend_on_its_company(kind: str) -> None:
    recipe = replace(RECIPE, dtype="float32", loss=LOSSES[kind][0])
    assert distinct_bits_of_seed_4(layer_norm, recipe, "traced") == 1


def test_another_loss_has_no_closed_form_and_goes_to_the_general_engine() -> None:
    one = job(plain, [3], replace(RECIPE, loss="mae"))
    with pytest.raises(Unsuitable, match="its loss is not the mean squared error"):
        engine.ENGINES["stack"](one)
    (trained_,) = engine.train(one)
    assert trained_.reason == "general engine: its loss is not the mean squared error"


def test_lbfgs_takes_any_loss() -> None:
    one = job(plain, [3], replace(RECIPE, loss="huber", optimizer="lbfgs", steps=60))
    (ours,) = engine.train(one)
    predicted = torch.from_numpy(ours.predict(one.inputs[0]))
    assert nn.functional.huber_loss(predicted, torch.from_numpy(one.targets[0])) < 0.02


def test_a_loss_that_cannot_be_recorded_is_left_to_the_loop() -> None:
    def branching(predictions: Tensor, targets: Tensor) -> Tensor:
        error = (predictions - targets).square().mean()
        return error if error > 0.1 else 2 * error

    (ours,) = engine.train(job(layer_norm, [3], replace(RECIPE, loss=branching)))
    assert ours.engine == "loop"
    assert "it reads a tensor's value as a number" in ours.reason


def test_a_loss_that_counts_its_calls_is_refused() -> None:
    calls: list[int] = []

    def counting(predictions: Tensor, targets: Tensor) -> Tensor:
        calls.append(1)
        return (predictions - targets).square().mean()

    with pytest.raises(WrongNetwork, match="which the modules of all seeds share"):
        engine.train(job(layer_norm, [3], replace(RECIPE, loss=counting)))


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        (lambda p, t: 0.5, "is a float, expected a tensor with one real number"),
        (lambda p, t: p - t, "is of shape (32,), expected a tensor with one real number"),
    ],
)
def test_a_loss_that_is_no_number_is_refused(loss: Callable[..., Any], said: str) -> None:
    with pytest.raises(WrongNetwork, match=re.escape(f"the loss '<lambda>' {said}")):
        engine.train(job(plain, [0], replace(RECIPE, loss=loss)))


def test_a_record_shows_a_loss_by_its_name() -> None:
    shown = [NetworkRegressor(plain, PAIR, 0, Recipe(loss=each)).get_params()["loss"] for each in ("mae", log_cosh)]
    assert shown == ["mae", "log_cosh"]

"""The choice of the engine, and that all engines train alike."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.base import Problem
from models.training import Factory
from models.training.engines import choice as engine
from models.training.engines import loop
from models.training.job import Job, Unsuitable
from models.training.network import NetworkRegressor
from models.training.recipe import Recipe
from models.training.scaling import batches
from tests.nets import (
    PAIR,
    RECORDABLE,
    UNRECORDABLE,
    Counting,
    HiddenConstant,
    Recurrent,
    WrongUnderVmap,
    by_chance,
    job,
    layer_norm,
    linear,
    plain,
    registered,
    without_bias,
)

REGISTERED = [pytest.param(regressor, id=name) for name, regressor in registered()]
EXACT = Recipe(steps=60, batch_size=32, dtype="float64")
BRIEF = Recipe(steps=20, batch_size=32)


def _disagreement(one: Job, name: str) -> float:
    """Return the largest difference between predictions of an engine and of the loop, over all seeds."""
    pairs = zip(engine.ENGINES[name](one), loop.train(one), one.inputs, strict=True)
    return max(float(np.abs(fast.predict(X) - slow.predict(X)).max()) for fast, slow, X in pairs)


@pytest.mark.parametrize("name", ["stack", "traced"])
@pytest.mark.parametrize("regressor", REGISTERED)
def test_registered_networks_train_as_in_the_loop(regressor: NetworkRegressor, name: str) -> None:
    assert _disagreement(job(regressor.factory, (0, 5), EXACT), name) < 1e-9


@pytest.mark.parametrize("factory", RECORDABLE)
def test_recordable_modules_train_as_in_the_loop(factory: Factory) -> None:
    assert _disagreement(job(factory, (0, 5), EXACT), "traced") < 1e-9


def test_a_linear_network_trains_as_in_the_loop_with_batches_of_any_size() -> None:
    # As one affine map where that is less work, in batches of more than 7, and row by row elsewhere.
    for batch_size in (6, 7, 8):
        recipe = replace(EXACT, batch_size=batch_size)
        assert _disagreement(job(linear, (0, 5), recipe), "stack") < 1e-9


@pytest.mark.parametrize("name", ["stack", "traced"])
def test_layers_without_bias_train_as_in_the_loop(name: str) -> None:
    assert _disagreement(job(without_bias, (0, 5), EXACT), name) < 1e-9


@pytest.mark.parametrize("name", ["stack", "traced"])
def test_rmsprop_trains_as_in_the_loop(name: str) -> None:
    recipe = replace(EXACT, optimizer="rmsprop", learning_rate=1e-3)
    assert _disagreement(job(plain, (0, 5), recipe), name) < 1e-9


@pytest.mark.parametrize("regressor", REGISTERED)
def test_registered_networks_are_trained_in_closed_form(regressor: NetworkRegressor) -> None:
    (trained,) = engine.train(job(regressor.factory, [0], BRIEF))
    assert (trained.engine, trained.reason) == ("stack", "the first choice")


def test_a_module_that_nobody_has_a_closed_form_for_says_so_in_words() -> None:
    (trained,) = engine.train(job(layer_norm, [0], BRIEF))
    assert trained.reason == "general engine: LayerNorm has no closed form here"


@pytest.mark.parametrize("factory", RECORDABLE)
def test_other_modules_are_recorded_and_the_reason_says_why(factory: Factory) -> None:
    for trained in engine.train(job(factory, (0, 1), BRIEF)):
        assert trained.engine == "traced"
        assert trained.reason.startswith("general engine: ")


@pytest.mark.parametrize(("factory", "reason"), UNRECORDABLE)
def test_what_cannot_be_recorded_falls_back_to_the_loop_and_says_so(factory: Factory, reason: str) -> None:
    for trained in engine.train(job(factory, (0, 1), BRIEF)):
        assert trained.engine == "loop"
        assert trained.reason.startswith(reason)


def test_a_module_that_counts_its_calls_counts_them_from_nought_for_every_seed() -> None:
    trained = engine.train(job(Counting, (0, 1, 2), BRIEF))
    assert [each.module.calls for each in trained] == [BRIEF.steps] * 3


def test_a_curriculum_trains_as_by_hand() -> None:
    one = job(Counting, (0, 1), replace(EXACT, schedule="constant"))
    for seed, trained, X, y in zip(one.seeds, engine.train(one), one.inputs, one.targets, strict=True):
        torch.manual_seed(seed)
        module = Counting(PAIR).to(torch.float64)
        adam = torch.optim.Adam(module.parameters(), lr=one.recipe.learning_rate)
        for rows in batches(one.recipe, len(X), seed):
            adam.zero_grad()
            loss = (module(torch.tensor(X[rows])).reshape(-1) - torch.tensor(y[rows])).square().mean()
            loss.backward()
            adam.step()
        with torch.no_grad():
            expected = module.eval()(torch.tensor(X)).reshape(-1).numpy()
        assert np.array_equal(trained.predict(X), expected)


@pytest.mark.parametrize("factory", [HiddenConstant, by_chance])
def test_an_engine_is_chosen_for_what_a_seeds_module_is_and_never_for_its_company(factory: Factory) -> None:
    one = job(factory, range(5), BRIEF)
    for position, together in enumerate(engine.train(one)):
        (alone,) = engine.train(one.at([position]))
        assert (alone.engine, alone.reason) == (together.engine, together.reason)
        X = one.inputs[position]
        assert np.array_equal(alone.predict(X), together.predict(X))


@pytest.mark.parametrize("factory", [HiddenConstant, by_chance])
def test_seeds_of_other_structures_train_as_in_the_loop(factory: Factory) -> None:
    one = job(factory, range(5), EXACT)
    for chosen, slow, X in zip(engine.train(one), loop.train(one), one.inputs, strict=True):
        assert chosen.engine in ("stack", "traced")
        assert np.abs(chosen.predict(X) - slow.predict(X)).max() < 1e-9


class WrongForSomeSeeds(nn.Module):
    """`WrongUnderVmap` where a frozen weight starts at 1, which no structure shows."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.wrong, self.right = WrongUnderVmap(problem), plain(problem)
        self.share = nn.Parameter((torch.rand(1) < 0.5).float(), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = self.share * self.wrong(x) + (1 - self.share) * self.right(x)
        return output


def test_a_seed_that_an_engine_fails_goes_to_the_next_one_and_the_others_stay() -> None:
    one = job(WrongForSomeSeeds, range(4), BRIEF)
    trained = engine.train(one)
    engines = ["loop" if each.module.get_parameter("share").item() else "traced" for each in trained]
    assert set(engines) == {"loop", "traced"}
    assert [each.engine for each in trained] == engines
    for position, together in enumerate(trained):
        (alone,) = engine.train(one.at([position]))
        assert np.array_equal(alone.predict(one.inputs[position]), together.predict(one.inputs[position]))


class _WrongWhenLarge(torch.autograd.Function):
    """x, and under `vmap` twice what exceeds 0.3, in the derivative too: right until training has come so far."""

    generate_vmap_rule = False

    @staticmethod
    def forward(x: Tensor) -> Tensor:
        return x.clone()

    @staticmethod
    def setup_context(context: object, inputs: object, output: object) -> None:
        pass

    @staticmethod
    def backward(context: object, *gradients: Tensor) -> Tensor:
        return gradients[0]

    @staticmethod
    def vmap(info: object, dims: tuple[int], x: Tensor) -> tuple[Tensor, int]:
        return x + torch.relu(x - 0.3), dims[0]


class WrongLater(nn.Module):
    """A line that starts at nought."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.line = nn.Linear(problem.n_features, 1)
        nn.init.zeros_(self.line.weight)
        nn.init.zeros_(self.line.bias)

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = _WrongWhenLarge.apply(self.line(x))  # type: ignore[no-untyped-call]
        return output


def test_a_record_that_is_right_at_first_and_wrong_at_last_is_found_out() -> None:
    one = job(WrongLater, (0, 1), replace(BRIEF, steps=200, learning_rate=0.05))
    with pytest.raises(Unsuitable, match=r"its recorded gradient of 'line.weight' is not the one of plain autograd"):
        engine.ENGINES["traced"](one)
    engine.ENGINES["traced"](job(WrongLater, (0, 1), replace(BRIEF, steps=1)))
    assert [trained.engine for trained in engine.train(one)] == ["loop", "loop"]


def test_a_gru_trains_as_in_the_loop_recorded_or_not() -> None:
    one = job(Recurrent, (0, 5), EXACT)
    for chosen, slow, X in zip(engine.train(one), loop.train(one), one.inputs, strict=True):
        # Whether vmap takes a GRU depends on the kernels that torch has for this processor.
        assert (chosen.engine == "loop") == chosen.reason.startswith("plain loop: it cannot be recorded")
        assert np.abs(chosen.predict(X) - slow.predict(X)).max() < 1e-9


def test_a_named_engine_is_taken_or_refuses() -> None:
    recipe = Recipe(steps=5, engine="traced")
    (trained,) = engine.train(job(plain, [0], recipe))
    assert (trained.engine, trained.reason) == ("traced", "the recipe asks for it")
    with pytest.raises(Unsuitable, match="LayerNorm has no closed form here"):
        engine.train(job(RECORDABLE[0], [0], Recipe(steps=5, engine="stack")))

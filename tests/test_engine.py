"""The choice of the engine, and that all engines train alike."""

from dataclasses import replace

import numpy as np
import pytest

from models.trainer import engine, loop
from models.trainer.trained import Job, Unsuitable
from models.training import Factory, NetworkRegressor, Recipe
from tests.nets import RECORDABLE, UNRECORDABLE, Recurrent, job, linear, plain, registered, without_bias

REGISTERED = [pytest.param(regressor, id=name) for name, regressor in registered()]
EXACT = Recipe(steps=200, batch_size=32, dtype="float64")
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


@pytest.mark.parametrize("factory", RECORDABLE)
def test_other_modules_are_recorded_and_the_reason_says_why(factory: Factory) -> None:
    for trained in engine.train(job(factory, (0, 1), BRIEF)):
        assert trained.engine == "traced"
        assert trained.reason.startswith("not stack: ")
        assert "not traced" not in trained.reason


@pytest.mark.parametrize(("factory", "reason"), UNRECORDABLE)
def test_what_cannot_be_recorded_falls_back_to_the_loop_and_says_so(factory: Factory, reason: str) -> None:
    for trained in engine.train(job(factory, (0, 1), BRIEF)):
        assert trained.engine == "loop"
        assert "not traced: " in trained.reason
        assert reason in trained.reason


def test_a_gru_trains_as_in_the_loop_recorded_or_not() -> None:
    one = job(Recurrent, (0, 5), EXACT)
    for chosen, slow, X in zip(engine.train(one), loop.train(one), one.inputs, strict=True):
        # Whether vmap takes a GRU depends on the kernels that torch has for this processor.
        assert (chosen.engine == "loop") == ("not traced: " in chosen.reason)
        assert np.abs(chosen.predict(X) - slow.predict(X)).max() < 1e-9


def test_a_named_engine_is_taken_or_refuses() -> None:
    recipe = Recipe(steps=5, engine="traced")
    (trained,) = engine.train(job(plain, [0], recipe))
    assert (trained.engine, trained.reason) == ("traced", "the recipe asks for it")
    with pytest.raises(Unsuitable, match="LayerNorm is not a layer of a plain stack"):
        engine.train(job(RECORDABLE[0], [0], Recipe(steps=5, engine="stack")))

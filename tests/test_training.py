"""The interface to authors: recipes, scaling, batches, and the regressor of one seed."""

import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from torch import nn

from models.base import Diverged, Problem
from models.training import Factory, network
from models.training.network import NetworkRegressor
from models.training.recipe import Recipe
from models.training.scaling import Scaling, batches
from tests.nets import PAIR, Attention, Branching, batch_norm, dropout, job, layer_norm, plain

ROOT = Path(__file__).parents[1]


def _network(factory: Factory, seed: int, **recipe: Any) -> NetworkRegressor:
    """Return the regressor that an author's `network(factory)` builds for `PAIR`, in batches of 32."""
    regressor = network(factory, batch_size=32, **recipe)(PAIR, seed)
    assert isinstance(regressor, NetworkRegressor)
    return regressor


def test_listing_the_models_imports_no_torch() -> None:
    code = "import sys, models.mlp, models.deep_sets, models.linear; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_module_in_place_of_a_factory_is_refused_where_it_is_given() -> None:
    with pytest.raises(TypeError, match=r"takes a function problem -> nn.Module, got an instance of Sequential; every"):
        network(plain(PAIR))
    with pytest.raises(TypeError, match=r"network\(\) takes a function problem -> nn.Module, got None"):
        network(None)  # type: ignore[arg-type]


def _needs_nothing() -> nn.Module:
    return nn.Linear(6, 1)


def _needs_the_seed(problem: Problem, seed: int) -> nn.Module:
    return nn.Linear(6, 1)


@pytest.mark.parametrize("factory", [_needs_nothing, _needs_the_seed, nn.Linear])
def test_a_factory_that_does_not_take_a_problem_alone_is_refused(factory: Factory) -> None:
    name = factory.__name__
    with pytest.raises(TypeError, match=rf"but {name}\(.*\) cannot be called as {name}\(problem\): "):
        network(factory)


def test_a_factory_may_be_a_class_a_partial_or_an_object_that_is_called() -> None:
    class Maker:
        def __call__(self, problem: Problem) -> nn.Module:
            return plain(problem)

    named = [_network(each, 0).get_params()["network"] for each in (Attention, partial(plain), Maker())]
    assert named == ["Attention", "plain", "Maker"]


def test_divisors_take_the_place_of_standardising() -> None:
    X, y = np.full((2, 6), 500.0), np.array([1e6, 2.5e5])
    scaling = _network(plain, 0, divisors=(1e3, 1e6))._scaling_of(X, y)
    np.testing.assert_array_equal(scaling.inputs(X), np.full((2, 6), 0.5))
    np.testing.assert_array_equal(scaling.targets(y), [1.0, 0.25])


def test_every_epoch_is_a_permutation_of_the_rows_and_of_the_seed_alone() -> None:
    order = batches(Recipe(steps=6, batch_size=4), 8, seed=3)
    assert order.shape == (6, 4)
    assert [sorted(order[i : i + 2].ravel()) for i in (0, 2, 4)] == [list(range(8))] * 3
    assert not np.array_equal(order[:2], order[2:4])
    assert np.array_equal(order[:3], batches(Recipe(steps=3, batch_size=4), 8, seed=3))
    assert not np.array_equal(order, batches(Recipe(steps=6, batch_size=4), 8, seed=4))


def test_a_remainder_that_fills_no_batch_is_left_out_and_a_batch_is_at_most_all_rows() -> None:
    assert batches(Recipe(steps=2, batch_size=4), 7, seed=0).shape == (2, 4)
    assert sorted(batches(Recipe(steps=1, batch_size=128), 5, seed=0)[0]) == [0, 1, 2, 3, 4]


def test_elements_of_a_set_share_one_scaling() -> None:
    X = np.array([[0.0, 4.0], [2.0, 2.0]])
    shared = Scaling.of(X, np.array([1.0, 3.0]), (2, 1))
    np.testing.assert_allclose(shared.inputs(X), np.array([[-2, 2], [0, 0]]) / 2**0.5)
    np.testing.assert_allclose(shared.targets(np.array([1.0, 3.0])), [-1, 1])
    own = Scaling.of(X, np.array([5.0, 5.0]), (1, 2))
    np.testing.assert_allclose(own.inputs(X), [[-1, 1], [1, -1]])
    np.testing.assert_allclose(own.targets(np.array([5.0, 5.0])), [0, 0])


@pytest.mark.parametrize("factory", [plain, layer_norm, batch_norm, dropout, Branching])
def test_fit_many_gives_each_seed_what_fit_alone_gives_it(factory: Factory) -> None:
    one = job(factory, (0, 1, 2), Recipe())
    together, alone = ([_network(factory, seed, steps=40) for seed in one.seeds] for _ in range(2))
    data = [(1000 + 30 * X, 5 * y - 70) for X, y in zip(one.inputs, one.targets, strict=True)]
    NetworkRegressor.fit_many(together, data)
    for first, second, (X, y) in zip(together, alone, data, strict=True):
        assert np.array_equal(first.predict(X), second.fit(X, y).predict(X))


def test_predictions_are_in_the_units_of_the_target() -> None:
    X = 1000 + 300 * np.random.default_rng(0).standard_normal((500, 6))
    y = 5e4 + 7 * X[:, 0]
    predicted = _network(plain, 0, steps=1_000).fit(X, y).predict(X)
    assert np.sqrt(np.mean((predicted - y) ** 2)) < 0.05 * y.std()


@pytest.mark.parametrize(("factory", "engine"), [(plain, "stack"), (layer_norm, "traced"), (Branching, "loop")])
def test_the_regressor_says_which_engine_trained_it_and_why(factory: Factory, engine: str) -> None:
    one = job(factory, [0], Recipe())
    regressor = _network(factory, 0, steps=2)
    regressor.fit(one.inputs[0], one.targets[0])
    assert regressor.fit_info_["engine"] == engine
    assert regressor.fit_info_["engine_reason"]


def test_predicting_after_divergence_raises_with_the_step() -> None:
    one = job(plain, [0], Recipe())
    regressor = _network(plain, 0, steps=50, learning_rate=1e30)
    regressor.fit(one.inputs[0], one.targets[0])
    with pytest.raises(Diverged, match=r"the loss was no longer finite at step 1$"):
        regressor.predict(one.inputs[0])

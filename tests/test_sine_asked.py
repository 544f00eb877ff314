"""What the findings on a sine are made of can be checked by hand: a ratio, one wave, and what rows held back choose."""

import math

import numpy as np
import pytest
import torch

from benchmark.catalogue.registry import Catalogue, load_model, load_task
from benchmark.cell.dataset import draw
from findings.sine import models
from findings.sine.models import CANDIDATES, Chosen, OneWave, tanh_ratio, three_of_16
from findings.sine.tasks import TASKS, straight_beyond
from models.base import Problem
from models.training.network import NetworkRegressor
from models.training.recipe import Recipe
from models.training.scaling import parted
from tasks.base import FloatArray

ONE = Problem(n_features=1, n_elements=1, n_element_features=1, n_train=100)


@pytest.fixture
def rows() -> tuple[FloatArray, FloatArray]:
    X = np.random.default_rng(0).uniform(-1.5, 1.5, (100, 1))
    return X, np.sin(X[:, 0])


@pytest.mark.parametrize(("name", "periods"), [("sine-1-period", 1), ("sine-2-periods", 2), ("sine-5-periods", 5)])
def test_as_many_periods_are_seen_as_are_asked_beyond(catalogue: Catalogue, name: str, periods: int) -> None:
    seen = draw(load_task(catalogue.tasks[name].origin, name), 0)
    edge = periods * math.pi
    assert np.abs(seen.train.X).max() == pytest.approx(edge, rel=0.02)
    assert np.abs(seen.extrapolation.X).min() == pytest.approx(edge, rel=0.02)
    assert np.abs(seen.extrapolation.X).max() == pytest.approx(2 * edge, rel=0.02)
    np.testing.assert_allclose(seen.train.y, np.sin(seen.train.X[:, 0]))


def test_what_is_a_line_beyond_and_what_is_none() -> None:
    quantity = straight_beyond(3.0)
    X = quantity.rows(np.zeros((1, 1)))
    assert (np.abs(X).min(), np.abs(X).max()) == (6.0, 12.0)
    for straight in (X[:, 0], np.zeros(len(X)), np.maximum(X[:, 0], 0)):
        assert quantity.measure(X, straight)["line_r2"] == pytest.approx(1.0)
    assert quantity.measure(X, np.cos(20 * X[:, 0]))["bend"] > 0.9
    assert {task.tags for task in TASKS} == {("control",)}


def test_the_ratio_is_the_first_output_over_the_second() -> None:
    torch.manual_seed(0)
    network = tanh_ratio(ONE)
    assert isinstance(network, torch.nn.Sequential)
    x = torch.randn(7, 1)
    pair = network[:-1](x)
    assert pair.shape == (7, 2)
    assert pair.abs().max() <= 1
    assert torch.equal(network(x), pair[:, :1] / pair[:, 1:])


@pytest.mark.parametrize("activation", ["ReLU", "SELU", "Sigmoid", "Sine"])
def test_three_layers_of_16_have_the_activation_that_is_named(activation: str) -> None:
    kinds = [type(each).__name__ for each in three_of_16(activation)(ONE).children()]
    assert kinds == ["Linear", activation] * 3 + ["Linear"]


@pytest.mark.parametrize("period", [6.2, 1.0, 0.2])
def test_one_wave_finds_its_period_and_goes_on(period: float) -> None:
    X = np.random.default_rng(1).uniform(-1.5, 1.5, (200, 1))
    fitted = OneWave().fit(X, 3 + 0.5 * np.cos(2 * np.pi * X[:, 0] / period + 1))
    assert float(fitted.fit_info_["period"]) == pytest.approx(period, rel=1e-4)
    beyond = np.linspace(3, 6, 50)[:, np.newaxis]
    expected = 3 + 0.5 * np.cos(2 * np.pi * beyond[:, 0] / period + 1)
    assert fitted.predict(beyond) == pytest.approx(expected, abs=1e-3)


def test_the_network_is_chosen_that_does_best_on_the_rows_held_back(rows: tuple[FloatArray, FloatArray]) -> None:
    X, y = rows
    fitted = Chosen(ONE, 0, "edge", 20).fit(X, y)
    part = parted(Recipe(validation=0.2, validation_rows="edge"), X, 0)
    assert np.abs(X[part.held_back]).min() > np.abs(X[part.kept] - X.mean()).max() - 2 * abs(X.mean())
    errors = {}
    for kind, (factory, rate) in CANDIDATES.items():
        trial = NetworkRegressor(factory, ONE, 0, Recipe(steps=20, learning_rate=rate))
        trial.fit(X[part.kept], y[part.kept])
        errors[kind] = float(np.sqrt(np.mean((trial.predict(X[part.held_back]) - y[part.held_back]) ** 2)))
    best = min(errors, key=lambda kind: errors[kind])
    assert fitted.fit_info_["chosen"] == best
    factory, rate = CANDIDATES[best]
    again = NetworkRegressor(factory, ONE, 0, Recipe(steps=20, learning_rate=rate)).fit(X, y)
    np.testing.assert_array_equal(fitted.predict(X), again.predict(X))


def test_a_seed_chooses_alone_as_in_company(rows: tuple[FloatArray, FloatArray]) -> None:
    X, y = rows
    together = [Chosen(ONE, seed, "random", 20) for seed in (0, 1)]
    Chosen.fit_many(together, [(X, y), (X, y)])
    alone = Chosen(ONE, 1, "random", 20).fit(X, y)
    assert alone.fit_info_ == together[1].fit_info_
    np.testing.assert_array_equal(alone.predict(X), together[1].predict(X))
    assert together[0].briefly().steps == 20
    assert Chosen(ONE, 0, "random", 2_000).briefly().steps == 30


@pytest.mark.parametrize("name", ["asked-sine-ratio", "asked-sine-relu", "asked-sine-sine"])
def test_networks_are_trained_for_500_epochs_of_500_rows(catalogue: Catalogue, name: str) -> None:
    regressor = load_model(catalogue.models[name].origin, name).build(ONE, 0)
    assert isinstance(regressor, NetworkRegressor)
    recipe = regressor.recipe
    assert (recipe.steps, recipe.batch_size, recipe.learning_rate) == (500 * (500 // 32), 32, 1e-3)
    assert {each.name for each in models.MODELS} >= {name}

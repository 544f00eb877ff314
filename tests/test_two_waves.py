"""The models of a sum and a product of two waves are what their findings take them for."""

from typing import cast

import numpy as np
import pytest
from torch import nn

from benchmark.cell.dataset import draw
from benchmark.cell.outcome import problem_of
from findings.two_waves.models import MODELS, KnownForm, known_form
from findings.two_waves.tasks import SUM, TASKS
from models.base import NotApplicable, Problem
from models.training.network import NetworkRegressor

BY_NAME = {model.name: model for model in MODELS}
BY_TASK = {task.name: task for task in TASKS}
TRIED = (0.5, 1.0, 1.5, 2.0)


@pytest.mark.parametrize(("k", "f1", "f2"), [(1.0, 1.0, 1.0), (-3.0, 1.1, 0.4), (0.02, 1.9, 1.45)])
def test_least_squares_on_the_form_find_its_three_numbers(k: float, f1: float, f2: float) -> None:
    X = np.random.default_rng(0).random((300, 2))
    y = k * np.sin(2 * np.pi * f1 * X[:, 0]) * np.sin(2 * np.pi * f2 * X[:, 1])
    made = KnownForm(TRIED).fit(X, y)
    far = 3 * X
    truth = k * np.sin(2 * np.pi * f1 * far[:, 0]) * np.sin(2 * np.pi * f2 * far[:, 1])
    assert made.predict(far) == pytest.approx(truth, abs=1e-8 * abs(k))
    assert made.parameters() == 3


def test_the_form_has_two_inputs() -> None:
    with pytest.raises(NotApplicable, match="has two inputs, got 3"):
        known_form(Problem(n_features=3, n_elements=3, n_element_features=1, n_train=9), 0)


def test_the_rows_are_fifty_in_the_thread_s_box_and_the_functions_its_own() -> None:
    rows = draw(SUM, 0)
    assert rows.train.X.shape == (50, 2)
    assert np.abs(rows.train.X[:, 0]).max() <= 5
    assert rows.train.X[:, 1].min() >= 0
    assert 4 < rows.interpolation.X[:, 1].max() <= 5
    assert SUM.targets(np.array([[np.pi / 2, 0.0], [0.0, np.pi]])) == pytest.approx([2, -1])
    assert [BY_TASK[f"sine-plus-cosine-{n}-rows"].n_train for n in (100, 200, 500)] == [100, 200, 500]
    product = BY_TASK["sine-times-sine"]
    assert product.targets(np.array([[0.25, 0.25], [0.75, 0.25], [0.5, 0.1]])) == pytest.approx([1, -1, 0])


@pytest.mark.parametrize("name", [name for name in BY_NAME if name != "known-sines"])
def test_the_trainings_differ_and_the_network_does_not(name: str) -> None:
    made = cast("NetworkRegressor", BY_NAME[name].build(problem_of(SUM, quick=False), 0))
    layers = cast("nn.Sequential", made.factory(problem_of(SUM, quick=False)))
    assert [type(layer) for layer in layers] == [nn.Linear, nn.Tanh, nn.Linear]
    assert cast("nn.Linear", layers[0]).out_features == 20
    assert (made.recipe.dtype, made.recipe.divisors) == ("float64", None)
    optimizer = {"asked-tanh-20-lbfgs": "lbfgs", "asked-tanh-20-adam": "adam"}.get(name, "levenberg-marquardt")
    assert made.recipe.optimizer == optimizer
    assert made.recipe.early_stopping == (name == "asked-tanh-20-stopped")

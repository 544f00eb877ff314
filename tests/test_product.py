"""The networks that multiply and divide are what their findings take them for."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pytest
import torch

from benchmark.cell.outcome import problem_of
from findings.product.models import MODELS, InLogarithms, ProductBySquares, sigmoid
from findings.product.tasks import TASKS
from models.base import FloatArray, NotApplicable, Problem
from models.training.network import NetworkRegressor

PRODUCT, RATIO = TASKS
BY_NAME = {model.name: model for model in MODELS}
PAIR = Problem(n_features=2, n_elements=2, n_element_features=1, n_train=1_000)


@dataclass
class _Exact:
    """What a network would say that has learned a function to the last digit."""

    function: Any

    def predict(self, X: FloatArray) -> FloatArray:
        return cast("FloatArray", self.function(X))


def by_squares(reciprocal: Any) -> ProductBySquares:
    exact = _Exact(lambda X: X[:, 0] ** 2)
    return ProductBySquares(reciprocal, cast("NetworkRegressor", exact), 0)


def test_exact_squares_divide_with_an_exact_reciprocal_and_say_zero_with_a_whole_one() -> None:
    X = np.array([[6.0, 3.0], [7.0, 2.0], [5.0, 1.0]])
    assert by_squares("exact").predict(X) == pytest.approx([2, 3.5, 5])
    assert by_squares("whole").predict(X) == pytest.approx([0, 0, 5])


def test_the_network_for_squares_sees_its_own_numbers_only() -> None:
    made = cast("ProductBySquares", BY_NAME["asked-division"].build(PAIR, 0))
    x, y = made._rows()
    assert x.shape == (10_500, 1)
    assert x.min() < -49
    assert x.max() > 49
    assert np.mean((x >= 0) & (x <= 10)) > 0.13
    assert y == pytest.approx(x[:, 0] ** 2)
    other = cast("ProductBySquares", BY_NAME["asked-division"].build(PAIR, 1))
    assert not np.array_equal(other._rows()[0], x)
    recipe = made.squares.recipe
    assert (recipe.steps * 32, recipe.weight_decay) == (100 * 10_496, 0.002)
    with pytest.raises(NotApplicable, match="divides one number by another, got 3 inputs"):
        BY_NAME["asked-division"].build(Problem(n_features=3, n_elements=3, n_element_features=1, n_train=9), 0)


def test_division_trains_alike_alone_and_in_company() -> None:
    brief = [cast("ProductBySquares", BY_NAME["asked-division"].build(PAIR, seed)).briefly() for seed in (0, 1)]
    X, y = np.array([[6.0, 3.0], [7.0, 2.0]]), np.array([2.0, 3.5])
    ProductBySquares.fit_many(brief, [(X, y)] * 2)
    alone = brief[1].briefly().fit(X, y)
    assert np.array_equal(alone.predict(X), brief[1].predict(X))
    # With a whole reciprocal all answers are the one that s(0) gives.
    assert np.ptp(alone.predict(np.array([[6.0, 3.0], [7.0, 2.0], [30.0, 9.0]]))) < 1e-4


def test_a_network_in_logarithms_gives_back_what_its_network_says_of_them() -> None:
    added = _Exact(lambda X: X.sum(axis=1))
    made = InLogarithms(cast("NetworkRegressor", added))
    X = np.array([[3.0, 4.0], [10.0, 0.5]])
    assert made.predict(X) == pytest.approx([12, 5])
    network = cast("InLogarithms", BY_NAME["asked-product-logarithms"].build(PAIR, 0)).briefly()
    rows = 1 + 9 * np.random.default_rng(0).random((200, 2))
    network.fit(rows, rows.prod(axis=1))
    assert np.log(network.predict(rows)) == pytest.approx(network.network.predict(np.log(rows)))
    with pytest.raises(NotApplicable, match="holds -1, which has no logarithm"):
        network.briefly().fit(-np.ones((5, 2)), np.ones(5))


@pytest.mark.parametrize("width", [5, 30, 100])
def test_a_hidden_layer_as_asked_starts_within_a_tenth(width: int) -> None:
    made = sigmoid(width)(PAIR)
    values = torch.cat([parameter.detach().flatten() for parameter in made.parameters()])
    assert len(values) == 4 * width + 1
    assert 0.08 < values.abs().max() <= 0.1


@pytest.mark.parametrize(
    ("name", "epochs", "optimizer", "rate", "divisors"),
    [
        ("asked-sigmoid-5", 200, "sgd", 0.005, (1, 1)),
        ("asked-sigmoid-100", 200, "sgd", 0.005, (1, 1)),
        ("asked-sigmoid-100-divided", 200, "sgd", 0.005, (100, 10_000)),
        ("asked-sigmoid-100-adam", 200, "adam", 0.005, (1, 1)),
        ("asked-sigmoid-100-divided-adam", 200, "adam", 0.005, (100, 10_000)),
        ("asked-sigmoid-100-falling", 200, "adam", 0.005, (100, 10_000)),
        ("asked-relu-100-divided-adam", 200, "adam", 0.005, (100, 10_000)),
        ("asked-product", 100, "adam", 0.001, (1, 1)),
        ("asked-product-divided", 100, "adam", 0.001, (100, 10_000)),
    ],
)
def test_one_thing_changes_at_a_time(
    name: str, epochs: int, optimizer: str, rate: float, divisors: tuple[float, float]
) -> None:
    recipe = cast("NetworkRegressor", BY_NAME[name].build(problem_of(PRODUCT, quick=False), 0)).recipe
    schedule = "cosine" if name.endswith("falling") else "constant"
    assert (recipe.steps * recipe.batch_size, recipe.schedule) == (epochs * 6_500, schedule)
    assert (recipe.optimizer, recipe.learning_rate, recipe.divisors) == (optimizer, rate, divisors)
    assert recipe.momentum == (0 if optimizer == "sgd" else None)


def test_the_spread_is_that_of_the_answers_where_the_divisor_is_two_or_more() -> None:
    (quantity,) = RATIO.quantities
    X = np.array([[6.0, 1.0], [6.0, 3.0], [8.0, 2.0]])
    rows = quantity.rows(X)
    assert rows.tolist() == [[6, 3], [8, 2]]
    assert quantity.measure(rows, RATIO.targets(rows)) == pytest.approx({"spread": 1, "spread_off": 0})
    assert quantity.measure(rows, np.zeros(2)) == {"spread": 0, "spread_off": 1}
    assert PRODUCT.targets(X).tolist() == [6, 18, 16]

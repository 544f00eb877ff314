"""What the findings on squares ask is what their threads asked, and can be checked by hand."""

import numpy as np
import pytest
import torch

from benchmark.catalogue.registry import Catalogue, load_model, load_task
from benchmark.cell.dataset import draw
from findings.next_square.models import tanh_10_6, tanh_10_6_and_output
from findings.next_square.tasks import said, spread
from findings.parabola.tasks import square_and_constant, straight_sides
from models.base import Problem
from models.training.network import NetworkRegressor
from tasks.base import FloatArray, Task

ONE = Problem(n_features=1, n_elements=1, n_element_features=1, n_train=1_000)


def task(found: Catalogue, name: str) -> Task:
    return load_task(found.tasks[name].origin, name)


def asked(found: Catalogue, name: str) -> NetworkRegressor:
    regressor = load_model(found.models[name].origin, name).build(ONE, 0)
    assert isinstance(regressor, NetworkRegressor)
    return regressor


@pytest.mark.parametrize(("name", "first", "last"), [("squares-to-1000", 0, 1_000), ("squares-to-99", 1, 99)])
def test_every_number_is_seen_once(catalogue: Catalogue, name: str, first: int, last: int) -> None:
    seen = draw(task(catalogue, name), 0).train
    assert sorted(seen.X[:, 0]) == list(range(first, last + 1))
    np.testing.assert_array_equal(seen.y, seen.X[:, 0] ** 2)


def test_what_is_said_of_a_number_stands_beside_its_distance_from_the_square() -> None:
    quantity = said(1_000, 1_001)
    X = quantity.rows(np.zeros((5, 1)))
    np.testing.assert_array_equal(X, [[1_000.0], [1_001.0]])
    assert quantity.measure(X, np.array([1e6 + 2, 1_000_166.8125])) == {
        "says_1000": 1_000_002.0,
        "off_1000": 2.0,
        "says_1001": 1_000_166.8125,
        "off_1001": 1_834.1875,
    }


def test_the_spread_of_predictions_is_the_largest_minus_the_smallest() -> None:
    quantity = spread(3)
    X = quantity.rows(np.zeros((5, 1)))
    assert quantity.measure(X, np.array([2.0, 2.0, 2.0])) == {"spread": 0.0, "spread_missing": 8.0}
    assert quantity.measure(X, X[:, 0] ** 2) == {"spread": 8.0, "spread_missing": 0.0}


def _sides(function: np.ufunc | None, kink: float = 0.0) -> dict[str, float]:
    quantity = straight_sides(10.0, 10)
    x = quantity.rows(np.zeros((1, 1)))[:, 0]
    assert (np.abs(x).min(), np.abs(x).max()) == (10.0, 100.0)
    predictions: FloatArray = np.maximum(np.abs(x), kink) if function is None else function(x)
    return quantity.measure(x[:, np.newaxis], predictions)


def test_a_side_is_straight_from_its_last_kink_on() -> None:
    assert _sides(None)["straight_from"] == 1.0
    assert _sides(None)["line_r2"] == pytest.approx(1.0)
    # It is a thousandth of what the side spans before it is seen.
    assert _sides(None, kink=40.0)["straight_from"] == pytest.approx(4.0, abs=0.1)


def test_a_parabola_is_straight_nowhere() -> None:
    found = _sides(np.square)
    assert found["straight_from"] == pytest.approx(10.0)
    # A line through x^2 on [10, 100] leaves the sixteenth part of 90^4 / 180 of its variance.
    assert found["line_r2"] == pytest.approx(1 - 90**4 / 180 / (90**2 / 12 * 110**2 + 90**4 / 180), rel=0.01)
    assert found["bend"] == pytest.approx(1 - found["line_r2"])


def test_the_constant_is_added_to_the_square() -> None:
    np.testing.assert_array_equal(square_and_constant(np.array([[3.0, -4.0], [-1.0, 0.5]])), [19.0, -0.75])


@pytest.mark.parametrize(
    ("name", "epochs", "rows"),
    [
        ("asked-next-square", 2_500, 1_001),
        ("asked-next-square-scaled", 2_500, 1_001),
        ("asked-next-square-20", 80, 80_001),
        ("asked-mae", 100, 1_000),
        ("asked-scope", 300, 8_000),
        ("asked-scope-scaled", 25, 8_000),
        ("asked-constant-linear", 1_000, 75),
        ("asked-two-layers", 100, 1_000),
    ],
)
def test_networks_are_trained_for_as_many_epochs_in_batches_of_32(
    catalogue: Catalogue, name: str, epochs: int, rows: int
) -> None:
    recipe = asked(catalogue, name).recipe
    assert (recipe.steps, recipe.batch_size, recipe.schedule) == (epochs * (rows // 32), 32, "constant")


def test_what_a_thread_told_of_its_training_is_in_the_recipe(catalogue: Catalogue) -> None:
    mae, scope = asked(catalogue, "asked-mae").recipe, asked(catalogue, "asked-scope").recipe
    assert (mae.loss, mae.optimizer, mae.learning_rate, mae.divisors) == ("mae", "adam", 0.1, (1.0, 1.0))
    assert (scope.optimizer, scope.learning_rate, scope.divisors) == ("rmsprop", 0.01, (1.0, 1.0))
    # Keras's 0.001 times the squares has the gradient of torch's 0.002 times half of them.
    assert (scope.weight_decay, scope.validation, scope.early_stopping) == (0.002, 0.2, True)


def test_a_tanh_at_the_output_ends_at_one() -> None:
    x = torch.tensor([[1e3], [-1e3]])
    torch.manual_seed(0)
    bounded = tanh_10_6_and_output(ONE)
    torch.manual_seed(0)
    linear = tanh_10_6(ONE)
    assert torch.equal(bounded(x), torch.tanh(linear(x)))
    assert [each.out_features for each in linear.children() if isinstance(each, torch.nn.Linear)] == [10, 6, 1]

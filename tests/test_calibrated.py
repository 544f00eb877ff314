"""The tasks and models of the calibration are what its sources have, and its exact values follow from the laws."""

import math

import numpy as np
import pytest
import torch

from benchmark.catalogue.registry import Catalogue, load_model, load_task
from calibration.arithmetic.comparisons import CAPPED, LINE, THRESHOLDS
from calibration.arithmetic.units import TwoUnits
from calibration.friedman.comparisons import BEST_LINE, NOISE
from calibration.rays.tasks import TASKS as RAYS
from calibration.rays.tasks import from_the_origin, roots
from models.base import Problem
from models.layers.arithmetic import Addition, Multiplication

# Variances and fourth cumulants of an input of U[1, 2] and of U[2, 6]; a and b have 25 inputs and share 12.
V, BIG_V, K4, BIG_K4, N, SHARED = 1 / 12, 16 / 12, -1 / 120, -256 / 120, 25, 12
MEAN, BIG_MEAN = 1.5 * N, 4.0 * N


def test_the_best_lines_of_products_have_the_errors_that_their_moments_give() -> None:
    away = BIG_MEAN - MEAN
    product = (N * V) ** 2 + (SHARED * V) ** 2 + SHARED * K4
    square = 2 * (N * V) ** 2 + N * K4
    far_product = (
        (away**2 + SHARED * BIG_V - SHARED * V) ** 2
        + away**2 * (2 * N * BIG_V + 2 * SHARED * BIG_V)
        + (N * BIG_V) ** 2 + (SHARED * BIG_V) ** 2 + SHARED * BIG_K4
    )  # fmt: skip
    far_square = (
        (away**2 + N * BIG_V - N * V) ** 2 + 4 * away**2 * N * BIG_V + 2 * (N * BIG_V) ** 2 + N * BIG_K4
    )  # fmt: skip
    exact = {place: error.exact for place, error in LINE.items()}
    assert exact["mul", "inside"] == pytest.approx(product, rel=1e-6)
    assert exact["square", "inside"] == pytest.approx(square, rel=1e-6)
    assert exact["mul", "outside"] == pytest.approx(far_product, rel=1e-6)
    assert exact["square", "outside"] == pytest.approx(far_square, rel=1e-6)
    constant = MEAN**2 * (2 * N * V + 2 * SHARED * V) + product
    assert CAPPED["mul", "inside"].exact == pytest.approx(constant, rel=1e-6)


def test_the_thresholds_are_of_a_network_that_is_off_by_a_hundred_thousandth() -> None:
    # Their script has sums of 26 inputs, of which 13 are shared; the published ones are of a sample.
    add = 1e-10 * (384**2 + 4 * 74 * BIG_V)
    sub = 1e-10 * 4 * 26 * BIG_V
    assert THRESHOLDS["add"] == pytest.approx(add, rel=5e-3)
    assert THRESHOLDS["sub"] == pytest.approx(sub, rel=5e-3)


def test_friedman_s_best_line_and_noise_are_those_of_its_law() -> None:
    X = np.random.default_rng(0).random((400_000, 5))
    y = 10 * np.sin(np.pi * X[:, 0] * X[:, 1]) + 20 * (X[:, 2] - 0.5) ** 2 + 10 * X[:, 3] + 5 * X[:, 4]
    A = np.column_stack([np.ones(len(X)), X])
    left = y - A @ np.linalg.lstsq(A, y, rcond=None)[0]
    sd = math.sqrt(float(y.var()) + 1)
    assert math.sqrt(float(left.var()) + 1) / sd == pytest.approx(BEST_LINE, rel=2e-3)
    assert 1 / sd == pytest.approx(NOISE, rel=2e-3)


def test_two_units_compute_the_operation_once_their_weights_are_whole() -> None:
    x = torch.rand(6, 5, dtype=torch.float64) + 1
    a, b = x[:, 0] + x[:, 1], x[:, 1] + x[:, 2]
    for last, expected in ((Addition, a + b), (Multiplication, a * b)):
        unit = TwoUnits(5, last, strength=10.0).double()
        with torch.no_grad():
            unit.first.weight.copy_(torch.tensor([[1.0, 1, 0, 0, 0], [0, 1, 1, 0, 0]]))
            unit.last.weight.fill_(1.0)
        torch.testing.assert_close(unit(x)[:, 0], expected)
        assert float(unit.penalty(torch.tensor(1.0)).detach()) == 0.0


def test_the_regulariser_rises_over_the_second_fifth_and_weights_stay_in_their_ranges() -> None:
    unit = TwoUnits(5, Multiplication, strength=10.0)
    with torch.no_grad():
        unit.first.weight.fill_(0.5)
        unit.last.weight.fill_(0.5)
    # All weights are half way between whole numbers.
    found = [float(unit.penalty(torch.tensor(at)).detach()) for at in (0.2, 0.3, 0.4, 1.0)]
    assert found == pytest.approx([0.0, 5.0, 10.0, 10.0])
    with torch.no_grad():
        unit.first.weight.fill_(-3.0)
        unit.last.weight.fill_(-3.0)
        unit.constrain(torch.tensor(0.5))
    assert (unit.first.weight.min().item(), unit.last.weight.min().item()) == (-1.0, 0.0)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("linear", 205), ("relu6", 205), ("nau", 202), ("nmu", 202), ("nalu", 606), ("product-lbfgs", 200)],
)
def test_the_networks_of_arithmetic_are_100_2_1(catalogue: Catalogue, name: str, parameters: int) -> None:
    problem = Problem(n_features=100, n_elements=1, n_element_features=100, n_train=20_000)
    entry = catalogue.models[f"arithmetic-{name}"]
    regressor = load_model(entry.origin, entry.name).build(problem, 0)
    module = regressor.factory(problem)  # type: ignore[attr-defined]
    assert sum(each.numel() for each in module.parameters()) == parameters
    assert regressor.recipe.divisors == (1.0, 1.0)  # type: ignore[attr-defined]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5])
def test_the_way_from_halves_to_the_product_is_flat_to_the_third_order(share: float) -> None:
    x = np.random.default_rng(0).uniform(1, 2, (100_000, 38))
    a, b = x[:, :25].sum(axis=1), x[:, 13:].sum(axis=1)
    middle, half = (a + b) / 2, (a - b) / 2
    offsets = np.linspace(0, 1.5, 301)
    errors = [np.mean(((middle + m + share * half) * (middle - m - share * half) - a * b) ** 2) for m in offsets]
    # The formula is that of a normal difference, whose fourth moment is 2 % larger.
    assert min(errors) == pytest.approx((2 - 6 * share**4) * (13 / 24) ** 2, rel=0.04)


def test_tasks_of_arithmetic_have_the_functions_and_ranges_of_their_suite(catalogue: Catalogue) -> None:
    for operation in THRESHOLDS:
        ours, suite = (
            load_task(catalogue.tasks[name].origin, name) for name in (f"arithmetic-{operation}", f"nalu-{operation}")
        )
        assert (ours.domain, ours.formula) == (suite.domain, suite.formula)
        assert (ours.n_train, ours.n_test) == (20_000, 10_000)


def test_rays_of_xu_begin_beyond_the_boundary_and_end_ten_test_ranges_further() -> None:
    X = np.random.default_rng(0).uniform(0, 2, (50, 8))
    centre, step = from_the_origin(0.0, 2.0)(X)
    assert not centre.any()
    np.testing.assert_allclose(np.abs(step).max(axis=1), 2.0)
    # Directions are those of the rows from the middle of their box.
    assert (np.sign(step) == np.sign(X - 1)).all()
    errors = {task.name: [quantity.error for quantity in task.quantities] for task in RAYS}
    assert errors == {
        "xu-quadratic-8d-rays": ["bent_share_to_51"],
        "xu-cos-2d-rays": ["bent_share_to_21"],
        "xu-sqrt-8d-rays": ["bent_share_to_51"],
        "xu-l1-8d-rays": ["bent_share_to_201"],
    }


def test_roots_are_those_of_the_suite_where_there_are_any(catalogue: Catalogue) -> None:
    task = load_task(catalogue.tasks["xu-sqrt-8d"].origin, "xu-sqrt-8d")
    X = np.random.default_rng(0).uniform(0, 4, (50, 8))
    np.testing.assert_allclose(roots(X), task.targets(X))
    assert roots(np.full((1, 8), -1.0)).tolist() == [0.0]

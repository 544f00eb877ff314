"""The tasks and models that exist for the findings are what the findings take them for."""

import hashlib
import struct

import numpy as np
import pytest
import torch

from benchmark.catalogue.registry import Catalogue, load_model, load_task
from benchmark.cell.dataset import draw
from benchmark.cell.outcome import problem_of
from findings.lambda_.models import ClosedForm, GradientDescent
from findings.lambda_.tasks import hidden_lambda
from findings.pair_sum.models import convolution, convolution_and_network
from models.base import Model, Problem
from models.deep_sets import deep_sets, shared_sum
from models.training import Factory
from tasks.base import FloatArray, Task
from tasks.domains import GrowingSet

PAIR = Problem(n_features=6, n_elements=2, n_element_features=3, n_train=100)


@pytest.fixture
def paths() -> FloatArray:
    return np.random.default_rng(0).standard_normal((2_000, 20))


def task(found: Catalogue, name: str) -> Task:
    return load_task(found.tasks[name].origin, name)


def model(found: Catalogue, name: str) -> Model:
    return load_model(found.models[name].origin, name)


def weights(module: torch.nn.Module) -> list[torch.Tensor]:
    return [parameter.detach().squeeze(-1) if parameter.dim() == 3 else parameter for parameter in module.parameters()]


@pytest.mark.parametrize(("ours", "theirs"), [(shared_sum, convolution), (deep_sets, convolution_and_network)])
def test_a_seed_gives_convolutions_the_weights_of_the_layers_and_they_compute_the_same(
    ours: Factory, theirs: Factory
) -> None:
    made = []
    for factory in (ours, theirs):
        torch.manual_seed(0)
        made.append(factory(PAIR).double())
    for linear, convolved in zip(*map(weights, made), strict=True):
        assert torch.equal(linear, convolved)
    x = torch.randn(50, 6, dtype=torch.float64)
    assert torch.allclose(made[0](x), made[1](x), rtol=0, atol=1e-12)


def test_networks_as_asked_start_as_keras_starts_them(catalogue: Catalogue) -> None:
    regressor = model(catalogue, "asked-relu").build(PAIR, 0)
    linears = [each for each in regressor.factory(PAIR) if isinstance(each, torch.nn.Linear)]  # type: ignore[attr-defined]
    assert [each.out_features for each in linears] == [20, 100, 1000, 100, 20, 1]
    for each in linears:
        bound = (6 / (each.in_features + each.out_features)) ** 0.5
        assert each.bias.abs().max() == 0
        assert 0.9 * bound < each.weight.abs().max() <= bound or each.weight.numel() < 200


@pytest.mark.parametrize(
    ("name", "epochs", "batch"),
    [("asked-relu", 500, 100), ("asked-small-5000-epochs", 5_000, 100), ("asked-tanh-50", 10, 8)],
)
def test_networks_as_asked_train_for_as_many_epochs(catalogue: Catalogue, name: str, epochs: int, batch: int) -> None:
    rows = 2_000 if name == "asked-tanh-50" else 1_000
    recipe = model(catalogue, name).build(PAIR, 0).recipe  # type: ignore[attr-defined]
    assert (recipe.steps * batch, recipe.batch_size) == (epochs * rows, batch)
    assert (recipe.optimizer, recipe.learning_rate, recipe.schedule) == ("adam", 1e-3, "constant")


def test_the_closed_form_is_the_ratio_of_the_sums(paths: FloatArray) -> None:
    m = np.mean(paths**2, axis=1)
    k = 0.25 * m + 0.1 * np.random.default_rng(1).standard_normal(len(m))
    fitted = ClosedForm((2,)).fit(paths, k)
    assert fitted.predict(paths) == pytest.approx(m * (m @ k) / (m @ m), rel=1e-12)
    assert float(fitted.fit_info_["sum_of_squares"]) == pytest.approx(m @ m)


@pytest.mark.parametrize("rate", [0.5, 1.0, 1.9])
def test_gradient_descent_below_the_bound_finds_lambda(paths: FloatArray, rate: float) -> None:
    fitted = GradientDescent(rate).fit(paths, 0.25 * np.mean(paths**2, axis=1))
    assert float(fitted.fit_info_["lambda"]) == pytest.approx(0.25, abs=1e-6)


@pytest.mark.parametrize("rate", [2.01, 2.5])
def test_gradient_descent_above_the_bound_runs_away_by_its_factor_each_step(paths: FloatArray, rate: float) -> None:
    fitted = GradientDescent(rate).fit(paths, 0.25 * np.mean(paths**2, axis=1))
    assert abs(float(fitted.fit_info_["lambda"]) - 0.25) == pytest.approx(0.25 * (rate - 1) ** 200, rel=1e-6)


def test_the_hidden_lambda_is_uniform_and_the_row_tells_nothing_of_it(paths: FloatArray) -> None:
    found = hidden_lambda(paths)
    assert np.array_equal(found, hidden_lambda(paths))
    assert found.min() >= 0
    assert found.max() < 0.5
    assert found.std() == pytest.approx(0.5 / 12**0.5, rel=0.03)
    neighbours = hidden_lambda(paths + 1e-8)
    for column in (*paths.T, *(paths**2).T, neighbours):
        assert abs(np.corrcoef(column, found)[0, 1]) < 0.08


def test_the_hidden_lambda_is_the_hash_of_the_row_and_of_nothing_else(paths: FloatArray) -> None:
    digest = hashlib.blake2b(struct.pack("<2q", 500_000_000, -1_250_000_000), digest_size=8).digest()
    (word,) = struct.unpack("<Q", digest)
    assert hidden_lambda(np.array([[0.5, -1.25]]))[0] == 0.5 * (word >> 11) / 2**53
    # Each row draws its own, whichever rows stand beside it.
    assert np.array_equal(hidden_lambda(paths[::-1])[::-1], hidden_lambda(paths))


def test_the_last_bits_of_a_processor_do_not_change_the_hidden_lambda(paths: FloatArray) -> None:
    drawn = np.round(paths, 6)
    for other in (np.nextafter(drawn, np.inf), np.nextafter(drawn, -np.inf), drawn.astype(np.longdouble) / 3 * 3):
        assert np.array_equal(hidden_lambda(np.asarray(other, dtype=np.float64)), hidden_lambda(drawn))


def test_rounding_is_part_of_the_rounded_sum(catalogue: Catalogue) -> None:
    quantities = {q.error: q for q in task(catalogue, "sum-rounded").quantities}
    X = np.array([[3.0, 4.0], [10.0, 20.0]])
    outside = quantities["rounded_rmse_outside"].rows(X)
    np.testing.assert_array_equal(outside, X + 1000)
    assert quantities["rounded_rmse_outside"].measure(outside, np.array([2007.4, 2029.6])) == {
        "rounded_rmse_outside": 0.0
    }
    assert quantities["rounded_rmse_inside"].measure(X, np.array([7.6, 30.0])) == {"rounded_rmse_inside": 0.5**0.5}


def test_the_coefficients_of_lambda_of_x_are_recovered_from_the_truth(catalogue: Catalogue, paths: FloatArray) -> None:
    of_x = task(catalogue, "lambda-of-x")
    measured: dict[str, float] = {}
    for quantity in of_x.quantities:
        measured |= quantity.measure(quantity.rows(paths), of_x.targets(paths))
    assert measured["a_hat"] == pytest.approx(0.25)
    assert measured["b_hat"] == pytest.approx(0.1)


def test_a_sweep_changes_nothing_but_the_number_of_rows(catalogue: Catalogue) -> None:
    few, board = task(catalogue, "pair-sum-100-rows"), task(catalogue, "pair-sum")
    assert (few.n_train, few.n_test, few.domain, few.function) == (100, board.n_test, board.domain, board.function)
    assert len(draw(few, 0).train.y) == 100


def test_a_growing_set_has_more_elements_outside_and_no_trace_of_absent_ones() -> None:
    domain = GrowingSet(n_trained=5)
    for even in (False, True):
        for inner, outer, counts in ((0.0, 1.0, {1, 2, 3, 4, 5}), (1.0, 2.0, {6, 7, 8, 9, 10}), (1.0, 1.05, {6})):
            rows = domain.draw(500, np.random.default_rng(0), inner=inner, outer=outer, even=even)
            values, present = rows.X[:, ::2], rows.X[:, 1::2]
            assert set(present.sum(axis=1).astype(int)) == counts
            assert not values[present == 0].any()
            assert ((rows.distance > inner) & (rows.distance <= outer)).all()


def test_a_growing_set_refuses_what_it_has_no_places_for() -> None:
    with pytest.raises(ValueError, match="has places up to a distance factor of 2, asked for 3"):
        GrowingSet(n_trained=5).draw(1, np.random.default_rng(0), outer=3.0)
    with pytest.raises(ValueError, match="needs n_trained >= 1 and reach >= 2, got 0 and 2"):
        GrowingSet(n_trained=0)


@pytest.mark.parametrize("name", ["least-squares", "lambda-closed-form", "lambda-descent-05", "lambda-linear-in-x"])
def test_controls_fit_and_predict(catalogue: Catalogue, name: str) -> None:
    of_x = task(catalogue, "lambda-of-x")
    data = draw(of_x, 0)
    regressor = model(catalogue, name).build(problem_of(of_x, quick=True), 0)
    regressor.fit(data.train.X, data.train.y)
    assert regressor.predict(data.interpolation.X).shape == (of_x.n_test,)

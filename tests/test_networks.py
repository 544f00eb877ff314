"""The networks beside the core: each layer is what its paper says, and each model keeps the contract."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.arithmetic_units import nau_nmu
from models.base import FloatArray, NotApplicable, Problem, Regressor
from models.ensemble import EnsembleRegressor, ensemble_of
from models.equation_learner import eql
from models.fourier import fourier_features
from models.layers.activations import Rational, Snake, sigmoid, silu
from models.layers.arithmetic import Addition, ArithmeticUnits, LogicUnit, Multiplication, product_of_all
from models.layers.blocks import Bilinear, RandomWaves
from models.layers.equation import EquationLearner
from models.layers.kolmogorov_arnold import SplineLayer, cubic_splines
from models.layers.written import ONE, ZERO, product, weighted_sum
from models.library_networks import sklearn_mlp, sklearn_mlp_scaled
from models.mlp import tanh_mlp
from models.residual import gelu_resnet
from models.set_transformer import MODELS as MODELS_OF_SETS
from models.set_transformer import set_transformer
from models.sine import siren
from models.training.engines import choice as engine
from models.training.network import NetworkRegressor
from models.training.recipe import Recipe
from tests.nets import PAIR, job, networks

OTHERS = [pytest.param(regressor, id=model.name) for model, regressor in networks() if "core" not in model.tags]
RECORDED = [each for each in OTHERS if each.values[0].recipe.optimizer != "lbfgs"]  # type: ignore[union-attr]
NAMES = {
    *("gelu-resnet", "sine-mlp", "siren", "snake", "fourier-features", "kan", "radial-kan", "rational", "nau-nmu"),
    *("nalu", "eql", "bilinear", "tanh-mlp-lbfgs", "set-transformer"),
}


def test_the_networks_beside_the_core_are_registered() -> None:
    assert {each.id for each in OTHERS} == NAMES


# Shapes ----------------------------------------------------------------------------------------------------------

ODD = replace(PAIR, n_train=21)
"""So many rows fill no vector register: the last numbers of an array take other routines than the first."""


@pytest.mark.parametrize("regressor", RECORDED)
def test_a_seeds_bits_do_not_depend_on_its_company(regressor: NetworkRegressor) -> None:
    recipe = replace(regressor.recipe, steps=3, validation=None)
    said = set()
    for company in ([3, 4], [9, 4, 0]):
        one = job(regressor.factory, company, recipe, problem=ODD)
        slot = company.index(4)
        said.add(engine.ENGINES["traced"](one)[slot].predict(one.inputs[slot]).tobytes())
    assert len(said) == 1


SMALL = Problem(n_features=1, n_elements=1, n_element_features=1, n_train=20)
WIDE = Problem(n_features=100, n_elements=20, n_element_features=5, n_train=30)


@pytest.mark.parametrize("problem", [SMALL, WIDE], ids=["1 feature", "100 features"])
@pytest.mark.parametrize("regressor", OTHERS)
def test_a_network_learns_few_rows_of_any_width_twice_alike(regressor: NetworkRegressor, problem: Problem) -> None:
    rng = np.random.default_rng(0)
    X = rng.uniform(-1000, 3000, size=(problem.n_train, problem.n_features))
    y = 7e4 + 5 * X.sum(axis=1)

    def predicted() -> FloatArray:
        recipe = replace(regressor.recipe.brief(), engine="loop")
        one = NetworkRegressor(regressor.factory, problem, 1, recipe).fit(X, y)
        assert one.parameters() > 0
        return one.predict(2 * X)

    first = predicted()
    assert first.shape == (problem.n_train,)
    assert np.isfinite(first).all()
    assert np.array_equal(first, predicted())


def test_attention_needs_more_than_one_element_and_does_not_see_their_order() -> None:
    (model,) = MODELS_OF_SETS
    with pytest.raises(NotApplicable, match="a row is a single element"):
        model.build(SMALL, 0)
    torch.manual_seed(0)
    module, x = set_transformer(PAIR), torch.randn(5, 6)
    torch.testing.assert_close(module(x), module(torch.cat([x[:, 3:], x[:, :3]], dim=1)))


# Activations -----------------------------------------------------------------------------------------------------


def test_sigmoid_and_silu_are_torchs_and_their_bits_do_not_depend_on_the_place() -> None:
    x = 4 * torch.randn(7, 5, 3, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(sigmoid(x), torch.sigmoid(x))
    torch.testing.assert_close(silu(x), nn.functional.silu(x))
    assert torch.equal(silu(x), torch.stack([silu(each.clone()) for each in x]))


def test_the_derivative_of_snake_is_one_plus_the_sine_of_2_a_x() -> None:
    snake = Snake(3).double()
    with torch.no_grad():
        snake.a.copy_(torch.tensor([0.5, 1.0, 3.0]))
    x = torch.linspace(-4, 4, 30, dtype=torch.float64).reshape(10, 3).requires_grad_()
    (slope,) = torch.autograd.grad(snake(x).sum(), x)
    torch.testing.assert_close(slope, 1 + torch.sin(2 * snake.a.detach() * x.detach()), rtol=1e-7, atol=1e-7)


def test_a_rational_starts_near_relu() -> None:
    x = torch.linspace(-1, 1, 1001)
    assert (Rational()(x) - torch.relu(x)).abs().max() < 0.025


def test_siren_starts_as_its_paper_says() -> None:
    torch.manual_seed(0)
    module = siren(PAIR)
    first, *later = [layer for layer in module.modules() if isinstance(layer, nn.Linear)]
    assert 0.95 / 6 < first.weight.abs().max() <= 1 / 6
    reach = math.sqrt(6 / 64) / 30
    assert all(0.9 * reach < layer.weight.abs().max() <= reach for layer in later)
    # Before the sine, numbers of the second layer have a normal law with sd 1.
    rows = torch.rand(2000, 6) * 2 - 1
    hidden = 30 * torch.sin(30 * first(rows)) @ later[0].weight.T
    assert hidden.std().item() == pytest.approx(1, abs=0.15)


# Blocks ----------------------------------------------------------------------------------------------------------


def test_random_waves_are_a_function_of_the_seed_and_are_not_trained() -> None:
    def frequencies(seed: int) -> Tensor:
        torch.manual_seed(seed)
        module = fourier_features(PAIR)
        (found,) = module.buffers()
        assert all(found is not parameter for parameter in module.parameters())
        return found

    assert torch.equal(frequencies(0), frequencies(0))
    assert not torch.equal(frequencies(0), frequencies(1))
    assert frequencies(0).std().item() == pytest.approx(0.5 / 6**0.5, rel=0.1)
    waves = RandomWaves(2, 5, scale=1.0)(torch.randn(7, 2))
    torch.testing.assert_close(waves[:, :5].square() + waves[:, 5:].square(), torch.ones(7, 5))


def test_a_bilinear_layer_multiplies_two_linear_maps() -> None:
    layer, x = Bilinear(3, 4), torch.randn(5, 3)
    left = x @ layer.left.weight.T + layer.left.bias
    right = x @ layer.right.weight.T + layer.right.bias
    torch.testing.assert_close(layer(x), left * right)


def test_a_residual_network_whose_changes_are_nothing_is_linear() -> None:
    module = gelu_resnet(PAIR)
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if "change" in name:
                parameter.zero_()
    x = torch.randn(5, 6)
    torch.testing.assert_close(module(2 * x) - module(x), module(x) - module(0 * x), atol=1e-5, rtol=1e-5)


# Functions on edges ----------------------------------------------------------------------------------------------


def _edge() -> SplineLayer:
    return SplineLayer(1, 1, n_intervals=10, reach=2.0).double()


def test_splines_sum_to_one_on_the_grid_and_end_three_intervals_beyond() -> None:
    layer, x = _edge(), torch.linspace(-2, 2, 401, dtype=torch.float64)
    splines = cubic_splines(x / layer.spacing, layer.centres)
    assert splines.shape == (401, 13)
    assert (splines >= -1e-15).all()
    torch.testing.assert_close(splines.sum(dim=-1), torch.ones_like(x))
    beyond = torch.tensor([-3.2, 3.2, 50.0], dtype=torch.float64)
    assert (cubic_splines(beyond / layer.spacing, layer.centres).abs() < 1e-15).all()


def test_splines_are_scipys() -> None:
    from scipy.interpolate import BSpline

    layer, x = _edge(), torch.linspace(-2, 2, 57, dtype=torch.float64)
    ours = cubic_splines(x / layer.spacing, layer.centres)
    for number, centre in enumerate(layer.centres.tolist()):
        knots = layer.spacing * (centre + np.arange(-2, 3))
        theirs = BSpline.basis_element(knots, extrapolate=False)(x.numpy())
        np.testing.assert_allclose(ours[:, number], np.nan_to_num(theirs), atol=1e-12)


def test_an_edge_can_be_any_cubic_on_the_grid() -> None:
    layer, x = _edge(), torch.linspace(-2, 2, 201, dtype=torch.float64)
    cubic = 1 - 2 * x + 0.5 * x**2 + 3 * x**3
    splines = cubic_splines(x / layer.spacing, layer.centres)
    with torch.no_grad():
        layer.base.weight.zero_()
        layer.coefficients.weight.copy_(torch.linalg.lstsq(splines, cubic.unsqueeze(1)).solution.T)
    torch.testing.assert_close(layer(x.unsqueeze(1)).squeeze(1), cubic, rtol=1e-9, atol=1e-9)


# Arithmetic ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 3, 7, 16])
def test_a_product_by_halves_is_the_product(n: int) -> None:
    factors = torch.randn(4, n, 3, dtype=torch.float64)
    torch.testing.assert_close(product_of_all(factors), factors.prod(dim=1))


def test_an_addition_of_whole_weights_is_a_sum_and_a_multiplication_a_product() -> None:
    x = torch.randn(9, 3)
    addition, multiplication = Addition(3, 2), Multiplication(3, 2)
    with torch.no_grad():
        addition.weight.copy_(torch.tensor([[1, -1, 0], [0, 1, 1]]))
        multiplication.weight.copy_(torch.tensor([[1, 0], [0, 1], [1, 1]]))
    torch.testing.assert_close(addition(x), torch.stack([x[:, 0] - x[:, 1], x[:, 1] + x[:, 2]], dim=1))
    torch.testing.assert_close(multiplication(x), torch.stack([x[:, 0] * x[:, 2], x[:, 1] * x[:, 2]], dim=1))
    assert addition.distance() == multiplication.distance() == 0
    assert addition.expressions(["x1", "x2", "x3"]) == ["x1 - x2", "x2 + x3"]
    assert multiplication.expressions(["x1", "x2", "x3"]) == ["x1*x3", "x2*x3"]


def test_units_start_within_their_ranges_and_are_taken_back_into_them() -> None:
    torch.manual_seed(0)
    units = ArithmeticUnits(5, 16, strength=1.0)
    assert units.addition.weight.abs().max() <= 0.5
    assert (units.multiplication.weight - 0.5).abs().max() <= 0.25
    assert units.multiplication.distance().item() == pytest.approx(0.375, abs=0.02)
    with torch.no_grad():
        units.addition.weight.mul_(9)
        units.multiplication.weight.mul_(9)
        units.constrain(torch.tensor(0.0))
    assert units.addition.weight.abs().max() == 1
    assert units.multiplication.weight.max() == 1


def test_the_regulariser_of_units_grows_in_the_midst_of_training_and_ends_before_it() -> None:
    units = ArithmeticUnits(5, 16, strength=2.0)
    distance = units.addition.distance() + units.multiplication.distance()
    shares = [(units.penalty(torch.tensor(over)) / distance).item() for over in (0.0, 0.2, 0.35, 0.5, 0.79, 0.8, 0.9)]
    assert shares == pytest.approx([0, 0, 1, 2, 2, 0, 0], abs=1e-5)


def test_units_hold_nearly_whole_weights_in_the_last_phase() -> None:
    units = ArithmeticUnits(2, 2, strength=1.0)
    with torch.no_grad():
        units.addition.weight.copy_(torch.tensor([[0.99, -1.5], [-0.01, 0.9]]))
        units.constrain(torch.tensor(0.79))
        torch.testing.assert_close(units.addition.weight, torch.tensor([[0.99, -1.0], [-0.01, 0.9]]))
        units.constrain(torch.tensor(0.8))
    assert units.addition.weight.tolist() == [[1, -1], [0, pytest.approx(0.9)]]


def test_a_logic_unit_adds_or_multiplies_by_its_gate() -> None:
    unit, x = LogicUnit(2, 1).double(), torch.tensor([[2.0, 5.0]], dtype=torch.float64)
    with torch.no_grad():
        unit.size.fill_(50)
        unit.mask.fill_(50)
        unit.gate.fill_(50)
        assert unit(x).item() == pytest.approx(7)
        unit.gate.fill_(-50)
        assert unit(x).item() == pytest.approx(10)


# Formulas --------------------------------------------------------------------------------------------------------

ALLOWED: dict[str, Any] = {"__builtins__": {}, "sin": np.sin, "cos": np.cos}


def evaluated(formula: str, X: FloatArray) -> FloatArray:
    """Return the values (n,) of a formula at X (n, n_features)."""
    names = {f"x{i}": column for i, column in enumerate(X.T, 1)}
    return np.broadcast_to(eval(formula, ALLOWED, names), len(X)).astype(float)  # noqa: S307 - a formula of our own


def test_sums_and_products_are_written_without_what_is_nothing() -> None:
    assert weighted_sum([1.0, -1.0, 0.5, 0.0], ["a1", "a1 + a2", "sin(a3)", "a4"], -2.0) == (
        "a1 - (a1 + a2) + 0.5*sin(a3) - 2.0"
    )
    assert weighted_sum([-1e-05, 1.0], ["a1*a2", ZERO]) == "-1e-05*(a1*a2)"
    assert weighted_sum([0.0], ["a1"]) == ZERO
    assert weighted_sum([2.0, 0.5], [ONE, "a1"], 0.25) == "0.5*a1 + 2.25"
    assert weighted_sum([0.0], ["a1"], 0.1) == "0.1"
    assert product(["a1 + 1.0", "1.0", "sin(a2)*sin(a3)"]) == "(a1 + 1.0)*(sin(a2)*sin(a3))"
    assert product(["a1", ZERO]) == ZERO
    assert product(["1.0", "1.0"]) == "1.0"


def test_an_equation_learner_of_known_weights_writes_its_formula() -> None:
    learner = EquationLearner(2, n_layers=1, n_each=1, strength=1.0).double()
    linear = learner.layers[0].linear
    assert isinstance(linear, nn.Linear)
    with torch.no_grad():
        linear.bias.zero_()
        linear.weight.copy_(torch.tensor([[1.0, 0.0], [2.0, 0.0], [0.0, 0.0], [1.0, 0.0], [1.0, -3.0]]))
        linear.bias[3] = 0.25
        learner.sum.weight.copy_(torch.tensor([[0.0, -1.5, 0.0, 4.0]]))
        learner.sum.bias.fill_(7.0)
    formula = learner.expression(["x1", "x2"])
    assert formula == "-1.5*sin(2.0*x1) + 4.0*((x1 + 0.25)*(x1 - 3.0*x2)) + 7.0"
    X = np.random.default_rng(0).uniform(-3, 3, size=(20, 2))
    with torch.no_grad():
        np.testing.assert_allclose(evaluated(formula, X), learner(torch.tensor(X)).squeeze(1), rtol=1e-12)


def test_an_equation_learner_has_three_phases() -> None:
    learner = EquationLearner(2, n_layers=2, n_each=2, strength=0.5)
    size = sum(p.abs().sum() for name, p in learner.named_parameters() if name.endswith("weight"))
    paid = [(learner.penalty(torch.tensor(over)) / size).item() for over in (0.1, 0.3, 0.69, 0.7, 0.99)]
    assert paid == pytest.approx([0, 0.5, 0.5, 0, 0])
    weight = learner.sum.weight
    with torch.no_grad():
        weight[0, 0], weight[0, 1] = 0.009, -0.011
        learner.constrain(torch.tensor(0.69))
        assert weight[0, 0].item() == pytest.approx(0.009)
        learner.constrain(torch.tensor(0.7))
    assert weight[0, 0] == 0
    assert weight[0, 1].item() == pytest.approx(-0.011)


@pytest.mark.parametrize("factory", [eql, nau_nmu])
def test_the_formula_of_a_fitted_network_is_its_prediction(factory: Callable[[Problem], nn.Module]) -> None:
    problem = Problem(n_features=2, n_elements=2, n_element_features=1, n_train=64)
    (recipe,) = [known.recipe for _, known in networks() if known.factory is factory]
    regressor = NetworkRegressor(factory, problem, 0, replace(recipe, steps=300, validation=None, engine="loop"))
    rng = np.random.default_rng(0)
    X = rng.uniform([0, -5], [1000, 3], size=(64, 2))
    assert not hasattr(regressor, "expression")
    regressor.fit(X, 50 + X[:, 0] * X[:, 1])
    formula = regressor.expression()
    for factor in (1, 30):
        points = factor * rng.uniform([-1000, -5], [1000, 5], size=(50, 2))
        expected = regressor.predict(points)
        np.testing.assert_allclose(evaluated(formula, points), expected, rtol=1e-8, atol=1e-8 * np.abs(expected).max())


# Regressors of their own -----------------------------------------------------------------------------------------


def test_an_ensemble_is_the_mean_of_its_members_and_knows_their_sd() -> None:
    one = job(gelu_resnet, [0], Recipe())
    X, y = one.inputs[0], 30 + 5 * one.targets[0]

    def fitted(seed: int) -> EnsembleRegressor:
        built = ensemble_of(tanh_mlp)(PAIR, seed)
        assert isinstance(built, EnsembleRegressor)
        return built.briefly().fit(X, y)

    ensemble = fitted(3)
    mean, sd = ensemble.predict(X, return_std=True)
    members = np.array([member.predict(X) for member in ensemble.members])
    assert [member.seed for member in ensemble.members] == list(range(30, 40))
    np.testing.assert_allclose(mean, members.mean(axis=0))
    np.testing.assert_allclose(sd, members.std(axis=0))
    assert np.array_equal(ensemble.predict(X), mean)
    assert np.array_equal(fitted(3).predict(X), mean)
    assert not np.array_equal(fitted(4).predict(X), mean)
    assert ensemble.parameters() == 10 * (6 * 64 + 64 + 64 * 64 + 64 + 64 + 1)
    assert ensemble.get_params()["n_members"] == 10


@pytest.mark.parametrize("build", [sklearn_mlp, sklearn_mlp_scaled])
def test_the_librarys_network_depends_on_its_seed_alone_and_does_not_warn(
    build: Callable[[Problem, int], Regressor],
) -> None:
    problem = replace(SMALL, quick=True)
    X = np.linspace(0, 10, 20)[:, np.newaxis]

    def predicted(seed: int) -> FloatArray:
        regressor = build(problem, seed)
        regressor.fit(X, 1000 * X[:, 0])
        return regressor.predict(X)

    assert np.array_equal(predicted(0), predicted(0))
    assert not np.array_equal(predicted(0), predicted(1))


@pytest.mark.parametrize("build", [sklearn_mlp, sklearn_mlp_scaled])
def test_the_librarys_network_says_how_large_it_is(build: Callable[[Problem, int], Regressor]) -> None:
    regressor: Any = build(replace(SMALL, quick=True), 0)
    X = np.linspace(0, 10, 20)[:, np.newaxis]
    assert regressor.fit(X, X[:, 0]).parameters() == 100 + 100 + 100 + 1

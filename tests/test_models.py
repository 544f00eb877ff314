"""Every registered model keeps the contract, and none is better than its own kind can be."""

import numpy as np
import pytest

from benchmark.catalogue.registry import Catalogue, load_model
from benchmark.cell.conformance import model_checks
from benchmark.cell.dataset import draw
from benchmark.cell.metrics import rmse
from benchmark.cell.outcome import problem_of, settings_of
from models.base import NotApplicable, Problem, Regressor
from models.polynomial import polynomial
from tasks import core
from tasks.base import Task

TASKS = {task.name: task for task in core.TASKS}

CORE = [
    *("linear-net", "relu-mlp", "tanh-mlp", "deep-sets", "shared-sum"),
    *("polynomial-2", "polynomial-5", "gradient-boosting"),
]


def fitted(regressor: Regressor, task: Task, seed: int = 0) -> tuple[float, float]:
    """Return the errors inside and outside after a fit."""
    data = draw(task, seed)
    regressor.fit(data.train.X, data.train.y)
    inside, outside = data.interpolation, data.extrapolation
    return rmse(regressor.predict(inside.X), inside.y), rmse(regressor.predict(outside.X), outside.y)


def test_the_core_models_are_registered(catalogue: Catalogue) -> None:
    assert {name for name, entry in catalogue.models.items() if "core" in entry.tags} == set(CORE)


@pytest.mark.parametrize("name", CORE)
def test_every_registered_model_keeps_the_contract(catalogue: Catalogue, name: str) -> None:
    for _, check in model_checks(load_model(catalogue.models[name].origin, name)):
        check()


@pytest.mark.parametrize("name", ["linear-net", "relu-mlp", "tanh-mlp", "deep-sets", "shared-sum"])
def test_a_network_shows_its_whole_recipe(catalogue: Catalogue, name: str) -> None:
    model = load_model(catalogue.models[name].origin, name)
    settings = settings_of(model.build(problem_of(TASKS["sinc"], quick=False), 0))
    expected = {"steps": 4000, "batch_size": 128, "learning_rate": 1e-2, "schedule": "cosine", "dtype": "float32"}
    assert expected.items() <= settings.items()
    assert settings["optimizer"] == "adam"
    assert settings["loss"] == "mse"
    assert settings["validation"] == 0.2
    assert settings["share_scaling"] is (name in ("deep-sets", "shared-sum"))
    quick = settings_of(model.build(problem_of(TASKS["sinc"], quick=True), 0))
    assert quick["steps"] == 400


def test_gradient_boosting_has_the_settings_it_says(catalogue: Catalogue) -> None:
    model = load_model(catalogue.models["gradient-boosting"].origin, "gradient-boosting")
    settings = settings_of(model.build(problem_of(TASKS["sinc"], quick=False), 7))
    expected = {"n_estimators": 500, "max_depth": 4, "learning_rate": 0.05, "tree_method": "hist", "n_jobs": 1}
    assert expected.items() <= settings.items()
    assert "subsample" not in settings


# Population errors inside of the best polynomial of a degree; a fit from finite rows can only be worse.
@pytest.mark.parametrize(
    ("task", "degree", "best"),
    [
        *(("sinc", 4, 0.053568), ("sinc", 6, 0.0079206), ("sinc", 8, 7.5247e-4)),
        *(("piecewise", 2, 0.246327), ("piecewise", 3, 0.201556), ("piecewise", 5, 0.13892)),
        *(("smooth", 2, 0.193025), ("smooth", 3, 0.0113655), ("smooth", 5, 1.47814e-3), ("smooth", 7, 1.91774e-4)),
    ],
)
def test_a_polynomial_reaches_the_best_of_its_degree(task: str, degree: int, best: float) -> None:
    inside, _ = fitted(polynomial(problem_of(TASKS[task], quick=False), degree), TASKS[task])
    assert inside == pytest.approx(best, rel=0.05)


@pytest.mark.parametrize("task", ["square", "lambda-recovery"])
def test_degree_two_is_exact_where_the_truth_has_degree_two(task: str) -> None:
    inside, outside = fitted(polynomial(problem_of(TASKS[task], quick=False), 2), TASKS[task])
    assert inside < 1e-6
    assert outside < 1e-6


def test_a_polynomial_with_more_monomials_than_rows_does_not_apply() -> None:
    problem = Problem(n_features=20, n_elements=20, n_element_features=1, n_train=2000)
    with pytest.raises(NotApplicable, match="has 53,130 monomials, more than the 2,000 training rows"):
        polynomial(problem, 5)
    polynomial(Problem(n_features=1, n_elements=1, n_element_features=1, n_train=6), 5)


def test_elements_of_a_set_share_one_standardisation() -> None:
    from models.training.scaling import Scaling

    X = np.array([[0.0, 10.0], [2.0, 12.0]])
    y = np.array([1.0, 3.0])
    shared = Scaling.of(X, y, (2, 1))
    assert shared.x_mean.tolist() == [6, 6]
    assert shared.x_sd == pytest.approx([np.std([0, 2, 10, 12])] * 2)
    own = Scaling.of(X, y, (1, 2))
    assert own.x_mean.tolist() == [1, 11]
    assert own.x_sd.tolist() == [1, 1]
    assert own.inputs(X).tolist() == [[-1, -1], [1, 1]]
    assert own.targets(y).tolist() == [-1, 1]


@pytest.mark.parametrize("name", ["deep-sets", "shared-sum"])
def test_a_set_network_does_not_see_the_order_of_elements(catalogue: Catalogue, name: str) -> None:
    model = load_model(catalogue.models[name].origin, name)
    problem = Problem(n_features=6, n_elements=2, n_element_features=3, n_train=64, quick=True)
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, size=(64, 6))
    regressor = model.build(problem, 0)
    regressor.fit(X, X.sum(axis=1))
    swapped = np.hstack([X[:, 3:], X[:, :3]])
    assert regressor.predict(swapped) == pytest.approx(regressor.predict(X), rel=1e-4, abs=1e-4)

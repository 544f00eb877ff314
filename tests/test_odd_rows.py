"""Rows that nobody wishes for: a model learns from them what there is, or says in a sentence why it cannot."""

import contextlib
import re
from collections.abc import Callable

import numpy as np
import pytest

from benchmark.catalogue.registry import Catalogue
from models.base import FloatArray, NotApplicable, Problem, Regressor
from models.least_squares import SparseDictionary
from models.settings import spread
from models.splines import tensor_spline, thin_plate
from models.training.scaling import Scaling, edge
from tests.test_contenders import CLASSIC, model, problem_of

NETWORKS = ["relu-mlp", "tanh-mlp-lbfgs", "deep-sets", "nalu"]


def rows(n: int) -> FloatArray:
    return np.random.default_rng(0).uniform(1, 2, (n, 2))


def with_column(column: float) -> FloatArray:
    X = rows(60)
    X[:, 1] = column
    return X


ODD: dict[str, tuple[FloatArray, FloatArray]] = {
    "one row": (rows(1), np.array([3.0])),
    "two rows": (rows(2), np.array([3.0, 4.0])),
    "rows twice": (np.repeat(rows(30), 2, axis=0), np.repeat(rows(30)[:, 0], 2)),
    "a column of one number": (with_column(9.81), rows(60)[:, 0]),
    "a column that follows": (rows(60)[:, [0, 0]], rows(60)[:, 0]),
    "a target of one number": (rows(60), np.full(60, 0.1)),
}


@pytest.mark.parametrize("name", [*CLASSIC, *NETWORKS])
@pytest.mark.parametrize(("X", "y"), ODD.values(), ids=ODD)
def test_a_model_learns_what_there_is_or_does_not_apply(
    catalogue: Catalogue, name: str, X: FloatArray, y: FloatArray
) -> None:
    with contextlib.suppress(NotApplicable):
        regressor = model(catalogue, name).build(problem_of(X), 0)
        regressor.fit(X, y)
        predicted = regressor.predict(X)
        assert predicted.shape == y.shape
        assert np.isfinite(predicted).all()
        if name in CLASSIC:
            assert np.abs(predicted - y).max() < max(0.1, 1.01 * y.std())


@pytest.mark.parametrize("build", [tensor_spline, thin_plate], ids=["tensor-spline", "thin-plate"])
@pytest.mark.parametrize("number", [0.0, 0.1, 9.81])
def test_a_spline_learns_beside_a_column_of_one_number(build: Callable[..., Regressor], number: float) -> None:
    X, y = with_column(number), np.sin(3 * rows(60)[:, 0])
    regressor = build(problem_of(X), 0)
    regressor.fit(X, y)
    # Without the column both are within 2 % of this wave.
    assert np.abs(regressor.predict(X) - y).max() < 0.02


def test_a_thin_plate_says_which_rows_it_cannot_take() -> None:
    few = np.repeat(rows(3), 4, axis=0)
    with pytest.raises(NotApplicable, match="its plane alone needs more than 3 different rows, got 3"):
        thin_plate(problem_of(few), 0).fit(few, few[:, 0])
    flat = rows(60)[:, [0, 0, 0]]
    with pytest.raises(NotApplicable, match="an input follows from the others"):
        thin_plate(problem_of(flat), 0).fit(flat, flat[:, 0])
    wide = np.random.default_rng(0).uniform(size=(10, 8))
    surface = thin_plate(problem_of(wide), 0)
    surface.fit(wide, wide[:, 0])
    assert np.isfinite(surface.predict(wide)).all()


@pytest.mark.parametrize("number", [0.1, 9.81, -1e9])
def test_equal_numbers_have_no_spread_though_their_rounding_has(number: float) -> None:
    X = np.column_stack([np.full(1000, number), np.arange(1000.0)])
    assert spread(X).tolist() == [1.0, X[:, 1].std()]
    scaled = Scaling.of(X, X[:, 0], (1, 2))
    assert np.abs(scaled.inputs(X + 0.01)).max() < 2
    assert scaled.y_sd == 1.0
    # Rows are as far out as their second input is.
    assert edge(X, 0.01).held_back.tolist() == [0, 1, 2, 3, 4, 995, 996, 997, 998, 999]


def test_a_sparse_dictionary_keeps_one_function_of_a_target_of_one_number() -> None:
    X = rows(60)
    found = SparseDictionary(5, (1e-3, 1e-2, 1e-1), 5, 0).fit(X, np.full(60, 0.1))
    assert found.parameters() == 1
    np.testing.assert_allclose(found.predict(X), 0.1)


def test_a_formula_has_all_digits_of_its_smallest_number(catalogue: Catalogue) -> None:
    X = np.random.default_rng(0).uniform(1, 2, (200, 1))
    y = 1.2345e-9 * X[:, 0] ** 2
    problem = Problem(n_features=1, n_elements=1, n_element_features=1, n_train=200, quick=True)
    found = model(catalogue, "operon").build(problem, 0)
    found.fit(X, y)
    numbers = [float(each) for each in re.findall(r"\d+\.\d+", found.expression()) if float(each)]  # type: ignore[attr-defined]
    assert min(numbers) < 1e-8
    said = eval(found.expression(), {"x1": X[:, 0], **vars(np)})  # type: ignore[attr-defined]  # noqa: S307 - our own
    np.testing.assert_allclose(said, found.predict(X), rtol=1e-5)

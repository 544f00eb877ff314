"""The tasks and models of the published figures: their rows are those of the sources, and their parts add up."""

import numpy as np
import pytest
import torch
from sklearn.datasets import make_friedman1, make_friedman2, make_regression
from sklearn.model_selection import train_test_split

from benchmark.cell.dataset import draw
from calibration.digit_sums.tasks import MAE, MOST, digit_sum
from calibration.digit_sums.tasks import TASKS as DIGITS
from calibration.libraries.tasks import TASKS as EXAMPLES
from calibration.libraries.tasks import (
    friedman_1,
    friedman_1_of_1200,
    friedman_2,
    friedman_2_of_500,
    regression_of_100,
    regression_of_200,
    split_of_200,
)
from calibration.recovery.models import KozaSearch
from calibration.splines.models import RefinedSplines, _copy
from calibration.test_sets.tasks import INSIDE, OUTSIDE, TASKS, WHOLE
from tasks.base import FloatArray, Task

BY_NAME = {task.name: task for task in (*TASKS, *EXAMPLES, *DIGITS)}


def in_order(X: FloatArray) -> FloatArray:
    rows: FloatArray = X[np.lexsort(X.T)]
    return rows


def test_rows_of_the_examples_are_those_of_the_library() -> None:
    X1, noise = friedman_1_of_1200()
    theirs, y = make_friedman1(n_samples=1200, random_state=0, noise=1.0)
    np.testing.assert_array_equal(X1, theirs)
    np.testing.assert_allclose(friedman_1(X1) + noise, y, rtol=1e-12)
    X2, y = make_friedman2(n_samples=500, noise=0, random_state=0)
    np.testing.assert_array_equal(friedman_2_of_500(), X2)
    np.testing.assert_allclose(friedman_2(X2), y, rtol=1e-12)
    X3, y, weights = make_regression(n_features=4, n_informative=2, random_state=0, shuffle=False, coef=True)
    np.testing.assert_array_equal(regression_of_100()[0], X3)
    np.testing.assert_allclose(regression_of_100()[1], weights, rtol=1e-15)
    X4, y, weights = make_regression(n_samples=200, n_features=20, random_state=1, coef=True)
    np.testing.assert_array_equal(regression_of_200()[0], X4)
    np.testing.assert_allclose(regression_of_200()[1], weights, rtol=1e-15)
    train, test, *_ = train_test_split(X4, y, random_state=1)
    np.testing.assert_array_equal(split_of_200()[0], train)
    np.testing.assert_array_equal(split_of_200()[1], test)


def test_an_example_is_trained_on_its_own_rows_with_their_noise() -> None:
    task = BY_NAME["scikit-learn-friedman-1"]
    X, y = make_friedman1(n_samples=1200, random_state=0, noise=1.0)
    data = draw(task, 3)
    np.testing.assert_array_equal(in_order(data.train.X), in_order(X[:200]))
    noise = {row.tobytes(): value for row, value in zip(X, y, strict=True)}
    np.testing.assert_allclose(data.train.y, [noise[row.tobytes()] for row in data.train.X], rtol=1e-12)
    # All other rows have none.
    np.testing.assert_array_equal(data.interpolation.y, friedman_1(data.interpolation.X))


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_a_test_of_the_literature_is_scored_whole_and_apart(task: Task) -> None:
    (quantity,) = task.quantities
    X = quantity.rows(np.empty((0, task.domain.n_features)))
    beyond = task.domain.distance(X) > 1  # type: ignore[attr-defined]
    share = {"keijzer-6": 0.583, "vladislavleva-1": 0.29, "vladislavleva-4": 0.385, "vladislavleva-6": 0.1}
    name = task.name.removesuffix("-as-tested")
    if name in share:
        assert beyond.mean() == pytest.approx(share[name], abs=0.03)
    # One off outside, exact inside; and the other way round.
    off = quantity.measure(X, task.targets(X) + beyond)
    assert off[OUTSIDE] == pytest.approx(1)
    assert off[INSIDE] == 0
    assert off[WHOLE] == pytest.approx(np.sqrt(beyond.mean()))
    assert quantity.measure(X, task.targets(X) + ~beyond)[OUTSIDE] == 0


def test_sets_of_digits_have_as_many_as_their_distance_says() -> None:
    (task,) = DIGITS
    data = draw(task, 0)
    counts = (data.train.X > 0).sum(axis=1)
    assert set(counts) == set(range(1, 10))
    assert np.bincount(counts)[1:] == pytest.approx(len(counts) / 9, rel=0.05)
    np.testing.assert_array_equal((data.extrapolation.X > 0).sum(axis=1), np.round(9 * data.extrapolation.distance))
    assert (data.extrapolation.X > 0).sum(axis=1).min() == 10
    assert set(np.unique(data.train.X)) == set(range(10))
    _, longest = task.quantities
    X = longest.rows(data.interpolation.X)
    assert (X > 0).all()
    assert X.shape[1] == MOST
    assert longest.measure(X, digit_sum(X) + 2.0) == {f"{MAE}_of_{MOST}": 2.0}


def smooth(X: FloatArray) -> FloatArray:
    y: FloatArray = np.sin(X[:, 0]) + X[:, 1] ** 2
    return y


def test_a_finer_grid_begins_where_the_coarse_one_ended() -> None:
    X = np.random.default_rng(0).uniform(-1, 1, (200, 2))
    coarse = RefinedSplines((1,), (3,), 1, 40, 1.75, 0).fit(X, smooth(X))
    # A finer grid that holds the coarse one, and is not trained, is the same function wherever the grids reach.
    finer = coarse._made(2, 9)
    _copy(coarse._network, finer)
    standardised = torch.from_numpy((X - X.mean(axis=0)) / X.std(axis=0))
    with torch.no_grad():
        inside = (coarse._network[0](standardised)[:, 0].abs() <= 2) & (standardised.abs() <= 1.75).all(dim=1)
        np.testing.assert_allclose(finer(standardised)[inside], coarse._network(standardised)[inside], atol=1e-10)
    assert inside.double().mean() > 0.9
    # Trained, it is better on its rows.
    trained = RefinedSplines((1,), (3, 9), 1, 40, 1.75, 0).fit(X, smooth(X))
    assert np.abs(trained.predict(X) - smooth(X)).mean() < np.abs(coarse.predict(X) - smooth(X)).mean()


def test_a_search_ends_with_the_formula() -> None:
    X = np.random.default_rng(0).uniform(-1, 1, (20, 1))
    search = KozaSearch(500, 20, 0).fit(X, X[:, 0] ** 2 + X[:, 0])
    np.testing.assert_allclose(search.predict(X), X[:, 0] ** 2 + X[:, 0], atol=1e-12)
    assert len(search._search._programs) < 20
    assert search.parameters() >= 5

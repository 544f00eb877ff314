"""The models that meet a trend do what their finding takes them for."""

import numpy as np
import pytest

from benchmark.cell.dataset import draw
from findings.trend.models import FixedProcess, HelpedByLine
from findings.trend.tasks import TASKS
from models.base import FloatArray, Problem
from models.trees import random_forest

BY_NAME = {task.name: task for task in TASKS}
PROBLEM = Problem(n_features=1, n_elements=1, n_element_features=1, n_train=100)
X = np.arange(1.0, 101.0)[:, np.newaxis]
FAR = np.array([[500.0], [1000.0]])


def helped(how: str) -> FloatArray:
    made = HelpedByLine(how, random_forest(PROBLEM, 0))  # type: ignore[arg-type]
    return made.fit(X, 3 + 0.3 * X[:, 0] + np.sin(X[:, 0])).predict(FAR)


def test_a_line_first_goes_on_as_the_line_and_a_line_as_a_feature_stands_still() -> None:
    after, within = helped("residual"), helped("feature")
    assert after[1] - after[0] == pytest.approx(0.3 * 500, rel=0.01)
    assert within[0] == within[1]
    assert within[0] == pytest.approx(33, abs=1.5)


def test_the_trees_see_only_what_the_line_leaves() -> None:
    made = HelpedByLine("residual", random_forest(PROBLEM, 0)).fit(X, 5 - 2 * X[:, 0])
    assert made.predict(FAR) == pytest.approx(5 - 2 * FAR[:, 0], rel=1e-9)


def test_the_last_digits_of_what_the_line_leaves_decide_nothing() -> None:
    """Two rows of a node are told apart by either input equally well, and rounding took one of them."""
    rng = np.random.default_rng(0)
    rows, pair = rng.standard_normal((300, 2)), Problem(n_features=2, n_elements=1, n_element_features=2, n_train=300)
    y = np.sin(rows[:, 0]) + rows[:, 1] ** 2
    other = y + rng.choice([-1, 0, 1], size=300) * np.spacing(y)
    one, two = (HelpedByLine("residual", random_forest(pair, 0)).fit(rows, each).predict(rows) for each in (y, other))
    np.testing.assert_allclose(one, two, rtol=0, atol=1e-9)


def test_a_process_is_the_mean_of_the_prior_given_the_rows() -> None:
    # One row at 0 and one at 1: k(0) = 1, and by the formula of Matern 5/2 k(1) = (1 + sqrt 5 + 5 / 3) exp(-sqrt 5).
    k = (1 + 5**0.5 + 5 / 3) * np.exp(-(5**0.5))
    weights = np.linalg.solve(np.array([[1.1, k], [k, 1.1]]), np.array([2.0, 4.0]))
    made = FixedProcess("matern", 0.1, centred=False).fit(np.array([[0.0], [1.0]]), np.array([2.0, 4.0]))
    assert made.predict(np.array([[0.0]])) == pytest.approx([weights @ [1.0, k]])


def test_far_out_each_kernel_leaves_what_it_does_not_forget() -> None:
    rows, y = X[:30] / 30, np.exp(X[:30, 0] / 30)
    said = {
        kernel: FixedProcess(kernel, 0.01, centred=False).fit(rows, y).predict(np.array([[50.0], [100.0]]))
        for kernel in ("matern", "rbf", "matern + constant", "matern + linear")
    }
    assert said["matern"] == pytest.approx([0, 0], abs=1e-12)
    assert said["rbf"] == pytest.approx([0, 0], abs=1e-12)
    assert said["matern + constant"][0] == pytest.approx(said["matern + constant"][1])
    assert 0.3 < said["matern + constant"][0] < y.max()
    assert said["matern + linear"][1] > 1.9 * said["matern + linear"][0] > 50
    centred = FixedProcess("matern", 0.01, centred=True).fit(rows, y)
    assert centred.predict(np.array([[50.0]])) == pytest.approx([y.mean()])


def test_the_rows_are_those_of_the_threads() -> None:
    three, hundred = (draw(BY_NAME[name], 0).train for name in ("trend-three-rows", "trend-hundred-rows"))
    assert sorted(three.X[:, 0]) == [1, 2, 3]
    assert sorted(hundred.X[:, 0]) == [*range(1, 101)]
    assert (hundred.y - (3 + 0.3 * hundred.X[:, 0])).std() == pytest.approx(1, abs=0.25)
    outside = draw(BY_NAME["trend-hundred-rows"], 0).extrapolation.X
    assert set(outside[:, 0]) == {*range(101, 121)}


def test_what_is_said_is_the_mean_prediction_and_its_error_that_from_the_truth() -> None:
    (quantity,) = BY_NAME["trend-three-rows"].quantities
    assert quantity.rows(X).tolist() == [[98], [99], [100]]
    assert quantity.measure(quantity.rows(X), np.array([5.0, 5.1, 5.2])) == pytest.approx(
        {"said_at_99": 5.1, "off_at_99": 192.9}
    )
    near, far = BY_NAME["logarithm-on-1-2"].quantities
    for each, at in ((near, 3.0), (far, 22.0)):
        rows = each.rows(X)
        assert rows.tolist() == [[at]]
        assert each.measure(rows, np.log(rows[:, 0]))[each.error] == 0

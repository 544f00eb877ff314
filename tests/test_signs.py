"""Signs that a row may be wrong: what they are at rows whose distances are known, and how well they tell."""

import numpy as np
import pytest
from scipy.spatial import KDTree
from sklearn.metrics import roc_auc_score, roc_curve

from benchmark.board.solving import SOLVED_NRMSE
from benchmark.cell.signs import FALSE_ALARMS, FEWEST_ROWS, WRONG_NRMSE, distances, signs, told
from tasks.base import FloatArray

CORNERS = np.array([[-1.0, -2.0], [-1.0, 2.0], [1.0, -2.0], [1.0, 2.0]])


def at(*rows: tuple[float, float]) -> dict[str, list[float]]:
    return {name: values.tolist() for name, values in distances(CORNERS, np.array(rows)).items()}


def test_a_row_is_as_far_out_as_its_worst_variable_in_half_widths_of_the_box() -> None:
    assert at((0.5, -1.9), (1.5, 2.0), (0.0, 6.0), (-3.0, -3.0))["box"] == [0.0, 0.5, 2.0, 2.0]


def test_neighbours_are_as_far_as_each_variable_in_its_own_sd_has_it() -> None:
    # The sd of the two variables are 1 and 2.
    found = at((1.0, 2.0), (1.0, 6.0))
    assert found["nearest-1"] == [0.0, 2.0]
    # Of four rows the fifth nearest is the last.
    assert found["nearest-5"] == pytest.approx([np.hypot(2, 2), np.hypot(2, 4)])


@pytest.mark.parametrize(("m", "d", "reach"), [(6, 1, 3.0), (700, 2, 1e6), (3_000, 30, 3.0)])
def test_neighbours_are_those_that_a_tree_finds(m: int, d: int, reach: float) -> None:
    rng = np.random.default_rng(d)
    training, X = 5 + rng.uniform(-1, 1, (m, d)), 5 + rng.uniform(-reach, reach, (1_000, d))
    found, sd = distances(training, X), training.std(axis=0)
    expected = KDTree(training / sd).query(X / sd, k=[1, 5])[0].T
    assert [found["nearest-1"], found["nearest-5"]] == [pytest.approx(each, rel=1e-9) for each in expected]


def test_the_distance_from_the_mean_is_in_the_metric_of_the_covariance() -> None:
    assert at((0.0, 0.0), (3.0, 0.0), (0.0, 3.0))["mahalanobis"] == pytest.approx([0.0, 3.0, 1.5])
    rng = np.random.default_rng(0)
    training = rng.normal(size=(500, 3)) @ rng.normal(size=(3, 3)) + 7
    X = rng.normal(size=(20, 3))
    away = X - training.mean(axis=0)
    inverse = np.linalg.inv(np.cov(training, rowvar=False, bias=True))
    expected = np.sqrt(np.einsum("ij,jk,ik->i", away, inverse, away))
    assert distances(training, X)["mahalanobis"] == pytest.approx(expected)


@pytest.mark.parametrize("training", [np.array([[1.0, 5.0]]), np.array([[1.0, 5.0], [2.0, 5.0]]), np.full((9, 2), 3.0)])
def test_few_rows_and_a_variable_that_never_changes_give_finite_signs(training: FloatArray) -> None:
    for values in distances(training, np.array([[1.0, 5.0], [8.0, -4.0]])).values():
        assert np.isfinite(values).all()
        assert (values >= 0).all()


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("n", [100, 5_000])
def test_the_curve_is_that_of_scikit_learn(n: int, ties: bool) -> None:
    rng = np.random.default_rng(n)
    wrong = rng.random(n) < 0.3
    sign = rng.normal(size=n) + wrong
    sign = np.round(sign) if ties else sign
    false_alarms, warned, _ = roc_curve(wrong, sign)
    missed = 1 - np.interp(FALSE_ALARMS, false_alarms, warned)
    assert told(sign, wrong) == pytest.approx((roc_auc_score(wrong, sign), missed))


def test_a_sign_tells_all_nothing_or_the_contrary() -> None:
    wrong = np.arange(200) >= 100
    assert told(wrong.astype(float), wrong) == (1.0, 0.0)
    assert told(np.zeros(200), wrong) == pytest.approx((0.5, 1 - FALSE_ALARMS))
    assert told(-wrong.astype(float), wrong) == (0.0, 1.0)


@pytest.mark.parametrize("few", [0, FEWEST_ROWS - 1])
def test_of_hardly_any_wrong_or_right_rows_nothing_is_said(few: int) -> None:
    wrong = np.arange(200) < few
    assert told(np.arange(200.0), wrong) is None
    assert told(np.arange(200.0), ~wrong) is None


def test_a_row_is_wrong_where_a_region_would_not_be_solved() -> None:
    assert WRONG_NRMSE == SOLVED_NRMSE
    inside, outside = np.zeros((100, 1)), np.full((100, 1), 9.0)
    training, sd_y = np.linspace(-1, 1, 50)[:, np.newaxis], 10.0
    right, wrong = np.full(100, WRONG_NRMSE * sd_y), np.full(100, -1.001 * WRONG_NRMSE * sd_y)
    found = signs(training, [inside, outside], [right, wrong], sd_y=sd_y)
    assert found == {"wrong": 0.5, **dict.fromkeys(("box", "nearest-1", "nearest-5", "mahalanobis"), 1.0)} | {
        f"{name} missed": 0.0 for name in ("box", "nearest-1", "nearest-5", "mahalanobis")
    }
    own = [np.full(100, 2.0), np.full(100, 1.0)]
    assert signs(training, [inside, outside], [right, wrong], sd_y=sd_y, own=own)["sd"] == 0.0
    assert signs(training, [inside, outside], [right, right], sd_y=sd_y, own=own) == {"wrong": 0.0}

"""Errors, by hand and by property."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmark.cell.metrics import BadPredictionError, NotFiniteError, checked_predictions, rmse
from tasks.base import FloatArray

values = arrays(np.float64, 20, elements=st.floats(-1e6, 1e6))


def test_rmse_by_hand() -> None:
    assert rmse(np.array([1.0, 2.0]), np.array([4.0, 6.0])) == pytest.approx(np.sqrt((9 + 16) / 2))
    assert rmse(np.array([5.0]), np.array([5.0])) == 0


def test_rmse_of_huge_errors_does_not_overflow() -> None:
    assert rmse(np.array([1e300, -1e300]), np.zeros(2)) == pytest.approx(1e300)


@given(values, values, st.permutations(range(20)))
def test_the_order_of_rows_is_irrelevant(a: FloatArray, b: FloatArray, order: list[int]) -> None:
    assert rmse(a[order], b[order]) == pytest.approx(rmse(a, b))


@given(values, values, st.floats(1e-3, 1e3))
def test_scaling_y_scales_rmse(a: FloatArray, b: FloatArray, factor: float) -> None:
    assert rmse(factor * a, factor * b) == pytest.approx(factor * rmse(a, b), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("given_", "error", "said"),
    [
        (np.zeros((3, 1)), BadPredictionError, r"returned shape \(3, 1\) for the test rows, expected \(3,\)"),
        (np.zeros(4), BadPredictionError, r"shape \(4,\)"),
        (0.0, BadPredictionError, r"shape \(\)"),
        (None, BadPredictionError, "dtype object"),
        (np.array([1j, 0, 0]), BadPredictionError, "dtype complex128"),
        (["a", "b", "c"], BadPredictionError, "expected real numbers"),
        ([[1], [1, 2], 3], BadPredictionError, "numpy cannot read"),
        (np.array([1, np.nan, np.inf]), NotFiniteError, "NaN or infinity for 2 of 3 test rows"),
    ],
)
def test_predictions_that_cannot_be_scored_say_why(given_: object, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        checked_predictions(given_, 3, "test")


@pytest.mark.parametrize("given_", [[1, 2, 3], np.array([1, 2, 3], dtype=np.float32), (1.0, 2.0, 3.0)])
def test_numbers_in_any_shape_of_list_are_taken(given_: object) -> None:
    checked = checked_predictions(given_, 3, "test")
    assert checked.dtype == np.float64
    assert checked.tolist() == [1, 2, 3]

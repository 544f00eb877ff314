"""Checks what a model hands over, and measures errors, in float64 and unrounded."""

from typing import Any, cast

import numpy as np

from models.base import Regressor
from tasks.base import FloatArray


class BadPredictionError(Exception):
    """Predictions that cannot be scored: not numbers, or of the wrong shape."""


class NotFiniteError(Exception):
    """Predictions that hold NaN or infinity."""


class BadRegressorError(Exception):
    """What `build` returned is no regressor."""


def checked_regressor(thing: object) -> Regressor:
    """Return what `build` returned.

    Raises:
        BadRegressorError: it is a class, or has no `fit` or no `predict`.
    """
    expected = "expected an object with fit and predict"
    if isinstance(thing, type):
        raise BadRegressorError(f"build returned the class {thing.__name__}, {expected}: {thing.__name__}(...)")
    for method in ("fit", "predict"):
        if not callable(getattr(thing, method, None)):
            given = "None" if thing is None else f"an object of type {type(thing).__name__} without {method}"
            raise BadRegressorError(f"build returned {given}, {expected}")
    return cast("Regressor", thing)


def wrong_form(given: "np.ndarray[Any, Any]", n: int) -> tuple[str, str] | None:
    """Return what an array is and what it should be, None where it is real numbers of shape (n,)."""
    if given.dtype.kind not in "fiub":
        return f"dtype {given.dtype}", "real numbers"
    return None if given.shape == (n,) else (f"shape {given.shape}", f"({n},), one number a row")


def checked_predictions(predictions: object, n: int, where: str, *, gaps: bool = False) -> FloatArray:
    """Return predictions as float64 (n,).

    Raises:
        BadPredictionError: they are no real numbers, or not of shape (n,).
        NotFiniteError: they hold NaN or infinity, and may have no `gaps`.
    """
    try:
        given = np.asarray(predictions)
    except Exception as error:
        raise BadPredictionError(
            f"predict returned {type(predictions).__name__} for the {where} rows, which numpy cannot read: {error}"
        ) from error
    if wrong := wrong_form(given, n):
        what, expected = wrong
        raise BadPredictionError(f"predict returned {what} for the {where} rows, expected {expected}")
    values = given.astype(np.float64)
    bad = int(np.count_nonzero(~np.isfinite(values)))
    if bad and not gaps:
        raise NotFiniteError(f"predict returned NaN or infinity for {bad:,} of {n:,} {where} rows")
    return values


def rmse(predictions: FloatArray, y: FloatArray) -> float:
    """Return the root of the mean squared error of predictions (n,) against y (n,), in the units of y.

    The largest error is taken out of the root, so that errors of 1e300 do not overflow.
    """
    error = np.abs(predictions - y)
    largest = float(error.max())
    if largest == 0 or not np.isfinite(largest):
        return largest
    return largest * float(np.sqrt(np.mean((error / largest) ** 2)))

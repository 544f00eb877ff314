"""Models of k = lambda mean_i(x_i^2) that know this formula and not lambda: least squares and gradient descent.

They exist for the findings about the thread that looks for lambda with a network, and stay off the main board.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from findings.sources import CONSTANT
from models.base import FloatArray, Model, Problem, Regressor
from models.training import network

if TYPE_CHECKING:
    from torch import nn

# Enough to reach rounding at the rates that converge, and few enough to stay a number at those that do not.
_STEPS = 200


def _features(X: FloatArray, powers: tuple[int, ...]) -> FloatArray:
    """Return mean_i(x_i^p) for each power p as columns (n, len(powers)), for X (n, n_features)."""
    return np.stack([np.mean(X**power, axis=1) for power in powers], axis=1)


class ClosedForm:
    """k = sum_p c_p mean_i(x_i^p) by least squares; with the one power 2, lambda = sum(m k) / sum(m^2).

    `fit_info_` says sum(m^2) of the first power: with noise of sd s on k, lambda has the standard error
    s / sqrt(sum m^2), the Cramer-Rao bound.
    """

    def __init__(self, powers: tuple[int, ...]) -> None:
        self.powers = powers
        self.fit_info_: Mapping[str, str] = {}
        self._coefficients: FloatArray

    def get_params(self, deep: bool = False) -> dict[str, Any]:
        """Return the powers."""
        return {"powers": self.powers}

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Solve for the coefficients on X (n, n_features) and y (n,)."""
        columns = _features(X, self.powers)
        self._coefficients = np.linalg.lstsq(columns, y, rcond=None)[0].astype(np.float64)
        self.fit_info_ = {
            "coefficients": ", ".join(f"{value!r}" for value in self._coefficients.tolist()),
            "sum_of_squares": f"{float(columns[:, 0] @ columns[:, 0])!r}",
        }
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return k (n,) for X (n, n_features)."""
        predicted: FloatArray = _features(X, self.powers) @ self._coefficients
        return predicted


class GradientDescent:
    """lambda by gradient descent on the mean squared error of k, from 0, all rows at a time.

    The loss mean((lambda m - k)^2) has the curvature 2 mean(m^2), so a step multiplies the distance from
    the minimum by 1 - rate * curvature: it converges for rates below 2 / curvature and diverges above.
    `rate` is in units of 1 / curvature.
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.fit_info_: Mapping[str, str] = {}
        self._lambda = 0.0

    def get_params(self, deep: bool = False) -> dict[str, Any]:
        """Return the rate, in units of 1 / curvature, and the number of steps."""
        return {"rate": self.rate, "steps": _STEPS}

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Descend on X (n, n_features) and y (n,)."""
        m = _features(X, (2,))[:, 0]
        curvature = 2 * float(np.mean(m * m))
        # With these two means a step costs nothing, and is the step that all rows give.
        mean_mk = float(np.mean(m * y))
        value = 0.0
        for _ in range(_STEPS):
            value -= self.rate / curvature * (curvature * value - 2 * mean_mk)
        self._lambda = value
        self.fit_info_ = {"lambda": repr(value), "largest_stable_rate": repr(2 / curvature)}
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return k (n,) for X (n, n_features)."""
        predicted: FloatArray = self._lambda * _features(X, (2,))[:, 0]
        return predicted


def linear_in_x(problem: Problem) -> "nn.Module":
    """Return mean_i((a + b x_i) x_i^2), a and b to be learned: one reading of the answer, a lambda for each x_i."""
    from models.training.layers import ScaledSquares

    return ScaledSquares()


def _closed_form(*powers: int) -> Callable[[Problem, int], Regressor]:
    return lambda problem, seed: ClosedForm(powers)


def _descent(rate: float) -> Callable[[Problem, int], Regressor]:
    return lambda problem, seed: GradientDescent(rate)


def _control(name: str, title: str, build: Callable[[Problem, int], Regressor]) -> Model:
    return Model(name=name, title=title, source=CONSTANT.url, build=build, tags=("control",))


# In units of 1 / curvature; the bound is 2.
_RATES = (("05", 0.5), ("19", 1.9), ("201", 2.01), ("21", 2.1), ("40", 4.0))

MODELS = (
    _control("lambda-closed-form", "lambda = sum(m k) / sum(m^2)", _closed_form(2)),
    _control("lambda-linear-in-x", "lambda(x) = a + b x by least squares", _closed_form(2, 3)),
    _control(
        "lambda-linear-in-x-net",
        "lambda(x) = a + b x by Adam, as a network",
        network(linear_in_x, divisors=(1.0, 1.0), learning_rate=0.02),
    ),
    *(
        _control(f"lambda-descent-{name}", f"lambda by gradient descent at {rate:g} / curvature", _descent(rate))
        for name, rate in _RATES
    ),
)

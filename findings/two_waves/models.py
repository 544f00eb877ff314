"""The network of 20 tanh with several trainings, and least squares that know the form of a product of two sines."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from findings.keras import asked, stack
from findings.sources import FIFTY_ROWS, TWO_SINES
from models.base import FloatArray, Model, NotApplicable, Problem, Regressor
from models.settings import Settings

if TYPE_CHECKING:
    from torch import nn

_STEPS = 300
# Waves in the range of the rows that are tried first, for each of the two inputs.
_TRIED = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0)


def tanh_20(problem: Problem) -> "nn.Module":
    """Return one hidden layer of 20 tanh."""
    from torch import nn

    return stack(problem.n_features, (20,), (nn.Tanh(),))


def _sines(X: FloatArray, frequencies: FloatArray) -> FloatArray:
    values: FloatArray = np.sin(2 * np.pi * X * frequencies).prod(axis=1)
    return values


@dataclass
class KnownForm(Settings):
    """k sin(2 pi f1 x1) sin(2 pi f2 x2) by least squares: k and both frequencies are looked for.

    The search begins at the best of some frequencies, counted in waves on the range of the rows.
    """

    tried: tuple[float, ...]
    _found: FloatArray = field(init=False, repr=False)

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit X (n, 2) and y (n,)."""
        from scipy.optimize import least_squares

        ranges = np.ptp(X, axis=0)
        best, start = np.inf, np.ones(3)
        for f1 in self.tried:
            for f2 in self.tried:
                frequencies = np.array([f1, f2]) / ranges
                wave = _sines(X, frequencies)
                k = float(wave @ y / (wave @ wave))
                left = float(np.sum((y - k * wave) ** 2))
                if left < best:
                    best, start = left, np.array([k, *frequencies])
        found = least_squares(lambda p: p[0] * _sines(X, p[1:]) - y, start, x_scale=np.abs(start), xtol=1e-15)
        self._found = found.x
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, 2)."""
        predicted: FloatArray = self._found[0] * _sines(X, self._found[1:])
        return predicted

    def parameters(self) -> int:
        """Return how many numbers were looked for."""
        return len(self._found)


def known_form(problem: Problem, seed: int) -> Regressor:
    """Return least squares that know the form.

    Raises:
        NotApplicable: there are not two inputs.
    """
    if problem.n_features != 2:
        raise NotApplicable(f"its form has two inputs, got {problem.n_features}")
    return KnownForm(_TRIED)


def _asked(name: str, training: str, **recipe: Any) -> Model:
    title = f"One hidden layer of 20 tanh, {training}"
    return asked(name, title, tanh_20, FIFTY_ROWS.url, **({"dtype": "float64", "divisors": None} | recipe))


MODELS = (
    _asked("asked-tanh-20", "Levenberg-Marquardt, up to 300 epochs", optimizer="levenberg-marquardt", steps=_STEPS),
    _asked(
        "asked-tanh-20-stopped",
        "Levenberg-Marquardt, stopped early by a fifth of the rows",
        optimizer="levenberg-marquardt",
        steps=_STEPS,
        validation=0.2,
        early_stopping=True,
    ),
    _asked("asked-tanh-20-lbfgs", "L-BFGS, up to 300 epochs", version=2, optimizer="lbfgs", steps=_STEPS),
    _asked("asked-tanh-20-adam", "Adam at 0.001, 10,000 epochs", steps=10_000, batch_size=50),
    Model(
        name="known-sines",
        title="k sin(2 pi f1 x1) sin(2 pi f2 x2) by least squares",
        source=f"{TWO_SINES.url}: the answer's proposal",
        build=known_form,
        tags=("control",),
    ),
)

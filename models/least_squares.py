"""Models that are linear in what they look for: inputs as they are, their logarithms, or a dictionary of functions."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from typing import Self

import numpy as np

from models.base import FloatArray, Model, NotApplicable, Problem, Regressor
from models.polynomial import n_monomials, polynomial, sum_of
from models.settings import Settings, folds, generator, require_rows, simplest, spread

# More functions than this are too many to find few among.
_MOST_FUNCTIONS = 200
_HIGHEST_DEGREE = 5
# Coefficients below such a part of sd(y), their functions scaled to a root mean square of one, are set to zero.
_THRESHOLDS = (0.1, 0.03, 0.01, 3e-3, 1e-3)
# Errors held back below this part of sd(y) are rounding, and no reason for a lower threshold.
_ROUNDING = 1e-9


def _least_squares(problem: Problem, seed: int) -> Regressor:
    return polynomial(problem, 1)


@dataclass
class LogLinear(Settings):
    """Least squares of log |y| on log x: a product of powers, c x1^a1 ... xd^ad.

    It is exact where the truth is one, and cannot be where an input or the target changes its sign.
    """

    _coefficients: FloatArray = field(init=False, repr=False)
    _sign: float = field(init=False, repr=False)

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit X (n, d) and y (n,).

        Raises:
            NotApplicable: an input is not above zero everywhere, or y changes its sign.
        """
        if float(X.min()) <= 0:
            feature = 1 + int(np.argmax((X <= 0).any(axis=0)))
            raise NotApplicable(f"x{feature} is {X[:, feature - 1].min():.3g} in a training row, and has no logarithm")
        if not (float(y.min()) > 0 or float(y.max()) < 0):
            raise NotApplicable(f"y goes from {y.min():.3g} to {y.max():.3g}, and a product of powers keeps its sign")
        self._sign = float(np.sign(y[0]))
        A = np.column_stack([np.log(X), np.ones(len(y))])
        self._coefficients = np.linalg.lstsq(A, np.log(np.abs(y)), rcond=None)[0]
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d).

        Raises:
            NotApplicable: an input is not above zero.
        """
        if float(X.min()) <= 0:
            raise NotApplicable(f"an input is {X.min():.3g} in a row to predict at, and has no logarithm")
        *powers, constant = self._coefficients
        predicted: FloatArray = self._sign * np.exp(np.log(X) @ np.array(powers) + constant)
        return predicted

    def parameters(self) -> int:
        """Return how many coefficients there are."""
        return len(self._coefficients)

    def expression(self) -> str:
        """Return the product of powers of x1..xd."""
        *powers, constant = map(float, self._coefficients)
        factors = (f"*x{j}**({power!r})" for j, power in enumerate(powers, 1))
        return f"{self._sign * math.exp(constant)!r}{''.join(factors)}"


@dataclass
class SparseDictionary(Settings):
    """Sparse regression on a dictionary: monomials, and the sine and cosine of every input.

    Sequentially thresholded least squares (Brunton, Proctor and Kutz 2016, PNAS 113, appendix A): fit, set what is
    small to zero, fit the rest again, until nothing is small. The threshold is the largest of five whose error on held
    back folds is the least, up to 5 %.
    """

    degree: int
    thresholds: tuple[float, ...]
    n_folds: int
    seed: int
    _kept: dict[str, float] = field(init=False, repr=False)
    fit_info_: dict[str, str] = field(init=False, repr=False, default_factory=dict)

    def _functions(self, X: FloatArray) -> Iterator[tuple[str, FloatArray]]:
        """Yield the name and the values (n,) of each function at X (n, d)."""
        yield "", np.ones(len(X))
        columns = range(X.shape[1])
        for degree in range(1, self.degree + 1):
            for chosen in combinations_with_replacement(columns, degree):
                powers = [(j, chosen.count(j)) for j in sorted(set(chosen))]
                name = "*".join(f"x{j + 1}" if k == 1 else f"x{j + 1}**{k}" for j, k in powers)
                yield name, np.prod(X[:, list(chosen)], axis=1)
        for j in columns:
            yield f"sin(x{j + 1})", np.sin(X[:, j])
            yield f"cos(x{j + 1})", np.cos(X[:, j])

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Choose a threshold, and fit X (n, d) and y (n,) with it."""
        names, columns = zip(*self._functions(X), strict=True)
        A = np.column_stack(columns)
        scale = np.sqrt(np.mean(A**2, axis=0))
        scale[scale == 0] = 1.0
        A /= scale
        sd = float(spread(y))
        parts = folds(len(y), min(self.n_folds, len(y)), generator(self.seed))

        def held_back(threshold: float) -> list[FloatArray]:
            return [A[held] @ _thresholded(A[kept], y[kept], threshold * sd) - y[held] for kept, held in parts]

        chosen = simplest(self.thresholds, held_back, _ROUNDING * sd)
        found = _thresholded(A, y, chosen * sd) / scale
        self._kept = {name: float(value) for name, value in zip(names, found, strict=True) if value}
        self.fit_info_ = {"threshold_chosen": str(chosen), "functions_kept": str(len(self._kept))}
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d)."""
        predicted = np.zeros(len(X))
        for name, values in self._functions(X):
            if name in self._kept:
                predicted += self._kept[name] * values
        return predicted

    def parameters(self) -> int:
        """Return how many coefficients are not zero."""
        return len(self._kept)

    def expression(self) -> str:
        """Return the sum of what is kept, over x1..xd."""
        return sum_of(self._kept)


def _thresholded(A: FloatArray, y: FloatArray, threshold: float) -> FloatArray:
    """Return coefficients (k,) of the columns of A (n, k), those below the threshold zero."""
    kept = np.ones(A.shape[1], dtype=bool)
    found = np.zeros(A.shape[1])
    while kept.any():
        found[:] = 0.0
        found[kept] = np.linalg.lstsq(A[:, kept], y, rcond=None)[0]
        large = np.abs(found) >= threshold
        if (large == kept).all():
            break
        kept &= large
    else:
        found[:] = 0.0
    return found


def log_linear(problem: Problem, seed: int) -> Regressor:
    """Return a product of powers; the logarithm is the one link under which powers are linear."""
    return LogLinear()


def sparse_dictionary(problem: Problem, seed: int) -> Regressor:
    """Return sparse regression on monomials to degree 5, or the highest degree with 200 of them, sines and cosines.

    Raises:
        NotApplicable: there is one row, or there are more than 200 features.
    """
    require_rows(problem, 2)
    d = problem.n_features
    degree = max(k for k in range(1, _HIGHEST_DEGREE + 1) if k == 1 or n_monomials(d, k) <= _MOST_FUNCTIONS)
    if d > _MOST_FUNCTIONS:
        raise NotApplicable(f"{d} features alone are more functions than the {_MOST_FUNCTIONS} that are looked through")
    return SparseDictionary(degree, _THRESHOLDS, 5, seed)


MODELS = (
    Model(
        name="least-squares",
        title="Least squares on the inputs as they are: the best line of its training rows",
        build=_least_squares,
        tags=("linear",),
    ),
    Model(
        name="log-linear",
        title="Product of powers: least squares on logarithms",
        source="Cobb and Douglas (1928), A theory of production",
        build=log_linear,
        tags=("linear",),
    ),
    Model(
        name="sparse-dictionary",
        title="Sparse regression on monomials, sines and cosines (SINDy's STLSQ)",
        source="Brunton, Proctor and Kutz (2016), Discovering governing equations from data by sparse identification",
        build=sparse_dictionary,
        tags=("linear", "symbolic"),
    ),
)

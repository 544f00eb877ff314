"""Least squares on all monomials up to a total degree: given, chosen on the training rows, or shrunk."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Self

from models.base import FloatArray, Model, NotApplicable, Problem, Regressor
from models.settings import Settings, folds, generator, require_rows, simplest

# Of more terms nobody reads the sum.
_MOST_SHOWN = 300
# A degree is tried as far as least squares on its monomials takes a second of 10,000 rows.
_MOST_MONOMIALS = 300
_HIGHEST_DEGREE = 12
# Errors held back below this part of sd(y) are rounding, and no reason for a higher degree.
_ROUNDING = 1e-10

Exponents = tuple[int, ...]


def n_monomials(n_features: int, degree: int) -> int:
    """Return how many monomials of n features have at most this total degree, the constant among them."""
    return math.comb(n_features + degree, degree)


def _multiplied_out(terms: Mapping[Exponents, float], centre: FloatArray, scale: FloatArray) -> dict[Exponents, float]:
    """Return the coefficients in x of a polynomial that is given in (x - centre) / scale."""
    found: dict[Exponents, float] = defaultdict(float)
    for exponents, coefficient in terms.items():
        used = [j for j, k in enumerate(exponents) if k]
        for lower in product(*(range(exponents[j] + 1) for j in used)):
            factor = coefficient
            raised = list(exponents)
            for j, i in zip(used, lower, strict=True):
                k = exponents[j]
                factor *= math.comb(k, i) * (-centre[j]) ** (k - i) / scale[j] ** k
                raised[j] = i
            found[tuple(raised)] += float(factor)
    return found


def _monomial(exponents: Exponents) -> str:
    return "*".join(f"x{j}" if k == 1 else f"x{j}**{k}" for j, k in enumerate(exponents, 1) if k)


def sum_of(terms: Mapping[str, float]) -> str:
    """Return coefficients by what each multiplies, "" for the constant, as the text of a sum."""
    parts = [f"{value!r}*{what}" if what else repr(value) for what, value in terms.items() if value]
    return " + ".join(parts).replace("+ -", "- ") or "0.0"


@dataclass
class Polynomial(Settings):
    """Least squares on the monomials of standardised inputs, up to a total degree."""

    degree: int
    _pipeline: Any = field(init=False, repr=False)

    def _last_step(self) -> object:
        from sklearn.linear_model import LinearRegression

        return LinearRegression()

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit X (n, d) and y (n,)."""
        # Imported here so that listing the models costs no second of scikit-learn.
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import PolynomialFeatures, StandardScaler

        powers = PolynomialFeatures(self.degree, include_bias=False)
        self._pipeline = make_pipeline(StandardScaler(), powers, self._last_step()).fit(X, y)
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d)."""
        predicted: FloatArray = self._pipeline.predict(X)
        return predicted

    def parameters(self) -> int:
        """Return how many coefficients there are, the constant among them."""
        return len(self._pipeline[2].coef_) + 1

    def expression(self) -> str | None:
        """Return the polynomial multiplied out in x1..xd, None where it has more than 300 terms."""
        scaler, powers, line = self._pipeline
        if len(line.coef_) > _MOST_SHOWN:
            return None
        terms = {tuple(map(int, row)): float(c) for row, c in zip(powers.powers_, line.coef_, strict=True)}
        terms[(0,) * len(scaler.mean_)] = float(line.intercept_)
        raw = _multiplied_out(terms, scaler.mean_, scaler.scale_)
        return sum_of({_monomial(exponents): raw[exponents] for exponents in sorted(raw)})


@dataclass
class ShrunkPolynomial(Polynomial):
    """The same with Bayesian ridge regression in place of least squares, which knows its standard deviation.

    y keeps its unit: where its sd is far below 1 the library's priors, which have one, make the deviation too large.
    """

    def _last_step(self) -> object:
        from sklearn.linear_model import BayesianRidge

        return BayesianRidge()

    def predict(self, X: FloatArray, return_std: bool = False) -> Any:
        """Return predictions (n,) for X (n, d), and with `return_std` their standard deviations (n,)."""
        return self._pipeline.predict(X, return_std=True) if return_std else self._pipeline.predict(X)


@dataclass
class ChosenPolynomial(Settings):
    """A polynomial whose degree has the least error on held-back folds of the training rows.

    A higher degree must be better by 5 %: an exact polynomial is as exact at every degree above its own.
    """

    highest_degree: int
    n_folds: int
    seed: int
    _chosen: Polynomial = field(init=False, repr=False)
    fit_info_: dict[str, str] = field(init=False, repr=False, default_factory=dict)

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Choose a degree, and fit all rows of X (n, d) and y (n,) with it."""
        parts = folds(len(y), min(self.n_folds, len(y)), generator(self.seed))

        def held_back(degree: int) -> list[FloatArray]:
            return [Polynomial(degree).fit(X[kept], y[kept]).predict(X[held]) - y[held] for kept, held in parts]

        degrees = self._degrees(X.shape[1], min(len(kept) for kept, _ in parts))
        chosen = simplest(degrees, held_back, _ROUNDING * float(y.std()))
        self._chosen = Polynomial(chosen).fit(X, y)
        self.fit_info_ = {"degree_chosen": str(chosen)}
        return self

    def _degrees(self, n_features: int, n_rows: int) -> list[int]:
        """Return the degrees with no more monomials than half of the rows, the first whatever there are."""
        most = min(_MOST_MONOMIALS, n_rows // 2)
        every = range(1, self.highest_degree + 1)
        return [1, *(degree for degree in every[1:] if n_monomials(n_features, degree) <= most)]

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d)."""
        return self._chosen.predict(X)

    def parameters(self) -> int:
        """Return how many coefficients there are, the constant among them."""
        return self._chosen.parameters()

    def expression(self) -> str | None:
        """Return the polynomial multiplied out in x1..xd."""
        return self._chosen.expression()


def _require_rows(problem: Problem, degree: int) -> None:
    n = n_monomials(problem.n_features, degree)
    if n > problem.n_train:
        raise NotApplicable(
            f"degree {degree} in {problem.n_features} features has {n:,} monomials, "
            f"more than the {problem.n_train:,} training rows"
        )


def polynomial(problem: Problem, degree: int) -> Regressor:
    """Return polynomial regression of full total degree on standardised inputs.

    Raises:
        NotApplicable: there are more monomials than training rows.
    """
    _require_rows(problem, degree)
    return Polynomial(degree)


def _quadratic(problem: Problem, seed: int) -> Regressor:
    return polynomial(problem, 2)


def _quintic(problem: Problem, seed: int) -> Regressor:
    return polynomial(problem, 5)


def chosen_polynomial(problem: Problem, seed: int) -> Regressor:
    """Return a polynomial of degree 1 to 12 (6 when quick), chosen on five folds of the training rows.

    Degrees above the first have 300 monomials at most, and no more than half of the rows.

    Raises:
        NotApplicable: there is one row.
    """
    require_rows(problem, 2)
    return ChosenPolynomial(6 if problem.quick else _HIGHEST_DEGREE, 5, seed)


def bayesian_polynomial(problem: Problem, seed: int) -> Regressor:
    """Return Bayesian ridge regression on the monomials up to degree 5, or the highest that has 500 at most."""
    degree = max(k for k in range(1, 6) if k == 1 or n_monomials(problem.n_features, k) <= 500)
    return ShrunkPolynomial(degree)


MODELS = (
    Model(name="polynomial-2", title="Polynomial regression, degree 2", build=_quadratic, tags=("core",)),
    Model(name="polynomial-5", title="Polynomial regression, degree 5", build=_quintic, tags=("core",)),
    Model(
        name="polynomial-cv",
        title="Polynomial regression, degree 1 to 12 chosen by cross-validation",
        source="Stone (1974), Cross-validatory choice and assessment of statistical predictions",
        build=chosen_polynomial,
        tags=("polynomial",),
    ),
    Model(
        name="bayesian-polynomial",
        title="Bayesian ridge regression on monomials up to degree 5, with its standard deviation",
        source="MacKay (1992), Bayesian interpolation; scikit-learn's BayesianRidge at its defaults",
        build=bayesian_polynomial,
        tags=("polynomial", "uncertainty"),
    ),
)

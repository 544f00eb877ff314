"""Least squares on all monomials up to a total degree."""

import math

from models.base import Model, NotApplicable, Problem, Regressor


def polynomial(problem: Problem, degree: int) -> Regressor:
    """Return polynomial regression of full total degree on standardised inputs.

    Raises:
        NotApplicable: there are more monomials than training rows.
    """
    n_monomials = math.comb(problem.n_features + degree, degree)
    if n_monomials > problem.n_train:
        raise NotApplicable(
            f"degree {degree} in {problem.n_features} features has {n_monomials:,} monomials, "
            f"more than the {problem.n_train:,} training rows"
        )
    # Imported here so that listing the models costs no second of scikit-learn.
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    regressor: Regressor = make_pipeline(
        StandardScaler(), PolynomialFeatures(degree, include_bias=False), LinearRegression()
    )
    return regressor


def _quadratic(problem: Problem, seed: int) -> Regressor:
    return polynomial(problem, 2)


def _quintic(problem: Problem, seed: int) -> Regressor:
    return polynomial(problem, 5)


MODELS = (
    Model(name="polynomial-2", title="Polynomial regression, degree 2", build=_quadratic, tags=("core",)),
    Model(name="polynomial-5", title="Polynomial regression, degree 5", build=_quintic, tags=("core",)),
)

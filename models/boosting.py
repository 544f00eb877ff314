"""Gradient-boosted regression trees (xgboost): alone, and on what a line leaves."""

from dataclasses import dataclass, field
from typing import Any, Self

from models.base import FloatArray, Model, Problem, Regressor
from models.settings import Settings


def gradient_boosting(problem: Problem, seed: int) -> Regressor:
    """Return 500 trees of depth 4 at rate 0.05 (25 trees when quick), histogram splits, one thread."""
    # Imported here so that listing the models costs no second of xgboost.
    from xgboost import XGBRegressor

    regressor: Regressor = XGBRegressor(
        n_estimators=25 if problem.quick else 500,
        max_depth=4,
        learning_rate=0.05,
        tree_method="hist",
        n_jobs=1,
        random_state=seed,
    )
    return regressor


@dataclass
class LineThenTrees(Settings):
    """Least squares first, then boosted trees on its residuals: outside it goes on as the line.

    The trees come in where the line leaves more than rounding.
    """

    problem: Problem
    seed: int
    _line: Any = field(init=False, repr=False)
    _trees: Regressor | None = field(init=False, repr=False)

    def get_params(self, deep: bool = False) -> dict[str, Any]:
        """Return the settings of the trees."""
        trees: Any = gradient_boosting(self.problem, self.seed)
        found: dict[str, Any] = trees.get_params(deep)
        return found

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit X (n, d) and y (n,)."""
        from sklearn.linear_model import LinearRegression

        self._line = LinearRegression().fit(X, y)
        left = y - self._line.predict(X)
        self._trees = None
        if left.std() > 1e-10 * y.std():
            self._trees = gradient_boosting(self.problem, self.seed)
            self._trees.fit(X, left)
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d)."""
        predicted: FloatArray = self._line.predict(X)
        return predicted if self._trees is None else predicted + self._trees.predict(X)


def line_then_boosting(problem: Problem, seed: int) -> Regressor:
    """Return a line and the trees of `gradient_boosting` on what it leaves."""
    return LineThenTrees(problem, seed)


MODELS = (
    Model(
        name="gradient-boosting",
        title="Gradient-boosted trees (xgboost), 500 trees of depth 4",
        build=gradient_boosting,
        tags=("core",),
        # A branch ends where its rows leave nothing to gain: how many there are depends on the function.
        timed_by="task",
    ),
    Model(
        name="line-then-boosting",
        title="Least squares, then gradient-boosted trees on its residuals",
        source="Zhang, Nettleton and Zhu (2019), Regression-enhanced random forests, with boosting for the forest",
        build=line_then_boosting,
        tags=("trees",),
        timed_by="task",
    ),
)

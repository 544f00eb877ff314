"""Regression trees: forests of them, boosted ones of scikit-learn's own, and one with lines in its leaves."""

from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from models.base import FloatArray, Model, Problem, Regressor
from models.settings import Settings


@dataclass
class ModelTree(Settings):
    """A tree whose leaves hold a least-squares plane of their rows.

    After Quinlan (1992), Learning with continuous classes. A leaf has at least three rows for each coefficient of its
    plane.
    """

    max_depth: int
    rows_a_coefficient: int
    seed: int
    _tree: Any = field(init=False, repr=False)
    _planes: dict[int, FloatArray] = field(init=False, repr=False)

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit X (n, d) and y (n,)."""
        from sklearn.tree import DecisionTreeRegressor

        least = min(len(y), self.rows_a_coefficient * (X.shape[1] + 1))
        self._tree = DecisionTreeRegressor(
            max_depth=self.max_depth, min_samples_leaf=least, random_state=self.seed
        ).fit(X, y)
        leaves = self._tree.apply(X)
        self._planes = {
            int(leaf): np.linalg.lstsq(_with_ones(X[leaves == leaf]), y[leaves == leaf], rcond=1e-10)[0]
            for leaf in np.unique(leaves)
        }
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d)."""
        leaves = self._tree.apply(X)
        predicted = np.empty(len(X))
        for leaf in np.unique(leaves):
            there = leaves == leaf
            predicted[there] = _with_ones(X[there]) @ self._planes[int(leaf)]
        return predicted

    def parameters(self) -> int:
        """Return how many coefficients the planes have."""
        return sum(len(plane) for plane in self._planes.values())


def _with_ones(X: FloatArray) -> FloatArray:
    return np.column_stack([X, np.ones(len(X))])


def random_forest(problem: Problem, seed: int) -> Regressor:
    """Return scikit-learn's forest at its defaults: 100 trees (20 when quick), every input at every split."""
    from sklearn.ensemble import RandomForestRegressor

    regressor: Regressor = RandomForestRegressor(20 if problem.quick else 100, n_jobs=1, random_state=seed)
    return regressor


def extra_trees(problem: Problem, seed: int) -> Regressor:
    """Return scikit-learn's extremely randomised trees at their defaults: 100 of them (20 when quick)."""
    from sklearn.ensemble import ExtraTreesRegressor

    regressor: Regressor = ExtraTreesRegressor(20 if problem.quick else 100, n_jobs=1, random_state=seed)
    return regressor


def histogram_boosting(problem: Problem, seed: int) -> Regressor:
    """Return 500 trees at rate 0.05 (25 when quick) with leaves of 5 rows.

    With scikit-learn's default of 20 a task of 50 rows is two leaves.
    """
    from sklearn.ensemble import HistGradientBoostingRegressor

    regressor: Regressor = HistGradientBoostingRegressor(
        max_iter=25 if problem.quick else 500,
        learning_rate=0.05,
        min_samples_leaf=5,
        early_stopping=False,
        random_state=seed,
    )
    return regressor


def model_tree(problem: Problem, seed: int) -> Regressor:
    """Return one tree of depth 8 at most, with planes in its leaves."""
    return ModelTree(max_depth=8, rows_a_coefficient=3, seed=seed)


MODELS = (
    Model(
        name="random-forest",
        title="Random forest, 100 trees",
        source="Breiman (2001), Random forests; scikit-learn's defaults",
        build=random_forest,
        tags=("trees",),
        timed_by="task",
    ),
    Model(
        name="extra-trees",
        title="Extremely randomised trees, 100 of them",
        source="Geurts, Ernst and Wehenkel (2006), Extremely randomized trees; scikit-learn's defaults",
        build=extra_trees,
        tags=("trees",),
        timed_by="task",
    ),
    Model(
        name="histogram-boosting",
        title="Histogram gradient boosting (scikit-learn), 500 trees",
        source="Friedman (2001), Greedy function approximation; scikit-learn's HistGradientBoostingRegressor",
        build=histogram_boosting,
        tags=("trees",),
        timed_by="task",
    ),
    Model(
        name="model-tree",
        title="One tree with a plane in each leaf",
        source="Quinlan (1992), Learning with continuous classes",
        build=model_tree,
        tags=("trees",),
        timed_by="task",
    ),
)

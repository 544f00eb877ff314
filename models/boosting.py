"""Gradient-boosted regression trees (xgboost)."""

from models.base import Model, Problem, Regressor


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


MODELS = (
    Model(
        name="gradient-boosting",
        title="Gradient-boosted trees (xgboost), 500 trees of depth 4",
        build=gradient_boosting,
        tags=("core",),
        # A branch ends where its rows leave nothing to gain: how many there are depends on the function.
        timed_by="task",
    ),
)

"""Gradient-boosted trees (LightGBM), with constants or with lines in their leaves."""

from models.base import Model, Problem, Regressor
from models.settings import require_rows


def _boosted(problem: Problem, seed: int, *, linear: bool) -> Regressor:
    from lightgbm import LGBMRegressor

    require_rows(problem, 2)
    regressor: Regressor = LGBMRegressor(
        n_estimators=25 if problem.quick else 500,
        learning_rate=0.05,
        # With the default of 20 few rows are one leaf.
        min_child_samples=5,
        linear_tree=linear,
        # Without it lines of few rows in a leaf point anywhere.
        linear_lambda=0.01 if linear else 0.0,
        deterministic=True,
        force_row_wise=True,
        n_jobs=1,
        random_state=seed,
        verbose=-1,
    )
    return regressor


def lightgbm(problem: Problem, seed: int) -> Regressor:
    """Return 500 trees at rate 0.05 (25 when quick), leaves of 5 rows, one thread.

    Raises:
        NotApplicable: there is one row.
    """
    return _boosted(problem, seed, linear=False)


def lightgbm_linear(problem: Problem, seed: int) -> Regressor:
    """Return the same with a ridge line in every leaf.

    Inputs keep their units, as in the other trees, though the library advises to bring them to one scale: how much a
    line is shrunk depends on them.

    Raises:
        NotApplicable: there is one row.
    """
    return _boosted(problem, seed, linear=True)


MODELS = (
    Model(
        name="lightgbm",
        title="Gradient-boosted trees (LightGBM), 500 trees",
        source="Ke et al. (2017), LightGBM: a highly efficient gradient boosting decision tree",
        build=lightgbm,
        tags=("trees",),
        timed_by="task",
        group="boosting",
    ),
    Model(
        name="lightgbm-linear",
        title="Gradient-boosted trees with lines in their leaves (LightGBM), 500 trees",
        source="Shi, Li and Li (2018), Gradient boosting with piece-wise linear regression trees",
        build=lightgbm_linear,
        tags=("trees",),
        timed_by="task",
        group="boosting",
    ),
)

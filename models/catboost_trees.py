"""Gradient-boosted symmetric trees (CatBoost)."""

from models.base import Model, Problem, Regressor
from models.settings import require_rows


def catboost(problem: Problem, seed: int) -> Regressor:
    """Return the library's defaults: 1,000 symmetric trees of depth 6 (50 when quick), the rate of its own choice.

    Raises:
        NotApplicable: there is one row.
    """
    from catboost import CatBoostRegressor

    require_rows(problem, 2)
    regressor: Regressor = CatBoostRegressor(
        iterations=50 if problem.quick else 1000,
        thread_count=1,
        allow_writing_files=False,
        logging_level="Silent",
        random_seed=seed,
        # Otherwise it refuses a target of one number.
        allow_const_label=True,
    )
    return regressor


MODELS = (
    Model(
        name="catboost",
        title="Gradient-boosted symmetric trees (CatBoost), its defaults",
        source="Prokhorenkova et al. (2018), CatBoost: unbiased boosting with categorical features",
        build=catboost,
        tags=("trees",),
        timed_by="task",
        group="boosting",
    ),
)

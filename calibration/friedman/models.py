"""Boosted trees with the settings that their library has by itself, where those of the board are others."""

from calibration.sources import SRBENCH
from models.base import Model, Problem, Regressor


def lightgbm_defaults(problem: Problem, seed: int) -> Regressor:
    """Return 100 trees at rate 0.1 (5 when quick), leaves of 20 rows, one thread."""
    from lightgbm import LGBMRegressor

    regressor: Regressor = LGBMRegressor(
        n_estimators=5 if problem.quick else 100,
        deterministic=True,
        force_row_wise=True,
        n_jobs=1,
        random_state=seed,
        verbose=-1,
    )
    return regressor


MODELS = (
    Model(
        name="friedman-lightgbm-defaults",
        title="Gradient-boosted trees (LightGBM) at the library's defaults",
        source=f"{SRBENCH.url}: LightGBM",
        build=lightgbm_defaults,
        tags=("control",),
        timed_by="task",
        group="boosting",
    ),
)

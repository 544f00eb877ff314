"""Models with the settings of their library, or of SRBench, where those of the board are others."""

from calibration.sources import SRBENCH
from models.base import Model, Problem, Regressor
from models.gplearn_formulas import Gplearn
from models.operon import MOST_ROWS, SYMBOLS, Operon


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


def operon_for_longer(problem: Problem, seed: int) -> Regressor:
    """Return a search of 500,000 evaluations (5,000 when quick) among formulas of 50 nodes at most."""
    return Operon(5_000 if problem.quick else 500_000, 50, SYMBOLS, seed, MOST_ROWS)


def gplearn_of_a_fifth(problem: Problem, seed: int) -> Regressor:
    """Return the board's search with 200 formulas in place of 1,000 for its 20 generations (3 when quick)."""
    return Gplearn(200, 3 if problem.quick else 20, seed, MOST_ROWS)


MODELS = (
    Model(
        name="friedman-gplearn-fifth",
        title="Symbolic regression by genetic programming (gplearn), 200 formulas, 20 generations",
        source=f"{SRBENCH.url}: gplearn",
        build=gplearn_of_a_fifth,
        tags=("control",),
        timed_by="task",
        group="symbolic",
    ),
    Model(
        name="friedman-operon-longer",
        title="Symbolic regression by genetic programming (Operon), 500,000 evaluations of 50 nodes",
        source=f"{SRBENCH.url}: Operon",
        build=operon_for_longer,
        tags=("control",),
        timed_by="task",
        group="symbolic",
    ),
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

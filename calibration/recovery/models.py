"""Genetic programming with Koza's functions and no constants, as Nguyen's problems are posed; Operon without waves."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from calibration.sources import GENOXIDE, SRBENCH
from models.base import FloatArray, Model, Problem, Regressor
from models.gplearn_formulas import Bred
from models.operon import MOST_ROWS, SYMBOLS, Operon

# An error below, in units of sd(y), is rounding.
_FOUND = 1e-12
# exp is held below its overflow.
_LARGEST = 50.0


def _exponential(x: FloatArray) -> FloatArray:
    powers: FloatArray = np.exp(np.minimum(x, _LARGEST))
    return powers


@dataclass
class KozaSearch(Bred):
    """Trees of + - * / sin cos exp log and the inputs, bred by gplearn until one is exact."""

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Search for a formula of X (n, d) that gives y (n,)."""
        from gplearn.functions import make_function
        from gplearn.genetic import SymbolicRegressor

        exponential = make_function(function=_exponential, name="exp", arity=1, wrap=False)
        self._search = SymbolicRegressor(
            population_size=self.population_size,
            generations=self.generations,
            tournament_size=7,
            stopping_criteria=_FOUND * float(y.std()),
            const_range=None,
            function_set=("add", "sub", "mul", "div", "sin", "cos", exponential, "log"),
            metric="rmse",
            # Without it trees of thousands of nodes come about.
            parsimony_coefficient=1e-3 * float(y.std()),
            p_crossover=0.9,
            p_subtree_mutation=0.1,
            p_hoist_mutation=0.0,
            p_point_mutation=0.0,
            n_jobs=1,
            random_state=self.seed,
        ).fit(X, y)
        return self


def koza(problem: Problem, seed: int) -> Regressor:
    """Return a search of 1,000 trees for 25 generations at most (200 for 3 when quick)."""
    return KozaSearch(200, 3, seed) if problem.quick else KozaSearch(1_000, 25, seed)


def koza_shorter(problem: Problem, seed: int) -> Regressor:
    """Return a search of 200 trees for 25 generations at most (for 3 when quick)."""
    return KozaSearch(200, 3 if problem.quick else 25, seed)


def operon_without_waves(problem: Problem, seed: int) -> Regressor:
    """Return the board's search without sin and cos, of 200,000 evaluations (5,000 when quick)."""
    symbols = ",".join(each for each in SYMBOLS.split(",") if each not in ("sin", "cos"))
    return Operon(5_000 if problem.quick else 200_000, 30, symbols, seed, MOST_ROWS)


MODELS = (
    Model(
        name="recovery-operon-without-waves",
        title="Symbolic regression by genetic programming (Operon), without sin and cos",
        source=f"{SRBENCH.url}: Operon",
        build=operon_without_waves,
        tags=("control",),
        timed_by="task",
        group="symbolic",
    ),
    Model(
        name="recovery-koza",
        title="Genetic programming with Koza's functions and no constants, 1,000 trees, 25 generations",
        source=f"{GENOXIDE.url}: examples/nguyen_all, with gplearn's search",
        build=koza,
        tags=("control",),
        timed_by="task",
        group="symbolic",
    ),
    Model(
        name="recovery-koza-200",
        title="Genetic programming with Koza's functions and no constants, 200 trees, 25 generations",
        source=f"{GENOXIDE.url}: examples/nguyen_all, with gplearn's search",
        build=koza_shorter,
        tags=("control",),
        timed_by="task",
        group="symbolic",
    ),
)

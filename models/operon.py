"""Symbolic regression by genetic programming (Operon), chosen on its front of error and length."""

import math
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from models.base import FloatArray, Model, NotApplicable, Problem, Regressor
from models.settings import Settings, generator, some_rows

SYMBOLS = "add,sub,mul,div,exp,log,sin,cos,sqrt,square,constant,variable"
# A formula has few constants, and that many rows tell them apart.
MOST_ROWS = 1_000
# It computes in single precision: a smaller error, in units of the root mean square of y, is rounding.
_ROUNDING = 3e-7


@dataclass
class Operon(Settings):
    """A formula that `n_evaluations` of candidates have found on at most `most_rows` rows, drawn at random.

    Burlacu, Kronberger and Kommenda (2020), Operon C++: an efficient genetic programming framework. Error and length
    are minimised together (NSGA-II); of the front that formula is taken whose n log(mean squared error) + length log(n)
    is least (Schwarz 1978), errors below the rounding of single precision all alike.
    """

    n_evaluations: int
    max_length: int
    symbols: str
    seed: int
    most_rows: int
    _search: Any = field(init=False, repr=False)
    _tree: Any = field(init=False, repr=False)
    _n_nodes: int = field(init=False, repr=False)

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Search for a formula of X (n, d) that gives y (n,).

        Raises:
            ValueError: no formula has a finite error on the training rows.
        """
        from pyoperon.sklearn import SymbolicRegressor

        X, y = some_rows(X, y, self.most_rows, generator(self.seed))
        self._search = SymbolicRegressor(
            allowed_symbols=self.symbols,
            objectives=["r2", "length"],
            max_evaluations=self.n_evaluations,
            max_length=self.max_length,
            optimizer_iterations=1,
            population_size=1000,
            n_threads=1,
            random_state=self.seed,
        )
        # It takes no rows that are read-only.
        self._search.fit(X.copy(), y.copy())
        floor = (_ROUNDING * math.sqrt(float(np.mean(y**2)))) ** 2
        found = [each for each in self._search.pareto_front_ if math.isfinite(each["mean_squared_error"])]
        if not found:
            raise ValueError("no formula of its front has a finite error on the training rows")
        n = len(y)
        best = min(
            found,
            key=lambda each: n * math.log(each["mean_squared_error"] + floor + 1e-300) + each["length"] * math.log(n),
        )
        self._tree, self._n_nodes = best["tree"], int(best["length"])
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d)."""
        predicted: FloatArray = self._search.evaluate_model(self._tree, X.copy())
        return predicted

    def parameters(self) -> int:
        """Return how many nodes the formula has: Operon's measure of length."""
        return self._n_nodes

    def expression(self) -> str:
        """Return the formula over x1..xd."""
        names = [f"x{j}" for j in range(1, self._search.n_features_in_ + 1)]
        # The library writes so many decimals: a number of 1e-12 needs more of them.
        sizes = [abs(node.Value) for node in self._tree.Nodes if node.Value and math.isfinite(node.Value)]
        decimals = max(15, 9 - math.floor(math.log10(min(sizes, default=1.0))))
        text = str(self._search.get_model_string(self._tree, precision=decimals, names=names))
        return text.replace("^", "**")


def operon(problem: Problem, seed: int) -> Regressor:
    """Return a search of 200,000 evaluations (5,000 when quick) among formulas of 30 nodes at most, on 1,000 rows.

    The library puts a factor and a constant, four nodes more, around what it has found.
    With 500,000 and 50 nodes it finds more, and takes longer than all other models. With 10,000 rows of sinc, smooth or
    the piecewise function it finds as much as with 1,000 of them, in six times the time.

    Raises:
        NotApplicable: there are more than 50 inputs.
    """
    if problem.n_features > 50:
        raise NotApplicable(f"formulas of 30 nodes cannot hold {problem.n_features} inputs")
    return Operon(5_000 if problem.quick else 200_000, 30, SYMBOLS, seed, MOST_ROWS)


MODELS = (
    Model(
        name="operon",
        title="Symbolic regression by genetic programming (Operon), 200,000 evaluations on at most 1,000 rows",
        source="Burlacu, Kronberger and Kommenda (2020), Operon C++; de Franca and Kronberger (2023) for the criterion",
        build=operon,
        tags=("symbolic",),
        version=2,
        timed_by="task",
        group="symbolic",
    ),
)

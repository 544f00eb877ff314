"""Symbolic regression by genetic programming as it was first done (gplearn)."""

from dataclasses import dataclass, field
from typing import Any, Self

from models.base import FloatArray, Model, Problem, Regressor
from models.operon import MOST_ROWS
from models.settings import Settings, generator, some_rows

_FUNCTIONS = ("add", "sub", "mul", "div", "sqrt", "log", "sin", "cos")
# How the library names what it protects against a pole, as the formula that it computes.
_WORDS = {"add": "({} + {})", "sub": "({} - {})", "mul": "({} * {})", "sin": "sin({})", "cos": "cos({})"}
_PROTECTED = {
    "div": "where(abs({1}) > 0.001, {0} / {1}, 1)",
    "sqrt": "sqrt(abs({}))",
    "log": "where(abs({0}) > 0.001, log(abs({0})), 0)",
}


@dataclass
class Bred(Settings):
    """A formula bred by gplearn's SymbolicRegressor, which `fit` of a subclass makes."""

    population_size: int
    generations: int
    seed: int
    _search: Any = field(init=False, repr=False)

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d)."""
        predicted: FloatArray = self._search.predict(X)
        return predicted

    def parameters(self) -> int:
        """Return how many nodes the formula has."""
        return len(self._search._program.program)


@dataclass
class Gplearn(Bred):
    """A formula bred as Koza (1992) does it, on at most `most_rows` rows; constants are drawn, never fitted."""

    most_rows: int

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Search for a formula of X (n, d) that gives y (n,)."""
        from gplearn.genetic import SymbolicRegressor

        X, y = some_rows(X, y, self.most_rows, generator(self.seed))
        self._search = SymbolicRegressor(
            population_size=self.population_size,
            generations=self.generations,
            function_set=_FUNCTIONS,
            metric="rmse",
            # The library's default, in the units of its errors: with "auto" formulas of thousands of nodes come about.
            parsimony_coefficient=1e-3 * float(y.std()),
            n_jobs=1,
            random_state=self.seed,
        ).fit(X, y)
        return self

    def expression(self) -> str:
        """Return the formula over x1..xd, with what the library does near a pole."""
        # The program stands in prefix order.
        waiting: list[tuple[str, int, list[str]]] = []
        for node in self._search._program.program:
            if isinstance(node, int):
                text = f"x{node + 1}"
            elif isinstance(node, float):
                text = repr(float(node))
            else:
                waiting.append((node.name, node.arity, []))
                continue
            while waiting:
                name, arity, parts = waiting[-1]
                parts.append(text)
                if len(parts) < arity:
                    break
                text = (_WORDS | _PROTECTED)[name].format(*parts)
                waiting.pop()
            else:
                return text
        raise AssertionError("a program ends with its last leaf")


def gplearn(problem: Problem, seed: int) -> Regressor:
    """Return 1,000 formulas for 20 generations, the library's defaults but for three things.

    They may have sqrt, log, sin and cos; their error is the root mean square; and a node costs 1e-3 sd(y) of it.
    Rows are 1,000 at most, as those of `operon` are: with 10,000 it takes two to three times as long.
    """
    population, generations = (200, 3) if problem.quick else (1000, 20)
    return Gplearn(population, generations, seed, MOST_ROWS)


MODELS = (
    Model(
        name="gplearn",
        title="Symbolic regression by genetic programming (gplearn), 1,000 formulas, 20 generations, 1,000 rows",
        source="Koza (1992), Genetic programming; gplearn's defaults",
        build=gplearn,
        tags=("symbolic",),
        version=2,
        timed_by="task",
        group="symbolic",
    ),
)

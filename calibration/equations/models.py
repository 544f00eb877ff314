"""What Sahoo et al. compare with: a small network of tanh by plain gradient descent, and chosen support vectors."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from calibration.sources import EQUATIONS
from models.base import FloatArray, Model, Problem, Regressor
from models.settings import Settings, generator, some_rows
from models.training import network

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn


def tanh_30(problem: Problem) -> "nn.Module":
    """Return one hidden layer of 30 tanh, started as theirs is: Glorot and Bengio's uniform weights, biases at 0."""
    from torch import nn

    hidden, output = nn.Linear(problem.n_features, 30), nn.Linear(30, 1)
    nn.init.xavier_uniform_(hidden.weight)
    nn.init.uniform_(output.weight, -((1 / 31) ** 0.5), (1 / 31) ** 0.5)
    nn.init.zeros_(hidden.bias)
    nn.init.zeros_(output.bias)
    return nn.Sequential(hidden, nn.Tanh(), output)


@dataclass
class ChosenSupportVectors(Settings):
    """Support vectors with a squared exponential kernel on numbers as they are, at most `most_rows` of them.

    Their cost and width are those, among the given, of the least squared error on a fifth of the rows held back.
    """

    most_rows: int
    costs: tuple[float, ...]
    gammas: tuple[float, ...]
    epsilon: float
    seed: int
    _chosen: Any = field(init=False, repr=False)
    fit_info_: dict[str, str] = field(init=False, repr=False, default_factory=dict)

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit X (n, d) and y (n,)."""
        from sklearn.svm import SVR

        rng = generator(self.seed)
        X, y = some_rows(X, y, self.most_rows, rng)
        order = rng.permutation(len(y))
        held_back, kept = order[: len(y) // 5], order[len(y) // 5 :]
        tried = []
        for cost in self.costs:
            for gamma in self.gammas:
                machine = SVR(C=cost, gamma=gamma, epsilon=self.epsilon).fit(X[kept], y[kept])
                error = float(np.mean((machine.predict(X[held_back]) - y[held_back]) ** 2))
                tried.append((error, cost, gamma))
        _, cost, gamma = min(tried)
        self._chosen = SVR(C=cost, gamma=gamma, epsilon=self.epsilon).fit(X, y)
        self.fit_info_ = {"cost_chosen": str(cost), "gamma_chosen": str(gamma)}
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d)."""
        predicted: FloatArray = self._chosen.predict(X)
        return predicted


def chosen_support_vectors(problem: Problem, seed: int) -> Regressor:
    """Return support vectors on 1,000 rows (200 when quick) with a cost and a width chosen among four pairs."""
    return ChosenSupportVectors(200 if problem.quick else 1_000, (1.0, 10.0), (0.1, 1.0), 0.01, seed)


def default_support_vectors(problem: Problem, seed: int) -> Regressor:
    """Return support vectors on 1,000 rows (200 when quick) at the defaults of their code: cost 1, width 0.1."""
    return ChosenSupportVectors(200 if problem.quick else 1_000, (1.0,), (0.1,), 0.001, seed)


def _between(most_rows: int) -> "Callable[[Problem, int], Regressor]":
    """Return what makes support vectors on so many rows with a width between those that are tried."""

    def build(problem: Problem, seed: int) -> Regressor:
        return ChosenSupportVectors(200 if problem.quick else most_rows, (10.0,), (0.5,), 0.01, seed)

    return build


MODELS = (
    Model(
        name="equations-tanh-30",
        title="One hidden layer of 30 tanh by gradient descent at 0.01 in batches of 20, 100,000 steps",
        source=f"{EQUATIONS.url}: EQL-DIV-ICML-Python3/src/mlp.py at its defaults, without its L1 term",
        build=network(
            tanh_30,
            steps=100_000,
            batch_size=20,
            optimizer="sgd",
            momentum=0.0,
            learning_rate=0.01,
            schedule="constant",
            divisors=(1.0, 1.0),
        ),
        tags=("control",),
    ),
    Model(
        name="equations-svr",
        title="Support vectors on 1,000 rows as they are, cost and width chosen among four pairs",
        source=f"{EQUATIONS.url}: EQL-DIV-ICML-Python3/src/svr.py",
        build=chosen_support_vectors,
        tags=("control",),
    ),
    Model(
        name="equations-svr-default",
        title="Support vectors on 1,000 rows as they are, cost 1 and width 0.1",
        source=f"{EQUATIONS.url}: EQL-DIV-ICML-Python3/src/svr.py at its defaults",
        build=default_support_vectors,
        tags=("control",),
    ),
    *(
        Model(
            name=f"equations-svr-width-{n}-rows",
            title=f"Support vectors on {n:,} rows as they are, cost 10 and width 0.5",
            source=f"{EQUATIONS.url}: EQL-DIV-ICML-Python3/src/svr.py",
            build=_between(n),
            tags=("control",),
        )
        for n in (1_000, 3_000)
    ),
)

"""Measures again what choosing steps on held-back rows is worth where rows are few or noisy: `python -m tests.noisy`.

Prints the table of docs/validation.md: some fifteen minutes on one core.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.base import FloatArray, Model, Problem
from models.mlp import MODELS
from models.training.network import NetworkRegressor

Rows = tuple[FloatArray, FloatArray]

SEEDS = range(10)
_N_TEST = 5_000


def friedman_1(X: FloatArray) -> FloatArray:
    """Return 10 sin(pi x1 x2) + 20 (x3 - 0.5)^2 + 10 x4 + 5 x5 (n,) for X (n, 5 or more): Friedman (1991)."""
    wave, bowl, line = 10 * np.sin(np.pi * X[:, 0] * X[:, 1]), 20 * (X[:, 2] - 0.5) ** 2, 10 * X[:, 3] + 5 * X[:, 4]
    values: FloatArray = wave + bowl + line
    return values


def vladislavleva_2(X: FloatArray) -> FloatArray:
    """Return exp(-x) x^3 cos x sin x (cos x sin^2 x - 1) (n,) for X (n, 1)."""
    x = X[:, 0]
    values: FloatArray = np.exp(-x) * x**3 * np.cos(x) * np.sin(x) * (np.cos(x) * np.sin(x) ** 2 - 1)
    return values


def vladislavleva_4(X: FloatArray) -> FloatArray:
    """Return 10 / (5 + sum (xi - 3)^2) (n,) for X (n, 5)."""
    values: FloatArray = 10 / (5 + ((X - 3) ** 2).sum(axis=1))
    return values


def vladislavleva_6(X: FloatArray) -> FloatArray:
    """Return 6 sin x1 cos x2 (n,) for X (n, 2)."""
    values: FloatArray = 6 * np.sin(X[:, 0]) * np.cos(X[:, 1])
    return values


def vladislavleva_8(X: FloatArray) -> FloatArray:
    """Return ((x1 - 3)^4 + (x2 - 3)^3 - (x2 - 3)) / ((x2 - 2)^4 + 10) (n,) for X (n, 2)."""
    a, b = X[:, 0] - 3, X[:, 1] - 3
    values: FloatArray = (a**4 + b**3 - b) / ((b + 1) ** 4 + 10)
    return values


@dataclass(frozen=True)
class Law:
    """Where rows come from: n_rows uniform in a box, targets with noise of this sd."""

    title: str
    function: Callable[[FloatArray], FloatArray]
    n_rows: int
    n_features: int
    noise: float = 0.0
    low: float = 0.0
    high: float = 1.0

    @property
    def problem(self) -> Problem:
        """What a model may know of it."""
        return Problem(
            n_features=self.n_features, n_elements=1, n_element_features=self.n_features, n_train=self.n_rows
        )

    def drawn(self, seed: int) -> tuple[Rows, Rows]:
        """Return the noisy training rows of a seed, and 5,000 rows of the truth."""
        rng = np.random.default_rng((seed, self.n_rows, self.n_features))
        X, X_test = (rng.uniform(self.low, self.high, (n, self.n_features)) for n in (self.n_rows, _N_TEST))
        y = self.function(X) + self.noise * rng.standard_normal(self.n_rows)
        return (X, y), (X_test, self.function(X_test))


def _friedman(n_rows: int, n_features: int, noise: float) -> Law:
    return Law("Friedman-1", friedman_1, n_rows, n_features, noise)


AS_PUBLISHED = _friedman(750, 5, 1.0)
LAWS = (
    AS_PUBLISHED,
    *(_friedman(750, 10, noise) for noise in (1.0, 0.1, 0.0)),
    *(_friedman(n_rows, 10, noise) for n_rows in (2_000, 10_000) for noise in (1.0, 0.1)),
    _friedman(2_000, 20, 1.0),
    Law("Vladislavleva-6", vladislavleva_6, 30, 2, low=0.1, high=5.9),
    Law("Vladislavleva-8", vladislavleva_8, 50, 2, low=0.05, high=6.05),
    Law("Vladislavleva-2", vladislavleva_2, 100, 1, low=0.05, high=10.0),
    Law("Vladislavleva-4", vladislavleva_4, 1_024, 5, low=0.05, high=6.05),
    Law("Vladislavleva-6", vladislavleva_6, 100, 2, 1.0, low=0.1, high=5.9),
)


def published_figure(rmse: float) -> float:
    """Return the error of Friedman-1 as published: against targets with noise of sd 1, in units of their sd."""
    return float(np.sqrt(rmse**2 + 1) / 4.98262)


def networks(model: Model, law: Law, seeds: Sequence[int], *, validation: float | None) -> list[NetworkRegressor]:
    """Return the networks of these seeds, trained with or without a choice of their steps."""
    made = [model.build(law.problem, seed) for seed in seeds]
    fresh = [
        NetworkRegressor(each.factory, each.problem, each.seed, replace(each.recipe, validation=validation))
        for each in made
        if isinstance(each, NetworkRegressor)
    ]
    NetworkRegressor.fit_many(fresh, [law.drawn(seed)[0] for seed in seeds])
    return fresh


def rmse(network: NetworkRegressor, rows: Rows) -> float:
    """Return the root mean squared error of a network on rows."""
    X, y = rows
    return float(np.sqrt(np.mean((network.predict(X) - y) ** 2)))


def _line(model: Model, law: Law) -> str:
    fixed, chosen = (networks(model, law, SEEDS, validation=share) for share in (None, 0.2))
    drawn = [law.drawn(seed) for seed in SEEDS]
    sds = [float(test[1].std()) for _, test in drawn]
    on_train = [100 * rmse(each, train) / float(train[1].std()) for each, (train, _) in zip(fixed, drawn, strict=True)]
    errors = [[rmse(each, test) for each, (_, test) in zip(group, drawn, strict=True)] for group in (fixed, chosen)]
    shares = [100 * np.median(np.array(each) / sds) for each in errors]
    steps = [int(each.fit_info_["steps_chosen"]) for each in chosen]
    said = ", ".join(f"{n:,}: {steps.count(n)}" for n in sorted(set(steps), reverse=True))
    figures = ["", ""]
    if law.function is friedman_1 and law.noise == 1:
        figures = [f"{np.median([published_figure(e) for e in each]):.3f}" for each in errors]
    asked = "yes" if any("held_back_error_4000" in each.fit_info_ for each in chosen) else "no"
    cells = (
        *(law.title, f"{law.n_rows:,}", str(law.n_features), f"{law.noise:g}", f"`{model.name}`"),
        *(f"{min(on_train):.2f} to {max(on_train):.2f}", asked, said, *(f"{share:.2f}" for share in shares), *figures),
    )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table, line by line as it is measured."""
    for law in LAWS:
        for model in MODELS:
            print(_line(model, law), flush=True)


if __name__ == "__main__":
    main()

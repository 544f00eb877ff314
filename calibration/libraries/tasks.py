"""The examples of libraries that print a figure: their rows, from their generators at their seeds, written out.

Where an example has noise in its targets its rows keep it, and every other row has none.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from calibration.sources import GPLEARN, SCIKIT_LEARN
from tasks.base import FloatArray, Quantity, Task
from tasks.notation import Side
from tasks.training_law import FixedRows
from tasks.widening import WideningBox

R2, MSE = "r2", "mean_squared_error"


def friedman_1_of_1200() -> tuple[FloatArray, FloatArray]:
    """Return X (1200, 10) and the noise (1200,) of `make_friedman1(n_samples=1200, noise=1.0, random_state=0)`."""
    draws = np.random.RandomState(0)
    X = draws.uniform(size=(1_200, 10))
    return X, draws.standard_normal(size=1_200)


def friedman_2_of_500() -> FloatArray:
    """Return X (500, 4) of `make_friedman2(n_samples=500, noise=0, random_state=0)`."""
    X = np.random.RandomState(0).uniform(size=(500, 4))
    low, high = np.array([[0, 40 * np.pi, 0, 1], [100, 560 * np.pi, 1, 11]])
    # In their order of operations, to the last bit.
    X[:, 0] *= 100
    X[:, 1] *= 520 * np.pi
    X[:, 1] += 40 * np.pi
    X[:, 3] *= 10
    X[:, 3] += 1
    assert ((low <= X) & (high >= X)).all()
    return X


def regression_of_100() -> tuple[FloatArray, FloatArray]:
    """Return X (100, 4) and the weights (4,) of make_regression with 2 informative features, seed 0, not shuffled."""
    draws = np.random.RandomState(0)
    X, weights = draws.standard_normal(size=(100, 4)), np.zeros(4)
    weights[:2] = 100 * draws.uniform(size=(2, 1))[:, 0]
    return X, weights


def regression_of_200() -> tuple[FloatArray, FloatArray]:
    """Return X (200, 20) and the weights (20,) of `make_regression(200, 20, random_state=1)`, shuffled as there."""
    draws = np.random.RandomState(1)
    X, weights = draws.standard_normal(size=(200, 20)), np.zeros(20)
    weights[:10] = 100 * draws.uniform(size=(10, 1))[:, 0]
    rows, columns = np.arange(200), np.arange(20)
    draws.shuffle(rows)
    draws.shuffle(columns)
    return X[rows][:, columns], weights[columns]


def split_of_200() -> tuple[FloatArray, FloatArray]:
    """Return the 150 training rows and the 50 test rows of these that `train_test_split(random_state=1)` makes."""
    X, _ = regression_of_200()
    order = np.random.RandomState(1).permutation(200)
    return X[order[50:]], X[order[:50]]


def quadratic_of_50() -> tuple[FloatArray, FloatArray]:
    """Return the 50 training rows and the 50 test rows (50, 2) of gplearn's example, seed 0."""
    draws = np.random.RandomState(0)
    train = draws.uniform(-1, 1, 100).reshape(50, 2)
    return train, draws.uniform(-1, 1, 100).reshape(50, 2)


def friedman_1(X: FloatArray) -> FloatArray:
    """Return Friedman's first function (n,) of X (n, 10), without noise."""
    waves = 10 * np.sin(np.pi * X[:, 0] * X[:, 1])
    value: FloatArray = waves + 20 * (X[:, 2] - 0.5) ** 2 + 10 * X[:, 3] + 5 * X[:, 4]
    return value


def friedman_2(X: FloatArray) -> FloatArray:
    """Return Friedman's second function (n,) of X (n, 4)."""
    root: FloatArray = np.sqrt(X[:, 0] ** 2 + (X[:, 1] * X[:, 2] - 1 / (X[:, 1] * X[:, 3])) ** 2)
    return root


def quadratic(X: FloatArray) -> FloatArray:
    """Return x1^2 - x2^2 + x2 - 1 (n,) of X (n, 2)."""
    value: FloatArray = X[:, 0] ** 2 - X[:, 1] ** 2 + X[:, 1] - 1
    return value


def _weighted(weights: FloatArray, X: FloatArray) -> FloatArray:
    value: FloatArray = X @ weights
    return value


def _with_noise(function: Callable[[FloatArray], FloatArray], noise: dict[bytes, float], X: FloatArray) -> FloatArray:
    """Return a function (n,) of X (n, d), with the noise of the rows that have some."""
    own = [noise.get(row.tobytes(), 0.0) for row in np.ascontiguousarray(X, dtype=np.float64)]
    noisy: FloatArray = function(X) + np.array(own)
    return noisy


def _r2(truth: FloatArray, X: FloatArray, predictions: FloatArray) -> dict[str, float]:
    missing = float(((predictions - truth) ** 2).sum() / ((truth - truth.mean()) ** 2).sum())
    return {R2: 1 - missing, "r2_missing": missing}


def _mse(truth: FloatArray, X: FloatArray, predictions: FloatArray) -> dict[str, float]:
    return {MSE: float(((predictions - truth) ** 2).mean())}


def _example(
    name: str,
    title: str,
    formula: str,
    source: str,
    function: Callable[[FloatArray], FloatArray],
    sides: tuple[Side, ...],
    train: FloatArray,
    scored: FloatArray,
    error: str = R2,
) -> Task:
    """Return the task of an example, whose figure is R^2 or a mean squared error on the rows `scored` (m, d)."""
    outer = tuple((low - (high - low) / 2, high + (high - low) / 2) for low, high in sides)
    measure = partial(_r2 if error == R2 else _mse, function(scored))
    return Task(
        name=name,
        title=title,
        formula=formula,
        source=source,
        function=function,
        domain=WideningBox(sides, outer, training_law=FixedRows(tuple(map(tuple, train.tolist())))),
        n_train=len(train),
        n_reference=2**14,
        set_shape=(1, len(sides)),
        quantities=(
            Quantity(
                error="r2_missing" if error == R2 else MSE,
                title=f"{'R^2' if error == R2 else 'mean squared error'} on the rows of the example",
                rows=lambda X: scored,
                measure=measure,
            ),
        ),
        tags=("control",),
        family=name,
    )


def _examples() -> tuple[Task, ...]:
    X1, noise = friedman_1_of_1200()
    noisy = {row.tobytes(): float(value) for row, value in zip(X1, noise, strict=True)}
    X2 = friedman_2_of_500()
    X3, weights_3 = regression_of_100()
    train_4, test_4 = split_of_200()
    _, weights_4 = regression_of_200()
    train_5, test_5 = quadratic_of_50()
    normal = (-4.0, 4.0)
    return (
        _example(
            "scikit-learn-friedman-1",
            "Friedman 1, the 200 rows of scikit-learn's guide",
            "10 sin(pi x1 x2) + 20 (x3 - 0.5)^2 + 10 x4 + 5 x5, with the noise of the guide's 1,200 rows",
            f"{SCIKIT_LEARN.url}: doc/modules/ensemble.rst, make_friedman1(1200, noise=1, random_state=0)",
            partial(_with_noise, friedman_1, noisy),
            ((0.0, 1.0),) * 10,
            X1[:200],
            X1[200:],
            MSE,
        ),
        _example(
            "scikit-learn-friedman-2",
            "Friedman 2, the 500 rows of scikit-learn's docstrings",
            "sqrt(x1^2 + (x2 x3 - 1 / (x2 x4))^2)",
            f"{SCIKIT_LEARN.url}: sklearn/gaussian_process, make_friedman2(500, noise=0, random_state=0)",
            friedman_2,
            ((0.0, 100.0), (40 * np.pi, 560 * np.pi), (0.0, 1.0), (1.0, 11.0)),
            X2,
            X2,
        ),
        _example(
            "scikit-learn-regression-4",
            "A weighted sum of two of four numbers, the 100 rows of scikit-learn's docstring",
            f"{weights_3[0]:.6g} x1 + {weights_3[1]:.6g} x2",
            f"{SCIKIT_LEARN.url}: sklearn/ensemble/_weight_boosting.py, make_regression, random_state=0",
            partial(_weighted, weights_3),
            (normal,) * 4,
            X3,
            X3,
        ),
        _example(
            "scikit-learn-regression-20",
            "A weighted sum of ten of twenty numbers, the 150 rows of scikit-learn's docstring",
            "w1 x1 + ... + w20 x20, ten weights of them 0",
            f"{SCIKIT_LEARN.url}: sklearn/neural_network/_multilayer_perceptron.py, make_regression, random_state=1",
            partial(_weighted, weights_4),
            (normal,) * 20,
            train_4,
            test_4,
        ),
        _example(
            "gplearn-quadratic",
            "A quadratic form, the 50 rows of gplearn's example",
            "x1^2 - x2^2 + x2 - 1",
            f"{GPLEARN.url}: gplearn/tests/test_examples.py, check_random_state(0)",
            quadratic,
            ((-1.0, 1.0),) * 2,
            train_5,
            test_5,
        ),
    )


TASKS = _examples()

"""The seven functions that people ask about: the suite `core`.

They are sums and squares of whole numbers, a wave, a jump, a smooth function, a sum over a set and a mean over paths.
"""

import numpy as np

from tasks.base import FloatArray, Quantity, Task
from tasks.domains import Box, DiffusionPaths, IntegerBox
from tasks.suite import Suite

# The threads in which people asked.
_SQUARE = "https://datascience.stackexchange.com/q/60170"
_ANY = "https://datascience.stackexchange.com/a/40547"
_PAIR = "https://datascience.stackexchange.com/q/63953"
_LAMBDA = "https://stats.stackexchange.com/q/355257"
LAMBDA = 0.25


def add(X: FloatArray) -> FloatArray:
    """Return x1 + x2 (n,) for X (n, 2)."""
    return X[:, 0] + X[:, 1]


def square(X: FloatArray) -> FloatArray:
    """Return x^2 (n,) for X (n, 1)."""
    return X[:, 0] ** 2


def sinc_of_sum(X: FloatArray) -> FloatArray:
    """Return sin(pi u) / (pi u) (n,) with u = x1 + x2, for X (n, 2); numpy's normalised sinc."""
    wave: FloatArray = np.sinc(X[:, 0] + X[:, 1])
    return wave


def quadrant(X: FloatArray) -> FloatArray:
    """Return x1^2 + x2^2 (n,) where both are >= 0 and 2 x1 + 2 x2 elsewhere, for X (n, 2)."""
    x1, x2 = X[:, 0], X[:, 1]
    return np.where((x1 >= 0) & (x2 >= 0), x1**2 + x2**2, 2 * x1 + 2 * x2)


def quadratic_and_tangent(X: FloatArray) -> FloatArray:
    """Return x1^2 + x2^2 + x1 x2^2 + tan(x1) (n,) for X (n, 2)."""
    x1, x2 = X[:, 0], X[:, 1]
    return x1**2 + x2**2 + x1 * x2**2 + np.tan(x1)


def z(element: FloatArray) -> FloatArray:
    """Return sin(pi p) + q r (n,) for elements (n, 3) = (p, q, r)."""
    p, q, r = element.T
    values: FloatArray = np.sin(np.pi * p) + q * r
    return values


def pair_sum(X: FloatArray) -> FloatArray:
    """Return z(a) + z(b) (n,) for X (n, 6) = (a, b)."""
    return z(X[:, :3]) + z(X[:, 3:])


def _twins(X: FloatArray) -> FloatArray:
    return np.hstack([X[:, :3], X[:, :3]])


def _recovered_z(X: FloatArray, predictions: FloatArray) -> dict[str, float]:
    # y(p, p) = 2 z(p): predictions alone identify z, whatever the model is made of.
    residual = predictions / 2 - z(X[:, :3])
    return {"recovered_z_rmse": float(np.sqrt(np.mean(residual**2)))}


def mean_square(X: FloatArray) -> FloatArray:
    """Return mean_i x_i^2 (n,) for X (n, n_paths)."""
    mean: FloatArray = np.mean(X**2, axis=1)
    return mean


def scaled_mean_square(X: FloatArray) -> FloatArray:
    """Return k = lambda mean_i x_i^2 (n,) with lambda = 0.25, for X (n, n_paths)."""
    return LAMBDA * mean_square(X)


def _same_rows(X: FloatArray) -> FloatArray:
    return X


def _recovered_lambda(X: FloatArray, predictions: FloatArray) -> dict[str, float]:
    m = mean_square(X)
    lambda_hat = float(predictions @ m / (m @ m))
    return {"lambda_hat": lambda_hat, "lambda_error": abs(lambda_hat - LAMBDA)}


TASKS = (
    Task(
        name="sum",
        title="Sum of two numbers",
        formula="x1 + x2",
        source=f"{_SQUARE}: a stack of Dense layers learns it without error",
        function=add,
        domain=IntegerBox(n_features=2, high=1000, all_outside=True),
        n_train=1_000,
        set_shape=(2, 1),
        tags=("core", "polynomial"),
    ),
    Task(
        name="square",
        title="Square of a number",
        formula="x^2",
        source=f"{_SQUARE}: the same stack is off by 75,777",
        function=square,
        domain=IntegerBox(n_features=1, high=1000),
        n_train=1_000,
        set_shape=(1, 1),
        tags=("core", "polynomial"),
    ),
    Task(
        name="sinc",
        title="Sinc of a sum",
        formula="sin(pi u) / (pi u), u = x1 + x2",
        source=f"{_ANY}: the third function of its example",
        function=sinc_of_sum,
        domain=Box(n_features=2),
        n_train=10_000,
        set_shape=(2, 1),
        tags=("core", "periodic"),
    ),
    Task(
        name="piecewise",
        title="Two pieces with a jump between them",
        formula="x1^2 + x2^2 if x1 >= 0 and x2 >= 0, else 2 x1 + 2 x2",
        source=f"{_ANY}: the second function of its example",
        function=quadrant,
        domain=Box(n_features=2, held=(None, 0.5)),
        n_train=10_000,
        set_shape=(2, 1),
        tags=("core", "jump"),
    ),
    Task(
        name="smooth",
        title="A smooth function of two numbers",
        formula="x1^2 + x2^2 + x1 x2^2 + tan(x1)",
        source=f"{_ANY}: the first function of its example",
        function=quadratic_and_tangent,
        domain=Box(n_features=2),
        n_train=10_000,
        set_shape=(1, 2),
        # tan has a pole at pi/2 = 1.571, so neither region goes near it.
        reach=1.4,
        ladder_end=1.4,
        tags=("core", "smooth"),
    ),
    Task(
        name="pair-sum",
        title="Sum over a pair that shares one function z",
        formula="z(a) + z(b), z(p, q, r) = sin(pi p) + q r",
        source=f"{_PAIR}: the sum over a pair that a plain network does not know is one",
        function=pair_sum,
        domain=Box(n_features=6),
        n_train=2_000,
        set_shape=(2, 3),
        quantities=(
            Quantity(
                error="recovered_z_rmse",
                title="RMSE of the recovered z: half the prediction for a pair of equal elements",
                rows=_twins,
                measure=_recovered_z,
            ),
        ),
        tags=("core", "periodic", "sets"),
    ),
    Task(
        name="lambda-recovery",
        title="The constant behind a mean of squares",
        formula="k = lambda mean_i(x_i^2), lambda = 0.25",
        source=f"{_LAMBDA}: paths of a diffusion at a random time",
        function=scaled_mean_square,
        domain=DiffusionPaths(n_paths=20, drift=0.1, volatility=1.0),
        n_train=2_000,
        set_shape=(20, 1),
        quantities=(
            Quantity(
                error="lambda_error",
                title="lambda-hat = sum(k_hat m) / sum(m^2) with m = mean_i(x_i^2); its error is |lambda-hat - 0.25|",
                rows=_same_rows,
                measure=_recovered_lambda,
                estimate="lambda_hat",
            ),
        ),
        tags=("core", "polynomial", "sets"),
    ),
)

SUITE = Suite.of(TASKS, name="core", version=1, seeds=10, title="Seven functions that people ask about")
_BY_NAME = {task.name: task for task in TASKS}
PAIR_SUM, LAMBDA_RECOVERY = _BY_NAME["pair-sum"], _BY_NAME["lambda-recovery"]

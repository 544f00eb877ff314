"""Functions of the paths of a diffusion at a random time."""

import numpy as np

from tasks.base import DiffusionPaths, FloatArray, Quantity, Task

LAMBDA = 0.25


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
        name="lambda-recovery",
        title="The constant behind a mean of squares",
        formula="k = lambda mean_i(x_i^2), lambda = 0.25",
        source="003_5fff90e101f15d1b: paths of a diffusion at a random time",
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
        tags=("core",),
    ),
)

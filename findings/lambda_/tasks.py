"""lambda once more: hidden behind x alone, behind noise, and not constant."""

import hashlib
from dataclasses import replace

import numpy as np

from findings.sources import CONSTANT
from tasks.base import FloatArray, Quantity, Task
from tasks.core import LAMBDA, LAMBDA_RECOVERY
from tasks.domains import DiffusionPaths

# k = mean_i((A + B x_i) x_i^2)
A, B = 0.25, 0.1


def hidden_lambda(X: FloatArray) -> FloatArray:
    """Return a lambda (n,) for each row of X (n, n_paths), uniform on [0, 0.5) and unrelated to x for any eye.

    y has to be a function of X. So lambda is drawn by the row itself: the BLAKE2b hash of its numbers, rounded to
    1e-9, so that the last bit of a processor decides nothing. A row has always the same lambda, no row is drawn twice,
    and of a row that was not seen nothing is known but the law: the same as if lambda came from a stream of its own.
    """
    data, width = np.rint(X * 1e9).astype("<i8").tobytes(), 8 * X.shape[1]
    rows = (data[start : start + width] for start in range(0, len(data), width))
    words = np.array([int.from_bytes(hashlib.blake2b(row, digest_size=8).digest(), "little") >> 11 for row in rows])
    # 53 bits, which a float holds exactly.
    return 0.5 * words.astype(np.float64) / 2**53


def _moments(X: FloatArray) -> FloatArray:
    return np.stack([np.mean(X**2, axis=1), np.mean(X**3, axis=1)], axis=1)


def varying_mean_square(X: FloatArray) -> FloatArray:
    """Return k = mean_i((0.25 + 0.1 x_i) x_i^2) (n,) for X (n, n_paths)."""
    k: FloatArray = _moments(X) @ np.array([A, B])
    return k


def _recovered(name: str, position: int, truth: float) -> Quantity:
    def measure(X: FloatArray, predictions: FloatArray) -> dict[str, float]:
        found, *_ = np.linalg.lstsq(_moments(X), predictions, rcond=None)
        estimate = float(found[position])
        return {f"{name}_hat": estimate, f"{name}_error": abs(estimate - truth)}

    by = f"{name}-hat of lambda(x) = a + b x by least squares on the predictions"
    return Quantity(
        error=f"{name}_error",
        title=f"{by}; its error is |{name}-hat - {truth:g}|",
        rows=lambda X: X,
        measure=measure,
        estimate=f"{name}_hat",
    )


TASKS = (
    Task(
        name="lambda-from-x",
        title="lambda from x alone: it varies between rows, and k is withheld",
        formula="lambda U[0, 0.5) for each row, a hash of its digits: unrelated to x",
        source=f"{CONSTANT.url}: the answer says that no model can",
        function=hidden_lambda,
        version=2,
        domain=DiffusionPaths(n_paths=5, drift=0.1, volatility=1.0),
        n_train=2_000,
        set_shape=(5, 1),
        tags=("control",),
    ),
    replace(
        LAMBDA_RECOVERY,
        name="lambda-noisy",
        title="The constant behind a mean of squares, k observed with noise of sd 0.02",
        formula=f"k = lambda mean_i(x_i^2) + noise, lambda = {LAMBDA:g}",
        noise_std=0.02,
        tags=("control",),
        family=LAMBDA_RECOVERY.name,
    ),
    Task(
        name="lambda-of-x",
        title="A lambda that depends on x behind a mean of squares",
        formula="k = mean_i((a + b x_i) x_i^2), a = 0.25, b = 0.1",
        source=f"{CONSTANT.url}: what if lambda depends on x",
        function=varying_mean_square,
        domain=DiffusionPaths(n_paths=20, drift=0.1, volatility=1.0),
        n_train=2_000,
        set_shape=(20, 1),
        quantities=(_recovered("a", 0, A), _recovered("b", 1, B)),
        tags=("control",),
    ),
)

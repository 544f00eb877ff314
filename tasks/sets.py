"""Functions of a set of elements: the same z of every element, summed."""

import numpy as np

from tasks.base import Box, FloatArray, Quantity, Task


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


TASKS = (
    Task(
        name="pair-sum",
        title="Sum over a pair that shares one function z",
        formula="z(a) + z(b), z(p, q, r) = sin(pi p) + q r",
        source="000_c02269f4547f471d: the sum over a pair that a plain network does not know is one",
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
        tags=("core",),
    ),
)

"""Smooth functions that are no polynomials."""

import numpy as np

from tasks.base import Box, FloatArray, Task


def quadratic_and_tangent(X: FloatArray) -> FloatArray:
    """Return x1^2 + x2^2 + x1 x2^2 + tan(x1) (n,) for X (n, 2)."""
    x1, x2 = X[:, 0], X[:, 1]
    return x1**2 + x2**2 + x1 * x2**2 + np.tan(x1)


TASKS = (
    Task(
        name="smooth",
        title="A smooth function of two numbers",
        formula="x1^2 + x2^2 + x1 x2^2 + tan(x1)",
        source="002_f6a378ec8a34250f: the first function of its example",
        function=quadratic_and_tangent,
        domain=Box(n_features=2),
        n_train=10_000,
        set_shape=(1, 2),
        # tan has a pole at pi/2 = 1.571, so neither region goes near it.
        reach=1.4,
        ladder_end=1.4,
        tags=("core",),
    ),
)

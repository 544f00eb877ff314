"""Functions with a jump."""

import numpy as np

from tasks.base import Box, FloatArray, Task


def quadrant(X: FloatArray) -> FloatArray:
    """Return x1^2 + x2^2 (n,) where both are >= 0 and 2 x1 + 2 x2 elsewhere, for X (n, 2)."""
    x1, x2 = X[:, 0], X[:, 1]
    return np.where((x1 >= 0) & (x2 >= 0), x1**2 + x2**2, 2 * x1 + 2 * x2)


TASKS = (
    Task(
        name="piecewise",
        title="Two pieces with a jump between them",
        formula="x1^2 + x2^2 if x1 >= 0 and x2 >= 0, else 2 x1 + 2 x2",
        source="002_f6a378ec8a34250f: the second function of its example",
        function=quadrant,
        domain=Box(n_features=2, held=(None, 0.5)),
        n_train=10_000,
        set_shape=(2, 1),
        tags=("core",),
    ),
)

"""Functions that oscillate."""

import numpy as np

from tasks.base import Box, FloatArray, Task


def sinc_of_sum(X: FloatArray) -> FloatArray:
    """Return sin(pi u) / (pi u) (n,) with u = x1 + x2, for X (n, 2); numpy's normalised sinc."""
    wave: FloatArray = np.sinc(X[:, 0] + X[:, 1])
    return wave


TASKS = (
    Task(
        name="sinc",
        title="Sinc of a sum",
        formula="sin(pi u) / (pi u), u = x1 + x2",
        source="002_f6a378ec8a34250f: the third function of its example",
        function=sinc_of_sum,
        domain=Box(n_features=2),
        n_train=10_000,
        set_shape=(2, 1),
        tags=("core",),
    ),
)

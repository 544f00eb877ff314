"""Population values by Gauss and Legendre: a second way to them, which draws nothing and shares nothing."""

from functools import reduce
from itertools import pairwise

import numpy as np

from tasks.base import FloatArray, Task

# Nodes of each feature on each panel: two are exact for the squares in pair-sum, whose sine needs more.
NODES = {"pair-sum": (8, 2, 2, 8, 2, 2)}
MANY = 24


def _axis(n: int, edges: list[float]) -> tuple[FloatArray, FloatArray]:
    x, weight = np.polynomial.legendre.leggauss(n)
    halves = [((a + b) / 2, (b - a) / 2) for a, b in pairwise(edges)]
    return np.concatenate([m + h * x for m, h in halves]), np.concatenate([h * weight for _, h in halves])


def region(task: Task, inner: float, outer: float) -> tuple[FloatArray, FloatArray]:
    """Return nodes X (n, d) and weights (n,) of the uniform law on the ring (inner, outer] around [-1, 1]^d.

    Panels end at the edges of the ring, and in the plane at 0, where `piecewise` jumps.
    """
    d = task.domain.n_features
    edges = sorted({-outer, -inner, inner, outer} | ({0.0} if d == 2 else set()))
    axes = [_axis(n, edges) for n in NODES.get(task.name, (MANY,) * d)]
    X = np.stack(np.meshgrid(*(x for x, _ in axes), indexing="ij"), axis=-1).reshape(-1, d)
    weight = reduce(np.multiply.outer, (w for _, w in axes)).ravel()
    kept = np.abs(X).max(axis=1) > inner
    return X[kept], weight[kept] / weight[kept].sum()


def line(X: FloatArray, y: FloatArray, weight: FloatArray) -> FloatArray:
    """Return intercept and slopes (1 + d,) of the best linear predictor under the weights."""
    root = np.sqrt(weight)
    columns = np.column_stack([np.ones(len(X)), X])
    found: FloatArray = np.linalg.lstsq(columns * root[:, None], y * root, rcond=None)[0]
    return found


def error(predictions: FloatArray, y: FloatArray, weight: FloatArray) -> float:
    """Return the root of the weighted mean squared error."""
    return float(np.sqrt(weight @ (predictions - y) ** 2))

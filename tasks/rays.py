"""Random rays that leave a training range, and what predictions do along them.

A ray begins near the edge of the training range and runs straight on: Xu et al. (2021), "How Neural Networks
Extrapolate", section 3. What a prediction does there needs no true function.
"""

from collections.abc import Callable

import numpy as np

from tasks.base import FloatArray, Quantity, Task
from tasks.domains import Box, DiffusionPaths, IntegerBox

N_RAYS, N_POINTS = 100, 100
# Of a straight line through a ray's predictions.
STRAIGHT_R2 = 0.98

Edge = Callable[[FloatArray], tuple[FloatArray, FloatArray]]


def edge_of(task: Task) -> Edge:
    """Return the function that takes rows X (n, d) to the edge of the training range.

    It returns a centre (d,) and a step (n, d) for each row: centre + s step has the distance factor s. A path has no
    edge, since its time does not show: there a step has the mean square that volatility alone gives at time 1, and
    s is the factor by which the row is stretched.

    Raises:
        TypeError: the task has a domain of which this is not known.
    """
    domain = task.domain
    if isinstance(domain, Box):
        centre = np.full(domain.n_features, (domain.low + domain.high) / 2)
        return lambda X: (centre, (X - centre) / domain.distance(X)[:, np.newaxis])
    if isinstance(domain, IntegerBox):
        return lambda X: (np.zeros(domain.n_features), X / domain.distance(X)[:, np.newaxis])
    if isinstance(domain, DiffusionPaths):
        volatility = domain.volatility
        return lambda X: (np.zeros(domain.n_features), volatility * X / np.sqrt(np.mean(X**2, axis=1, keepdims=True)))
    raise TypeError(f"task {task.name!r}: no ray is known for a domain of {type(domain).__name__}")


def line_r2(predictions: FloatArray) -> FloatArray:
    """Return the R^2 (m,) of a line through each row of predictions (m, n), even in distance; 1 where still."""
    x = np.arange(predictions.shape[1]) - (predictions.shape[1] - 1) / 2
    # In units of the largest, so that no square overflows.
    y = predictions / np.maximum(np.abs(predictions).max(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    y = y - y.mean(axis=1, keepdims=True)
    rest = ((y - np.outer(y @ x / (x @ x), x)) ** 2).sum(axis=1)
    total = (y**2).sum(axis=1)
    found: FloatArray = 1 - rest / np.where(total > 0, total, 1.0)
    return found


def along_rays(edge: Edge, reach: int, *, start: float = 1.0) -> Quantity:
    """Return what predictions do along the rays through the first rows, from a factor of `start` to one of `reach`.

    `line_r2_to_*` is the mean over the rays of the R^2 of a straight line, `bent_share_to_*` the share of rays where it
    is below 0.98, and `late_move_to_*`, in the units of y, how far the prediction moves (largest minus smallest) over
    the outer half of a ray: the median ray.
    """
    factors = np.linspace(start, reach, N_POINTS)

    def rows(X: FloatArray) -> FloatArray:
        centre, step = edge(X[:N_RAYS])
        along: FloatArray = centre + factors[:, np.newaxis] * step[:, np.newaxis, :]
        return along.reshape(-1, X.shape[1])

    def measure(X: FloatArray, predictions: FloatArray) -> dict[str, float]:
        rays = predictions.reshape(-1, N_POINTS)
        r2 = line_r2(rays)
        return {
            f"line_r2_to_{reach}": float(r2.mean()),
            f"bent_share_to_{reach}": float(np.mean(r2 < STRAIGHT_R2)),
            f"late_move_to_{reach}": float(np.median(np.ptp(rays[:, N_POINTS // 2 :], axis=1))),
        }

    return Quantity(
        error=f"bent_share_to_{reach}",
        title=f"share of {N_RAYS} rays to {reach} times the range on which a line has an R^2 below {STRAIGHT_R2}",
        rows=rows,
        measure=measure,
    )

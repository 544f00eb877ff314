"""The best polynomial of total degree 2: least squares over all squares and products of the inputs."""

from collections.abc import Callable

import numpy as np

from benchmark.cell.dataset import Rows
from benchmark.cell.least_squares import least_squares
from benchmark.cell.seeding import generator
from tasks.base import FloatArray

# Beyond so many inputs there is none: of 100 it has 5,151 coefficients, more than a task has training rows.
MOST_INPUTS = 20
# Multiplications of a pass. Of more rows some are drawn: of 20 inputs 80,000 rows are taken.
MOST_WORK = 2**32


def n_coefficients(n_inputs: int) -> int:
    """Return how many squares, products, inputs and constants a polynomial of degree 2 has."""
    return (n_inputs + 1) * (n_inputs + 2) // 2


def _some(rows: Rows) -> tuple[FloatArray, FloatArray]:
    """Return X and y of as many rows as a fit can take."""
    n, most = len(rows.y), MOST_WORK // n_coefficients(rows.X.shape[1]) ** 2
    if n <= most:
        return rows.X, rows.y
    # Rows that are listed stand in an order, so that every second one is no fair part of them.
    some = generator("quadratic").permutation(n)[:most]
    return rows.X[some], rows.y[some]


def best_quadratic(rows: Rows) -> Callable[[FloatArray], FloatArray]:
    """Return the least-squares polynomial of total degree 2 of the rows; a constant column counts for nothing."""
    centre, sd = rows.X.mean(axis=0), rows.X.std(axis=0)
    scale = np.where(sd > 0, sd, 1.0)
    d = rows.X.shape[1]
    i, j = np.triu_indices(d)

    def columns(X: FloatArray) -> FloatArray:
        Z = ((X - centre) / scale).T
        made = np.empty((n_coefficients(d), len(X)))
        made[0] = 1.0
        made[1 : 1 + d] = Z
        # A square less its mean is nearly at a right angle to the constant.
        np.multiply(Z[i], Z[j], out=made[1 + d :])
        made[1 + d :][i == j] -= 1.0
        return made.T

    X, y = _some(rows)
    coefficients = least_squares(columns, X, y)
    square = np.zeros((d, d))
    square[i, j] = coefficients[1 + d :]

    def predict(X: FloatArray) -> FloatArray:
        Z = (X - centre) / scale
        values: FloatArray = coefficients[0] - np.trace(square) + Z @ coefficients[1 : 1 + d] + (Z @ square * Z).sum(1)
        return values

    return predict

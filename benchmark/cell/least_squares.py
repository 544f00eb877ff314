"""Least squares by normal equations: one pass over the rows, whose columns are made some rows at a time.

What fits exactly is found as such: a second pass over what is left mends what rounding did to the first.
"""

from collections.abc import Callable

import numpy as np

from tasks.base import FloatArray

ROWS_AT_A_TIME = 2**13
# In units of the largest eigenvalue: what is smaller is a column that others say already.
ALIKE = 1e-10


def _inverse(gram: FloatArray) -> FloatArray:
    """Return the inverse of a matrix of products, without the directions in which its columns do not differ."""
    size = np.sqrt(np.where(np.diag(gram) > 0, np.diag(gram), 1.0))
    values, vectors = np.linalg.eigh(gram / np.outer(size, size))
    kept = values > ALIKE * values[-1]
    part = vectors[:, kept] / size[:, np.newaxis]
    inverse: FloatArray = (part / values[kept]) @ part.T
    return inverse


def least_squares(columns: Callable[[FloatArray], FloatArray], X: FloatArray, y: FloatArray) -> FloatArray:
    """Return the coefficients (m,) of the columns (n, m) that are made of X (n, d) which come nearest to y (n,).

    The columns are to be at right angles, nearly, and there are more rows than columns.
    """
    parts = [slice(start, start + ROWS_AT_A_TIME) for start in range(0, len(y), ROWS_AT_A_TIME)]

    def moments(values: FloatArray) -> FloatArray:
        total: FloatArray = sum((columns(X[part]).T @ values[part] for part in parts), np.zeros(()))
        return total

    gram = np.zeros(())
    for part in parts:
        made = columns(X[part])
        gram = gram + made.T @ made
    inverse = _inverse(gram)
    found: FloatArray = inverse @ moments(y)
    left = np.concatenate([y[part] - columns(X[part]) @ found for part in parts])
    return found + inverse @ moments(left)

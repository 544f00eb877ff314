"""Signs that a row may lie beyond what a model has learned, known without the truth, and how well each of them tells.

A sign is a number for each row, larger where a row looks stranger. It tells well where wrong rows have larger ones. A
row is *wrong* where its error is above 5 % of sd(y).

- `box`: by how much a row leaves the box of the training rows, in half-widths of the box, in its worst variable;
- `nearest-1`, `nearest-5`: the distance to the nearest and to the fifth nearest training row, each variable in units of
  its sd on the training rows. Sun, Ming, Zhu and Li (2022), "Out-of-distribution detection with deep nearest
  neighbors", ICML, take the k-th;
- `mahalanobis`: the distance from the mean of the training rows in the metric of their covariance. Mahalanobis (1936),
  Proc. Natl. Inst. Sci. India 2, 49-55;
- `sd`: the model's own standard deviation, where it has one.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tasks.base import FloatArray

BoolArray = NDArray[np.bool_]
# A row whose error is above this share of sd(y) is wrong, as a region is not solved beyond it.
WRONG_NRMSE = 0.05
# The share of right rows that may be warned of.
FALSE_ALARMS = 0.05
# Of fewer rows, wrong or right, no share says anything.
FEWEST_ROWS = 20
# Neighbours that signs are taken from.
_NEIGHBOURS = (1, 5)
# Distances at hand at once: few enough for the processor's cache, and enough points for a fast product.
_AT_ONCE = 2**20
# Shares are kept to so many digits: more would be the last bits of a distance.
_DECIMALS = 4
_OWN = "sd"


def _to_nearest(rows: FloatArray, at: FloatArray, k: int) -> FloatArray:
    """Return the distances (n, k) from points (n, d) to their k nearest rows (m, d), the smallest first.

    A product of matrices finds them, in as many variables as there may be; a tree takes seven times as long in twenty.
    How far they are is computed from the rows themselves, to the last digit.
    """
    squares = np.einsum("ij,ij->i", rows, rows)
    found = np.empty((len(at), k))
    size = max(1, _AT_ONCE // len(rows))
    for start in range(0, len(at), size):
        points = at[start : start + size]
        # Of |row|^2 - 2 row point the least are those of the least distance.
        order = squares - 2 * points @ rows.T
        nearest = np.empty((len(points), k), dtype=np.intp)
        for number in range(k):
            nearest[:, number] = order.argmin(axis=1)
            np.put_along_axis(order, nearest[:, number, np.newaxis], np.inf, axis=1)
        apart = rows[nearest] - points[:, np.newaxis]
        found[start : start + size] = np.sort(np.sqrt(np.einsum("ijk,ijk->ij", apart, apart)), axis=1)
    return found


def distances(training: FloatArray, X: FloatArray) -> dict[str, FloatArray]:
    """Return the signs (n,) at the rows X (n, d) that training rows (m, d) give, by name."""
    low, high = training.min(axis=0), training.max(axis=0)
    # A variable that never changes has no scale of its own.
    half, sd = ((high - low) / 2, training.std(axis=0))
    half, sd = (np.where(each > 0, each, 1.0) for each in (half, sd))
    beyond = np.maximum(np.maximum(low - X, X - high), 0.0) / half
    mean = training.mean(axis=0)
    scaled, at = (training - mean) / sd, (X - mean) / sd
    k = min(max(_NEIGHBOURS), len(training))
    nearest = _to_nearest(scaled, at, k)
    inverse = np.linalg.pinv(scaled.T @ scaled / len(scaled), hermitian=True)
    squares = np.einsum("ij,jk,ik->i", at, inverse, at)
    return {
        "box": beyond.max(axis=1),
        **{f"nearest-{number}": nearest[:, min(number, k) - 1] for number in _NEIGHBOURS},
        "mahalanobis": np.sqrt(np.maximum(squares, 0.0)),
    }


def told(sign: FloatArray, wrong: BoolArray) -> tuple[float, float] | None:
    """Return how well a sign (n,) tells wrong rows (n,) from right ones; None where there are hardly any of one kind.

    First the area under the ROC curve: the chance that a wrong row has a larger sign than a right one, a tie counting
    half. Hanley and McNeil (1982), Radiology 143, 29-36. Then the share of wrong rows that get no warning where 5 % of
    the right ones get one; a level between two ties is drawn by lot, as a straight piece of the curve has it.
    """
    n_wrong = np.count_nonzero(wrong)
    n_right = len(wrong) - n_wrong
    if min(n_wrong, n_right) < FEWEST_ROWS:
        return None
    # The curve has a corner at each level; scikit-learn's takes a second to import, in each run.
    order = np.argsort(-sign, kind="stable")
    corners = np.flatnonzero(np.append(np.diff(sign[order]), -1.0))
    warned = np.append(0.0, np.cumsum(wrong[order])[corners] / n_wrong)
    false_alarms = np.append(0.0, np.cumsum(~wrong[order])[corners] / n_right)
    return float(np.trapezoid(warned, false_alarms)), 1.0 - float(np.interp(FALSE_ALARMS, false_alarms, warned))


def signs(
    training: FloatArray,
    blocks: Sequence[FloatArray],
    errors: Sequence[FloatArray],
    *,
    sd_y: float,
    own: Sequence[FloatArray] = (),
) -> dict[str, float]:
    """Return how well each sign tells the wrong rows of some blocks, all blocks counting as one set of rows.

    `training` are the training rows (m, d), `blocks` rows (n, d) with their `errors` (n,) in the units of y, `own` the
    model's own standard deviations (n,) there. The figures are, by name: `wrong`, the share of wrong rows, and of a
    sign that can be judged its area under the ROC curve, by its name, and as `<name> missed` the share of wrong rows
    without a warning.
    """
    wrong = np.abs(np.concatenate([*errors])) > WRONG_NRMSE * sd_y
    found = {"wrong": float(wrong.mean())}
    every: Mapping[str, FloatArray] = distances(training, np.concatenate([*blocks]))
    for name, sign in {**every, **({_OWN: np.concatenate([*own])} if own else {})}.items():
        if tells := told(sign, wrong):
            found[name], found[f"{name} missed"] = tells
    return {name: round(value, _DECIMALS) for name, value in found.items()}

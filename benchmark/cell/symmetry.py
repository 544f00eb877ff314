"""What a function does when its inputs are exchanged, turned over or stretched, and whether they act apart.

All is looked at on rows of the training range. An equation holds when it does on all rows but for rounding; a function
without the property misses it by far on most.
"""

import numpy as np

from benchmark.cell.dataset import Rows
from benchmark.cell.lines import evaluated
from benchmark.cell.seeding import generator
from tasks.base import FloatArray, Task

N_ROWS = 64
# In units of the largest value: far above rounding, and far below what a function without the property shows.
EQUAL = 1e-8
# By how much rows are stretched; whole numbers are doubled.
STRETCH = 0.99
# Fewer rows show nothing.
FEWEST = 8
# Degrees are said to so many decimals.
DECIMALS = 3


def _rows(inside: Rows) -> FloatArray:
    """Return rows of the training range, from everywhere."""
    # Rows that are listed stand in an order, and where they are few they come again.
    return inside.X[generator("symmetry").integers(len(inside.X), size=2 * N_ROWS)]


def _alike(a: FloatArray, b: FloatArray) -> bool:
    known = np.isfinite(a) & np.isfinite(b)
    if known.sum() < FEWEST:
        return False
    size = max(float(np.abs(a[known]).max()), float(np.abs(b[known]).max()))
    return bool((np.abs(a - b)[known] <= EQUAL * size).all())


def _within(task: Task, X: FloatArray) -> bool:
    """Whether rows lie in the training range, but for rounding; a domain without nearest points has no border."""
    nearest = task.domain.nearest_inside(X)
    return nearest is None or bool(np.allclose(nearest, X, rtol=1e-9, atol=1e-9 * float(np.abs(X).max())))


def _inert(task: Task, X: FloatArray, other: FloatArray) -> list[int]:
    """Return the columns of rows X that change nothing when other values are put in."""
    y = evaluated(task, X)

    def changed(j: int) -> FloatArray:
        Z = X.copy()
        Z[:, j] = other[:, j]
        return evaluated(task, Z)

    return [j for j in range(X.shape[1]) if _alike(changed(j), y)]


def _apart(task: Task, X: FloatArray, other: FloatArray, active: list[int]) -> str:
    """Return whether active inputs act apart: additive (a sum of functions of one), multiplicative, or interacting."""
    a, b = evaluated(task, X), evaluated(task, other)
    additive = multiplicative = True
    for j in active[:-1]:
        one, two = X.copy(), other.copy()
        one[:, j], two[:, j] = other[:, j], X[:, j]
        c, e = evaluated(task, one), evaluated(task, two)
        with np.errstate(over="ignore", invalid="ignore"):
            # Both of the size of the function, and not of what is left of it.
            additive = additive and _near(a + b, c + e, np.abs(a) + np.abs(b))
            multiplicative = multiplicative and _near(a * b, c * e, np.abs(a * b) + np.abs(c * e))
    return "additive" if additive else "multiplicative" if multiplicative else "interacting"


def _near(a: FloatArray, b: FloatArray, size: FloatArray) -> bool:
    known = np.isfinite(a) & np.isfinite(b) & np.isfinite(size)
    return bool(known.sum() >= FEWEST and (np.abs(a - b)[known] <= EQUAL * size[known].max()).all())


def _symmetric(task: Task, X: FloatArray, y: FloatArray) -> bool:
    """Whether all inputs can be exchanged: by a turn of all of them, and by a swap of two, which make up the rest."""
    turned, swapped = np.roll(X, 1, axis=1), X.copy()
    swapped[:, [0, 1]] = X[:, [1, 0]]
    return all(_within(task, Z) and _alike(evaluated(task, Z), y) for Z in (turned, swapped))


def _parity(task: Task, X: FloatArray, y: FloatArray) -> list[str]:
    if not _within(task, -X):
        return []
    z = evaluated(task, -X)
    return ["even"] * _alike(z, y) + ["odd"] * _alike(-z, y)


def degree(task: Task, X: FloatArray, *, whole: bool) -> float | None:
    """Return k where f(t x) = t^k f(x), None where there is no such k."""
    base, factor = (np.floor(X / 2), 2.0) if whole else (X, STRETCH)
    stretched = base * factor
    nearest, other = task.domain.nearest_inside(base), task.domain.nearest_inside(stretched)
    if nearest is not None and other is not None:
        inside = (nearest == base).all(axis=1) & (other == stretched).all(axis=1)
        base, stretched = base[inside], stretched[inside]
    if len(base) < FEWEST:
        return None
    y, z = evaluated(task, base), evaluated(task, stretched)
    known = np.isfinite(y) & np.isfinite(z)
    clear = known & (np.abs(y) > EQUAL * np.abs(y[known]).max(initial=0.0)) & (y * z > 0)
    if clear.sum() < max(FEWEST, 0.9 * (known & (y != 0)).sum()):
        return None
    k = float(np.median(np.log(z[clear] / y[clear]) / np.log(factor)))
    return k if _near(z, factor**k * y, np.abs(z) + np.abs(y)) else None


def symmetries(task: Task, inside: Rows, outside: Rows, *, whole: bool) -> list[str]:
    """Return what the function is of additive, symmetric, even, homogeneous and the like; distractors are inert."""
    X, other = np.split(_rows(inside), 2)
    y = evaluated(task, X)
    d = X.shape[1]
    inert = _inert(task, X, other)
    # What counts for nothing inside may count outside.
    hidden = set(inert) & set(_inert(task, *np.split(_rows(outside), 2)))
    active = [j for j in range(d) if j not in inert]
    found = []
    if len(active) > 1:
        found.append(_apart(task, X, other, active))
    if d > 1 and _symmetric(task, X, y):
        found.append("symmetric")
    found += _parity(task, X, y)
    if (k := degree(task, X, whole=whole)) is not None:
        found.append(f"homogeneous-{round(k, DECIMALS) + 0.0:g}")
    return found + ["distractors"] * bool(hidden)

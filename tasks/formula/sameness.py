"""Whether two trees are the same function.

- Where algebra turns one into the other (order, brackets, folded numbers, whole powers multiplied out), they are.
- Where both are rational functions and it does not, they are not.
- Otherwise numbers decide: three clouds of 64 points. Functions that differ at one of them, or of which one is defined
  there and the other is not, differ. Functions that agree at all of them pass for the same: sin(x1)**2 + cos(x1)**2
  and 1, but also two whose difference shows nowhere near 0. Where no point has a value, they pass for different.
"""

import numpy as np

from tasks.base import FloatArray
from tasks.formula.algebra import is_rational, mark
from tasks.formula.spread import points
from tasks.formula.tree import Both, Comparison, Node, variables, walk
from tasks.formula.values import values

_CLOUDS = ((0.25, 4.0), (-1.0, 1.0), (-3.0, 3.0))
# Equal to so much of the value, or to so much of the largest part of the formula: what rounding leaves of a difference.
_OF_VALUE = 1e-9
_OF_PARTS = 64 * np.finfo(float).eps


def _largest_part(tree: Node, X: FloatArray) -> FloatArray:
    parts = [np.abs(values(node, X)) for node in walk(tree) if not isinstance(node, Comparison | Both)]
    largest: FloatArray = np.max([np.where(np.isfinite(part), part, 0) for part in parts], axis=0)
    return largest


def _agree(one: Node, other: Node, X: FloatArray) -> tuple[bool, int]:
    """Return whether two trees agree at X (n, d), and at how many of its points they have a value."""
    a, b = values(one, X), values(other, X)
    defined = np.isfinite(a)
    if (defined != np.isfinite(b)).any():
        return False, int(defined.sum())
    gap = np.abs(a - b)[defined]
    if (gap <= _OF_VALUE * np.maximum(np.abs(a), np.abs(b))[defined]).all():
        return True, len(gap)
    parts = np.maximum(_largest_part(one, X), _largest_part(other, X))[defined]
    near = np.maximum(_OF_PARTS * parts, _OF_VALUE * np.maximum(np.abs(a), np.abs(b))[defined])
    return bool((gap <= near).all()), len(gap)


def same(one: Node, other: Node) -> bool:
    """Return whether two expanded trees are the same function of x1, x2, ..."""
    if mark(one) == mark(other):
        return True
    if is_rational(one) and is_rational(other):
        return False
    d = max((*variables(one), *variables(other)), default=0)
    found = [_agree(one, other, points(64, d, low=low, high=high)) for low, high in _CLOUDS]
    return all(agree for agree, _ in found) and any(n for _, n in found)

"""Where a formula divides by an input whose range holds 0: seen when a task is made, before a row is drawn."""

from collections.abc import Iterator

import numpy as np

from tasks.base import Domain, FloatArray, WithCorners
from tasks.formula.formula import Formula
from tasks.formula.tree import Inverse, Negative, Node, Number, Power, Product, Sum, Variable
from tasks.formula.words import FormulaError

# So near to 0, in units of the range, and so many times its usual size: no more than a root would do.
NEAR, LARGE = 1e-9, 1e5
# The share of every range at which the usual size is taken: at no middle, where differences vanish.
USUAL = 0.37


def _bases(node: Node) -> Iterator[int]:
    """Yield the inputs that make a denominator 0 by being 0."""
    match node:
        case Variable(index):
            yield index
        case Product(factors):
            for factor in factors:
                yield from _bases(factor)
        case Power(base, Number(_)) | Negative(base):
            yield from _bases(base)
        case _:
            return


def divisors(node: Node) -> Iterator[int]:
    """Yield the inputs that a tree divides by. What stands in a function is left to whoever looks at values."""
    match node:
        case Inverse(of):
            yield from _bases(of)
            yield from divisors(of)
        case Power(base, Negative(Number(_))):
            yield from _bases(base)
        case Sum(parts) | Product(parts):
            for part in parts:
                yield from divisors(part)
        case Negative(part) | Power(part, _):
            yield from divisors(part)
        case _:
            return


def check_divisions(formula: Formula, domain: Domain, *, factor: float) -> None:
    """Refuse a formula that divides by an input whose range holds 0, as far out as a distance factor.

    A quotient that has a limit there, such as sin(x1)/x1, is none of them.

    Raises:
        FormulaError: with the input, its range and what to do.
    """
    found = dict.fromkeys(divisors(formula.tree))
    if not found or not isinstance(domain, WithCorners):
        return
    corners = domain.corners(factor=factor, most=2)
    low, high = corners.min(axis=0), corners.max(axis=0)
    usual = low + USUAL * (high - low)
    for index in found:
        j = index - 1
        if not low[j] < 0 < high[j]:
            continue
        rows: FloatArray = np.tile(usual, (3, 1))
        rows[1:, j] = NEAR * (high[j] - low[j]) * np.array([1.0, -1.0])
        size, *near = np.abs(formula.evaluate(rows))
        if not all(value <= LARGE * size for value in near):
            raise FormulaError(
                f"the formula divides by x{index}, whose range {low[j]:g}:{high[j]:g} holds 0, so that it has a pole "
                "there; take a range that keeps away from 0, or an earlier ladder_end"
            )

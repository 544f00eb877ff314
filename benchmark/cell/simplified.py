"""Formulas that are near a given one and simpler: multiplied out, without terms that do nothing, of round constants.

sympy multiplies out; what it cannot hold (conditions, functions of many numbers) stays as it is written.
"""

import contextlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from tasks.base import FloatArray
from tasks.formula.algebra import rebuilt
from tasks.formula.printing import text
from tasks.formula.tree import (
    Call,
    Constant,
    Inverse,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Variable,
    children,
    walk,
)
from tasks.formula.values import values

# By so much of the standard deviation of y a term may be left out, and by so much of itself a constant be rounded.
LEVELS = (1e-6, 1e-5, 1e-4)
# Noise leaves constants farther from the true ones.
NOISY_LEVELS = (*LEVELS, 1e-3, 1e-2)
# More terms than these are not multiplied out.
_MOST_TERMS = 300
_MOST_NODES = 600
_DENOMINATORS = range(1, 13)
# With more digits than these a decimal number is no rounder than another.
_DIGITS = 4
_SAME_NAME = frozenset({"sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "log", "sqrt"})
# What ends a way to sympy and back.
_UNTOLD = (KeyError, TypeError, ValueError, ArithmeticError, RecursionError)
_IN_SYMPY: Mapping[str, str] = MappingProxyType({name: name for name in _SAME_NAME} | {"abs": "Abs"})
_FROM_SYMPY: Mapping[str, str] = MappingProxyType({there: here for here, there in _IN_SYMPY.items()})


def _n_terms(node: Node) -> float:
    """Return about how many terms a tree has when it is multiplied out."""
    below = [_n_terms(each) for each in children(node)]
    match node:
        case Sum():
            return sum(below)
        case Product():
            return math.prod(below)
        case Power(_, Number(exponent)) if exponent.is_integer() and below[0] > 1:
            return math.comb(int(below[0] + exponent - 1), int(exponent)) if exponent < 20 else math.inf
        case _:
            return max(below, default=1)


def _to_sympy(node: Node) -> Any:
    """Return a tree as an expression of sympy.

    Raises:
        KeyError: it holds a node that sympy has no word for here.
    """
    import sympy

    below = [_to_sympy(each) for each in children(node)] if not isinstance(node, Call) else []
    match node:
        case Number(value):
            return sympy.Integer(int(value)) if value.is_integer() and value < 1e15 else sympy.Float(value, 17)
        case Constant(name):
            return {"pi": sympy.pi, "e": sympy.E}[name]
        case Variable(index):
            # Real inputs, so that sqrt(x1**2) is abs(x1).
            return sympy.Symbol(f"x{index}", real=True)
        case Negative():
            return -below[0]
        case Inverse():
            return 1 / below[0]
        case Sum():
            return sympy.Add(*below)
        case Product():
            return sympy.Mul(*below)
        case Power():
            return below[0] ** below[1]
        case Call(name, arguments):
            return getattr(sympy, _IN_SYMPY[name])(*(_to_sympy(each) for each in arguments))
        case _:
            raise KeyError(type(node).__name__)


def _number(value: float) -> Node:
    return Negative(Number(-value)) if value < 0 else Number(value)


def _product(expression: Any) -> Node:
    """Return the tree of a product of sympy's, what it is divided by behind the rest."""
    over, factors = [], []
    for factor in expression.as_ordered_factors():
        if factor.is_Pow and factor.exp.is_Number and factor.exp.is_negative:
            over.append(Inverse(_from_sympy(1 / factor)))
        elif factor.is_Rational and not factor.is_Integer:
            factors += [] if factor.p == 1 else [_number(float(factor.p))]
            over.append(Inverse(Number(float(factor.q))))
        else:
            factors.append(_from_sympy(factor))
    every = (*(factors or [Number(1.0)]), *over)
    return every[0] if len(every) == 1 else Product(every)


def _from_sympy(expression: Any) -> Node:
    """Return the tree of an expression of sympy.

    Raises:
        KeyError: it says something that no formula does.
        OverflowError: one of its numbers is too large.
    """
    import sympy

    if expression.is_Integer or expression.is_Float:
        return _number(float(expression))
    if expression in (sympy.pi, sympy.E):
        return Constant("pi" if expression is sympy.pi else "e")
    if expression.is_Symbol:
        return Variable(int(expression.name[1:]))
    if expression.is_Add:
        return Sum(tuple(map(_from_sympy, expression.as_ordered_terms())))
    if (expression.is_Mul or expression.is_Rational) and expression.as_coeff_Mul()[0].is_negative:
        return Negative(_from_sympy(-expression))
    if expression.is_Rational or expression.is_Mul or (expression.is_Pow and expression.exp == -1):
        return _product(expression)
    if expression.is_Pow and expression.exp == sympy.S.Half:
        return Call("sqrt", (_from_sympy(expression.base),))
    if expression.is_Pow:
        return Power(_from_sympy(expression.base), _from_sympy(expression.exp))
    return Call(_FROM_SYMPY[type(expression).__name__], tuple(map(_from_sympy, expression.args)))


def multiplied_out(tree: Node) -> Node | None:
    """Return the tree of the same function multiplied out, None where that is not to be had."""
    if _n_terms(tree) > _MOST_TERMS or sum(1 for _ in walk(tree)) > _MOST_NODES:
        return None
    import sympy

    try:
        return _from_sympy(sympy.expand(_to_sympy(tree)))
    except _UNTOLD:
        return None


def _round(value: float, level: float) -> Node | None:
    """Return the roundest number that is as near to a positive one as the level asks for, None where none is."""

    def near(other: float) -> bool:
        return abs(other - value) <= level * value

    if not 1e-12 < value < 1e12:
        return None
    for unit, size, most in ((), 1.0, 10**6), ((Constant("pi"),), math.pi, 12):
        for q in _DENOMINATORS:
            p = round(value * q / size)
            if 0 < p <= most and near(p * size / q):
                over = (Inverse(Number(float(q))),) if q > 1 else ()
                first = (Number(float(p)),) if p > 1 or not unit else ()
                factors = (*first, *unit, *over)
                return factors[0] if len(factors) == 1 else Product(factors)
    for digits in range(1, _DIGITS + 1):
        decimal = float(f"{value:.{digits}g}")
        if near(decimal):
            return Number(decimal)
    return None


def _mapped(node: Node, change: Callable[[float], Node | None]) -> Node:
    """Return a tree with numbers changed, but for those that are whole."""
    if isinstance(node, Number):
        return node if node.value.is_integer() and node.value < 1e6 else change(node.value) or node
    if isinstance(node, Call) and node.name == "where":
        return node
    return rebuilt(node, tuple(_mapped(each, change) for each in children(node)))


def _without_nothing(terms: tuple[Node, ...], sizes: FloatArray, least: float) -> Node:
    kept = [term for term, size in zip(terms, sizes, strict=True) if size > least]
    if not kept:
        return Number(0.0)
    return kept[0] if len(kept) == 1 else Sum(tuple(kept))


def simpler(tree: Node, X: FloatArray, sd: float, levels: Sequence[float] = LEVELS) -> Iterator[Node]:
    """Yield trees near one, from the nearest to the simplest; X (n, d) are rows inside, `sd` is that of y there."""
    written = multiplied_out(tree)
    starts = [each for each in (tree, written) if each is not None]
    yield from starts
    sizes = {}
    for i, start in enumerate(starts):
        if isinstance(start, Sum):
            with np.errstate(all="ignore"):
                sizes[i] = np.array([np.abs(values(term, X)).max() for term in start.terms])
    for level in levels:
        for i, start in enumerate(starts):
            kept = _without_nothing(start.terms, sizes[i], level * sd) if isinstance(start, Sum) else start
            yield _mapped(kept, partial(_round, level=level))


def shown(tree: Node) -> str:
    """Return the text of a tree with like factors together and its numbers to four digits."""
    with contextlib.suppress(*_UNTOLD):
        tree = _from_sympy(_to_sympy(tree))
    return text(_mapped(tree, lambda value: Number(float(f"{value:.{_DIGITS}g}"))))

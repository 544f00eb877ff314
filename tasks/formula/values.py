"""The values of a tree at rows of inputs, with numpy's meaning of every operation."""

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import Any

import numpy as np

from tasks.base import FloatArray
from tasks.formula.functions import CONSTANTS, FUNCTIONS
from tasks.formula.tree import (
    Both,
    Call,
    Comparison,
    Constant,
    Inverse,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Several,
    Sum,
    Variable,
)

_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
)


def _plain(exponent: Any) -> Any:
    """Return a scalar as a Python number: numpy has faster ways for some of these powers, such as squares."""
    return exponent if np.ndim(exponent) else float(exponent)


def _sum(terms: tuple[Node, ...], X: FloatArray) -> Any:
    total = _value(terms[0], X)
    for term in terms[1:]:
        total = total - _value(term.of, X) if isinstance(term, Negative) else total + _value(term, X)
    return total


def _product(factors: tuple[Node, ...], X: FloatArray) -> Any:
    total = _value(factors[0], X)
    for factor in factors[1:]:
        total = total / _value(factor.of, X) if isinstance(factor, Inverse) else total * _value(factor, X)
    return total


def _value(node: Node, X: FloatArray) -> Any:
    match node:
        case Number(value):
            return np.float64(value)
        case Constant(name):
            return np.float64(CONSTANTS[name])
        case Variable(index):
            return X[:, index - 1 : index]
        case Several(first, last):
            return X[:, first - 1 : last]
        case Negative(of):
            return -_value(of, X)
        case Inverse(of):
            return 1 / _value(of, X)
        case Sum(terms):
            return _sum(terms, X)
        case Product(factors):
            return _product(factors, X)
        case Power(base, exponent):
            return _value(base, X) ** _plain(_value(exponent, X))
        case Comparison(sign, left, right):
            return _SIGNS[sign](_value(left, X), _value(right, X))
        case Both(conditions):
            return reduce(np.logical_and, [_value(each, X) for each in conditions])
        case Call(name, arguments):
            return FUNCTIONS[name].apply(*(_value(each, X) for each in arguments))


def values(tree: Node, X: FloatArray) -> FloatArray:
    """Return the values (n,) of a tree at X (n, d). They are not finite where the formula is not defined."""
    # Who calls looks for values that are not finite: a branch that is not taken may well be among them.
    with np.errstate(all="ignore"):
        found = _value(tree, X)
    if isinstance(found, np.ndarray) and found.base is None and found.shape == (len(X), 1) and found.dtype == X.dtype:
        column: FloatArray = found[:, 0]
        return column
    return np.array(np.broadcast_to(found, (len(X), 1))[:, 0], dtype=np.float64)

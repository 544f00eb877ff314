"""What kind of function a tree is, by its shape: its class, its degree, what it is made of and what it does not need.

A class says what stands in the formula and not how it behaves: whether a wave is to be seen inside a range, or a jump,
only the range can say.
"""

from dataclasses import dataclass

import numpy as np

from tasks.formula.algebra import PRIME, fraction, mark, residue
from tasks.formula.functions import FUNCTIONS
from tasks.formula.spread import points
from tasks.formula.tree import (
    Call,
    Inverse,
    Negative,
    Node,
    Power,
    Product,
    Sum,
    Variable,
    is_constant,
    variables,
    walk,
)
from tasks.formula.values import values

ALGEBRA = ("constant", "linear", "polynomial", "rational")
PARTS = (
    *("periodic", "inverse-trig", "exponential", "logarithmic", "root", "power", "special"),
    *("piecewise", "kink", "jump"),
)
# The highest degree that is computed; beyond it the degree is what the powers say.
_HIGHEST = 200

_Poly = list[int]


@dataclass(frozen=True)
class Structure:
    """The classes of a formula, its degree where it is a polynomial, and the inputs that change nothing.

    `classes` holds at most one of `ALGEBRA`, the narrowest, and any of `PARTS`. `inert` are the inputs that are not
    named, and those that cancel out by algebra.
    """

    classes: tuple[str, ...]
    degree: int | None
    inert: tuple[int, ...]


class _TooHighError(Exception):
    """A degree is beyond what is computed."""


def _trimmed(poly: _Poly) -> _Poly:
    end = next((i for i in range(len(poly), 0, -1) if poly[i - 1]), 0)
    return poly[:end]


def _plus(a: _Poly, b: _Poly) -> _Poly:
    long, short = (a, b) if len(a) >= len(b) else (b, a)
    return _trimmed([(c + (short[i] if i < len(short) else 0)) % PRIME for i, c in enumerate(long)])


def _times(a: _Poly, b: _Poly) -> _Poly:
    if not a or not b:
        return []
    if len(a) + len(b) > _HIGHEST:
        raise _TooHighError
    total = [0] * (len(a) + len(b) - 1)
    for i, c in enumerate(a):
        for j, e in enumerate(b):
            total[i + j] = (total[i + j] + c * e) % PRIME
    return _trimmed(total)


def _divides(divisor: _Poly, poly: _Poly) -> bool:
    rest, inverse = list(poly), pow(divisor[-1], -1, PRIME)
    while len(rest) >= len(divisor):
        factor, shift = rest[-1] * inverse % PRIME, len(rest) - len(divisor)
        rest = [(c - factor * divisor[i - shift]) % PRIME if i >= shift else c for i, c in enumerate(rest)][:-1]
        rest = _trimmed(rest)
    return not rest


def _raised(poly: _Poly, exponent: int) -> _Poly:
    if (len(poly) - 1) * exponent > _HIGHEST:
        raise _TooHighError
    if len(poly) == 1:
        return [pow(poly[0], exponent, PRIME)]
    total: _Poly = [1]
    for _ in range(exponent):
        total = _times(total, poly)
    return total


def _on_a_line(node: Node) -> tuple[_Poly, _Poly] | None:
    """Return a tree on the line x = a + b t as a fraction of two polynomials in t, None where it is no such thing.

    The line goes through marks, so that its degree in t is its total degree.
    """
    if is_constant(node):
        return _trimmed([mark(node)]), [1]
    match node:
        case Variable(index):
            return [residue("line from", index), residue("line along", index)], [1]
        case Negative(of):
            inner = _on_a_line(of)
            return inner and (_times(inner[0], [PRIME - 1]), inner[1])
        case Inverse(of):
            inner = _on_a_line(of)
            return (inner[1], inner[0]) if inner and inner[0] else None
        case Sum(parts) | Product(parts):
            total: tuple[_Poly, _Poly] | None = _on_a_line(parts[0])
            for part in parts[1:]:
                each = _on_a_line(part)
                if total is None or each is None:
                    return None
                if isinstance(node, Product):
                    total = _times(total[0], each[0]), _times(total[1], each[1])
                elif total[1] == each[1]:
                    total = _plus(total[0], each[0]), total[1]
                else:
                    across = _plus(_times(total[0], each[1]), _times(each[0], total[1]))
                    total = across, _times(total[1], each[1])
            return total
        case Power(base, exponent):
            exact, inner = fraction(exponent), _on_a_line(base)
            if exact is None or exact.denominator != 1 or inner is None or not inner[0]:
                return None
            top, bottom = inner if exact > 0 else inner[::-1]
            return _raised(top, abs(int(exact))), _raised(bottom, abs(int(exact)))
        case _:
            return None


def _written_degree(node: Node) -> int | None:
    """Return the degree of a polynomial as its powers say, None where it is written as no polynomial."""
    if is_constant(node):
        return 0
    match node:
        case Variable():
            return 1
        case Negative(of):
            return _written_degree(of)
        case Sum(parts) | Product(parts):
            degrees = [each for each in map(_written_degree, parts) if each is not None]
            if len(degrees) < len(parts):
                return None
            return max(degrees) if isinstance(node, Sum) else sum(degrees)
        case Power(base, exponent):
            exact, inner = fraction(exponent), _written_degree(base)
            whole = exact is not None and exact.denominator == 1 and exact >= 0
            return inner * int(exact) if exact is not None and whole and inner is not None else None
        case _:
            return None


def _algebra(tree: Node) -> tuple[str | None, int | None]:
    """Return the narrowest of `ALGEBRA` and the degree."""
    try:
        found = _on_a_line(tree)
    except _TooHighError:
        degree = _written_degree(tree)
        return ("rational", None) if degree is None else ("polynomial", degree)
    if found is None:
        return None, None
    top, bottom = found
    if top and not _divides(bottom, top):
        return "rational", None
    degree = max(0, len(top) - len(bottom))
    return ALGEBRA[min(degree, 2)], degree


def _seam(condition: Node, here: Node, there: Node) -> str | None:
    """Return whether two pieces meet with a "kink" or a "jump", None where no border is found near 0.

    The border is found between two points on either side, by halving what is between them.
    """
    d = max((*variables(condition), *variables(here), *variables(there)))
    for size in (1.0, 10.0, 100.0):
        X = points(256, d, low=-size, high=size)
        holds = values(condition, X) > 0
        n = min(holds.sum(), (~holds).sum())
        if not n:
            continue
        yes, no = X[holds][:n], X[~holds][:n]
        for _ in range(80):
            middle = (yes + no) / 2
            side = (values(condition, middle) > 0)[:, None]
            yes, no = np.where(side, middle, yes), np.where(side, no, middle)
        a, b = values(here, yes), values(there, no)
        clear = np.isfinite(a) & np.isfinite(b)
        gap = np.abs(a - b)[clear] > 1e-6 * (1 + np.abs(a) + np.abs(b))[clear]
        return "jump" if gap.any() else "kink"
    return None


def _parts(node: Node) -> tuple[str, ...]:
    """Return what one node adds to `PARTS`."""
    if is_constant(node):
        return ()
    match node:
        case Call("where", (condition, here, there)) if not is_constant(condition):
            seam = _seam(condition, here, there)
            return ("piecewise", seam) if seam else ("piecewise",)
        case Call(name, _):
            kinds = FUNCTIONS[name].kinds
            return (*kinds, "piecewise") if {"kink", "jump"} & set(kinds) else kinds
        case Power(base, exponent):
            if is_constant(exponent):
                exact = fraction(exponent)
                return () if exact is not None and exact.denominator == 1 else ("root",)
            return ("exponential",) if is_constant(base) else ("power",)
        case _:
            return ()


def _seems_inert(tree: Node, d: int) -> set[int]:
    """Return the named inputs that changed nothing at a few points: what algebra is to look at."""
    named, n = variables(tree), 4
    X = np.tile(points(n, d, low=0.25, high=1.75), (len(named) + 1, 1))
    for k, i in enumerate(named):
        X[k * n : (k + 1) * n, i - 1] += 0.125
    *moved, own = values(tree, X).reshape(-1, n)
    # A value that is not finite tells nothing, and compares as no difference.
    with np.errstate(invalid="ignore"):
        return {i for i, y in zip(named, moved, strict=True) if not (np.abs(y - own) > 1e-6 * np.abs(own)).any()}


def structure(tree: Node, d: int) -> Structure:
    """Return the structure of an expanded tree over x1..xd."""
    algebra, degree = _algebra(tree)
    found = {kind for node in walk(tree) for kind in _parts(node)}
    own, named, seeming = mark(tree), set(variables(tree)), _seems_inert(tree, d)
    cancels = {i for i in seeming if mark(tree, {i: residue("another input", i)}) == own}
    inert = tuple(i for i in range(1, d + 1) if i not in named or i in cancels)
    return Structure((*((algebra,) if algebra else ()), *(kind for kind in PARTS if kind in found)), degree, inert)

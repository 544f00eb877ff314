"""The algebra of a tree: what it amounts to, whatever the order, the brackets and the folding of its constants.

Its *mark* is its value modulo a prime of 127 bits, where every input, pi, e and every function that is no algebra stand
for a residue of their own. Two trees that the rules of + - * / and whole powers turn into each other have one mark, and
two others have one with a chance of about 1e-36 (Schwartz 1980, Zippel 1979). The names of residues are hashes, so a
mark is the same on every machine.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from tasks.formula.functions import FUNCTIONS
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
    children,
    walk,
)

PRIME = 2**127 - 1
# Numbers of more bits are not folded.
_LONGEST = 20_000


def residue(*name: object) -> int:
    """Return the residue that stands for a name."""
    return int.from_bytes(hashlib.sha256(repr(name).encode()).digest()) % PRIME


def rebuilt(node: Node, below: tuple[Node, ...]) -> Node:
    """Return a node with other nodes below it."""
    match node:
        case Negative() | Inverse():
            return replace(node, of=below[0])
        case Sum():
            return Sum(below)
        case Product():
            return Product(below)
        case Both():
            return Both(below)
        case Call(name, _):
            return Call(name, below)
        case Power():
            return Power(*below)
        case Comparison(sign, _, _):
            return Comparison(sign, *below)
        case _:
            return node


def _picked(node: Node, k: int) -> Node:
    """Return a tree for the k-th of several inputs, counted from 0."""
    match node:
        case Several(first, _):
            return Variable(first + k)
        case Call(name, _) if FUNCTIONS[name].many:
            return node
        case _:
            return rebuilt(node, tuple(_picked(each, k) for each in children(node)))


def _lengths(node: Node) -> set[int]:
    match node:
        case Several(first, last):
            return {last - first + 1}
        case Call(name, _) if FUNCTIONS[name].many:
            return set()
        case _:
            return set().union(*(_lengths(each) for each in children(node)))


def _mean(numbers: tuple[Node, ...]) -> Node:
    return Product((Sum(numbers), Inverse(Number(float(len(numbers))))))


def _variance(numbers: tuple[Node, ...]) -> Node:
    two = Number(2.0)
    return Sum((_mean(tuple(Power(each, two) for each in numbers)), Negative(Power(_mean(numbers), two))))


def expanded(node: Node) -> Node:
    """Return the same function with no x1..x10 in it, and sums, products, means and variances written out."""
    if isinstance(node, Call) and FUNCTIONS[node.name].many:
        numbers = tuple(
            expanded(_picked(each, k)) for each in node.arguments for k in range(max(_lengths(each), default=1))
        )
        match node.name:
            case "sum":
                return Sum(numbers)
            case "prod":
                return Product(numbers)
            case "mean":
                return _mean(numbers)
            case "var":
                return _variance(numbers)
            case "std":
                return Call("sqrt", (_variance(numbers),))
            case name:
                return Call(name, numbers)
    return rebuilt(node, tuple(expanded(each) for each in children(node)))


def fraction(node: Node) -> Fraction | None:
    """Return the number that a tree of plain numbers and + - * / ** amounts to, None where it is no such tree."""
    match node:
        case Number(value):
            return Fraction(repr(value))
        case Negative(of):
            inner = fraction(of)
            return None if inner is None else -inner
        case Inverse(of):
            inner = fraction(of)
            return 1 / inner if inner else None
        case Sum(parts) | Product(parts):
            found = [each for each in map(fraction, parts) if each is not None]
            if len(found) < len(parts):
                return None
            total = found[0]
            for each in found[1:]:
                total = total + each if isinstance(node, Sum) else total * each
            return total
        case Power(base, exponent):
            number, power = fraction(base), fraction(exponent)
            if not number or power is None or power.denominator != 1:
                return None
            bits = max(number.numerator.bit_length(), number.denominator.bit_length())
            return number ** int(power) if bits * abs(power) <= _LONGEST else None
        case _:
            return None


def _power(base: int, exponent: Node, others: Mapping[int, int]) -> int:
    exact = fraction(exponent)
    if exact is None or base == 0:
        return residue("**", base, mark(exponent, others))
    root = base if exact.denominator == 1 else residue("root", base, exact.denominator)
    return pow(root, exact.numerator, PRIME)


def _call(name: str, arguments: tuple[Node, ...], others: Mapping[int, int]) -> int:
    if name == "sqrt":
        return _power(mark(arguments[0], others), Number(0.5), others)
    if name == "exp" and fraction(arguments[0]) == 1:
        return mark(Constant("e"))
    marks = [mark(each, others) for each in arguments]
    return residue(name, *(sorted(marks) if FUNCTIONS[name].commutative else marks))


def mark(node: Node, others: Mapping[int, int] | None = None) -> int:
    """Return the mark of an expanded tree; `others` are residues for inputs, in place of their own."""
    others = others or {}
    match node:
        case Number(value):
            exact = Fraction(repr(value))
            return exact.numerator * pow(exact.denominator, -1, PRIME) % PRIME
        case Constant(name):
            return residue("constant", name)
        case Variable(index):
            return others.get(index, residue("input", index))
        case Several():
            raise TypeError("several inputs have no mark; expand the tree first")
        case Negative(of):
            return -mark(of, others) % PRIME
        case Inverse(of):
            inner = mark(of, others)
            return pow(inner, -1, PRIME) if inner else residue("pole")
        case Sum(terms):
            return sum(mark(each, others) for each in terms) % PRIME
        case Product(factors):
            total = 1
            for each in factors:
                total = total * mark(each, others) % PRIME
            return total
        case Power(Constant("e"), exponent):
            return _call("exp", (exponent,), others)
        case Power(base, exponent):
            return _power(mark(base, others), exponent, others)
        case Comparison(sign, left, right):
            marks = [mark(left, others), mark(right, others)]
            return residue(sign.replace(">", "<"), *(reversed(marks) if ">" in sign else marks))
        case Both(conditions):
            return residue("and", *sorted(mark(each, others) for each in conditions))
        case Call(name, arguments):
            return _call(name, arguments, others)


def is_rational(node: Node) -> bool:
    """Return whether an expanded tree is a rational function with whole powers, with pi and e among its numbers."""
    for each in walk(node):
        match each:
            case Call() | Power(Constant("e"), _):
                return False
            case Power(_, exponent):
                exact = fraction(exponent)
                if exact is None or exact.denominator != 1:
                    return False
            case _:
                pass
    return True

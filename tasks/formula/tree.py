"""What a formula consists of: immutable nodes, and what holds for every tree of them.

A tree is what was written, not what it amounts to: `(a + b) + c` and `a + b + c` are two trees with the same values.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A finite number as it is written: without a sign."""

    value: float


@dataclass(frozen=True)
class Constant:
    """A number with a name: pi or e."""

    name: str


@dataclass(frozen=True)
class Variable:
    """An input x1, x2, ...; its index counts from 1."""

    index: int


@dataclass(frozen=True)
class Several:
    """The inputs x1..x10, from the first index to the last: several numbers, for a function of many."""

    first: int
    last: int


@dataclass(frozen=True)
class Negative:
    """Minus its argument. As a later term of a sum it is what is subtracted."""

    of: "Node"


@dataclass(frozen=True)
class Inverse:
    """What is divided by: a later factor of a product, never a node elsewhere."""

    of: "Node"


@dataclass(frozen=True)
class Sum:
    """Two terms or more, added from left to right."""

    terms: tuple["Node", ...]


@dataclass(frozen=True)
class Product:
    """Two factors or more, multiplied or divided from left to right. The first one is no `Inverse`."""

    factors: tuple["Node", ...]


@dataclass(frozen=True)
class Power:
    """A base and its exponent."""

    base: "Node"
    exponent: "Node"


@dataclass(frozen=True)
class Comparison:
    """A condition such as `x1 >= 0`."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Both:
    """Conditions that have to hold together."""

    conditions: tuple["Node", ...]


@dataclass(frozen=True)
class Call:
    """A function of `tasks.formula.functions` and its arguments."""

    name: str
    arguments: tuple["Node", ...]


Node = Number | Constant | Variable | Several | Negative | Inverse | Sum | Product | Power | Comparison | Both | Call


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below a node, from left to right."""
    match node:
        case Negative(of) | Inverse(of):
            return (of,)
        case Sum(parts) | Product(parts) | Both(parts) | Call(_, parts):
            return parts
        case Power(left, right) | Comparison(_, left, right):
            return (left, right)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def variables(node: Node) -> tuple[int, ...]:
    """Return the indices of the inputs that a tree names, ascending."""
    found: set[int] = set()
    for each in walk(node):
        match each:
            case Variable(index):
                found.add(index)
            case Several(first, last):
                found.update(range(first, last + 1))
            case _:
                pass
    return tuple(sorted(found))


def is_constant(node: Node) -> bool:
    """Return whether a tree names no input."""
    return not variables(node)

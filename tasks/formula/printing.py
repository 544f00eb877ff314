"""The text of a tree, in the grammar that `tasks.formula.reading` reads: it reads back to the same tree."""

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

# How strongly a node holds together.
_SUM, _TERM, _SIGNED, _POWER, _ATOM = range(5)


def number(value: float) -> str:
    """Return a number as it is written, with all its digits."""
    return str(int(value)) if value.is_integer() and value < 1e16 else repr(value)


def _strength(node: Node) -> int:
    match node:
        case Sum():
            return _SUM
        case Product():
            return _TERM
        case Negative():
            return _SIGNED
        case Power():
            return _POWER
        case _:
            return _ATOM


def _within(node: Node, least: int) -> str:
    return text(node) if _strength(node) >= least else f"({text(node)})"


def _later_term(node: Node) -> str:
    return f" - {_within(node.of, _TERM)}" if isinstance(node, Negative) else f" + {_within(node, _TERM)}"


def _later_factor(node: Node) -> str:
    return f"/{_within(node.of, _POWER)}" if isinstance(node, Inverse) else f"*{_within(node, _POWER)}"


def text(node: Node) -> str:
    """Return the text of a tree."""
    match node:
        case Number(value):
            return number(value)
        case Constant(name):
            return name
        case Variable(index):
            return f"x{index}"
        case Several(first, last):
            return f"x{first}..x{last}"
        case Negative(of):
            return f"-{_within(of, _SIGNED)}"
        case Inverse(of):
            return f"1/{_within(of, _POWER)}"
        case Sum(terms):
            return _within(terms[0], _TERM) + "".join(_later_term(each) for each in terms[1:])
        case Product(factors):
            return _within(factors[0], _SIGNED) + "".join(_later_factor(each) for each in factors[1:])
        case Power(base, exponent):
            return f"{_within(base, _ATOM)}**{_within(exponent, _POWER)}"
        case Comparison(sign, left, right):
            return f"{text(left)} {sign} {text(right)}"
        case Both(conditions):
            return " and ".join(text(each) for each in conditions)
        case Call(name, arguments):
            return f"{name}({', '.join(text(each) for each in arguments)})"

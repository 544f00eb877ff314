"""A tree as presentation MathML, for a page."""

from html import escape

from tasks.formula import printing
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

_MINUS = "\N{MINUS SIGN}"
_SYMBOLS = {"pi": "π", "e": "e", "<=": "≤", ">=": "≥", "asin": "arcsin", "acos": "arccos", "atan": "arctan"}
_AROUND = {"abs": ("|", "|"), "floor": ("⌊", "⌋")}


def _element(tag: str, content: str) -> str:
    return f"<{tag}>{escape(_SYMBOLS.get(content, content))}</{tag}>"


def _row(*parts: str) -> str:
    return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"


def _bracketed(*parts: str) -> str:
    return _row(_element("mo", "("), *parts, _element("mo", ")"))


def _joined(sign: str, parts: list[str]) -> list[str]:
    mark = _element("mo", sign)
    return [parts[0], *(piece for part in parts[1:] for piece in (mark, part))]


def _number(value: float) -> str:
    digits, _, exponent = printing.number(value).partition("e")
    if not exponent:
        return _element("mn", digits)
    power = f"<msup>{_element('mn', '10')}{_element('mn', str(int(exponent)).replace('-', _MINUS))}</msup>"
    return _row(_element("mn", digits), _element("mo", "·"), power)


def _input(index: int) -> str:
    return f"<msub>{_element('mi', 'x')}{_element('mn', str(index))}</msub>"


def _term(node: Node) -> str:
    return _bracketed(_drawn(node)) if isinstance(node, Sum) else _drawn(node)


def _factor(node: Node) -> str:
    return _bracketed(_drawn(node)) if isinstance(node, Sum | Negative | Product) else _drawn(node)


def _sum(terms: tuple[Node, ...]) -> str:
    parts = [_term(terms[0])]
    for term in terms[1:]:
        inner, sign = (term.of, _MINUS) if isinstance(term, Negative) else (term, "+")
        parts += [_element("mo", sign), _factor(inner) if isinstance(inner, Negative) else _term(inner)]
    return _row(*parts)


def _line(factors: list[Node], first: bool) -> str:
    """Return factors beside each other; a fraction bar holds a single one together without brackets."""
    if len(factors) == 1:
        return _drawn(factors[0])
    parts = [_term(factors[0]) if first else _factor(factors[0]), *(_factor(each) for each in factors[1:])]
    return _row(*_joined("·", parts))


def _product(factors: tuple[Node, ...]) -> str:
    """Return runs of factors over the runs that divide them: a/b*c is a fraction and a factor."""
    runs: list[tuple[list[Node], list[Node]]] = [([], [])]
    for factor in factors:
        if isinstance(factor, Inverse):
            runs[-1][1].append(factor.of)
        elif runs[-1][1]:
            runs.append(([factor], []))
        else:
            runs[-1][0].append(factor)
    parts: list[str] = []
    for k, (above, below) in enumerate(runs):
        if below:
            parts.append(f"<mfrac>{_line(above, True)}{_line(below, True)}</mfrac>")
        else:
            parts += [_factor(each) if k or j else _term(each) for j, each in enumerate(above)]
    return _row(*_joined("·", parts))


def _power(base: Node, exponent: Node) -> str:
    simple = isinstance(base, Number | Constant | Variable) or (isinstance(base, Call) and base.name in _AROUND)
    return f"<msup>{_drawn(base) if simple else _bracketed(_drawn(base))}{_drawn(exponent)}</msup>"


def _cases(condition: Node, here: Node, there: Node) -> str:
    lines = ((here, _row(_element("mtext", "if "), _drawn(condition))), (there, _element("mtext", "otherwise")))
    table = "".join(f"<mtr><mtd>{_drawn(value)}</mtd><mtd>{when}</mtd></mtr>" for value, when in lines)
    return _row(_element("mo", "{"), f"<mtable>{table}</mtable>")


def _call(name: str, arguments: tuple[Node, ...]) -> str:
    match name, arguments:
        case "sqrt", (of,):
            return f"<msqrt>{_drawn(of)}</msqrt>"
        case "exp", (of,):
            return f"<msup>{_element('mi', 'e')}{_drawn(of)}</msup>"
        case "where", (condition, here, there):
            return _cases(condition, here, there)
        case _ if name in _AROUND:
            before, after = _AROUND[name]
            return _row(_element("mo", before), _drawn(arguments[0]), _element("mo", after))
        case _:
            listed = _joined(",", [_drawn(each) for each in arguments])
            return _row(_element("mi", name), _element("mo", "\N{FUNCTION APPLICATION}"), _bracketed(*listed))


def _drawn(node: Node) -> str:
    match node:
        case Number(value):
            return _number(value)
        case Constant(name):
            return _element("mi", name)
        case Variable(index):
            return _input(index)
        case Several(first, last):
            return _row(*_joined(",", [_input(first), _element("mi", "…"), _input(last)]))
        case Negative(of):
            return _row(_element("mo", _MINUS), _factor(of) if isinstance(of, Sum | Negative) else _drawn(of))
        case Inverse(of):
            return f"<mfrac>{_element('mn', '1')}{_drawn(of)}</mfrac>"
        case Sum(terms):
            return _sum(terms)
        case Product(factors):
            return _product(factors)
        case Power(base, exponent):
            return _power(base, exponent)
        case Comparison(sign, left, right):
            return _row(_drawn(left), _element("mo", sign), _drawn(right))
        case Both(conditions):
            joint = _element("mtext", " and ")
            return _row(*[piece for each in conditions for piece in (joint, _drawn(each))][1:])
        case Call(name, arguments):
            return _call(name, arguments)


def mathml(tree: Node) -> str:
    """Return a tree as a `math` element."""
    return f"<math>{_drawn(tree)}</math>"

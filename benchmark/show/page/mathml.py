"""Typesets the text of a formula: fractions, powers, roots and indices, as a tree of MathML elements.

The text is that of a task's card, "3.39*x1**3 + sin(pi x1)" or "k = lambda mean_i(x_i^2)". It is read, never run. What
does not read as a formula, such as one in words, stays text: then there is no tree. A tree is a list of the name of an
element without its "m", shortened, and its children, a text or trees: `web/elements.js` has the names.
"""

import re
from typing import NoReturn

Tree = list[object]

_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)|([A-Za-z][A-Za-z0-9_]*)|(\*\*|<=|>=|\.\.|[-+*/^(),=<>]))")
_GREEK = {
    "pi": "\u03c0",
    "lambda": "\u03bb",
    "alpha": "\u03b1",
    "beta": "\u03b2",
    "gamma": "\u03b3",
    "mu": "\u03bc",
    "sigma": "\u03c3",
    "theta": "\u03b8",
}
_SIGNS = {"<=": "\u2264", ">=": "\u2265", "-": "\u2212", "..": "\u2026", "and": " and "}
_RELATIONS = ("=", "<", ">", "<=", ">=", "..", "and")
# Deeper ones are no formula that anybody reads.
_DEEPEST = 60
# Words of a sentence: what has one is no formula.
_WORDS = frozenset({"if", "else", "or", "the", "of", "order", "degree", "for", "each"})
_IF_ELSE = re.compile(r"(.*) if (.*), else (.*)", re.DOTALL)


class _NotAFormulaError(Exception):
    pass


def _row(*parts: Tree) -> Tree:
    """Return parts side by side; a row among them needs no element of its own."""
    return ["r", *(each for part in parts for each in (part[1:] if part[0] == "r" else [part]))]


def _operator(sign: str) -> Tree:
    return ["o", _SIGNS.get(sign, sign)]


def _fenced(tree: Tree) -> Tree:
    return _row(_operator("("), tree, _operator(")"))


def _identifier(name: str) -> Tree:
    """Return a name: x1 and z_i have an index, mean_i is upright."""
    found = re.fullmatch(r"([A-Za-z]+)_?(\w*)", name)
    base, index = found.groups() if found else (name, "")
    shown: Tree = ["i", _GREEK.get(base, base)]
    return ["b", shown, ["n" if index.isdigit() else "i", index]] if index else shown


def _one(parts: list[Tree]) -> Tree:
    return _row(*parts) if len(parts) > 1 else parts[0]


def _listed(parts: list[Tree]) -> Tree:
    return _one([each for part in parts for each in (_operator(","), part)][1:])


def _cases(first: Tree, condition: Tree, other: Tree) -> Tree:
    rows = [["w", ["d", first], ["d", condition]], ["w", ["d", other], ["d", ["t", "else"]]]]
    return _row(_operator("{"), ["l", *rows])


class _Reader:
    """Reads tokens from left to right: sums of products of powers, and what stands side by side is a product."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        place = 0
        while place < len(text.rstrip()):
            found = _TOKEN.match(text, place)
            if not found or found[2] in _WORDS:
                raise _NotAFormulaError
            group = found.lastindex or 1
            kind = "sign" if found[group] == "and" else ("number", "name", "sign")[group - 1]
            self._tokens.append((kind, found[group]))
            place = found.end()
        self._at = self._depth = 0

    def _next(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take(self, *signs: str) -> str:
        kind, text = self._next()
        if kind == "sign" and text in signs:
            self._at += 1
            return text
        return ""

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            self._refuse()

    def _refuse(self) -> NoReturn:
        raise _NotAFormulaError

    def whole(self) -> Tree:
        tree = _listed(self._list())
        return tree if self._next()[0] == "end" else self._refuse()

    def _list(self) -> list[Tree]:
        """Relations with commas between them: the arguments of a function, or "k = lambda m, lambda = 0.25"."""
        parts = [self._relation()]
        while self._take(","):
            parts.append(self._relation())
        return parts

    def _relation(self) -> Tree:
        parts = [self._sum()]
        while sign := self._take(*_RELATIONS):
            parts += [_operator(sign), self._sum()]
        return _one(parts)

    def _sum(self) -> Tree:
        self._depth += 1
        if self._depth > _DEEPEST:
            self._refuse()
        parts: list[Tree] = []
        if sign := self._take("-", "+"):
            parts.append(_operator(sign))
        parts.append(self._product())
        while sign := self._take("+", "-"):
            parts += [_operator(sign), self._product()]
        self._depth -= 1
        return _one(parts)

    def _product(self) -> Tree:
        tree, plain = self._power()
        while True:
            if self._take("/"):
                _, below = self._power()
                tree = plain = ["f", plain, below]
            elif self._take("*") or self._begins():
                factor, _ = self._power()
                times: Tree = ["o", "\u00b7" if self._is_number(factor) else "\u2062"]
                tree = plain = _row(tree, times, factor)
            else:
                return tree

    @staticmethod
    def _is_number(tree: Tree) -> bool:
        while tree[0] in ("r", "p", "f") and isinstance(tree[1], list):
            tree = tree[1]
        return tree[0] == "n"

    def _begins(self) -> bool:
        """Whether what comes next begins a factor, so that two stand side by side, as in "2 x1"."""
        kind, text = self._next()
        return kind in ("number", "name") or text == "("

    def _power(self) -> tuple[Tree, Tree]:
        """Return a factor, and the same without the brackets around it, which a fraction does not need."""
        if self._take("-"):
            factor, _ = self._power()
            signed = _row(_operator("-"), factor)
            return signed, signed
        tree, inner = self._atom()
        if self._take("**", "^"):
            _, exponent = self._power()
            raised: Tree = ["p", tree, exponent]
            return raised, raised
        return tree, inner

    def _atom(self) -> tuple[Tree, Tree]:
        kind, text = self._next()
        if kind == "end":
            self._refuse()
        if self._take("("):
            inner = _listed(self._list())
            self._need(")")
            return _fenced(inner), inner
        if kind == "sign":
            self._refuse()
        self._at += 1
        if kind == "number":
            tree: Tree = ["n", text]
            return tree, tree
        if self._next() != ("sign", "("):
            tree = _identifier(text)
            return tree, tree
        self._need("(")
        inside = self._list()
        self._need(")")
        tree = self._call(text, inside)
        return tree, tree

    @staticmethod
    def _call(name: str, arguments: list[Tree]) -> Tree:
        inside = _listed(arguments)
        if name == "where" and len(arguments) == 3:
            return _cases(arguments[1], arguments[0], arguments[2])
        if name == "sqrt":
            return ["q", inside]
        if name == "abs":
            return _row(_operator("|"), inside, _operator("|"))
        if name == "exp":
            return ["p", ["i", "e"], inside]
        return _row(_identifier(name), ["o", "\u2061"], _fenced(inside))


def typeset(formula: str) -> Tree | None:
    """Return the tree of a formula, None of what is none."""
    try:
        if found := _IF_ELSE.fullmatch(formula):
            return _cases(*(_Reader(part).whole() for part in found.groups()))
        return _Reader(formula).whole()
    except (_NotAFormulaError, RecursionError):
        return None

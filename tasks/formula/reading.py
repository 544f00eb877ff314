"""Reads the text of a formula into its tree: by recursive descent, with Python's precedence.

    condition   comparison ("and" comparison)*            in the first argument of `where` only
    comparison  sum ("<" | "<=" | ">" | ">=") sum
    sum         term (("+" | "-") term)*
    term        signed (("*" | "/") signed)*
    signed      ("-" | "+") signed | power
    power       atom ("**" signed)?
    atom        number | constant | x1 | x1..x10 | name "(" sum ("," sum)* ")" | "(" sum ")"

Nothing of the text is ever run. Python's own parser reads more than this and not `x1..x10`; it says what is wrong in
words of Python, and a deep nesting can end its process.
"""

import math
import re
from dataclasses import dataclass, field

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
from tasks.formula.words import Place, operands, unknown_name

LONGEST = 20_000
DEEPEST = 50
_COMPARISONS = ("<", "<=", ">", ">=")
_TOKEN = re.compile(
    r"\s*(?:(?P<several>x\d+\.\.x\d+)|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_][\w.]*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|[-+*/(),<>^=]))",
    re.ASCII,
)
_VARIABLE = re.compile(r"x(\d+)", re.ASCII)
_RUN_TOGETHER = re.compile(r"(x[1-9]\d*)(x[1-9]\d*)", re.ASCII)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int

    def __str__(self) -> str:
        return repr(self.text) if self.kind != "end" else "the end"


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise Place(text, at).error(
                f"{text[at]!r} has no meaning here; write numbers, names, + - * / ** ( ) and commas"
            )
        kind = str(match.lastgroup)
        token = _Token(kind, match[kind], match.start(kind))
        if token.text == "^":
            raise Place(text, token.at).error("'^' is no power; write ** for it")
        if token.text in ("=", "==", "!="):
            raise Place(text, token.at).error(
                f"{token.text!r} is not allowed; give the right-hand side alone, and compare with < <= > >= in where"
            )
        found.append(token)
        at = match.end()
    return [*found, _Token("end", "", end)]


@dataclass
class _Reader:
    """Where the reading stands. It begins an operand, and ends behind it."""

    text: str
    d: int | None
    tokens: list[_Token]
    position: int = 0
    depth: int = 0
    opened: list[_Token] = field(default_factory=list)

    @property
    def token(self) -> _Token:
        return self.tokens[self.position]

    def error(self, token: _Token, what: str) -> ValueError:
        return Place(self.text, token.at).error(what)

    def take(self, *texts: str) -> _Token | None:
        """Return the next token and step over it where it is one of these signs or words."""
        token = self.token
        if token.text not in texts or token.kind == "end":
            return None
        self.position += 1
        return token

    def deeper(self, token: _Token) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error(token, f"this is nested more than {DEEPEST} deep; write it with fewer parentheses")

    def condition(self) -> Node:
        parts = [self.comparison()]
        while self.take("and"):
            parts.append(self.comparison())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def comparison(self) -> Node:
        left = self.sum()
        token = self.token
        if not self.take(*_COMPARISONS):
            raise self.error(token, f"where compares first, and here stands {token}; write it as where(a < b, c, d)")
        return Comparison(token.text, left, self.sum())

    def sum(self) -> Node:
        terms = [self.term()]
        while token := self.take("+", "-"):
            term = self.term()
            terms.append(Negative(term) if token.text == "-" else term)
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def term(self) -> Node:
        factors = [self.signed()]
        while token := self.take("*", "/"):
            factor = self.signed()
            factors.append(Inverse(factor) if token.text == "/" else factor)
        return factors[0] if len(factors) == 1 else Product(tuple(factors))

    def signed(self) -> Node:
        token = self.take("-", "+")
        if token is None:
            return self.power()
        self.deeper(token)
        of = self.signed()
        self.depth -= 1
        return Negative(of) if token.text == "-" else of

    def power(self) -> Node:
        base = self.atom()
        token = self.take("**")
        if token is None:
            return base
        self.deeper(token)
        exponent = self.signed()
        self.depth -= 1
        return Power(base, exponent)

    def atom(self) -> Node:
        token = self.token
        self.position += token.kind != "end"
        node: Node
        if token.text == "(":
            node = self.bracket(token)
        elif token.kind == "number":
            node = self.number(token)
        elif token.kind == "several":
            node = self.several(token)
        elif token.kind == "name" and token.text != "and":
            node = self.named(token)
        else:
            where = "at the end" if token.kind == "end" else f"before {token}"
            raise self.error(token, f"a value is missing {where}; write {operands(self.d)}")
        self.no_operand_follows()
        return node

    def no_operand_follows(self) -> None:
        before, token = self.tokens[self.position - 1], self.token
        if token.text == "(" or (token.kind in ("number", "name", "several") and token.text != "and"):
            raise self.error(token, f"between {before} and {token} stands no sign; write * for a product, as in 2*x1")

    def number(self, token: _Token) -> Node:
        value = float(token.text)
        if not math.isfinite(value):
            raise self.error(token, f"{token} is beyond the largest number, 1.8e308; write a smaller one")
        return Number(value)

    def several(self, token: _Token) -> Node:
        first, last = (self.index(name, token) for name in token.text.split(".."))
        if first >= last:
            raise self.error(token, f"{token} goes upwards from its first to its last; write as in x1..x3")
        return Several(first, last)

    def index(self, name: str, token: _Token) -> int:
        digits = name[1:]
        allowed = "x1, x2, ..." if self.d is None else "x1" if self.d == 1 else f"x1 to x{self.d}"
        if digits.startswith("0") or len(digits) > 6 or (self.d is not None and int(digits) > self.d):
            raise self.error(token, f"{name!r} is no input; the inputs are {allowed}")
        return int(digits)

    def named(self, token: _Token) -> Node:
        name = token.text
        if name in FUNCTIONS:
            return self.call(token)
        if name in CONSTANTS:
            return Constant(name)
        if _VARIABLE.fullmatch(name):
            return Variable(self.index(name, token))
        if pair := _RUN_TOGETHER.fullmatch(name):
            raise self.error(token, f"{name!r} is no name; write * for a product, as in {pair[1]}*{pair[2]}")
        raise self.error(token, unknown_name(name, self.d))

    def call(self, token: _Token) -> Node:
        function = FUNCTIONS[token.text]
        opening = self.token
        if not self.take("("):
            raise self.error(token, f"{token} is a function and needs its arguments; write {function.usage}")
        self.deeper(opening)
        arguments: list[Node] = []
        while self.token.text != ")" or arguments:
            arguments.append(self.condition() if function.name == "where" and not arguments else self.sum())
            if not self.take(","):
                break
        self.close(opening)
        self.depth -= 1
        if function.n_arguments is not None and len(arguments) != function.n_arguments:
            allowed = "one argument" if function.n_arguments == 1 else f"{function.n_arguments} arguments"
            raise self.error(token, f"{token} takes {allowed}, got {len(arguments)}; write {function.usage}")
        if function.many and sum(_width(each, self, token) for each in arguments) < 2:
            raise self.error(token, f"{token} takes two numbers or more; write {function.usage}")
        return Call(function.name, tuple(arguments))

    def bracket(self, opening: _Token) -> Node:
        self.deeper(opening)
        node = self.sum()
        self.close(opening)
        self.depth -= 1
        return node

    def close(self, opening: _Token) -> None:
        token = self.token
        if self.take(")"):
            return
        if token.kind == "end":
            raise self.error(opening, "this ( is never closed; write its )")
        if token.text in _COMPARISONS:
            raise self.error(token, f"{token} compares outside of where; write where(a < b, c, d)")
        raise self.error(token, f"{token} stands where a ) is due; close the ( of character {opening.at + 1} first")


def _width(node: Node, reader: _Reader, token: _Token) -> int:
    """Return how many numbers a row of a node has, 1 where it names no x1..x3 outside a function of many."""
    match node:
        case Several(first, last):
            return last - first + 1
        case Call(name, _) if FUNCTIONS[name].many:
            return 1
        case Negative(of) | Inverse(of):
            return _width(of, reader, token)
        case Power(a, b) | Comparison(_, a, b):
            below: tuple[Node, ...] = (a, b)
        case Sum(parts) | Product(parts) | Both(parts) | Call(_, parts):
            below = parts
        case _:
            return 1
    widths = {_width(each, reader, token) for each in below} - {1}
    if len(widths) > 1:
        counts = " and ".join(map(str, sorted(widths)))
        raise reader.error(token, f"{counts} numbers meet in {token}; give them one length, as in x1..x3*x4..x6")
    return max(widths, default=1)


def read(text: str, d: int | None) -> Node:
    """Return the tree of a formula over x1..xd, or over as many inputs as it names where d is None.

    Raises:
        FormulaError: it is no formula; the message says where and what to do.
    """
    if not text.strip():
        raise Place(text, 0).error(f"it is empty; write {operands(d)}")
    if len(text) > LONGEST:
        raise Place(text, LONGEST).error(f"it has {len(text)} characters, and {LONGEST} are allowed; write a function")
    reader = _Reader(text, d, _tokens(text))
    tree = reader.sum()
    rest = reader.token
    if rest.text == ")":
        raise reader.error(rest, "this ) closes nothing; write its ( or leave it out")
    if rest.text in _COMPARISONS:
        raise reader.error(rest, f"{rest} compares outside of where; write where(a < b, c, d)")
    if rest.kind != "end":
        raise reader.error(rest, f"{rest} stands behind the end of the formula; leave it out")
    if _width(tree, reader, rest) > 1:
        many = next(each for each in reader.tokens if each.kind == "several")
        raise reader.error(many, f"{many} stands for several numbers; make one of them, as in sum({many.text})")
    return tree

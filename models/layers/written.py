"""Formulas as text in Python's syntax, as layers write what they have learned."""

from collections.abc import Iterable, Sequence

ZERO, ONE = "0.0", "1.0"


def grouped(formula: str) -> str:
    """Return the formula in parentheses, unless it is a single name, number or call."""
    return formula if _is_word(formula) or _is_enclosed(formula) else f"({formula})"


def _is_word(formula: str) -> bool:
    """Whether the formula is a name or a number without a sign: all that has no operator, or its exponent's alone."""
    return not set("+-*/() ") & set(formula.replace("e-", "").replace("e+", ""))


def _is_enclosed(formula: str) -> bool:
    """Whether the first parenthesis, which may follow a function's name, is closed by the last letter."""
    start = formula.find("(")
    if start < 0 or not formula.endswith(")") or not (start == 0 or formula[:start].isalpha()):
        return False
    depth = 0
    for place, letter in enumerate(formula):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and place > start and place < len(formula) - 1:
            return False
    return True


def weighted_sum(weights: Iterable[float], terms: Iterable[str], constant: float = 0.0) -> str:
    """Return the sum of weight * term and a constant as text; what is exactly 0 is left out.

    A number has all its digits. Terms that are 1 count to the constant. A sum of nothing is `ZERO`.
    """
    said = ""
    for weight, term in zip(weights, terms, strict=True):
        if term == ONE:
            constant += weight
        elif weight and term != ZERO:
            factor = "" if abs(weight) == 1 else f"{abs(weight)!r}*"
            said += f" {'-' if weight < 0 else '+'} {factor}{grouped(term)}"
    if constant:
        said += f" {'-' if constant < 0 else '+'} {abs(constant)!r}"
    return ("-" if said.startswith(" - ") else "") + said[3:] or ZERO


def product(factors: Sequence[str]) -> str:
    """Return the product of factors as text: `ZERO` where one of them is, and without those that are 1."""
    if ZERO in factors:
        return ZERO
    return "*".join(grouped(factor) for factor in factors if factor != ONE) or ONE

"""Formulas to test with: those of the literature in `formulas.csv`, with values that were computed apart, and any.

The values were computed once by other code: numpy expressions, and scipy's Bessel and digamma functions.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from tasks.base import FloatArray
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
)


@dataclass(frozen=True, eq=False)
class Known:
    """A formula over x1..xd: its family, kinks and jumps, and inert inputs, and its values y (3,) at X (3, d)."""

    name: str
    d: int
    text: str
    family: str
    breaks: tuple[str, ...]
    inert: tuple[int, ...]
    X: FloatArray
    y: FloatArray

    def __str__(self) -> str:
        return self.name


def _numbers(text: str) -> FloatArray:
    return np.array([float(each) for each in text.split()])


def _indices(text: str) -> tuple[int, ...]:
    pairs = ([int(each[1:]) for each in run.split("..")] for run in text.split())
    return tuple(i for pair in pairs for i in range(pair[0], pair[-1] + 1))


def known_formulas() -> tuple[Known, ...]:
    """Return all formulas of the file."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Known(
                name=row["name"],
                d=int(row["d"]),
                text=row["formula"],
                family=row["family"],
                breaks=tuple(row["breaks"].split()),
                inert=_indices(row["inert"]),
                X=np.stack([_numbers(point) for point in row["inputs"].split(";")]),
                y=_numbers(row["values"]),
            )
            for row in csv.DictReader(file)
        )


def by_suite() -> dict[str, tuple[Known, ...]]:
    """Return all formulas of the file by the first word of their names, which is their suite's or their subject's."""
    found: dict[str, list[Known]] = {}
    for known in known_formulas():
        found.setdefault(known.name.split("-")[0], []).append(known)
    return {suite: tuple(formulas) for suite, formulas in found.items()}


# What can be written, by what it may hold: numbers of one input a row, and conditions.
NUMBERS = st.one_of(st.integers(0, 12).map(float), st.floats(0, allow_nan=False, allow_infinity=False)).map(Number)
LEAVES: st.SearchStrategy[Node] = st.one_of(
    NUMBERS, st.sampled_from(["pi", "e"]).map(Constant), st.integers(1, 3).map(Variable)
)


def _grown(below: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    comparison = st.builds(Comparison, st.sampled_from(["<", "<=", ">", ">="]), below, below)
    condition = st.one_of(comparison, st.lists(comparison, min_size=2, max_size=3).map(lambda c: Both(tuple(c))))
    later = st.one_of(below, below.map(Inverse))
    calls = [
        st.tuples(*[below] * function.n_arguments).map(lambda given, name=name: Call(name, given))  # type: ignore[misc]
        for name, function in FUNCTIONS.items()
        if function.n_arguments is not None and name != "where"
    ]
    many = st.sampled_from([name for name, function in FUNCTIONS.items() if function.many])
    several = st.integers(1, 4).map(lambda first: Several(first, 5))
    return st.one_of(
        below.map(Negative),
        st.lists(below, min_size=2, max_size=4).map(lambda terms: Sum(tuple(terms))),
        st.tuples(below, st.lists(later, min_size=1, max_size=3)).map(lambda f: Product((f[0], *f[1]))),
        st.builds(Power, below, below),
        st.builds(lambda *given: Call("where", given), condition, below, below),
        st.builds(lambda name, given: Call(name, tuple(given)), many, st.lists(below, min_size=2, max_size=3)),
        st.builds(lambda name, one, other: Call(name, (Product((one, other)),)), many, several, below),
        st.one_of(calls),
    )


TREES = st.recursive(LEAVES, _grown, max_leaves=12)

# The text of sums, products and powers of two inputs.
ARITHMETIC = st.recursive(
    st.sampled_from(["x1", "x2", "2", "0.5", "3", "1"]),
    lambda below: st.one_of(
        st.tuples(below, st.sampled_from(["+", "-", "*", "/", "**", " - ", " ** "]), below).map("".join),
        below.map(lambda of: f"-{of}"),
        below.map(lambda of: f"+{of}"),
        below.map(lambda of: f"({of})"),
    ),
    max_leaves=10,
)

"""Figures as they stand in the cells of a table, in words."""

import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from benchmark.store.record import SIGNS
from benchmark.words import code, plain

Row = Mapping[str, Any]
# What may tell that a row is wrong, in the words of a reader.
SIGN_WORDS: Mapping[str, str] = MappingProxyType(
    dict(zip(SIGNS, ("its own sd", "nearest row", "fifth nearest", "box", "Mahalanobis"), strict=True))
)


def rows_of(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Return the rows as plain mappings; far faster than one Series a row."""
    columns = list(frame.columns)
    values = zip(*(frame[column].tolist() for column in columns), strict=True)
    yield from (dict(zip(columns, row, strict=True)) for row in values)


def name_of(row: Row) -> str:
    """Return the name of a contender: of a model as code, of a reference in italics."""
    return f"*{row['model']}*" if row["kind"] == "reference" else f"`{row['model']}`"


def number(value: float, failure: str) -> str:
    """Return a figure in words; an infinite one is that of a failed seed, which has a word."""
    return "" if math.isnan(value) else failure if math.isinf(value) else plain(value)


def share(value: float) -> str:
    """Return a share in whole percent."""
    return "" if math.isnan(value) else f"{100 * value:.0f} %"


def share_within(row: Row, name: str) -> str:
    """Return a share in whole percent with its interval: 25 % [12, 40]."""
    value = share(row[name])
    return value and f"{value} [{100 * row[f'{name}_low']:.0f}, {100 * row[f'{name}_high']:.0f}]"


def recovered(row: Row) -> str:
    """Return how many of the seeds that say a formula have found the function, "" where none says one."""
    n = row["n_expressed"]
    return "" if math.isnan(n) or not n else f"{row['n_exact']:,.0f}/{n:,.0f}"


def covered(row: Row) -> str:
    """Return the shares of rows inside and outside that a model's own standard deviations hold."""
    inside, outside = share(row["covered_inside"]), share(row["covered_outside"])
    return inside and f"{inside}, {outside}"


def sure(row: Row) -> str:
    """Return the word for how well a model knows where it is wrong, "" where it has none."""
    word = row["sureness"]
    return word if isinstance(word, str) else ""


def warns(row: Row) -> str:
    """Return on how many tasks a model warns, of those on which it has a word."""
    return f"{row['n_warns']}/{row['n_sure']}" if row["n_sure"] else ""


def score(value: float) -> str:
    """Return a log score to two decimals, without a sign where there is nothing but rounding."""
    return "" if math.isnan(value) else f"{round(value, 2) + 0.0:.2f}"


def seconds(row: Row, phase: str) -> str:
    """Return the seconds of a phase, with a star where they are of another machine."""
    value = row[f"{phase}_seconds"]
    mark = "*" if row["other_machine"] else ""
    return "" if math.isnan(value) else f"{value:.2g}{mark}" if value < 10 else f"{value:.0f}{mark}"


def ratio(row: Row, phase: str) -> str:
    """Return the ratio of a phase's seconds to the baseline's, with a star where they are of another machine."""
    value = row[f"{phase}_ratio"]
    mark = "*" if row["other_machine"] else ""
    return "" if math.isnan(value) else f"{value:.2g}x{mark}" if value < 10 else f"{value:,.0f}x{mark}"


def cost(row: Row) -> str:
    """Return what a fit costs, and the powers that it grows with."""
    measured = seconds(row, "cost")
    growth = row["growth"] and code(row["growth"])
    return ", ".join(filter(None, (measured and f"{measured} s", growth)))

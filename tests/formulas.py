"""The formulas of the literature that `formulas.csv` holds: with their boxes, and values that were computed apart.

The values were computed once by other code: numpy expressions, and scipy's Bessel and digamma functions.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tasks.base import FloatArray


@dataclass(frozen=True)
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

"""How many training rows a model needs for an error: read between the sizes of a sweep."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from benchmark.board.solving import SOLVED_NRMSE
from findings.evidence import Evidence, Sample
from findings.figures import Figure, Limit, Unit, inside


class Rows(NamedTuple):
    """A number of training rows, and the same in words: where a sweep ends first, it is a bound."""

    n: float
    words: str

    def __str__(self) -> str:
        return self.words


def rows_needed(curve: Mapping[int, Sample], error: float) -> Rows:
    """Return the rows at which the median error first falls to `error`.

    Between two sizes the logarithm of the error is taken as linear in the logarithm of the rows. Where
    the first size is enough, or the last is not, the end of the sweep stands for it: a bound.
    """
    sizes = sorted(curve)
    errors = [curve[n].median for n in sizes]
    if errors[0] <= error:
        return Rows(float(sizes[0]), f"at most {sizes[0]:,}")
    for i in range(1, len(sizes)):
        if errors[i] <= error:
            (n0, n1), (e0, e1) = sizes[i - 1 : i + 1], errors[i - 1 : i + 1]
            share = np.log(e0 / error) / np.log(e0 / max(e1, 1e-300))
            rows = float(n0 * (n1 / n0) ** share)
            return Rows(rows, f"about {float(f'{rows:.2g}'):,.0f}")
    return Rows(float(sizes[-1]), f"more than {sizes[-1]:,}")


@dataclass(frozen=True)
class Curve:
    """A figure of one model by the number of training rows, and the error for which the rows are asked."""

    who: str
    figures: Mapping[int, Figure]
    error: float = SOLVED_NRMSE

    @property
    def says(self) -> str:
        """The error in words."""
        figure = next(iter(self.figures.values()))
        return f"a median {figure.what} of {figure.unit.says(Limit(self.error, self.error))}"

    def of(self, evidence: Evidence) -> dict[int, Sample]:
        """Return the figure of every seed, by the number of training rows."""
        return {n: figure.of(evidence) for n, figure in self.figures.items()}

    def seen(self, evidence: Evidence) -> Rows:
        """Return the rows that the error needs."""
        return rows_needed(self.of(evidence), self.error)


def curve(tasks: Mapping[int, str], model: str, unit: Unit, *, who: str = "") -> Curve:
    """Return the RMSE inside of a model on tasks that differ in their number of training rows, from the fewest on."""
    who = who or model
    return Curve(who, {n: inside(tasks[n], model, unit, who=f"{who}, {n:,} rows") for n in sorted(tasks)})

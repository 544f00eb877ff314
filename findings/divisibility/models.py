"""Networks on digits, a line that descends row by row, and a table of residues: what the threads tried, and a cure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from findings.keras import asked, relu
from findings.sources import DIVISIBLE, EVEN_OR_ODD
from models.base import FloatArray, Model, NotApplicable, Problem, Regressor
from models.settings import Settings, generator

# Five epochs of a hundred rows.
_EPOCHS = 5
_LONGEST_PERIOD = 32


class RowByRow:
    """A line by stochastic gradient descent on the squared error, one row at a time, nothing scaled.

    Weights are of single precision and start as Keras starts them. `fit_info_` says after how many rows they were no
    numbers any more, "inf" where they stayed. What is predicted is of the weights before that.
    """

    def __init__(self, rate: float, seed: int) -> None:
        self.rate = rate
        self.seed = seed
        self.fit_info_: Mapping[str, str] = {}
        self._weights: FloatArray

    def get_params(self, deep: bool = False) -> dict[str, Any]:
        """Return the rate and the number of epochs."""
        return {"rate": self.rate, "epochs": _EPOCHS}

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Descend on X (n, d) and y (n,)."""
        rng = generator(self.seed)
        bound = (6 / (X.shape[1] + 1)) ** 0.5
        weights = np.append(rng.uniform(-bound, bound, X.shape[1]), 0.0).astype(np.float32)
        rows = np.column_stack([X, np.ones(len(y))]).astype(np.float32)
        targets, step = y.astype(np.float32), np.float32(2 * self.rate)
        kept, lost_after = weights, np.inf
        with np.errstate(all="ignore"):
            for number, i in enumerate(np.concatenate([rng.permutation(len(y)) for _ in range(_EPOCHS)]), start=1):
                weights = weights - step * (rows[i] @ weights - targets[i]) * rows[i]
                if not np.isfinite(weights).all():
                    lost_after = number
                    break
                kept = weights
        self._weights = kept.astype(np.float64)
        self.fit_info_ = {"lost_after": f"{lost_after}"}
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d)."""
        predicted: FloatArray = X @ self._weights[:-1] + self._weights[-1]
        return predicted


@dataclass
class ResidueTable(Settings):
    """The mean target of each residue of a number, for the period of at most `longest` that leaves the least.

    A row is one whole number, or its binary digits with the largest first.
    """

    longest: int
    _table: FloatArray = field(init=False, repr=False)
    fit_info_: Mapping[str, str] = field(init=False, repr=False, default_factory=dict)

    @staticmethod
    def _numbers(X: FloatArray) -> FloatArray:
        if X.shape[1] > 1 and not np.isin(X, (0.0, 1.0)).all():
            raise NotApplicable("several inputs that are no binary digits are no number")
        numbers: FloatArray = X[:, 0] if X.shape[1] == 1 else X @ 2.0 ** np.arange(X.shape[1])[::-1]
        if (numbers != np.floor(numbers)).any():
            raise NotApplicable("a number that is not whole has no residue")
        return numbers

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit X (n, d) and y (n,).

        Raises:
            NotApplicable: a row is no whole number.
        """
        numbers, best = self._numbers(X), np.inf
        for period in range(1, min(self.longest, len(y)) + 1):
            residues = (numbers % period).astype(np.intp)
            counts = np.bincount(residues, minlength=period)
            table = np.where(counts > 0, np.bincount(residues, y, minlength=period) / np.maximum(counts, 1), y.mean())
            left = float(np.mean((y - table[residues]) ** 2))
            # A multiple of the period leaves as little.
            if left < best - 1e-12:
                best, self._table = left, table
        self.fit_info_ = {"period": f"{len(self._table)}"}
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d)."""
        predicted: FloatArray = self._table[(self._numbers(X) % len(self._table)).astype(np.intp)]
        return predicted


def _row_by_row(rate: float) -> Callable[[Problem, int], Regressor]:
    return lambda problem, seed: RowByRow(rate, seed)


def _of_rate(name: str, rate: float, tag: str) -> Model:
    title = f"A line, one row at a time, SGD at {rate:g}, 5 epochs, nothing scaled"
    return Model(name=name, title=title, source=EVEN_OR_ODD.url, build=_row_by_row(rate), tags=(tag,))


_RAW: dict[str, Any] = {"divisors": (1.0, 1.0)}
MODELS = (
    asked("asked-digits", "ReLU network 64-64, 500 epochs, digits as they are", relu(64, 64), DIVISIBLE.url, **_RAW),
    asked(
        "asked-digits-large",
        "ReLU network 128-128-128, 500 epochs, digits as they are",
        relu(128, 128, 128),
        DIVISIBLE.url,
        **_RAW,
    ),
    _of_rate("asked-even-or-odd", 0.1, "as-asked"),
    # Below 2 / (2 (100^2 + 1)), where no row takes a step too far.
    _of_rate("even-or-odd-slow", 5e-5, "control"),
    Model(
        name="residue-table",
        title="Mean of each residue, for the best period up to 32",
        build=lambda problem, seed: ResidueTable(_LONGEST_PERIOD),
        tags=("control",),
    ),
)

"""The sum of 1 to 9 digits, and of up to 95: a row has a place for each, and a 0 where there is none."""

from dataclasses import dataclass

import numpy as np

from calibration.sources import DEEP_SETS
from tasks.base import FloatArray, Quantity, Sample, Slice, Task
from tasks.drawing import uniform_numbers

MOST_TRAINED, MOST = 9, 95
MAE = "mean_absolute_error"


@dataclass(frozen=True)
class DigitSets:
    """Sets of digits 1 to 9, at most `n_trained` of them inside the training range and `n_places` at all.

    A row has a place for each digit, and a 0 in every place that is empty. Its distance factor is the number of its
    digits over `n_trained`; the numbers of a region are equally likely.
    """

    n_trained: int
    n_places: int

    @property
    def n_features(self) -> int:
        """Number of places."""
        return self.n_places

    @property
    def horizon_unit(self) -> str:
        """Distance factors are numbers of digits."""
        return "times the largest set"

    def _counts(self, inner: float, outer: float) -> tuple[int, int]:
        first = int(np.floor(self.n_trained * inner + 1e-9)) + 1
        last = min(int(np.floor(self.n_trained * outer + 1e-9)), self.n_places)
        if last < first:
            raise ValueError(
                f"no set of digits has a distance factor in ({inner:g}, {outer:g}]; ask for a wider region"
            )
        return first, last

    def _at(self, counts: FloatArray, digits: FloatArray) -> FloatArray:
        rows: FloatArray = digits * (np.arange(self.n_places) < counts[:, None])
        return rows

    def has_rows(self, *, inner: float, outer: float) -> bool:
        """Return whether a number of digits has a distance factor in (inner, outer]."""
        return int(np.floor(self.n_trained * outer + 1e-9)) > int(np.floor(self.n_trained * inner + 1e-9))

    def draw(
        self, n: int, rng: np.random.Generator, *, inner: float = 0.0, outer: float = 1.0, even: bool = False
    ) -> Sample:
        """Return n sets (n, n_places) of the numbers of digits in a region; with `even` these are spread."""
        first, last = self._counts(inner, outer)
        share = uniform_numbers(n, 1, rng, even=even)[:, 0]
        counts = first + np.floor(share * (last + 1 - first))
        digits = rng.integers(1, 10, size=(n, self.n_places)).astype(np.float64)
        return Sample(self._at(counts, digits), counts / self.n_trained)

    def every_row(self, *, inner: float, outer: float) -> None:
        """Return None: there are too many."""
        return

    def nearest_inside(self, X: FloatArray) -> None:
        """Return None: a set with too many digits has no nearest one with fewer."""
        return

    def slice(self, n: int, *, outer: float) -> Slice:
        """Return sets of the digits 1 to 9 in turn, of growing number up to the outer edge."""
        _, last = self._counts(0.0, outer)
        counts = np.arange(1, last + 1, dtype=np.float64)[:n]
        digits = 1 + np.arange(self.n_places) % 9.0
        X = self._at(counts, np.broadcast_to(digits, (len(counts), self.n_places)))
        return Slice("number of digits", counts, X, (1.0, float(self.n_trained)))

    def describe(self, *, inner: float, outer: float) -> str:
        """Return for example "1 to 9 digits"."""
        first, last = self._counts(inner, outer)
        return f"{first} to {last} digits"


def digit_sum(X: FloatArray) -> FloatArray:
    """Return the sum (n,) of the digits of X (n, places)."""
    total: FloatArray = X.sum(axis=1)
    return total


_DOMAIN = DigitSets(MOST_TRAINED, MOST)


def _longest(X: FloatArray) -> FloatArray:
    """Return the digits 1 to 9 of X (n, places) repeated, in as many sets of the longest length (n, places)."""
    filled = np.where(X > 0, X, 0)[:, :MOST_TRAINED]
    # Each row is filled up with its own digits in turn, so that the law of a digit stays what it is.
    counts = (filled > 0).sum(axis=1)
    places = np.arange(MOST)[None, :] % counts[:, None]
    longest: FloatArray = np.take_along_axis(filled, places, axis=1)
    return longest


def _mae(name: str, X: FloatArray, predictions: FloatArray) -> dict[str, float]:
    return {name: float(np.abs(predictions - digit_sum(X)).mean())}


TASKS = (
    Task(
        name="digit-sum",
        title="Sum of 1 to 9 digits",
        formula="d1 + ... + dn",
        source=f"{DEEP_SETS.url}: DigitSum/text_sum.ipynb; the sums of more digits are only a picture there",
        function=digit_sum,
        domain=_DOMAIN,
        n_train=98_765,
        n_test=2_000,
        n_shell=500,
        n_reference=2**14,
        set_shape=(MOST, 1),
        ladder_end=MOST / MOST_TRAINED,
        reach=MOST / MOST_TRAINED,
        quantities=(
            Quantity(
                error=MAE,
                title="mean absolute error on sums of 1 to 9 digits",
                rows=lambda X: X,
                measure=lambda X, predictions: _mae(MAE, X, predictions),
            ),
            Quantity(
                error=f"{MAE}_of_{MOST}",
                title=f"mean absolute error on sums of {MOST} digits",
                rows=_longest,
                measure=lambda X, predictions: _mae(f"{MAE}_of_{MOST}", X, predictions),
            ),
        ),
        tags=("sets", "control"),
        family="digit-sum",
    ),
)

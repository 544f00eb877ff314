"""Which numbers another one divides, from binary digits or from the number itself. Off the main board."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from findings.sources import DIVISIBLE, EVEN_OR_ODD
from tasks.base import FloatArray, Quantity, Sample, Slice, Task
from tasks.domains import IntegerBox
from tasks.training_law import Grid
from tasks.widening import WideningBox

DIVISORS = tuple(range(2, 17))


@dataclass(frozen=True)
class BinaryDigits:
    """The binary digits of the numbers 1..high under the uniform law, the largest digit first.

    The distance factor of a row is its number / high. There are as many digits as the numbers to four times `high`
    need, so that the first ones are 0 in every training row.

    Raises:
        ValueError: there is a shell of the ladder without a number.
    """

    high: int

    def __post_init__(self) -> None:
        IntegerBox(n_features=1, high=self.high)

    @property
    def _numbers(self) -> IntegerBox:
        return IntegerBox(n_features=1, high=self.high)

    @property
    def n_features(self) -> int:
        """Number of digits."""
        return (4 * self.high).bit_length()

    @property
    def _values(self) -> FloatArray:
        values: FloatArray = 2.0 ** np.arange(self.n_features, dtype=np.float64)[::-1]
        return values

    def digits(self, numbers: FloatArray) -> FloatArray:
        """Return the digits (n, n_features) of whole numbers (n,)."""
        places = np.arange(self.n_features)[::-1]
        return (numbers.astype(np.int64)[:, np.newaxis] >> places & 1).astype(np.float64)

    def numbers(self, X: FloatArray) -> FloatArray:
        """Return the numbers (n,) of digits X (n, n_features)."""
        values: FloatArray = X @ self._values
        return values

    @property
    def horizon_unit(self) -> str:
        """Distance factors are measured from 0."""
        return "times the largest number"

    def draw(
        self, n: int, rng: np.random.Generator, *, inner: float = 0.0, outer: float = 1.0, even: bool = False
    ) -> Sample:
        """Return the digits of n numbers with distance factors in (inner, outer]; see `Domain.draw`."""
        drawn = self._numbers.draw(n, rng, inner=inner, outer=outer, even=even)
        return Sample(self.digits(drawn.X[:, 0]), drawn.distance)

    def every_row(self, *, inner: float, outer: float) -> FloatArray | None:
        """Return the digits of all numbers with distance factors in (inner, outer]."""
        every = self._numbers.every_row(inner=inner, outer=outer)
        return None if every is None else self.digits(every[:, 0])

    def nearest_inside(self, X: FloatArray) -> None:
        """Return None: no digits of a smaller number are nearest."""
        return

    def slice(self, n: int, *, outer: float) -> Slice:
        """Return the digits of up to n numbers from 1 to the outer edge."""
        line = self._numbers.slice(n, outer=outer)
        return Slice("n", line.position, self.digits(line.position), line.inside)

    def describe(self, *, inner: float, outer: float) -> str:
        """Return for example "binary digits of integers U{1..1000}"."""
        return f"binary digits of {self._numbers.describe(inner=inner, outer=outer)}"


DIGITS = BinaryDigits(high=1_000)


def divisible(m: int) -> Callable[[FloatArray], FloatArray]:
    """Return the function of digits X (n, d) that is 1 where m divides the number and 0 elsewhere (n,)."""

    def is_divisible(X: FloatArray) -> FloatArray:
        found: FloatArray = (DIGITS.numbers(X) % m == 0).astype(np.float64)
        return found

    return is_divisible


def odd(X: FloatArray) -> FloatArray:
    """Return 1 where the number is odd and 0 where it is even (n,), for X (n, 1)."""
    rest: FloatArray = X[:, 0] % 2
    return rest


def _outside(X: FloatArray) -> FloatArray:
    every = DIGITS.every_row(inner=1.0, outer=4.0)
    assert every is not None
    return every


def _wrong(m: int) -> Quantity:
    is_divisible = divisible(m)

    def measure(X: FloatArray, predictions: FloatArray) -> dict[str, float]:
        truth, said = is_divisible(X) == 1, predictions > 0.5
        # Of one class in m a model that always says "no" has most right.
        return {"wrong_outside": float((np.mean(~said[truth]) + np.mean(said[~truth])) / 2)}

    return Quantity(
        error="wrong_outside",
        title=f"share of wrong answers on {DIGITS.high + 1:,} to {4 * DIGITS.high:,}, said yes above 0.5: the mean of "
        "that of the divisible numbers and that of the others; 0.5 is guessing",
        rows=_outside,
        measure=measure,
    )


TASKS = (
    *(
        Task(
            name=f"divisible-by-{m}",
            title=f"Is a number divisible by {m}, from its binary digits",
            formula=f"1 if {m} divides n, else 0",
            source=f"{DIVISIBLE.url}: from binary digits",
            function=divisible(m),
            domain=DIGITS,
            n_train=1_000,
            set_shape=(DIGITS.n_features, 1),
            quantities=(_wrong(m),),
            tags=("control", "periodic"),
        )
        for m in DIVISORS
    ),
    Task(
        name="even-or-odd",
        title="Even or odd, from the number itself",
        formula="n mod 2",
        source=f"{EVEN_OR_ODD.url}: a hundred numbers as they are",
        function=odd,
        domain=WideningBox(((1.0, 100.0),), ((1.0, 200.0),), whole=True, training_law=Grid.of_numbers(1, 100)),
        n_train=100,
        set_shape=(1, 1),
        tags=("control", "periodic"),
    ),
)

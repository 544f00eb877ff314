"""The squares of the first whole numbers, each seen once, with what is said of the next ones."""

import numpy as np

from findings.sources import NEXT_SQUARE, NTH_SQUARE
from tasks.base import FloatArray, Quantity, Task
from tasks.core import square
from tasks.training_law import Grid
from tasks.widening import WideningBox

LAST, LAST_OF_MANY, LAST_OF_FEW = 1_000, 80_000, 99


def said(*numbers: int) -> Quantity:
    """Return what is said of some numbers: `says_*` is the prediction, `off_*` how far it is from the square."""
    asked = np.array(numbers, dtype=np.float64)[:, np.newaxis]

    def measure(X: FloatArray, predictions: FloatArray) -> dict[str, float]:
        away = np.abs(predictions - square(X))
        return {
            name: float(value)
            for number, prediction, off in zip(numbers, predictions, away, strict=True)
            for name, value in ((f"says_{number}", prediction), (f"off_{number}", off))
        }

    return Quantity(
        error=f"off_{numbers[-1]}",
        title=f"what is said of {', '.join(map(str, numbers))}, and how far off it is",
        rows=lambda X: asked,
        measure=measure,
    )


def spread(last: int) -> Quantity:
    """Return how far the predictions for the numbers 1 to `last` are apart: largest minus smallest."""
    numbers = np.arange(1, last + 1, dtype=np.float64)[:, np.newaxis]

    def measure(X: FloatArray, predictions: FloatArray) -> dict[str, float]:
        found = float(np.ptp(predictions))
        return {"spread": found, "spread_missing": abs(found - float(np.ptp(square(X))))}

    return Quantity(
        error="spread_missing",
        title=f"how far the predictions for 1 to {last} are apart",
        rows=lambda X: numbers,
        measure=measure,
    )


def _squares(name: str, first: int, last: int, source: str, quantities: tuple[Quantity, ...]) -> Task:
    low, high = float(first), float(last)
    return Task(
        name=name,
        title=f"Squares of the numbers {first} to {last:,}, each seen once",
        formula="n^2",
        source=source,
        function=square,
        domain=WideningBox(((low, high),), ((low, 2 * high),), whole=True, training_law=Grid.of_numbers(first, last)),
        n_train=last - first + 1,
        set_shape=(1, 1),
        quantities=quantities,
        tags=("control",),
        family="square",
    )


TASKS = (
    _squares(
        "squares-to-1000",
        0,
        LAST,
        f"{NEXT_SQUARE.url}: 1,001 is asked next",
        (said(LAST, LAST + 1, 2 * LAST),),
    ),
    _squares(
        "squares-to-80000",
        0,
        LAST_OF_MANY,
        f"{NEXT_SQUARE.url}: 80,001 is asked next",
        (said(LAST_OF_MANY, LAST_OF_MANY + 1),),
    ),
    _squares(
        "squares-to-99",
        1,
        LAST_OF_FEW,
        f"{NTH_SQUARE.url}: 100 and 101 are asked next",
        (spread(LAST_OF_FEW), said(LAST_OF_FEW, LAST_OF_FEW + 1, LAST_OF_FEW + 2)),
    ),
)

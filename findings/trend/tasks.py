"""Two straight lines and a logarithm, asked about beyond the end of the training rows. Off the main board."""

import numpy as np

from findings.sources import KERNELS, TREES, TREES_ON_A_LINE
from tasks.base import FloatArray, Quantity, Task
from tasks.training_law import FixedRows, Grid
from tasks.widening import WideningBox

# Where the first thread asks.
ASKED_AT = (98.0, 99.0, 100.0)
# Beyond the last row, in length scales of the thread's kernel.
FAR = 20.0


def twice(X: FloatArray) -> FloatArray:
    """Return 2 x (n,) for X (n, 1)."""
    return 2 * X[:, 0]


def rising(X: FloatArray) -> FloatArray:
    """Return 3 + 0.3 x (n,) for X (n, 1)."""
    return 3 + 0.3 * X[:, 0]


def logarithm(X: FloatArray) -> FloatArray:
    """Return log x (n,) for X (n, 1)."""
    values: FloatArray = np.log(X[:, 0])
    return values


def said_at(name: str, points: tuple[float, ...], function: str, truth: float) -> Quantity:
    """Return the mean prediction at some values of x, and how far it is from the truth there, in the units of y."""

    def rows(X: FloatArray) -> FloatArray:
        return np.array(points)[:, np.newaxis]

    def measure(X: FloatArray, predictions: FloatArray) -> dict[str, float]:
        said = float(predictions.mean())
        return {f"said_{name}": said, f"off_{name}": abs(said - truth)}

    where = ", ".join(f"{point:g}" for point in points)
    return Quantity(
        error=f"off_{name}",
        title=f"mean prediction of {function} at x = {where}; its error is that from {truth:.4g}",
        rows=rows,
        measure=measure,
        estimate=f"said_{name}",
    )


TASKS = (
    Task(
        name="trend-three-rows",
        title="A line through three rows, asked about at 98 to 100",
        formula="2 x + noise",
        source=f"{TREES.url}: 2.1, 3.9 and 5.8 at x = 1, 2, 3",
        function=twice,
        domain=WideningBox(((1.0, 3.0),), ((1.0, 100.0),), training_law=FixedRows(((1.0,), (2.0,), (3.0,)))),
        n_train=3,
        set_shape=(1, 1),
        noise_std=0.1,
        quantities=(said_at("at_99", ASKED_AT, "2 x", 198.0),),
        tags=("control", "linear"),
    ),
    Task(
        name="trend-hundred-rows",
        title="A line with noise on 1..100, asked about at 101 to 120",
        formula="3 + 0.3 x + noise",
        source=f"{TREES_ON_A_LINE.url}: by random forest or boosted trees",
        function=rising,
        domain=WideningBox(((1.0, 100.0),), ((1.0, 120.0),), whole=True, training_law=Grid.of_numbers(1, 100)),
        n_train=100,
        set_shape=(1, 1),
        noise_std=1.0,
        tags=("control", "linear"),
    ),
    Task(
        name="logarithm-on-1-2",
        title="A logarithm, asked about beyond its range",
        formula="log x",
        source=f"{KERNELS.url}: 30 random numbers of [1, 2]",
        function=logarithm,
        domain=WideningBox(((1.0, 2.0),), ((1.0, 3.0),)),
        n_train=30,
        set_shape=(1, 1),
        quantities=(
            said_at("at_3", (3.0,), "log x", float(np.log(3.0))),
            said_at("far", (2 + FAR,), "log x", float(np.log(2 + FAR))),
        ),
        tags=("control", "logarithmic"),
    ),
)

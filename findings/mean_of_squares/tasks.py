"""Means and sums of squares: other numbers of training rows, and more elements outside than inside."""

from findings.sizes import with_rows
from findings.sources import CONSTANT
from tasks.base import FloatArray, Task
from tasks.core import LAMBDA_RECOVERY
from tasks.domains import GrowingSet


def sum_of_squares(X: FloatArray) -> FloatArray:
    """Return sum_i x_i^2 (n,) over the elements of X (n, 2 places), absent ones being 0."""
    total: FloatArray = (X[:, ::2] ** 2).sum(axis=1)
    return total


TASKS = (
    *with_rows(LAMBDA_RECOVERY, (100, 500, 10_000, 50_000)),
    Task(
        name="growing-sum",
        title="Sum of squares over more elements than trained on",
        formula="sum_i x_i^2 over 1 to 5 elements, outside 6 to 10",
        source=f"{CONSTANT.url}: the mean of squares, with the number of paths left open",
        function=sum_of_squares,
        domain=GrowingSet(n_trained=5),
        n_train=2_000,
        set_shape=(10, 2),
        reach=2.0,
        ladder_end=2.0,
        tags=("control",),
    ),
)

"""The square of a number beside another one that is not used."""

from findings.sources import SQUARES
from tasks.base import FloatArray, Task
from tasks.domains import IntegerBox


def first_squared(X: FloatArray) -> FloatArray:
    """Return x1^2 (n,) for X (n, 2); x2 is not used."""
    return X[:, 0] ** 2


TASKS = (
    Task(
        name="square-unused-input",
        title="Square of a number, beside another that is not used",
        formula="x1^2, x2 unused",
        source=f"{SQUARES.url}: the answer suspects an input that is never used",
        function=first_squared,
        domain=IntegerBox(n_features=2, high=1000),
        n_train=1_000,
        set_shape=(1, 2),
        tags=("control",),
    ),
)

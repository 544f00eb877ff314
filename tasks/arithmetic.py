"""Sums and squares of whole numbers, as in the question that started this benchmark."""

from tasks.base import FloatArray, IntegerBox, Task


def add(X: FloatArray) -> FloatArray:
    """Return x1 + x2 (n,) for X (n, 2)."""
    return X[:, 0] + X[:, 1]


def square(X: FloatArray) -> FloatArray:
    """Return x^2 (n,) for X (n, 1)."""
    return X[:, 0] ** 2


TASKS = (
    Task(
        name="sum",
        title="Sum of two numbers",
        formula="x1 + x2",
        source="001_55de2f4d7c7aedaf: a stack of Dense layers learns it without error",
        function=add,
        domain=IntegerBox(n_features=2, high=1000, all_outside=True),
        n_train=1_000,
        set_shape=(2, 1),
        tags=("core",),
    ),
    Task(
        name="square",
        title="Square of a number",
        formula="x^2",
        source="001_55de2f4d7c7aedaf: the same stack is off by 75,777",
        function=square,
        domain=IntegerBox(n_features=1, high=1000),
        n_train=1_000,
        set_shape=(1, 1),
        tags=("core",),
    ),
)

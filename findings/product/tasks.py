"""A product and a ratio of two whole numbers, as the threads have them. Off the main board."""

from findings.sources import ONE_HIDDEN, PRODUCT, RATIO
from tasks.base import FloatArray, Quantity, Task
from tasks.domains import IntegerBox


def product(X: FloatArray) -> FloatArray:
    """Return x1 x2 (n,) for X (n, 2)."""
    return X[:, 0] * X[:, 1]


def ratio(X: FloatArray) -> FloatArray:
    """Return x1 / x2 (n,) for X (n, 2)."""
    return X[:, 0] / X[:, 1]


def _spread(X: FloatArray, predictions: FloatArray) -> dict[str, float]:
    return {"spread": float(predictions.std()), "spread_off": abs(float(predictions.std() / ratio(X).std()) - 1)}


TASKS = (
    Task(
        name="product-of-two",
        title="Product of two numbers",
        formula="x1 x2",
        source=f"{PRODUCT.url}, {ONE_HIDDEN.url}: 6,500 rows",
        function=product,
        domain=IntegerBox(n_features=2, high=100),
        n_train=6_500,
        set_shape=(2, 1),
        tags=("control", "polynomial"),
    ),
    Task(
        name="ratio-of-two",
        title="Ratio of two numbers",
        formula="x1 / x2",
        source=f"{RATIO.url}: whole numbers, by networks for sums and squares",
        function=ratio,
        domain=IntegerBox(n_features=2, high=40),
        n_train=1_000,
        set_shape=(2, 1),
        quantities=(
            Quantity(
                error="spread_off",
                estimate="spread",
                title="sd of the predictions where x2 is at least 2; its error is relative to that of the ratio",
                rows=lambda X: X[X[:, 1] >= 2],
                measure=_spread,
            ),
        ),
        tags=("control", "rational"),
    ),
)

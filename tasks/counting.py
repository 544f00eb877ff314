"""Sums over sets that grow: more elements outside the training range than inside."""

from dataclasses import dataclass

import numpy as np

from tasks.base import FloatArray, Sample, Slice, Task


@dataclass(frozen=True)
class GrowingSet:
    """Sets of up to `reach * n_trained` elements, uniform on [-1, 1]; n_trained at most inside the training range.

    A row has a place for every element there may be, two numbers each: the element and 1, or 0 and 0
    where there is none. Its distance factor t is uniform and not shown; the row has ceil(n_trained t)
    elements, so 1 is the largest set trained on and 2 twice as many.
    """

    n_trained: int
    reach: int = 2

    def __post_init__(self) -> None:
        if self.n_trained < 1 or self.reach < 2:
            raise ValueError(f"GrowingSet needs n_trained >= 1 and reach >= 2, got {self.n_trained} and {self.reach}")

    @property
    def n_elements(self) -> int:
        """Number of places in a row."""
        return self.n_trained * self.reach

    @property
    def n_features(self) -> int:
        """Number of columns: two a place."""
        return 2 * self.n_elements

    def _at(self, distance: FloatArray, values: FloatArray) -> FloatArray:
        count = np.ceil(self.n_trained * distance)
        present = np.arange(self.n_elements) < count[:, None]
        return np.stack([values * present, present], axis=2).reshape(len(distance), self.n_features)

    def draw(
        self, n: int, rng: np.random.Generator, *, inner: float = 0.0, outer: float = 1.0, even: bool = False
    ) -> Sample:
        """Return n rows with distance factors uniform in (inner, outer]; with `even` these are spread."""
        if outer > self.reach:
            raise ValueError(f"GrowingSet has places up to a distance factor of {self.reach}, asked for {outer:g}")
        strata = rng.permutation(n) if even else np.zeros(n)
        share = (strata + rng.random(n)) / (n if even else 1)
        distance = np.clip(outer - (outer - inner) * share, np.nextafter(inner, outer), outer)
        return Sample(self._at(distance, rng.uniform(-1, 1, (n, self.n_elements))), distance)

    def every_row(self, *, inner: float, outer: float) -> None:
        """Return None: there is no finite list of rows."""
        return

    def nearest_inside(self, X: FloatArray) -> None:
        """Return None: a set with too many elements has no nearest one with fewer."""
        return

    def slice(self, n: int, *, outer: float) -> Slice:
        """Return n sets of the same elements, spread over [-1, 1], growing up to the outer edge."""
        distance = np.linspace(outer / n, outer, n)
        # Multiples of the golden ratio, whose first few are spread as evenly as all of them.
        values = 2 * np.mod(np.arange(1, self.n_elements + 1) * (1 + 5**0.5) / 2, 1.0) - 1
        label = f"number of elements / {self.n_trained}"
        return Slice(label, distance, self._at(distance, np.broadcast_to(values, (n, self.n_elements))), (0.0, 1.0))

    def describe(self, *, inner: float, outer: float) -> str:
        """Return for example "1 to 5 elements U[-1, 1]"."""
        first = int(np.floor(self.n_trained * inner)) + 1
        return f"{first} to {int(np.ceil(self.n_trained * outer))} elements U[-1, 1]"


def sum_of_squares(X: FloatArray) -> FloatArray:
    """Return sum_i x_i^2 (n,) over the elements of X (n, 2 places), absent ones being 0."""
    total: FloatArray = (X[:, ::2] ** 2).sum(axis=1)
    return total


TASKS = (
    Task(
        name="growing-sum",
        title="Sum of squares over more elements than trained on",
        formula="sum_i x_i^2 over 1 to 5 elements, outside 6 to 10",
        source="003_5fff90e101f15d1b: the mean of squares, with the number of paths left open",
        function=sum_of_squares,
        domain=GrowingSet(n_trained=5),
        n_train=2_000,
        set_shape=(10, 2),
        reach=2.0,
        ladder_end=2.0,
        tags=("control",),
    ),
)

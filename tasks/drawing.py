"""Numbers that rows are made of: uniform ones, independent or spread evenly, and rows that are drawn until they fit.

What several domains need belongs here; a domain itself does not.
"""

from collections.abc import Callable

import numpy as np

from tasks.base import FloatArray, Sample


def number(value: float) -> str:
    """Return a number in words: 0.1, and not 0.1000000001."""
    return f"{value:g}"


def uniform_numbers(n: int, d: int, rng: np.random.Generator, *, even: bool) -> FloatArray:
    """Return (n, d) numbers uniform on [0, 1): independent, or a Latin hypercube, one a stratum in each column.

    McKay, Beckman and Conover (1979), Technometrics 21, 239-245.
    """
    if not even:
        return rng.random((n, d))
    strata = np.stack([rng.permutation(n) for _ in range(d)], axis=1)
    # The last stratum's end may round up to 1, which belongs to nobody.
    return np.minimum((strata + rng.random((n, d))) / n, np.nextafter(1.0, 0.0))


def draw_until(
    n: int,
    propose: Callable[[int], FloatArray],
    distance: Callable[[FloatArray], FloatArray],
    inner: float,
    outer: float,
) -> Sample:
    """Return n proposed rows whose distance factor lies in (inner, outer]; what is refused is proposed again."""
    kept: list[Sample] = []
    missing = n
    while missing > 0 or not kept:
        X = propose(missing if not kept else max(64, missing))
        factors = distance(X)
        fit = np.flatnonzero((factors > inner) & (factors <= outer))[:missing]
        kept.append(Sample(X[fit], factors[fit]))
        missing -= len(fit)
    return Sample(np.concatenate([part.X for part in kept]), np.concatenate([part.distance for part in kept]))

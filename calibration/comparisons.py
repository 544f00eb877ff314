"""The published figures that are measured here, by source.

Each folder's `comparisons.py` ends in `COMPARISONS = (...)`; the order here is the order of the page.
"""

from benchmark.store.record import CellId
from calibration.arithmetic import comparisons as arithmetic
from calibration.comparison import Comparison
from calibration.digit_sums import comparisons as digit_sums
from calibration.equations import comparisons as equations
from calibration.friedman import comparisons as friedman
from calibration.libraries import comparisons as libraries
from calibration.rays import comparisons as rays
from calibration.recovery import comparisons as recovery
from calibration.splines import comparisons as splines
from calibration.test_sets import comparisons as test_sets
from findings.needs import most_seeds

# In the order of the page.
COMPARISONS: tuple[Comparison, ...] = (
    *arithmetic.COMPARISONS,
    *friedman.COMPARISONS,
    *rays.COMPARISONS,
    *equations.COMPARISONS,
    *test_sets.COMPARISONS,
    *recovery.COMPARISONS,
    *splines.COMPARISONS,
    *digit_sums.COMPARISONS,
    *libraries.COMPARISONS,
)


def seeds_needed() -> dict[CellId, int]:
    """Return every cell that a comparison needs, with the most seeds that one asks of it."""
    return most_seeds(COMPARISONS)

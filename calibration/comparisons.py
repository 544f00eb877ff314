"""The published figures that are measured here, by source.

Each folder's `comparisons.py` ends in `COMPARISONS = (...)`; the order here is the order of the page.
"""

from benchmark.store.record import CellId
from calibration.arithmetic import comparisons as arithmetic
from calibration.comparison import Comparison
from calibration.friedman import comparisons as friedman
from calibration.rays import comparisons as rays

# In the order of the page.
COMPARISONS: tuple[Comparison, ...] = (*arithmetic.COMPARISONS, *friedman.COMPARISONS, *rays.COMPARISONS)


def seeds_needed() -> dict[CellId, int]:
    """Return every cell that a comparison needs, with the most seeds that one asks of it."""
    needed: dict[CellId, int] = {}
    for comparison in COMPARISONS:
        for cell in comparison.cells:
            needed[cell] = max(needed.get(cell, 0), comparison.seeds_of(cell))
    return needed

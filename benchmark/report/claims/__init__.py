"""The claims of the threads as testable statements: what each needs, and how records decide it.

Each file ends in `FINDINGS = (...)`; the order here is the order of the page.
"""

from benchmark.report.claims import beyond, linear, one_constant, scaling, sets, squares
from benchmark.report.claims.finding import Finding, Place

FINDINGS: tuple[Finding, ...] = (
    *linear.FINDINGS,
    *scaling.FINDINGS,
    *beyond.FINDINGS,
    *sets.FINDINGS,
    *one_constant.FINDINGS,
    *squares.FINDINGS,
)


def places() -> frozenset[Place]:
    """Return every cell that a finding needs."""
    return frozenset(place for finding in FINDINGS for place in finding.cells)

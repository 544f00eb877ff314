"""The claims of the threads as testable statements: what each needs, and how records decide it.

Each file ends in `FINDINGS = (...)`; the order here is the order of the page.
"""

from benchmark.report.claims import beyond, linear, one_constant, scaling, sets, squares
from benchmark.report.claims.evidence import Place
from benchmark.report.claims.finding import Finding

FINDINGS: tuple[Finding, ...] = (
    *linear.FINDINGS,
    *scaling.FINDINGS,
    *beyond.FINDINGS,
    *sets.FINDINGS,
    *one_constant.FINDINGS,
    *squares.FINDINGS,
)


def seeds_needed() -> dict[Place, int]:
    """Return every cell that a finding needs, with the most seeds that one asks of it."""
    needed: dict[Place, int] = {}
    for finding in FINDINGS:
        for place in finding.cells:
            needed[place] = max(needed.get(place, 0), finding.seeds_of(place))
    return needed

"""The claims of the threads as testable statements: what each needs, and how records decide it.

Each file ends in `FINDINGS = (...)`; the order here is the order of the page.
"""

from collections.abc import Mapping

from benchmark.record import Record, TaskCard
from benchmark.report.claims import beyond, linear, one_constant, scaling, sets, squares
from benchmark.report.claims.evidence import Evidence, Place
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


def curves_read(cards: Mapping[str, TaskCard], records: Mapping[Place, Record]) -> frozenset[Place]:
    """Return the cells of which a finding looks at the curve of every seed, as far as these records let it judge."""
    evidence = Evidence(cards, records)
    for finding in FINDINGS:
        if not finding.missing(evidence):
            finding.judge(evidence)
    return evidence.curves_read

"""The claims of the threads as testable statements: what each needs, and how records decide it.

Each file ends in `FINDINGS = (...)`; the order here is the order of the page.
"""

from collections.abc import Mapping

from benchmark.store.record import Record, TaskCard
from findings.any_function import claims as any_function
from findings.evidence import Evidence, Place
from findings.finding import Finding
from findings.lambda_ import claims as lambda_
from findings.mean_of_squares import claims as mean_of_squares
from findings.outside import claims as outside
from findings.pair_sum import claims as pair_sum
from findings.scaling import claims as scaling
from findings.square import claims as square

FINDINGS: tuple[Finding, ...] = (
    *square.FINDINGS,
    *scaling.FINDINGS,
    *outside.FINDINGS,
    *any_function.FINDINGS,
    *pair_sum.FINDINGS,
    *lambda_.FINDINGS,
    *mean_of_squares.FINDINGS,
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

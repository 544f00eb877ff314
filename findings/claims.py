"""The claims of the threads as testable statements: what each needs, and how records decide it.

Each file ends in `FINDINGS = (...)`; the order here is the order of the page.
"""

from collections.abc import Mapping

from benchmark.store.record import CellId, Record, TaskCard
from findings.any_function import claims as any_function
from findings.divisibility import claims as divisibility
from findings.evidence import Key, evidence_of
from findings.finding import Finding
from findings.knowing import claims as knowing
from findings.lambda_ import claims as lambda_
from findings.mean_of_squares import claims as mean_of_squares
from findings.needs import most_seeds
from findings.next_square import claims as next_square
from findings.outside import claims as outside
from findings.pair_sum import claims as pair_sum
from findings.parabola import claims as parabola
from findings.product import claims as product
from findings.scaling import claims as scaling
from findings.sine import claims as sine
from findings.square import claims as square
from findings.trend import claims as trend
from findings.two_waves import claims as two_waves

# In the order of the page.
SUBJECTS: Mapping[str, tuple[Finding, ...]] = {
    "a square": (*square.FINDINGS, *scaling.FINDINGS),
    "outside the training range": outside.FINDINGS,
    "any function": any_function.FINDINGS,
    "a sum over a pair": pair_sum.FINDINGS,
    "recovering a constant": lambda_.FINDINGS,
    "a mean of squares": mean_of_squares.FINDINGS,
    "the next square": next_square.FINDINGS,
    "x^2 on an interval": parabola.FINDINGS,
    "a sine": sine.FINDINGS,
    "beyond the end of a trend": trend.FINDINGS,
    "a product and a ratio": product.FINDINGS,
    "two waves": two_waves.FINDINGS,
    "divisibility": divisibility.FINDINGS,
    "does it know": knowing.FINDINGS,
}
FINDINGS: tuple[Finding, ...] = tuple(finding for findings in SUBJECTS.values() for finding in findings)


def seeds_needed() -> dict[CellId, int]:
    """Return every cell that a finding needs, with the most seeds that one asks of it."""
    return most_seeds(FINDINGS)


def curves_read(cards: Mapping[str, TaskCard], records: Mapping[Key, Record]) -> frozenset[CellId]:
    """Return the cells of which a finding looks at the curve of every seed, as far as these records let it judge."""
    evidence = evidence_of(cards, records)
    for finding in FINDINGS:
        if not finding.missing(evidence):
            finding.judge(evidence)
    return evidence.curves_read

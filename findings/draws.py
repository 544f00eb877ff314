"""Whether a figure would decide the same with other seeds."""

from dataclasses import replace

import numpy as np

from findings.checks import Check
from findings.evidence import Evidence
from findings.finding import Finding, Judgement
from findings.statements import Statement

REDRAWS = 400
# As the ends of a 95 % interval.
MOST_TURNED = 0.025


def settled(finding: Finding, evidence: Evidence, *, redraws: int = REDRAWS) -> Judgement:
    """Return the judgement, undecided wherever a figure decides otherwise in more than 2.5 % of the redraws.

    A redraw is a bootstrap of the seeds, the same seeds for all cells of the finding that have as many: Efron and
    Tibshirani (1993), "An Introduction to the Bootstrap". The redraws are fixed, so the same records give the same.
    """
    judgement = finding.judge(evidence)

    def asked_again(statement: Statement, check: Check) -> Check:
        again = (statement.check(evidence.redrawn(number)) for number in range(redraws))
        turned = sum(other.holds != check.holds for other in again) / redraws
        return replace(check, turned=turned, holds="undecided" if turned > MOST_TURNED else check.holds)

    pairs = zip(finding.statements, judgement.checks, strict=True)
    with np.errstate(all="ignore"):
        checks = tuple(asked_again(*pair) if pair[1].by_figure else pair[1] for pair in pairs)
    return replace(judgement, checks=checks)

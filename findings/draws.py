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


def asked_again(statement: Statement, evidence: Evidence, *, redraws: int = REDRAWS) -> Check:
    """Return a statement as these records decide it, undecided where other draws of the seeds turn its figure.

    A redraw is a bootstrap of the seeds, the same seeds for all cells that have as many: Efron and Tibshirani (1993),
    "An Introduction to the Bootstrap". The redraws are fixed, so the same records give the same.
    """
    check = statement.check(evidence)
    if not check.by_figure:
        return check
    with np.errstate(all="ignore"):
        turned = sum(statement.check(evidence.redrawn(i)).holds != check.holds for i in range(redraws)) / redraws
    return replace(check, turned=turned, holds="undecided" if turned > MOST_TURNED else check.holds)


def settled(finding: Finding, evidence: Evidence, *, redraws: int = REDRAWS) -> Judgement:
    """Return the judgement, undecided wherever a figure decides otherwise in more than 2.5 % of the redraws."""
    checks = tuple(asked_again(statement, evidence, redraws=redraws) for statement in finding.statements)
    return replace(finding.judge(evidence), checks=checks)

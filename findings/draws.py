"""Whether a figure would decide the same with other seeds."""

from dataclasses import replace

import numpy as np

from findings.evidence import Evidence
from findings.finding import Finding, Judgement

REDRAWS = 400
# As the ends of a 95 % interval.
MOST_TURNED = 0.025


def settled(finding: Finding, evidence: Evidence, *, redraws: int = REDRAWS) -> Judgement:
    """Return the judgement, undecided wherever a figure decides otherwise in more than 2.5 % of the redraws.

    A redraw is a bootstrap of the seeds, the same seeds for all cells of the finding that have as many: Efron and
    Tibshirani (1993), "An Introduction to the Bootstrap". The redraws are fixed, so the same records give the same.
    """
    judgement = finding.judge(evidence)
    if not any(check.by_figure for check in judgement.checks):
        return judgement
    turned = np.zeros(len(judgement.checks))
    with np.errstate(all="ignore"):
        for number in range(redraws):
            again = finding.judge(evidence.redrawn(number)).checks
            turned += [a.holds != b.holds for a, b in zip(judgement.checks, again, strict=True)]
    checks = tuple(
        replace(check, turned=share, holds="undecided" if share > MOST_TURNED else check.holds)
        if check.by_figure
        else check
        for check, share in zip(judgement.checks, (turned / redraws).tolist(), strict=True)
    )
    return replace(judgement, checks=checks)

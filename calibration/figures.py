"""Figures that only comparisons with published ones need."""

from dataclasses import dataclass

import numpy as np

from findings.evidence import Evidence, Sample
from findings.figures import Figure, Recorded


@dataclass(frozen=True, kw_only=True)
class Chosen(Figure):
    """A figure of the one seed whose other figure is the smallest, as who chooses among many starts has it."""

    figure: Recorded
    by: Recorded

    def of(self, evidence: Evidence) -> Sample:
        """Return it as a sample of one."""
        values, others = self.figure.of(evidence).values, self.by.of(evidence).known
        return Sample(values[[int(np.argmin(others))]])


def chosen(figure: Recorded, *, by: Recorded) -> Chosen:
    """Return a figure of the seed that another figure of the same cell chooses."""
    what = f"{figure.what} of the seed with the least {by.what}"
    return Chosen(who=figure.who, what=what, unit=figure.unit, figure=figure, by=by)

"""What the seeds of a cell say of it, in words: an estimate, which more seeds only make surer.

A share of seeds is judged by its Wilson interval. A cell *solves* a region where surely more than 59 % of its seeds do,
that is where the lower end is at least 0.59; it does not where surely fewer than 41 % do; else it solves it in part.
The two bounds were chosen by how often ten seeds and a hundred of one model say the same: docs/verdicts.md.
"""

from dataclasses import dataclass
from typing import Literal

from benchmark.board.statistics import wilson_interval

MOST, FEW = 0.59, 0.41

Verdict = Literal["holds outside", "inside only", "does not learn", "in part", "failed", "not applicable"]


@dataclass(frozen=True)
class Share:
    """k of n seeds, n >= 1."""

    k: int
    n: int

    def __str__(self) -> str:
        return f"{self.k}/{self.n}"

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson 95 % interval of the rate."""
        return wilson_interval(self.k, self.n)

    @property
    def unanimous(self) -> bool:
        """Whether all seeds agree."""
        return self.k in (0, self.n)

    @property
    def most(self) -> bool:
        """Whether surely most seeds do."""
        return self.interval[0] >= MOST

    @property
    def few(self) -> bool:
        """Whether surely few seeds do."""
        return self.interval[1] <= FEW


def enough(n: int) -> bool:
    """Whether n seeds that agree are enough for a verdict."""
    return n > 0 and Share(n, n).most


def _bare(inside: bool, outside: bool) -> Verdict:
    return "holds outside" if inside and outside else "inside only" if inside else "does not learn"


def of_one(*, inside: bool, outside: bool, exact: bool) -> tuple[Verdict, str]:
    """Return the verdict of what has no seeds, bare and as printed: its errors are what they are."""
    bare = _bare(inside, outside)
    return bare, f"{bare}, exact" if exact and inside and outside else bare


def verdict(n: int, *, inside: int, outside: int, failed: int, exact: int) -> tuple[Verdict, str]:
    """Return the verdict of a cell of which n seeds count, bare and as printed.

    `inside` seeds solve the task inside, `outside` solve it inside and outside, `exact` of these leave nothing but
    rounding, `failed` have no error.
    """
    if n == 0:
        return "not applicable", "not applicable"
    if failed == n:
        return "failed", "failed"
    learns, holds = Share(inside, n), Share(outside, n)
    if learns.unanimous and holds.unanimous:
        bare, text = of_one(inside=inside > 0, outside=outside > 0, exact=exact == n)
        return bare, text if enough(n) else f"{bare} so far {n}/{n}"
    if learns.few:
        return "does not learn", f"does not learn {learns}"
    # Few seeds that all learn leave the question of the outside.
    if not (learns.most or learns.unanimous):
        return "in part", f"in part {learns}"
    if holds.most:
        return "holds outside", f"holds outside {holds}"
    if holds.few:
        return "inside only", "inside only" if learns.unanimous else f"inside only {learns}"
    return "in part", f"in part outside {holds}"

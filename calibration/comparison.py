"""What a comparison is: a published figure, the same figure measured here, and the band in which both count as equal.

Everything here sees records only, through `Evidence`, and decides as the statements of the findings do.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from benchmark.board.statistics import wilson_interval
from benchmark.store.record import CellId
from benchmark.words import percent
from findings.checks import Check, Counted, by_share_within
from findings.draws import REDRAWS, asked_again
from findings.evidence import Evidence, Sample
from findings.figures import Figure, Limit, parts
from findings.needs import SEEDS
from findings.sources import Source
from findings.statements import Decision, Median, Share, Statement

Verdict = Literal["reproduced", "not reproduced", "undecided", "not comparable", "no evidence"]
Measured = Figure | Share
_VERDICTS: dict[str, Verdict] = {"yes": "reproduced", "no": "not reproduced", "undecided": "undecided"}


@dataclass(frozen=True, kw_only=True)
class Study:
    """Where figures were published: the `place` is a table, or a path at a commit.

    The `protocol` is what was done there, and `differs` what is done otherwise here.
    """

    name: str
    source: Source
    place: str
    protocol: str
    differs: str


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A figure as its source prints it, in the unit of ours: from `low` to `high` lies its `spread`, over `runs`."""

    value: float
    low: float = math.nan
    high: float = math.nan
    spread: str = ""
    runs: int = 0

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"a printed figure must be a finite number, got {self.value}")
        if math.isnan(self.low) != math.isnan(self.high) or bool(self.spread) != math.isfinite(self.low):
            raise ValueError(
                f"a spread has two ends and a name, got {self.low} to {self.high}, named {self.spread!r}; give all "
                "three, or none"
            )


def printed_share(k: int, n: int) -> Printed:
    """Return a published rate of k runs of n, with its 95 % Wilson interval."""
    low, high = wilson_interval(k, n)
    return Printed(value=k / n, low=low, high=high, spread="95 % interval", runs=n)


def cells_of(measured: Measured) -> tuple[CellId, ...]:
    """Return the cells that a figure is read from, each once."""
    return tuple(dict.fromkeys(parts(measured, CellId)))


@dataclass(frozen=True)
class Experiment:
    """The figure once more, with one thing `changed` that is suspected of the difference."""

    changed: str
    ours: Measured


@dataclass(frozen=True)
class Measurement:
    """What the records say of one figure: every seed of it, or of how many seeds it is true."""

    found: Sample | Counted

    @property
    def value(self) -> float:
        """The median over the seeds, or the share of them."""
        return self.found.median if isinstance(self.found, Sample) else self.found.k / max(1, self.found.n)

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval."""
        return self.found.interval

    @property
    def n_seeds(self) -> int:
        """How many seeds it is of."""
        return len(self.found.values) if isinstance(self.found, Sample) else self.found.n


def _ended(cell: CellId, evidence: Evidence) -> bool:
    """Whether a cell is recorded, with its card, and all its seeds went well or diverged."""
    record = evidence.records.get(cell)
    seeds = record.seeds if record else ()
    return cell.task in evidence.cards and bool(seeds) and all(seed.status in ("ok", "diverged") for seed in seeds)


def measure(measured: Measured, evidence: Evidence, *, divergence: bool = False) -> Measurement | None:
    """Return a figure as the records have it, None where one is missing or has a failed seed.

    With `divergence` a seed that diverged is no failure: it has no figure, so that it counts as the worst.
    """
    if not all(evidence.has(cell) or (divergence and _ended(cell, evidence)) for cell in cells_of(measured)):
        return None
    return Measurement(measured.seen(evidence) if isinstance(measured, Share) else measured.of(evidence))


@dataclass(frozen=True)
class Judgement:
    """What became of a comparison: the verdict, what was measured, and the experiments as far as they were run."""

    verdict: Verdict
    ours: Measurement | None
    turned: float
    experiments: tuple[Measurement | None, ...]


@dataclass(frozen=True)
class ShareWithin(Statement):
    """Says that a share of the seeds lies within a limit."""

    share: Share
    limit: Limit

    @property
    def sentence(self) -> str:
        """The sentence with its threshold."""
        figure = self.share.figure
        share = f"the share of seeds whose {figure.within(self.share.limit)}"
        return f"{figure.who}: {share} is {self.limit.says(percent)}"

    def decide(self, evidence: Evidence) -> Decision:
        """Decide by the share and its interval."""
        found = self.share.seen(evidence)
        return f"{found} seeds {found.percents}", by_share_within(found, self.limit.low, self.limit.high)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A published figure beside ours.

    `ours` is a figure of seeds, whose median is compared, or a share of seeds. Both count as equal in the `band`, which
    is written down before the run; `why_band` says from what. With `divergence` a seed that diverged counts as none of
    a share, as in the source; otherwise it is no evidence. `exact` is what the law itself gives, where that is
    known. The `reason` is for every verdict but `reproduced`; with `comparable` False the protocol cannot be met, and
    it says why. `seeds` names the cells that need another number than ten.

    Raises:
        ValueError: the published figure lies outside the band, what is not comparable has no reason, or seeds that
            diverged are to count in a median.
    """

    name: str
    what: str
    study: Study
    published: Printed
    ours: Measured
    band: Limit
    why_band: str
    exact: float | None = None
    reason: str = ""
    comparable: bool = True
    divergence: bool = False
    experiments: tuple[Experiment, ...] = ()
    seeds: Mapping[CellId, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.band.low <= self.published.value <= self.band.high:
            raise ValueError(
                f"comparison {self.name!r}: the published {self.published.value:g} must lie in the band from "
                f"{self.band.low:g} to {self.band.high:g}; take a band around it"
            )
        if self.divergence and not isinstance(self.ours, Share):
            raise ValueError(
                f"comparison {self.name!r}: a seed that diverged has no place in a median; leave divergence out"
            )
        if not (self.comparable or self.reason):
            raise ValueError(f"comparison {self.name!r}: what is not comparable needs a reason; give it one")

    @cached_property
    def cells(self) -> tuple[CellId, ...]:
        """Every cell that it reads, experiments too, each once."""
        every = (self.ours, *(each.ours for each in self.experiments))
        return tuple(dict.fromkeys(cell for measured in every for cell in cells_of(measured)))

    def seeds_of(self, cell: CellId) -> int:
        """Return how many seeds a cell needs."""
        return self.seeds.get(cell, SEEDS)

    @property
    def statement(self) -> Statement:
        """That ours lies in the band, as a statement of the findings."""
        if isinstance(self.ours, Share):
            return ShareWithin(self.ours, self.band)
        return Median(self.ours, self.band)

    def show(self, value: float) -> str:
        """Return a value of this figure as it is to be read."""
        return percent(value) if isinstance(self.ours, Share) else self.ours.unit.show(value)

    def judge(self, evidence: Evidence, *, redraws: int = REDRAWS) -> Judgement:
        """Return what the records say, undecided wherever other draws of the seeds would turn it."""
        experiments = tuple(measure(each.ours, evidence, divergence=self.divergence) for each in self.experiments)
        ours = measure(self.ours, evidence, divergence=self.divergence)
        if ours is None:
            return Judgement("no evidence", None, 0.0, experiments)
        if not self.comparable:
            return Judgement("not comparable", ours, 0.0, experiments)
        check: Check = asked_again(self.statement, evidence, redraws=redraws)
        return Judgement(_VERDICTS[check.holds], ours, check.turned, experiments)

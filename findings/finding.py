"""What a finding is: a question, a claim with its thresholds, the cells it needs, how they decide it, what it answers.

Everything here sees records only, through `Evidence`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from findings.checks import Check
from findings.evidence import Evidence, Place, Sample
from findings.sources import Source

Verdict = Literal["confirmed", "refuted", "depends", "undecided", "no evidence"]
# Of a cell for which a finding names no other number.
SEEDS = 10


@dataclass(frozen=True)
class Row:
    """A line of the evidence: what it is, with its units, and the figure of every seed."""

    what: str
    sample: Sample


@dataclass(frozen=True)
class Dots:
    """A picture: every seed's figure of each labelled sample; `line` marks a threshold."""

    title: str
    axis: str
    rows: tuple[Row, ...]
    line: float | None = None


@dataclass(frozen=True)
class Sweep:
    """A picture: figures of models over the number of training rows, both axes logarithmic."""

    title: str
    axis: str
    curves: Mapping[str, Mapping[int, Sample]]
    line: float | None = None


Picture = Dots | Sweep


@dataclass(frozen=True)
class Judgement:
    """What the records say: the checks, the figures they rest on, the figure that answers, a picture where it helps."""

    checks: tuple[Check, ...]
    rows: tuple[Row, ...]
    detail: str
    picture: Picture | None = None

    @property
    def verdict(self) -> Verdict:
        """`confirmed` where every check holds, `refuted` where none does, `depends` where some do and some do not.

        Otherwise `undecided`: what is decided agrees, or nothing is, and what is not might turn it.
        """
        found = {check.holds for check in self.checks}
        if found == {"yes"}:
            return "confirmed"
        if found == {"no"}:
            return "refuted"
        return "depends" if {"yes", "no"} <= found else "undecided"


class Answer(NamedTuple):
    """What a verdict means to who asked: a few words that answer the question itself, and a sentence."""

    short: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A claim of a thread, settled by experiment.

    `answers` has one for each verdict but `no evidence`; the judgement's detail follows it. `note` says what of the
    experiment is not as the claim has it, and what was changed after the first run. `seeds` names the cells that need
    another number than ten. With `raised`, the source does not ask it and leads to it.
    """

    name: str
    question: str
    source: Source
    claim: str
    cells: tuple[Place, ...]
    judge: Callable[[Evidence], Judgement]
    answers: Mapping[Verdict, Answer]
    note: str = ""
    see: str = ""
    raised: bool = False
    seeds: Mapping[Place, int] = field(default_factory=dict)

    def missing(self, evidence: Evidence) -> tuple[Place, ...]:
        """Return the cells without which there is no verdict: not recorded, without their card, or with a failed seed.

        What failed says nothing for a claim, nor against it.
        """
        return tuple(place for place in self.cells if not evidence.has(place))

    def seeds_of(self, place: Place) -> int:
        """Return how many seeds a cell needs."""
        return self.seeds.get(place, SEEDS)


def cross(tasks: Iterable[str], models: Iterable[str]) -> tuple[Place, ...]:
    """Return every pair of these tasks and models."""
    kept = tuple(models)
    return tuple((task, model) for task in tasks for model in kept)

"""What a finding is: a question, a claim made of statements, what they are worth together, and what it answers.

Everything here sees records only, through `Evidence`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple, Protocol

from benchmark.store.record import CellId
from findings.checks import Check
from findings.evidence import Evidence, Sample
from findings.figures import Figure, Recorded, parts
from findings.needs import SEEDS
from findings.sources import Source
from findings.statements import Statement
from findings.sweeps import Curve

# What someone sees who asks.
Symptom = Literal[
    "off by thousands",
    "a straight line",
    "a high R^2, and wrong all the same",
    "a change makes no difference",
    "wrong outside the training range",
    "wrong inside the training range",
    "needs many rows",
    "predicts the mean",
    "gradients explode",
    "one constant for everything",
    "straight line outside",
    "right on its own rows only",
    "the loss becomes NaN",
    "cannot tell which predictions to trust",
]
Verdict = Literal["confirmed", "refuted", "depends", "undecided", "no evidence"]


@dataclass(frozen=True)
class Dots:
    """A picture: every seed of each figure; `line` marks a threshold."""

    title: str
    axis: str
    figures: tuple[Figure, ...]
    line: float | Callable[[Evidence], float] | None = None


@dataclass(frozen=True)
class Sweep:
    """A picture: figures of models over the number of training rows, both axes logarithmic."""

    title: str
    axis: str
    curves: tuple[Curve, ...]
    line: float | None = None


@dataclass(frozen=True)
class Coverage:
    """A picture: the share of truths in the 95 % interval of models by the distance of the rows, a panel a task."""

    title: str
    cells: tuple[CellId, ...]


Picture = Dots | Sweep | Coverage


class Shown(Protocol):
    """What a sentence may show: a figure, a share, rows, or what a statement measured."""

    def seen(self, evidence: Evidence) -> object:
        """Return what stands in the sentence."""
        ...


@dataclass(frozen=True)
class Told:
    """Sentences with figures in them: `{}` in the text stands for what is shown, in order, `{0.low}` for its part."""

    text: str = ""
    shown: tuple[Shown, ...] = ()

    def tell(self, evidence: Evidence) -> str:
        """Return the sentences."""
        return self.text.format(*(each.seen(evidence) for each in self.shown))


class Row(NamedTuple):
    """A line of the evidence: what it is, with its units, and the figure of every seed."""

    what: str
    sample: Sample


@dataclass(frozen=True)
class Judgement:
    """What the records say: the checks, the figures they rest on, the figure that answers."""

    checks: tuple[Check, ...]
    rows: tuple[Row, ...] = ()
    detail: str = ""

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


# What many claims answer where they are undecided, or hold in part.
NOT_SETTLED = Answer("not settled", "What these seeds decide agrees, and the rest might turn: see the table.")
IN_PART = Answer("in some respects", "The table says in which.")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A claim of a thread, settled by experiment.

    It has an answer for each verdict; `detail` follows it. `evidence` names the figures to show, where those of the
    statements are not what a reader needs. `note` says what of the experiment is not as the claim has it, and what was
    changed after the first run. `seeds` names the cells that need another number than ten. With `raised`, the source
    does not ask it and leads to it. The `symptoms` are what someone sees whom it may help.
    """

    name: str
    question: str
    source: Source
    claim: str
    statements: tuple[Statement, ...]
    confirmed: Answer
    depends: Answer
    undecided: Answer = NOT_SETTLED
    refuted: Answer
    detail: Told = Told()
    evidence: tuple[Figure, ...] = ()
    picture: Picture | None = None
    note: str = ""
    see: str = ""
    raised: bool = False
    symptoms: tuple[Symptom, ...] = ()
    seeds: Mapping[CellId, int] = field(default_factory=dict)

    @property
    def answers(self) -> dict[Verdict, Answer]:
        """The answer of each verdict, but for `no evidence`."""
        return {
            "confirmed": self.confirmed,
            "depends": self.depends,
            "undecided": self.undecided,
            "refuted": self.refuted,
        }

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures that are shown as evidence, each once."""
        own = parts(self.statements, Figure)  # type: ignore[type-abstract]
        return tuple(dict.fromkeys(self.evidence or own))

    @cached_property
    def cells(self) -> tuple[CellId, ...]:
        """Every cell that it reads, each once."""
        return tuple(dict.fromkeys(parts((self.figures, self.statements, self.detail, self.picture), CellId)))

    def missing(self, evidence: Evidence) -> tuple[CellId, ...]:
        """Return the cells without which there is no verdict: not recorded, without their card, or with a failed seed.

        What failed says nothing for a claim, nor against it; nor does a record that is older than what is asked of it.
        """
        asked = [figure for figure in parts((self.figures, self.statements), Recorded) if evidence.has(figure.cell)]
        older = {figure.cell for figure in asked if not figure.is_kept(evidence)}
        return tuple(cell for cell in self.cells if cell in older or not evidence.has(cell))

    def seeds_of(self, cell: CellId) -> int:
        """Return how many seeds a cell needs."""
        return self.seeds.get(cell, SEEDS)

    def judge(self, evidence: Evidence) -> Judgement:
        """Return what the records say, before other draws of the seeds are asked."""
        checks = tuple(statement.check(evidence) for statement in self.statements)
        rows = tuple(Row(f"{figure.who}, {figure.in_unit}", figure.of(evidence)) for figure in self.figures)
        return Judgement(checks, rows, self.detail.tell(evidence))

"""The statements that a claim is made of: each says itself and decides, and its cells and figures are in its fields.

A statement holds its threshold once, as a `Limit`: the words that a reader sees and the test that decides are made
from it. A new kind of statement is one more class here; what only one finding says is `Decided` by a function.
"""

import math
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import numpy as np

from benchmark.board.behaviour import Behaviour
from benchmark.store.record import CellId
from findings.checks import OPPOSITE, Check, Counted, Holds, by_every_seed, by_most_seeds, by_shares, counted
from findings.evidence import Evidence
from findings.figures import Figure, Limit, brief
from findings.sweeps import Curve

# What was measured, in words, and whether it holds: True or False of a figure, which other draws of the seeds may turn,
# or a word where an interval or a law has decided.
Decision = tuple[str, bool | Holds]


@dataclass(frozen=True)
class Statement(ABC):
    """One part of a claim; a `note` follows its sentence."""

    _: KW_ONLY
    note: str = ""

    @property
    @abstractmethod
    def sentence(self) -> str:
        """The sentence with its threshold."""

    @abstractmethod
    def decide(self, evidence: Evidence) -> Decision:
        """Return what was measured and whether it holds."""

    def check(self, evidence: Evidence) -> Check:
        """Return the statement as these records decide it, before other draws of the seeds are asked."""
        measured, holds = self.decide(evidence)
        says = f"{self.sentence} ({self.note})" if self.note else self.sentence
        if isinstance(holds, str):
            return Check(says, measured, holds)
        return Check(says, measured, "yes" if holds else "no", by_figure=True)


def _times(limit: Limit, other: str) -> str:
    """Return for example "at most 0.2 times that of relu-mlp", or "at most that of relu-mlp" where it is once."""
    words = limit.says(lambda value: "" if value == 1 else f"{brief(value)} times").strip()
    return f"{words} that of {other}"


def _holds(limit: Limit, value: float) -> bool:
    return bool(limit.holds(np.array(value)))


@dataclass(frozen=True)
class _OfSeeds(Statement):
    """Says that a figure is within a limit; `also` is shown with it."""

    figure: Figure
    limit: Limit
    _: KW_ONLY
    also: tuple[Figure, ...] = ()

    of: ClassVar[str]

    @property
    def sentence(self) -> str:
        return f"{self.figure.who}: {self.figure.within(self.limit)}, {self.of}"

    def _counted(self, evidence: Evidence) -> Counted:
        return counted(self.limit.holds(self.figure.of(evidence).values))

    def _measured(self, evidence: Evidence, *words: str) -> str:
        return ", ".join([*words, *(f"{figure.what} {figure.seen(evidence)}" for figure in self.also)])


class Every(_OfSeeds):
    """Says it of every seed."""

    of = "every seed"

    def decide(self, evidence: Evidence) -> Decision:
        """Decide by the share of the seeds and its interval."""
        seeds = self._counted(evidence)
        words = (f"{seeds} seeds {seeds.percents}", f"median {self.figure.seen(evidence)}")
        return self._measured(evidence, *words), by_every_seed(seeds)


class Most(_OfSeeds):
    """Says it of most seeds. It is for errors of two modes, of which a median says little."""

    of = "most seeds"

    def decide(self, evidence: Evidence) -> Decision:
        """Decide by the share of the seeds and its interval."""
        seeds = self._counted(evidence)
        return self._measured(evidence, f"{seeds} seeds {seeds.percents}"), by_most_seeds(seeds)


class Median(_OfSeeds):
    """Says it of the median seed."""

    of = "median seed"

    def decide(self, evidence: Evidence) -> Decision:
        """Compare the median with the limit."""
        seen = self.figure.seen(evidence)
        # The figure may be of the best of several.
        words = str(seen) if seen.who == self.figure.who else f"{seen.who}: {seen}"
        return self._measured(evidence, words), _holds(self.limit, self.figure.of(evidence).median)


@dataclass(frozen=True)
class MedianOnEach(Statement):
    """Says of a figure on each of several tasks, by their names, that its median is within a limit."""

    who: str
    by_task: Mapping[str, Figure]
    limit: Limit

    @property
    def sentence(self) -> str:
        """The sentence with its threshold."""
        first = next(iter(self.by_task.values()))
        return f"{self.who}: {first.within(self.limit)} on each of {len(self.by_task)} tasks, median seed"

    def seen(self, evidence: Evidence) -> Counted:
        """Return on how many tasks it is so."""
        return counted(self.limit.holds(np.array([figure.of(evidence).median for figure in self.by_task.values()])))

    def decide(self, evidence: Evidence) -> Decision:
        """Compare the medians with the limit."""
        found = self.seen(evidence)
        each = ", ".join(f"{task} {figure.seen(evidence)}" for task, figure in self.by_task.items())
        return f"{found}: {each}", found.k == found.n


@dataclass(frozen=True)
class Times(Statement):
    """Says how many times the median of one figure is that of another."""

    one: Figure
    other: Figure
    limit: Limit

    @property
    def sentence(self) -> str:
        """The sentence with its threshold."""
        return f"{self.one.who}: median {self.one.in_unit} is {_times(self.limit, self.other.who)}"

    def seen(self, evidence: Evidence) -> str:
        """Return the ratio, to two digits."""
        return f"{self.one.of(evidence).times(self.other.of(evidence)):.2g}"

    def decide(self, evidence: Evidence) -> Decision:
        """Compare the ratio with the limit."""
        ratio = self.one.of(evidence).times(self.other.of(evidence))
        measured = f"{ratio:.3g} times: {self.one.seen(evidence)} against {self.other.seen(evidence)}"
        return measured, _holds(self.limit, ratio)


@dataclass(frozen=True)
class Share:
    """The share of seeds whose figure is within a limit. A seed without the figure has the worst there is."""

    figure: Figure
    limit: Limit

    def seen(self, evidence: Evidence) -> Counted:
        """Return of how many seeds it is true."""
        return counted(self.limit.holds(self.figure.of(evidence).known))


@dataclass(frozen=True)
class Shares(Statement):
    """Says how many times one share of the seeds is another, of the same figure.

    Raises:
        ValueError: the limit has not one end.
    """

    one: Share
    other: Share
    limit: Limit

    def __post_init__(self) -> None:
        if math.isfinite(self.limit.low) == math.isfinite(self.limit.high):
            raise ValueError(f"{self.limit} cannot compare shares: give it one end, as at_most(0.5) or above(0.5) have")

    @property
    def sentence(self) -> str:
        """The sentence with its threshold."""
        share = f"the share of seeds whose {self.one.figure.within(self.one.limit)}"
        return f"{self.one.figure.who}: {share} is {_times(self.limit, self.other.figure.who)}"

    def decide(self, evidence: Evidence) -> Decision:
        """Decide by the interval of the difference."""
        ours, theirs = self.one.seen(evidence), self.other.seen(evidence)
        fewer = math.isfinite(self.limit.high)
        holds = by_shares(ours, theirs, at_most_times=self.limit.high if fewer else self.limit.low)
        return f"{ours} {ours.percents} against {theirs} {theirs.percents}", holds if fewer else OPPOSITE[holds]


@dataclass(frozen=True)
class RowsNeeded(Statement):
    """Says how many times the training rows of another model one needs, for the same median error."""

    one: Curve
    other: Curve
    limit: Limit

    @property
    def sentence(self) -> str:
        """The sentence with its threshold."""
        times = f"{self.limit.says(brief)} times the rows of {self.other.who}"
        return f"{self.one.who}: for {self.one.says} it needs {times}"

    def decide(self, evidence: Evidence) -> Decision:
        """Compare the rows."""
        one, other = self.one.seen(evidence), self.other.seen(evidence)
        return f"{one} against {other}", _holds(self.limit, one.n / other.n)


@dataclass(frozen=True)
class Behaves(Statement):
    """Says that a model does along the slice what a word means on some tasks of its cells, and not on the others."""

    cells: tuple[CellId, ...]
    word: Behaviour
    on: frozenset[str]

    @property
    def sentence(self) -> str:
        """The sentence."""
        some = ", ".join(cell.task for cell in self.cells if cell.task in self.on)
        where = f"{self.word} on {some}, and on no other of {len(self.cells)} tasks"
        return f"{self.cells[0].model}: along the slice it {where}, every seed"

    def decide(self, evidence: Evidence) -> Decision:
        """Decide by the share of the seeds that keep all curves; the usual word of each task is shown."""
        words = {cell.task: evidence.words(cell) for cell in self.cells}
        seeds = sorted(set.intersection(*(set(by_seed) for by_seed in words.values())))
        right = [{task for task in words if words[task][seed] == self.word} == self.on for seed in seeds]
        found = counted(np.array(right, dtype=bool))
        usual = {task: Counter(by_seed.values()).most_common(1)[0][0] for task, by_seed in words.items() if by_seed}
        measured = ", ".join([f"{found} seeds {found.percents}", *(f"{task} {word}" for task, word in usual.items())])
        return measured, by_every_seed(found)


@dataclass(frozen=True)
class Decided(Statement):
    """Says what has no common shape: a function decides by the cells that it reads."""

    text: str
    reads: tuple[CellId, ...]
    by: Callable[[Evidence], Decision]

    @property
    def sentence(self) -> str:
        """The text."""
        return self.text

    def decide(self, evidence: Evidence) -> Decision:
        """Return what the function says."""
        return self.by(evidence)

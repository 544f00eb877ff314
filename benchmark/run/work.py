"""The one engine of all work: items are called, somewhere and some at a time, and each is taken in as it ends."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from benchmark.run.options import RunOptions
from benchmark.workers.cluster import Watcher
from benchmark.workers.isolation import Call, Limits, Outcome
from benchmark.workers.pool import run_calls

# Runs numbered calls, and yields how each ended.
Runner = Callable[[Iterable[tuple[int, Call]]], Generator[tuple[int, Outcome]]]


class Progress(Watcher, Protocol):
    """Where a run says how far it is, and a cluster how it is."""

    def begin(self, what: str, total: int) -> None:
        """Say that a pass of `total` steps begins."""

    def step(self, name: str, words: str, *, well: bool) -> None:
        """Say that one step is done, how it went, and whether it went well."""

    def end(self) -> None:
        """Say that the pass is over."""


@dataclass(frozen=True)
class Trouble:
    """Something that went wrong with a task or a model's cell, in words, and where its output lies."""

    name: str
    status: str
    reason: str
    log: Path | None
    model: str = ""


@dataclass(frozen=True)
class Done:
    """A step of the work that is done, how it went in words, whether it went well, and what is to be told of it."""

    name: str
    words: str
    well: bool
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Item:
    """A call, and what takes in how it ended: it keeps what was made, and returns the steps that are done by it."""

    call: Call
    take: Callable[[Outcome], Iterable[Done]]


def here(options: RunOptions, *, jobs: int | None = None, limits: Limits | None = None) -> Runner:
    """Return what runs calls on this machine, within the options' limits where a call has none of its own."""
    return partial(run_calls, jobs=jobs or options.jobs, limits=limits or options.limits)


def work(
    what: str, items: Sequence[Item], *, on: Runner, progress: Progress, n_steps: int | None = None
) -> list[Trouble]:
    """Run items, keep what each makes as it comes, and return what went wrong.

    `n_steps` is the number of steps that are done by all of them, one an item unless given.
    """
    troubles = []
    progress.begin(what, len(items) if n_steps is None else n_steps)
    with closing(on((number, item.call) for number, item in enumerate(items))) as outcomes:
        for number, outcome in outcomes:
            for done in items[number].take(outcome):
                progress.step(done.name, done.words, well=done.well)
                if done.trouble:
                    troubles.append(done.trouble)
    progress.end()
    return troubles

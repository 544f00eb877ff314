"""How far a run is: a line a step, or a bar on a terminal, to stderr."""

import sys
import time
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from benchmark.words import visible


def say(text: str) -> None:
    """Print a message for the person at the keyboard; no character of a plugin's words acts on the terminal."""
    print(visible(text), file=sys.stderr, flush=True)


def say_in_place(text: str, *, last: bool) -> None:
    """Print a line over the one before, and take the last one away again: for who watches a notebook or a terminal."""
    words = visible(text)
    print(f"\r{' ' * len(words)}\r" if last else f"\r{words}", end="", file=sys.stderr, flush=True)


def _on_workers(n: int | None) -> str:
    return "" if n is None else f", {n} worker{'' if n == 1 else 's'}"


class PlainProgress:
    """A line a step, for logs and pipes."""

    _workers: int | None = None

    def begin(self, what: str, total: int) -> None:
        """Say what begins."""
        self._what, self._total, self._done, self._start = what, total, 0, time.monotonic()
        say(f"{what}: {total} to run")

    def step(self, name: str, words: str, *, well: bool) -> None:
        """Say how a step went, well or not, and how long the rest may take."""
        self._done += 1
        left = (time.monotonic() - self._start) / self._done * (self._total - self._done)
        where = f"{self._what} {self._done}/{self._total}{_on_workers(self._workers)}"
        say(f"[{where}, {left:.0f} s left] {name}: {words}")

    def end(self) -> None:
        """Say how long it took."""
        say(f"{self._what}: done in {time.monotonic() - self._start:.1f} s")
        self._workers = None

    def workers(self, n: int) -> None:
        """Say it with every step to come of this pass."""
        self._workers = n

    def say(self, text: str) -> None:
        """Say it on a line of its own."""
        say(text)

    def close(self) -> None:
        """Leave nothing behind: there is nothing."""


class BarProgress:
    """A bar on a terminal; steps that did not go well stay above it."""

    def __init__(self) -> None:
        self._bar = Bar()
        self._what = ""
        self._workers: int | None = None
        self._task: TaskID | None = None

    def begin(self, what: str, total: int) -> None:
        """Show an empty bar."""
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._what = what
        self._task = self._bar.add_task(what + _on_workers(self._workers), total=total)
        self._bar.start()

    def step(self, name: str, words: str, *, well: bool) -> None:
        """Move the bar, and leave standing what did not go well."""
        if not well:
            self._bar.console.print(f"{name}: {words}", markup=False, highlight=False)
        if self._task is not None:
            self._bar.advance(self._task)

    def end(self) -> None:
        """Leave the full bar standing."""
        self._bar.stop()
        self._task, self._workers = None, None

    def workers(self, n: int) -> None:
        """Show it beside the bar."""
        self._workers = n
        if self._task is not None:
            self._bar.update(self._task, description=self._what + _on_workers(n))

    def say(self, text: str) -> None:
        """Leave it standing above the bar."""
        if self._task is None:
            say(text)
        else:
            self._bar.console.print(visible(text), markup=False, highlight=False)

    def close(self) -> None:
        """Give the terminal back, also from the middle of a pass."""
        self._bar.stop()


def progress_on(stream: TextIO) -> BarProgress | PlainProgress:
    """Return a bar for a terminal, lines for anything else."""
    return BarProgress() if stream.isatty() else PlainProgress()

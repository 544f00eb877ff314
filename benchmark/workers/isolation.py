"""Runs a call in processes of its own, so that nothing a plugin does can take the run down.

Each call gets a fresh child of a server that has the heavy libraries imported already (see `server`). That
child is the call's keeper (see `keeper`), and the plugin runs in a process below it, which guards itself
first (see `guard`). Answers come as lines of JSON over a channel, seed by seed for a cell, and are
read as foreign; whatever else happens becomes a status and a sentence. A seed that ends its process costs
itself: the seeds after it run in the next one.
"""

import contextlib
import json
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from benchmark.cell.outcome import CellSpec, outcome_of
from benchmark.store.record import Environment, Status
from benchmark.workers import server
from benchmark.workers.calls import CALLS, Subject, run_model, serve_rows
from benchmark.workers.ending import ending_of, with_limit
from benchmark.workers.guard import capture_output, guard
from benchmark.workers.heard import Answer, Heard
from benchmark.workers.keeper import keep
from benchmark.workers.logs import is_plain, make_way, trim
from benchmark.workers.removal import remove
from benchmark.workers.wire import listener

_END_SECONDS = 5.0


@dataclass(frozen=True)
class Limits:
    """What a call may take: wall-clock seconds, MiB of memory on top of the libraries' own, and MiB of files."""

    seconds: float
    memory_mib: int
    disk_mib: int = 1024


@dataclass(frozen=True)
class Call:
    """A call of `benchmark.workers.calls` by name, and what it is about; `log` keeps what it prints."""

    name: str
    subject: Subject
    log: Path | None = None
    # In a new interpreter with nothing imported beforehand: slower to start, and needs no heavy libraries.
    clean: bool = False
    # What this call may take, where it is not what the others may.
    limits: Limits | None = None


@dataclass(frozen=True)
class Outcome:
    """How a call ended: its answer when `ok`, otherwise a status and a sentence; and where, if not here.

    An answer is foreign, a value as JSON has them. That of a cell is a list with the outcome of every seed, in order.
    """

    status: Status
    reason: str = ""
    answer: Any = None
    environment: Environment | None = None


def _sayer(channel: Connection) -> Callable[[Mapping[str, object]], None]:
    def say(words: Mapping[str, object]) -> None:
        line = json.dumps(words, allow_nan=False).encode() + b"\n"
        while line:
            line = line[os.write(channel.fileno(), line) :]

    return say


def _workers(call: Call, limits: Limits, scratch: str, channel: Connection) -> dict[str, Callable[[], None]]:
    """Return what each process of a call does, by its role; the first one alone has the channel to the run."""
    say = _sayer(channel)

    def answering(step: Callable[[], object]) -> None:
        try:
            guard(scratch, seconds=limits.seconds, memory_mib=limits.memory_mib)
            try:
                said = {"status": "ok", "answer": step()}
            except BaseException as error:
                said = dict(outcome_of(error))
                with contextlib.suppress(Exception):
                    traceback.print_exc()
            say({"answer": said})
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
        except BaseException:
            # No answer is an answer as well; the parent finds the words.
            with contextlib.suppress(BaseException):
                traceback.print_exc()
                sys.stderr.flush()

    if not isinstance(cell := call.subject, CellSpec):
        return {"call": lambda: answering(lambda: CALLS[call.name](call.subject))}
    listening, address = listener()

    def rows() -> None:
        serve_rows(call.name, cell, listening=listening, key=address.key, say=say)

    def model() -> None:
        channel.close()
        if address.name.startswith("\0"):
            listening.close()
        guard(scratch, seconds=limits.seconds, memory_mib=limits.memory_mib)
        run_model(call.name, cell, address)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()

    return {
        "rows": lambda: answering(rows),
        "model": model,
    }


def _in_child(call: Call, limits: Limits, scratch: str, log: Path, channel: Connection) -> None:
    """Keep the processes that answer a call: the first and only thing a child does."""
    capture_output(log)
    run = multiprocessing.parent_process()
    assert run is not None
    workers = _workers(call, limits, scratch, channel)
    keep(
        workers,
        run=run.sentinel,
        channel=channel.fileno(),
        scratch=scratch,
        memory_mib=limits.memory_mib,
        disk_mib=limits.disk_mib,
    )


# Every call that is on its way, by the process that keeps it.
_on_their_way: "dict[int, Running]" = {}


def end_all() -> None:
    """End every call that is still running, also one that nobody listens to any more, and leave no file of theirs."""
    for running in list(_on_their_way.values()):
        running.kill()
    server.end_strangers(())
    server.remove_folder()


class Running:
    """A call on its way in child processes: `look` until it is over, then `collect`."""

    def __init__(self, call: Call, limits: Limits) -> None:
        self._call, self._limits = call, call.limits or limits
        self._seeds = call.subject.seeds if isinstance(call.subject, CellSpec) else ()
        self._found: dict[int, dict[str, Any]] = {}
        self._outcome: Outcome | None = None
        self._late_from = float("inf")
        if call.log:
            make_way(call.log)
        self._begin(self._seeds)
        self._deadline = time.monotonic() + self._limits.seconds

    def _begin(self, seeds: tuple[int, ...]) -> None:
        """Start a process for these seeds, or for a call that has none."""
        self._asked, self._heard, self._late_from = seeds, Heard(), float("inf")
        self._scratch = server.scratch()
        self._log = self._call.log or self._scratch / "output.log"
        if self._asked != self._seeds and not is_plain(self._log):
            # The seeds before have put something else there, or nothing.
            make_way(self._log)
        subject = self._call.subject
        if isinstance(subject, CellSpec):
            subject = replace(subject, seeds=seeds)
        call = Call(self._call.name, subject, clean=self._call.clean)
        context = server.CLEAN if call.clean else server.CONTEXT
        self._channel, theirs = context.Pipe()
        with theirs:
            process = context.Process(
                target=_in_child, args=(call, self._limits, str(self._scratch), self._log, theirs), daemon=False
            )
            server.start(process)
        os.set_blocking(self._channel.fileno(), False)
        self._process = process
        self._keeper: int = process.pid or 0
        self._handle = _handle(self._keeper)
        _on_their_way[self._keeper] = self

    @property
    def waits_for(self) -> list[Any]:
        """What becomes ready when there may be something to look at."""
        return [self._channel, self._end_handle]

    @property
    def _end_handle(self) -> int:
        return self._process.sentinel if self._handle is None else self._handle

    @property
    def seconds_left(self) -> float:
        """How long it may still take."""
        return max(0.0, self._deadline - time.monotonic())

    def look(self) -> bool:
        """Take in what has come; return whether the call is over, so that there is something to collect."""
        if self._outcome is None:
            self._heard.read(self._channel.fileno())
            if self._answered():
                self._late_from = min(self._late_from, time.monotonic())
            if self._process_over() or self.seconds_left == 0:
                self._conclude()
        return self._outcome is not None

    def collect(self) -> Outcome:
        """Return how the call ended."""
        assert self._outcome is not None, "look until the call is over"
        return self._outcome

    def kill(self) -> None:
        """End the child and everything below it, and remove its scratch folder."""
        if not self._channel.closed:
            self._end()
            self._clean_up()

    def _answered(self) -> bool:
        return self._heard.answer is not None or (self._asked != () and set(self._asked) <= self._heard.seeds.keys())

    def _process_over(self) -> bool:
        # A keeper that a plugin has stopped does not end, though all is said.
        late = time.monotonic() > self._late_from + _END_SECONDS
        return late or self._heard.closed or self._heard.end is not None or bool(wait([self._end_handle], 0))

    def _conclude(self) -> None:
        """Take the end of a process for what it is, and go on with the seeds that it did not come to."""
        in_time = self.seconds_left > 0
        self._end()
        self._heard.read(self._channel.fileno())
        said = self._heard.answer
        if said is None or (self._asked and said.status == "ok"):
            said = ending_of(self._heard, self._log, in_time=in_time, **vars(self._limits))
        if not self._asked:
            self._outcome = Outcome(said.status, said.reason, said.answer if said.status == "ok" else None)
        else:
            self._take_seeds(said, in_time=in_time)
        self._clean_up()
        if self._outcome is None:
            self._begin(tuple(seed for seed in self._asked if seed not in self._found))

    def _take_seeds(self, end: Answer, *, in_time: bool) -> None:
        """Keep what a process has answered, and blame its end on the seed that it was at."""
        self._found |= {seed: said for seed, said in self._heard.seeds.items() if seed in self._asked}
        missing = [seed for seed in self._asked if seed not in self._found]
        together = self._heard.together and len(missing) == len(self._asked)
        # Without rows there is nothing to go on with.
        all_of_them = together or end is self._heard.answer
        for seed in missing if all_of_them else missing[:1]:
            self._found[seed] = {"seed": seed, "status": end.status, "reason": end.reason}
        if not in_time:
            for seed in missing[1:]:
                words = f"not begun: {end.reason} in seed {missing[0]}"
                self._found.setdefault(seed, {"seed": seed, "status": end.status, "reason": words})
        if set(self._seeds) <= self._found.keys():
            every = [with_limit(self._found[seed], self._limits.memory_mib) for seed in self._seeds]
            self._outcome = Outcome("ok", answer=every)

    def _end(self) -> None:
        # The keeper ends all that the call has started; without it each process dies by the kernel.
        for number in (signal.SIGTERM, signal.SIGKILL):
            # Its last word is that nothing is left but itself, which is about to end.
            if self._heard.end is not None or wait([self._end_handle], 0):
                break
            with contextlib.suppress(ProcessLookupError):
                if self._handle is None:
                    os.kill(self._keeper, number)
                else:
                    signal.pidfd_send_signal(self._handle, number)
            wait([self._end_handle], _END_SECONDS)
        self._heard.read(self._channel.fileno())
        _on_their_way.pop(self._keeper, None)
        if self._heard.end is None:
            server.end_strangers(_on_their_way.keys())

    def _clean_up(self) -> None:
        trim(self._log)
        remove(self._scratch)
        self._channel.close()
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _handle(pid: int) -> int | None:
    """Return a descriptor that becomes ready when a process ends, None where the system has none."""
    if hasattr(os, "pidfd_open"):
        with contextlib.suppress(OSError):
            return os.pidfd_open(pid)
    return None

"""Runs calls on the workers of a Dask cluster, over the same isolation as here, and yields each outcome as it comes.

Every worker, also one that joins late, is first asked to get ready for the run (see `remote`). One that cannot isolate
a call is refused by name, and so is one that does otherwise on practice than this machine.

What Dask has would not do for three promises, which are half of these lines. A worker plugin would stay on the
scheduler of a run that was killed, Dask waits for its setup, and a worker without a checkout could not read it: so
getting ready is a task, as a call is. `upload_file` lays out every file under its bare name, for all runs alike: so
plugins travel with what is needed to get ready. `retries` would run a lost call again in the same company, as often as
the scheduler's owner says: so each call goes to one worker, and its loss is its own doing (see `dispatch`).
"""

import contextlib
import logging
import pickle
import re
import signal
import sys
import time
import uuid
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, Protocol, Self

from benchmark.catalogue.registry import Entry
from benchmark.errors import ClusterError, StoreError, UsageError
from benchmark.store.record import Environment
from benchmark.workers.dispatch import STRIKES, Dispatch, Peer
from benchmark.workers.isolation import Call, Limits, Outcome
from benchmark.workers.logs import LOG_LIMIT
from benchmark.workers.remote import kit_of

LOCAL = "local"
_ADDRESS = re.compile(r"[a-z]+://[^/\s]+:\d+")
# Dask unpickles a function in the scheduler, which need not have a checkout; of this text it knows nothing.
_SERVE = "__import__('importlib').import_module('benchmark.workers.remote').serve(run, request)"
_SILENT = logging.CRITICAL + 1
_CONNECT_SECONDS, _CLOSE_SECONDS = 10.0, 1.0
_LOOK_SECONDS = 0.5
# One that is ready late is not waited for longer; and one that was lost takes its time to come back.
_PATIENCE_SECONDS = 10.0


class Watcher(Protocol):
    """Where a cluster says how it is."""

    def workers(self, n: int) -> None:
        """Say on how many workers calls run now."""

    def say(self, text: str) -> None:
        """Say something that a person should know."""


@dataclass(frozen=True)
class Check:
    """A task or model, the call that practises it, and in words how an outcome differs from what is known here."""

    entry: Entry
    call: Call
    difference: Callable[[Outcome], str]


# The number of a call, and its outcome.
Ended = tuple[int, Outcome]


def check_address(address: str) -> None:
    """Refuse what is no address.

    Raises:
        UsageError: with what is allowed.
    """
    if address != LOCAL and not _ADDRESS.fullmatch(address):
        raise UsageError(
            f"--cluster must be {LOCAL!r} or the address of a Dask scheduler such as 'tcp://host:8786', got {address!r}"
        )


def start_local(jobs: int) -> Any:
    """Return a new cluster of processes of our own on this machine."""
    import dask
    from distributed import LocalCluster

    # Python's tracker of semaphores is to remove without a word what workers leave that are ended. It is given the
    # filters of the process that starts it, and no other.
    silent = "ignore:resource_tracker:UserWarning"
    sys.warnoptions.append(silent)
    try:
        resource_tracker.ensure_running()
    finally:
        sys.warnoptions.remove(silent)
    # Only a process that is no daemon may have children, and every cell is one. Nobody looks at the profile.
    settings = {"distributed.worker.daemon": False, "distributed.worker.profile.enabled": False}
    words = {"dashboard_address": ":0", "silence_logs": _SILENT, "memory_limit": 0}
    # A terminal sends Ctrl-C to all, and the end of these is for us to bring about. They have the mask of this thread.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with dask.config.set(settings):
            return LocalCluster(n_workers=jobs, threads_per_worker=1, processes=True, **words)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Cluster:
    """The workers of a cluster, and the calls that they run."""

    def __init__(self, address: str, *, jobs: int, watcher: Watcher) -> None:
        """Connect to the scheduler at an address, for "local" to a new one with `jobs` workers.

        Raises:
            UsageError: Dask is not installed.
            ClusterError: nobody answers there.
        """
        try:
            from distributed import Client, as_completed
        except ImportError as error:
            raise UsageError(
                f"--cluster needs the package 'distributed', which cannot be imported here ({error}); `python -m nox "
                "-s bench -- --cluster ...` installs it, and so does `pip install -c constraints.txt distributed`"
            ) from error
        for name in ("distributed", "distributed.client"):
            # What goes wrong is said in our own words.
            logging.getLogger(name).setLevel(_SILENT)
        self._address, self._watcher, self._run, self._count = address, watcher, f"fnbench-{uuid.uuid4().hex[:8]}", 0
        # Every worker that is there; of these the ones that are ready, and those that are refused, each with the words.
        self._known, self._peers, self._refused = dict[str, Peer](), dict[str, Peer](), dict[str, str]()
        # What was sent, by its key: to whom, the number of a call, and the future.
        self._sent, self._events = dict[str, tuple[Peer, int | None, Any]](), deque[dict[str, Any]]()
        self._dispatch, self._calls, self._ended = Dispatch((), self._peers), dict[int, Call](), deque[Ended]()
        self._last_ready, self._waiting = float("-inf"), False
        self._local = start_local(jobs) if address == LOCAL else None
        try:
            self._client = Client(self._local or address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError) as error:
            raise ClusterError(
                f"no Dask scheduler answers at {address!r} ({type(error).__name__}); start one with "
                "`python -m nox -s scheduler`, and workers with `python -m nox -s worker -- ADDRESS`"
            ) from error
        self._completed = as_completed(loop=self._client.loop, with_results=True, raise_errors=False)

    def meet(self, checks: Iterable[Check], modules: Iterable[str]) -> None:
        """Have every worker get ready for calls of these tasks and models, also one that joins late.

        Waits until one is ready, and not long for the others.

        Raises:
            ClusterError: the scheduler was lost, or every worker is refused.
        """
        self._checks = tuple(checks)
        self._kit = pickle.dumps(kit_of([(check.entry, check.call) for check in self._checks], modules))
        end = time.monotonic() + _PATIENCE_SECONDS
        with self._alive():
            self._client.subscribe_topic("all", self._note)
            self._joined()
            while not self._peers or (self._n_unknown and time.monotonic() < end):
                self._look()

    def close(self) -> None:
        """Leave the cluster: what still runs there for us ends by itself within a second."""
        for each in filter(None, (self._client, self._local)):
            with contextlib.suppress(Exception):
                each.close(timeout=_CLOSE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run_calls(self, calls: Iterable[tuple[int, Call]], *, limits: Limits) -> Generator[Ended]:
        """Yield (number, outcome) of every numbered call as it ends, with the environment that it was made in.

        `limits` hold for calls that have none of their own.

        Raises:
            ClusterError: the scheduler was lost, or no worker is left but refused ones.
        """
        self._calls = {number: replace(call, limits=call.limits or limits) for number, call in calls}
        self._dispatch, shown, lost = Dispatch(self._calls, self._peers), -1, None
        while not (self._dispatch.finished or lost):
            try:
                with self._alive():
                    self._give()
                    self._look()
                    # Before they are written, so that no worker waits for that.
                    self._give()
            except ClusterError as error:
                lost = error
            if shown != len(self._peers):
                shown = len(self._peers)
                self._watcher.workers(shown)
            while self._ended:
                yield self._ended.popleft()
        if lost:
            raise lost

    @contextlib.contextmanager
    def _alive(self) -> Iterator[None]:
        """Say in a sentence that the scheduler is gone, however Dask puts it."""
        lost = ClusterError(
            f"the connection to the scheduler at {self._address!r} was lost; what was finished is kept. "
            "Start it and its workers again and run the same command to go on"
        )
        try:
            yield
        except Exception as error:
            if self._client.status == "running" and not isinstance(error, OSError):
                raise
            raise lost from error
        if self._client.status != "running":
            raise lost

    def _note(self, event: tuple[float, Any]) -> None:
        with self._completed.thread_condition:
            self._events.append(event[1])
            self._completed.thread_condition.notify_all()

    def _give(self) -> None:
        while given := self._dispatch.give():
            self._send(*given, pickle.dumps(replace(self._calls[given[1]], log=None)))

    def _send(self, peer: Peer, number: int | None, request: bytes) -> None:
        """Send a call to a worker, or without a number what it needs to get ready."""
        self._count += 1
        key, space = f"{self._run}-{self._count}", {"run": self._run, "request": request}
        future = self._client.submit(
            eval, _SERVE, space, key=key, workers=[peer.address], allow_other_workers=False, pure=False
        )
        self._sent[key] = peer, number, future
        self._completed.add(future)

    def _look(self) -> None:
        """Take in what has happened, and see that somebody is there who can run calls, or may come."""
        with self._completed.thread_condition:
            if not self._completed.has_ready() and not self._events:
                self._completed.thread_condition.wait(_LOOK_SECONDS)
        while self._events:
            match self._events.popleft():
                case {"action": "add-worker"}:
                    self._joined()
                case {"action": "remove-worker", "worker": address, "expected": expected}:
                    self._gone(address, in_order=expected)
        for future, result in self._completed.next_batch(block=False):
            # A future that was dropped comes back too.
            if sent := self._sent.pop(future.key, None):
                self._answered(*sent[:2], future.status, result)
        if not self._known and not self._waiting:
            self._watcher.say(f"waiting for workers; `python -m nox -s worker -- {self._address}` starts one")
        self._waiting = not self._known
        if self._peers:
            # A good one that was lost may be on its way back; of one that never was, nothing is to be expected.
            self._last_ready = time.monotonic()
        late = time.monotonic() > self._last_ready + _PATIENCE_SECONDS
        if self._refused and not self._peers and not self._n_unknown and late:
            raise ClusterError("no worker is left that can run cells: " + "; ".join(self._refused.values()))

    @property
    def _n_unknown(self) -> int:
        return len(self._known) - len(self._peers) - len(self._refused)

    def _joined(self) -> None:
        """Ask every worker that is new to get ready."""
        for address, said in self._client.scheduler_info()["workers"].items():
            if address not in self._known:
                self._known[address] = Peer(address, str(said["name"]), said["nthreads"])
                self._send(self._known[address], None, self._kit)

    def _answered(self, peer: Peer, number: int | None, status: str, result: Any) -> None:
        if number is not None:
            self._dispatch.done(peer, number, again=status != "finished" or result is None)
        match status, result:
            case "error", (_, error, _):
                self._refuse(peer, _trouble(error, "it cannot be set up" if number is None else "a call failed there"))
            case "finished", (Environment() as environment, practised):
                differences = (self._checks[place].difference(outcome) for place, outcome in practised.items())
                if difference := next(filter(None, differences), ""):
                    state = "bring its checkout and packages to the state of this one and start it again"
                    self._refuse(peer, f"{difference}; {state}")
                else:
                    peer.environment = environment
                    self._peers[peer.address] = peer
            case "finished", (Outcome() as outcome, output) if number is not None:
                _keep_output(self._calls[number].log, output)
                self._ended.append((number, replace(outcome, environment=peer.environment)))
            case _ if number is None:
                # Cancelled, by whatever.
                self._send(peer, None, self._kit)

    def _leave(self, peer: Peer, *, blame: bool) -> list[int]:
        """Have what a worker was given wait again, and return what is given up."""
        dropped = [key for key, sent in self._sent.items() if sent[0] is peer]
        self._client.cancel([self._sent.pop(key)[2] for key in dropped])
        return self._dispatch.leave(peer, blame=blame) if peer.address in self._peers else []

    def _refuse(self, peer: Peer, why: str) -> None:
        self._leave(peer, blame=False)
        self._refused[peer.address] = f"{peer} is refused: {why}"
        self._watcher.say(self._refused[peer.address])

    def _gone(self, address: str, *, in_order: bool) -> None:
        self._refused.pop(address, None)
        if peer := self._known.pop(address, None):
            if address in self._peers:
                self._watcher.say(f"{peer} {'has left' if in_order else 'was lost'}; what it ran is run again")
            words = f"the worker that ran it was lost {STRIKES} times, the last time with nothing else running there"
            crashed = Outcome("crashed", words, environment=peer.environment)
            self._ended += [(number, crashed) for number in self._leave(peer, blame=not in_order)]


def _trouble(error: Exception, failed: str) -> str:
    """Return in words why a worker is of no use: what failed, unless the error says all of it."""
    if isinstance(error, ClusterError):
        return str(error)
    if isinstance(error, ImportError):
        return "it finds no checkout of this benchmark; start it in one, by `python -m dask worker`"
    return f"{failed}: {type(error).__name__}: {error}"


def _keep_output(log: Path | None, output: str) -> None:
    """Add what a call printed to its log; the calls of one cell share one."""
    if log is None or not output:
        return
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            if file.tell() < LOG_LIMIT:
                file.write(output)
    except OSError as error:
        raise StoreError(f"could not keep a cell's output: {error}") from error

"""Runs calls on the workers of a Dask cluster, over the same isolation as here, and yields each outcome as it comes.

Every worker greets the run by a plugin, whenever it joins (see `remote`). One that cannot isolate a call is refused by
name. So is one that on practice does otherwise than this machine: of a task or model whose files, packages and
processor are the same there, nothing is asked. Each call goes to one worker, so that a loss is its doing.
"""

import contextlib
import inspect
import json
import logging
import re
import signal
import sys
import threading
import time
import uuid
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import asdict, dataclass
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, Protocol, Self

from benchmark.catalogue.registry import Entry
from benchmark.errors import ClusterError, StoreError, UsageError
from benchmark.store.record import Environment
from benchmark.workers.calls import written
from benchmark.workers.dispatch import STRIKES, Check, Dispatch, Part, Peer
from benchmark.workers.isolation import Limits, Outcome
from benchmark.workers.logs import LOG_LIMIT
from benchmark.workers.remote import greeting, key_of, packed

LOCAL = "local"
_ADDRESS = re.compile(r"[a-z]+://[^/\s]+:\d+")
# Dask unpickles a function in the scheduler, which need not have a checkout; of this text it knows nothing.
_ANSWER = "__import__('importlib').import_module('benchmark.workers.remote').answer(run, request)"
_SILENT = logging.CRITICAL + 1
_CONNECT_SECONDS, _CLOSE_SECONDS = 10.0, 1.0
_LOOK_SECONDS = 0.5
# One that greets late is not waited for longer; and one that was lost takes its time to come back.
_PATIENCE_SECONDS = 10.0


class Watcher(Protocol):
    """Where a cluster says how it is."""

    def workers(self, n: int) -> None:
        """Say on how many workers calls run now."""

    def say(self, text: str) -> None:
        """Say something that a person should know."""


@dataclass(frozen=True)
class Kit:
    """What a worker is to run: the run's tasks and models, and what to import beforehand."""

    entries: tuple[Entry, ...]
    modules: tuple[str, ...]


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


@dataclass(frozen=True)
class _Sent:
    """What a worker was asked: a call, or a check that it has to pass before."""

    peer: Peer
    part: Part
    check: Check | None
    future: Any


class Cluster:
    """The workers of a cluster, and the calls that they run."""

    def __init__(self, address: str, kit: Kit, *, jobs: int, watcher: Watcher) -> None:
        """Connect to the scheduler at an address, for "local" to a new one with `jobs` workers, and wait for a worker.

        Raises:
            UsageError: Dask is not installed.
            ClusterError: nobody answers there, or every worker is refused.
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
        self._address, self._watcher, self._limits = address, watcher, Limits(0, 0)
        self._keys = {f"{entry.kind} {entry.name}": key_of(entry) for entry in kit.entries}
        self._run, self._count, self._sent = f"fnbench-{uuid.uuid4().hex[:8]}", 0, dict[str, _Sent]()
        self._peers, self._refused, self._events = dict[str, Peer](), dict[str, str](), deque[dict[str, Any]]()
        self._dispatch = Dispatch((), self._peers)
        # A good worker that was lost may be on its way back; of one that never was, nothing is to be expected.
        self._looked, self._last_good, self._waiting, self._unknown = 0.0, float("-inf"), False, 0
        self._local = start_local(jobs) if address == LOCAL else None
        try:
            self._client = Client(self._local or address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError) as error:
            raise ClusterError(
                f"no Dask scheduler answers at {address!r} ({type(error).__name__}); start one with "
                "`python -m nox -s scheduler`, and workers with `python -m nox -s worker -- ADDRESS`"
            ) from error
        self._completed = as_completed(loop=self._client.loop, with_results=True, raise_errors=False)
        try:
            self._meet(packed(kit.entries, kit.modules))
        except BaseException:
            self.close()
            raise

    def _meet(self, kit: str) -> None:
        """Have every worker greet the run, and wait until one can run calls, and not long for the others."""
        for topic in ("all", self._run):
            self._client.subscribe_topic(topic, self._note)
        with self._alive():
            self._client.register_plugin(greeting(self._run, kit, inspect.getsource(greeting)))
            # Who was quick may have greeted before the scheduler knew that we listen.
            self._events.extend(message for _, message in self._client.get_events(self._run))
        end = time.monotonic() + _PATIENCE_SECONDS
        while not self._peers or (self._unknown and time.monotonic() < end):
            # No call is on its way yet, so nothing has ended.
            list(self._look())

    def close(self) -> None:
        """Leave the cluster: what still runs there for us ends by itself within a second."""
        if self._client.status == "running" and self._local is None:
            # A worker that does not answer is not waited for.
            forget = threading.Thread(target=self._client.unregister_worker_plugin, args=(self._run,), daemon=True)
            forget.start()
            forget.join(_CLOSE_SECONDS / 2)
        for each in filter(None, (self._client, self._local)):
            with contextlib.suppress(Exception):
                each.close(timeout=_CLOSE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run_calls(self, parts: Iterable[Part], *, limits: Limits) -> Generator[tuple[int, Outcome]]:
        """Yield (number, outcome) of every part as it ends, with the environment that it was made in.

        Raises:
            ClusterError: the scheduler was lost, or no worker is left but refused ones.
        """
        self._dispatch, self._limits, shown = Dispatch(parts, self._peers), limits, -1
        while not self._dispatch.finished:
            ended, lost = list[tuple[int, Outcome]](), None
            try:
                self._give()
                ended.extend(self._look())
                # Before they are written, so that no worker waits for that.
                self._give()
            except ClusterError as error:
                lost = error
            if shown != len(self._peers):
                shown = len(self._peers)
                self._watcher.workers(shown)
            yield from ended
            if lost:
                raise lost

    def _give(self) -> None:
        while given := self._dispatch.give():
            self._send(*given)

    def _send(self, peer: Peer, part: Part) -> None:
        """Send a call to its worker, or before it what the worker has not been seen to do as this machine does."""
        check = next((each for each in part.checks if each.name not in peer.same), None)
        if check and check.name in peer.checking:
            peer.checking[check.name].append(part)
            return
        if check:
            peer.checking[check.name] = [part]
        call = check.call if check else part.call
        request = json.dumps((call.name, written(call.name, call.subject), asdict(call.limits or self._limits)))
        self._count += 1
        key, space = f"{self._run}-{self._count}", {"run": self._run, "request": request}
        with self._alive():
            future = self._client.submit(
                eval, _ANSWER, space, key=key, workers=[peer.address], allow_other_workers=False, pure=False
            )
            self._sent[key] = _Sent(peer, part, check, future)
            self._completed.add(future)

    def _look(self) -> Iterator[tuple[int, Outcome]]:
        """Take in what has happened: answers, and workers that are new or gone."""
        with self._completed.thread_condition:
            if not self._completed.has_ready() and not self._events:
                self._completed.thread_condition.wait(_LOOK_SECONDS)
        with self._alive():
            batch = self._completed.next_batch(block=False)
        for future, result in batch:
            # A future that was dropped comes back too.
            if sent := self._sent.pop(future.key, None):
                yield from self._answered(sent, future.status, result)
        while self._events:
            message = self._events.popleft()
            if "trouble" in message:
                yield from self._greeted(message)
            elif message.get("action") == "remove-worker" and message["worker"] in self._peers:
                yield from self._gone(self._peers[message["worker"]], in_order=message["expected"])
        if time.monotonic() >= self._looked + _LOOK_SECONDS:
            self._looked = time.monotonic()
            self._count_workers()

    def _note(self, event: tuple[float, Any]) -> None:
        if isinstance(event[1], dict):
            self._events.append(event[1])
            with self._completed.thread_condition:
                self._completed.thread_condition.notify_all()

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

    def _count_workers(self) -> None:
        """See that somebody is there who can run calls, or may come.

        Raises:
            ClusterError: every worker that is there is refused.
        """
        with self._alive():
            there = self._client.nthreads()
        self._refused = {address: why for address, why in self._refused.items() if address in there}
        self._unknown = len(there.keys() - self._refused.keys() - self._peers.keys())
        if not there and not self._waiting:
            self._watcher.say(f"waiting for workers; `python -m nox -s worker -- {self._address}` starts one")
        self._waiting = not there
        if any(peer.good for peer in self._peers.values()):
            self._last_good = time.monotonic()
        late = time.monotonic() > self._last_good + _PATIENCE_SECONDS
        if self._refused and not self._peers and not self._unknown and late:
            raise ClusterError("no worker is left that can run cells: " + "; ".join(self._refused.values()))

    def _greeted(self, said: dict[str, Any]) -> Iterator[tuple[int, Outcome]]:
        """Take in a worker that greets: one that is new, or the next process under its address."""
        peer = Peer(said["address"], said["name"], said["threads"], said["process"])
        if known := self._peers.get(peer.address):
            if known.process == peer.process:
                return
            yield from self._gone(known, in_order=False)
        if said["trouble"]:
            self._refuse(peer, said["trouble"])
            return
        peer.environment = Environment.model_validate(said["environment"])
        peer.same = {name for name, key in said["keys"].items() if key and key == self._keys.get(name)}
        self._peers[peer.address] = peer

    def _answered(self, sent: _Sent, status: str, result: Any) -> Iterator[tuple[int, Outcome]]:
        peer, check = sent.peer, sent.check
        heard = json.loads(result) if status == "finished" else {}
        said = heard.get("said") if heard.get("process") == peer.process else None
        parts = peer.checking.pop(check.name) if check else [sent.part]
        if said is None:
            # Lost or cancelled, by whatever; or the worker itself is in trouble.
            for part in parts:
                self._dispatch.done(peer, part, again=True)
            if status == "error":
                self._refuse(peer, f"a call failed there: {type(result[1]).__name__}: {result[1]}")
            return
        outcome = Outcome(**said["outcome"], environment=peer.environment)
        if check is None:
            self._dispatch.done(peer, sent.part)
            peer.good = True
            _keep_output(sent.part.call.log, said["output"])
            yield sent.part.number, outcome
        elif difference := check.difference(outcome):
            self._refuse(
                peer, f"{difference}; bring its checkout and packages to the state of this one and start it again"
            )
        else:
            peer.same.add(check.name)
            for part in parts:
                self._send(peer, part)

    def _leave(self, peer: Peer, *, blame: bool) -> list[Part]:
        """Have what a worker was given wait again, and return what is given up."""
        dropped = [key for key, sent in self._sent.items() if sent.peer is peer]
        with self._alive():
            self._client.cancel([self._sent.pop(key).future for key in dropped])
        return self._dispatch.leave(peer, blame=blame)

    def _refuse(self, peer: Peer, why: str) -> None:
        if self._peers.get(peer.address) is peer:
            self._leave(peer, blame=False)
        self._refused[peer.address] = f"{peer} is refused: {why}"
        self._watcher.say(self._refused[peer.address])

    def _gone(self, peer: Peer, *, in_order: bool) -> Iterator[tuple[int, Outcome]]:
        given_up = self._leave(peer, blame=not in_order)
        self._watcher.say(f"{peer} {'has left' if in_order else 'was lost'}; what it ran is run again")
        words = f"the worker that ran it was lost {STRIKES} times, the last time with nothing else running there"
        for part in given_up:
            yield part.number, Outcome("crashed", words, environment=peer.environment)


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

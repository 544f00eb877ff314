"""Runs calls on the workers of a cluster, over the same isolation as here, and yields each outcome as it comes.

Every worker is probed before its first call, whenever it joins: one whose code or packages would make
other numbers, or that cannot isolate a call, is refused by name. `dispatch` decides who runs what,
`connection` moves the messages, `remote` is the other end.
"""

import json
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol, Self

from benchmark.catalogue.registry import Origin
from benchmark.errors import ClusterError, StoreError
from benchmark.store.record import Environment
from benchmark.workers.calls import written
from benchmark.workers.connection import Answer, Connection
from benchmark.workers.dispatch import STRIKES, Batch, Dispatch, Part
from benchmark.workers.isolation import Limits, Outcome
from benchmark.workers.logs import LOG_LIMIT
from benchmark.workers.remote import differences, make_of, packed

# How often to see who has joined and who is gone.
_LOOK_SECONDS = 0.5
# A worker that is busy with other people's work answers its probe late, and one that was lost takes its time to
# come back: the run begins without the one, and is not given up before the other may be there.
_PATIENCE_SECONDS = 10.0
_SHOWN = 3


class Watcher(Protocol):
    """Where a cluster says how it is."""

    def workers(self, n: int) -> None:
        """Say on how many workers calls run now."""

    def say(self, text: str) -> None:
        """Say something that a person should know."""


@dataclass(frozen=True)
class Kit:
    """What a worker is probed with: where the run's tasks and models come from, and what to import beforehand."""

    origins: tuple[Origin, ...]
    modules: tuple[str, ...]


@dataclass
class _Peer:
    """A worker as the run knows it; once its probe went well it has an environment, and calls."""

    address: str
    name: str
    threads: int
    identity: str = ""
    environment: Environment | None = None
    places: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"worker {self.name!r}" if self.name == self.address else f"worker {self.name!r} ({self.address})"


Ended = tuple[int, Outcome]


class Cluster:
    """The workers of a cluster, and the calls that they run."""

    def __init__(self, address: str, kit: Kit, *, jobs: int, watcher: Watcher) -> None:
        """Connect and wait until a worker is ready.

        Raises:
            ClusterError: nobody answers at the address, or every worker is refused.
        """
        self._address, self._watcher = address, watcher
        self._made = make_of(kit.origins)
        self._probe = json.dumps({"origins": packed(kit.origins), "modules": kit.modules, "made": self._made})
        self._peers: dict[str, _Peer] = {}
        self._refused: dict[str, str] = {}
        self._sent: dict[str, tuple[_Peer, Batch]] = {}
        self._dispatch = Dispatch(())
        self._looked, self._waiting = 0.0, False
        # A good worker that was lost may be on its way back; of one that never was, nothing is to be expected.
        self._last_seen, self._patience = 0.0, 0.0
        self._connection = Connection(address, jobs=jobs)
        try:
            self._wait_for_workers()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave the cluster: what still runs there for this run ends by itself within a second."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run_calls(self, parts: Iterable[Part], *, limits: Limits) -> Generator[tuple[int, Outcome]]:
        """Yield (number, outcome) of every part as it ends, with the environment that it was made in.

        Raises:
            ClusterError: the scheduler was lost, or no worker is left but refused ones.
        """
        self._dispatch, shown = Dispatch(parts), -1
        for peer in self._ready():
            self._dispatch.join(peer.address, threads=peer.threads)
        while not self._dispatch.finished:
            self._send(limits)
            ended = list(self._look())
            # Before they are written, so that no worker waits for that.
            self._send(limits)
            if shown != len(self._ready()):
                shown = len(self._ready())
                self._watcher.workers(shown)
            yield from ended

    def _ready(self) -> list[_Peer]:
        return [peer for peer in self._peers.values() if peer.environment]

    def _wait_for_workers(self) -> None:
        end = time.monotonic() + _PATIENCE_SECONDS
        while not (ready := len(self._ready())) or (ready < len(self._peers) and time.monotonic() < end):
            # No call is on its way yet, so nothing has ended.
            list(self._look())

    def _send(self, limits: Limits) -> None:
        """Give every free thread its next call."""
        while given := self._dispatch.give():
            address, batch = given
            peer = self._peers[address]
            request = {
                "calls": [
                    (part.call.name, written(part.call.subject), asdict(part.call.limits or limits)) for part in batch
                ],
                "places": peer.places,
            }
            self._sent[self._connection.send(address, "answer", json.dumps(request))] = peer, batch
        if stuck := self._dispatch.stuck():
            address, batch = stuck
            self._dispatch.done(address, batch, {})
            self._drop(lambda _, each: each is batch)

    def _drop(self, which: Callable[[_Peer, Batch], bool]) -> None:
        dropped = [request for request, (peer, batch) in self._sent.items() if which(peer, batch)]
        for request in dropped:
            del self._sent[request]
        self._connection.drop(dropped)

    def _look(self) -> Iterator[Ended]:
        """Take in what has happened: answers first, then workers that are new or gone."""
        for answer in self._connection.answers(_LOOK_SECONDS):
            peer, batch = self._sent.pop(answer.request, (None, ()))
            if peer is None:
                # Its worker was given up by an answer before this one.
                continue
            if batch:
                yield from self._answered(peer, batch, answer)
            else:
                self._probed(peer, answer)
        if time.monotonic() < self._looked + _LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        threads = self._connection.workers()
        for address in [address for address in self._peers if address not in threads]:
            yield from self._gone(self._peers[address])
        self._refused = {address: why for address, why in self._refused.items() if address in threads}
        self._greet({address: n for address, n in threads.items() if address not in self._refused})
        if self._peers:
            self._last_seen = time.monotonic()
        elif self._refused and time.monotonic() > self._last_seen + self._patience:
            raise ClusterError("no worker is left that can run cells: " + "; ".join(self._refused.values()))

    def _greet(self, threads: dict[str, int]) -> None:
        """Probe the workers that are new."""
        new = [address for address in threads if address not in self._peers]
        names = self._connection.names() if new else {}
        for address in new:
            self._peers[address] = peer = _Peer(address, names.get(address, address), threads[address])
            self._sent[self._connection.send(address, "probe", self._probe)] = peer, ()
        if not self._peers and not self._waiting and not self._refused:
            self._watcher.say(f"waiting for workers; `python -m nox -s worker -- {self._address}` starts one")
        self._waiting = not self._peers

    def _probed(self, peer: _Peer, answer: Answer) -> None:
        if answer.error:
            lost = "it finds no checkout of this benchmark; start it in one, by `python -m dask worker`"
            other = f"its probe failed: {type(answer.error).__name__}: {answer.error}"
            self._refuse(peer, lost if isinstance(answer.error, ImportError) else other)
        elif not answer.said:
            # To be greeted again if it is still there.
            del self._peers[peer.address]
        elif trouble := self._trouble(probe := json.loads(answer.said)):
            self._refuse(peer, trouble)
        else:
            peer.identity, peer.places = answer.worker, probe["places"]
            peer.environment = Environment.model_validate(probe["environment"])
            self._dispatch.join(peer.address, threads=peer.threads)
            self._patience = _PATIENCE_SECONDS

    def _trouble(self, probe: dict[str, object]) -> str:
        """Return why a worker with this probe cannot run cells; "" when it can."""
        if different := differences(self._made, probe["made"]):  # type: ignore[arg-type]
            more = f" and {len(different) - _SHOWN} more" if len(different) > _SHOWN else ""
            what = ", ".join(different[:_SHOWN])
            return f"{what}{more}; bring its checkout and packages to the state of this one and start it again"
        if "daemonic" in (trouble := str(probe["trouble"])):
            return (
                f"cells cannot be isolated in it ({trouble}); start it with --no-nanny, or with "
                "DASK_DISTRIBUTED__WORKER__DAEMON=False in its environment"
            )
        return f"cells cannot be isolated in it: {trouble}" if trouble else ""

    def _answered(self, peer: _Peer, batch: Batch, answer: Answer) -> Iterator[Ended]:
        if answer.said and answer.worker == peer.identity:
            said = [(part, each) for part, each in zip(batch, json.loads(answer.said), strict=True) if each]
            self._dispatch.done(peer.address, batch, {part.number: each["seconds"] for part, each in said})
            for part, each in said:
                _keep_output(part.call.log, each["output"])
                yield part.number, Outcome(**each["outcome"], environment=peer.environment)
        elif answer.said or type(answer.error).__name__ == "KilledWorker":
            # The process that was given these is gone: another one under its address has answered, or none could.
            yield from self._leave(peer, blame=True)
        else:
            # Lost or cancelled, by whatever; or the worker itself is in trouble.
            self._dispatch.done(peer.address, batch, {})
            if answer.error:
                self._refuse(peer, f"a call failed there: {type(answer.error).__name__}: {answer.error}")

    def _leave(self, peer: _Peer, *, blame: bool) -> list[Ended]:
        """Have what a worker was given wait again, and return what is given up."""
        del self._peers[peer.address]
        self._drop(lambda other, _: other is peer)
        given_up = self._dispatch.leave(peer.address, blame=blame) if peer.environment else []
        words = f"the worker that ran it was lost {STRIKES} times, the last time with nothing else running there"
        return [(part.number, Outcome("crashed", words, environment=peer.environment)) for part in given_up]

    def _refuse(self, peer: _Peer, why: str) -> None:
        self._leave(peer, blame=False)
        self._refused[peer.address] = f"{peer} is refused: {why}"
        self._watcher.say(self._refused[peer.address])

    def _gone(self, peer: _Peer) -> Iterator[Ended]:
        in_order = self._connection.left_in_order(peer.address)
        crashed = self._leave(peer, blame=not in_order)
        self._watcher.say(f"{peer} {'has left' if in_order else 'was lost'}; what it ran is run again")
        yield from crashed


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

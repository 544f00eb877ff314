"""Who runs what on a cluster: every call once, wherever a thread is free, and what ends its worker at last alone."""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from benchmark.store.record import Environment
from benchmark.workers.isolation import Call, Outcome

STRIKES = 3


@dataclass(frozen=True)
class Check:
    """A task or model as practised by a call, and in words how an outcome of it differs from what is known here."""

    name: str
    call: Call
    difference: Callable[[Outcome], str]


@dataclass(frozen=True)
class Part:
    """One numbered call, and the checks that it goes by where files, packages or the processor are others."""

    number: int
    call: Call
    checks: tuple[Check, ...] = ()


@dataclass
class Peer:
    """A worker that runs calls; `same` are the tasks and models that it does as this machine does, `alone` one call."""

    address: str
    name: str
    threads: int
    process: str = ""
    environment: Environment | None = None
    same: set[str] = field(default_factory=set)
    running: list[Part] = field(default_factory=list)
    alone: bool = False
    # Whether it has answered a call.
    good: bool = False
    # Calls that wait for an answer to a check, by its name.
    checking: dict[str, list[Part]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"worker {self.name!r}" if self.name == self.address else f"worker {self.name!r} ({self.address})"


class Dispatch:
    """The calls that wait and the peers that run them; pure.

    A call whose worker was lost goes back and is tried again, at last with nothing else running beside it. So the third
    loss, which ends it, is its own doing and no neighbour's.
    """

    def __init__(self, parts: Iterable[Part], peers: dict[str, Peer]) -> None:
        self._waiting, self._suspects, self._strikes = deque(parts), deque[Part](), Counter[int]()
        self._peers = peers

    @property
    def finished(self) -> bool:
        """Whether nothing waits and nothing runs."""
        return not (self._waiting or self._suspects or any(peer.running for peer in self._peers.values()))

    def give(self) -> tuple[Peer, Part] | None:
        """Return what is to run next, and where; None when no thread is free or nothing waits."""
        free = sorted(
            (peer for peer in self._peers.values() if not peer.alone), key=lambda p: len(p.running) / p.threads
        )
        if self._suspects and free:
            # The emptiest takes nothing more until it is empty.
            emptiest = free.pop(0)
            if not emptiest.running:
                emptiest.alone = True
                return self._given(emptiest, self._suspects.popleft())
        if self._waiting and free and len(free[0].running) < free[0].threads:
            return self._given(free[0], self._waiting.popleft())
        return None

    def _given(self, peer: Peer, part: Part) -> tuple[Peer, Part]:
        peer.running.append(part)
        return peer, part

    def done(self, peer: Peer, part: Part, *, again: bool = False) -> None:
        """Take a call off its worker; it waits again where it has not run."""
        peer.running.remove(part)
        if again:
            self._wait(part)
        peer.alone = False

    def leave(self, peer: Peer, *, blame: bool) -> list[Part]:
        """Take a worker out and return the calls that are given up; `blame` when nothing else explains its end."""
        del self._peers[peer.address]
        if blame:
            self._strikes.update(part.number for part in peer.running)
        given_up = [part for part in peer.running if self._strikes[part.number] >= STRIKES]
        for part in reversed(peer.running):
            if part not in given_up:
                self._wait(part)
        return given_up

    def _wait(self, part: Part) -> None:
        (self._suspects if self._strikes[part.number] == STRIKES - 1 else self._waiting).appendleft(part)

"""Who runs what on a cluster: every call once, wherever a thread is free, and what ends its worker at last alone."""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmark.store.record import Environment

STRIKES = 3


@dataclass
class Peer:
    """A worker, the calls that it runs by their numbers, and whether it is to run one of them `alone`."""

    address: str
    name: str
    threads: int
    environment: Environment | None = None
    running: list[int] = field(default_factory=list)
    alone: bool = False

    def __str__(self) -> str:
        return f"worker {self.name!r}" if self.name == self.address else f"worker {self.name!r} ({self.address})"


class Dispatch:
    """The calls that wait, by their numbers, and the peers that run them; pure.

    A call whose worker was lost goes back and is tried again, at last with nothing else running beside it. So the third
    loss, which ends it, is its own doing and no neighbour's.
    """

    def __init__(self, numbers: Iterable[int], peers: dict[str, Peer]) -> None:
        self._waiting, self._suspects, self._strikes = deque(numbers), deque[int](), Counter[int]()
        self._peers = peers

    @property
    def finished(self) -> bool:
        """Whether nothing waits and nothing runs."""
        return not (self._waiting or self._suspects or any(peer.running for peer in self._peers.values()))

    def give(self) -> tuple[Peer, int] | None:
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

    def _given(self, peer: Peer, number: int) -> tuple[Peer, int]:
        peer.running.append(number)
        return peer, number

    def done(self, peer: Peer, number: int, *, again: bool = False) -> None:
        """Take a call off its worker; it waits again where it has not run."""
        peer.running.remove(number)
        if again:
            self._wait(number)
        peer.alone = False

    def leave(self, peer: Peer, *, blame: bool) -> list[int]:
        """Take a worker out and return the calls that are given up; `blame` when nothing else explains its end."""
        del self._peers[peer.address]
        if blame:
            self._strikes.update(peer.running)
        given_up = [number for number in peer.running if self._strikes[number] >= STRIKES]
        for number in reversed(peer.running):
            if number not in given_up:
                self._wait(number)
        return given_up

    def _wait(self, number: int) -> None:
        (self._suspects if self._strikes[number] == STRIKES - 1 else self._waiting).appendleft(number)

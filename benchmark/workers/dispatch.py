"""Decides which worker of a cluster gets which calls next; pure, no cluster needed to try it.

Two rules besides filling every thread:

- A call whose worker was lost goes back and is tried again, in less and less company: after one loss
  a worker has at most one such call at a time, after two it runs alone. So the third loss, which
  makes it `crashed`, is its own doing, and no neighbour's.
- Calls of a model that has been quick so far are sent several at a time, and the next ones ahead, so that a
  worker need not wait for the network. What waits behind others is taken back as soon as a thread is free.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmark.workers.isolation import Call

STRIKES = 3
# Quick calls are sent together as long as they take no longer than this, and so many at most.
BATCH_SECONDS, BATCH_MOST = 0.25, 16


@dataclass(frozen=True)
class Part:
    """One numbered call of a cell."""

    number: int
    call: Call
    cell: str
    model: str


Batch = tuple[Part, ...]


@dataclass
class _Worker:
    """A worker as it is now: what it was given, in that order; the first `threads` batches are running."""

    name: str
    threads: int
    flying: list[Batch] = field(default_factory=list)
    # Kept empty for this call, or running it alone.
    reserved: Part | None = None


class Dispatch:
    """The calls that wait and the workers that run them."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._workers: dict[str, _Worker] = {}
        self._strikes: dict[int, int] = {}
        self._queue = deque(parts)
        self._n_waiting = len(self._queue)
        self._suspects: list[Part] = []
        # Seconds that calls of a model take, the last ones counting most.
        self._seconds: dict[str, float] = {}

    @property
    def finished(self) -> bool:
        """Whether nothing waits and nothing runs."""
        return not self._n_waiting and not any(worker.flying for worker in self._workers.values())

    def join(self, name: str, *, threads: int) -> None:
        """Take a worker in."""
        self._workers[name] = _Worker(name, threads)

    def leave(self, name: str, *, blame: bool) -> list[Part]:
        """Take a worker out and return the calls that are given up; `blame` when nothing else explains its end."""
        worker = self._workers.pop(name)
        given_up = []
        for position, batch in reversed(list(enumerate(worker.flying))):
            for part in reversed(batch):
                # The batches behind had not begun.
                if blame and position < worker.threads:
                    self._strikes[part.number] = self._strikes.get(part.number, 0) + 1
                if self._strikes.get(part.number, 0) < STRIKES:
                    self._wait(part)
                else:
                    given_up.append(part)
        if worker.reserved and not any(worker.reserved in batch for batch in worker.flying):
            self._suspects.append(worker.reserved)
        return given_up

    def done(self, name: str, batch: Batch, seconds: dict[int, float]) -> None:
        """Take a batch off its worker; its calls that have not run, those without seconds, wait again."""
        worker = self._workers[name]
        worker.flying.remove(batch)
        worker.reserved = None if worker.reserved in batch else worker.reserved
        for part in reversed(batch):
            if part.number in seconds:
                self._strikes.pop(part.number, None)
                before = self._seconds.get(part.model, seconds[part.number])
                self._seconds[part.model] = 0.8 * before + 0.2 * seconds[part.number]
            else:
                self._wait(part)

    def give(self) -> tuple[str, Batch] | None:
        """Return a worker and what it is to run next, None when no worker has room or nothing waits."""
        self._reserve()
        for worker in sorted(self._workers.values(), key=lambda each: len(each.flying) / each.threads):
            if batch := self._next_for(worker):
                self._n_waiting -= len(batch)
                worker.flying.append(batch)
                return worker.name, batch
        return None

    def stuck(self) -> tuple[str, Batch] | None:
        """Return a worker and a batch that waits there behind others while a thread elsewhere has nothing to do."""
        workers = self._workers.values()
        if not any(worker.reserved is None and len(worker.flying) < worker.threads for worker in workers):
            return None
        behind = (worker for worker in workers if len(worker.flying) > worker.threads)
        return next(((worker.name, worker.flying[-1]) for worker in behind), None)

    def _wait(self, part: Part) -> None:
        self._n_waiting += 1
        if part.number in self._strikes:
            self._suspects.append(part)
        else:
            self._queue.appendleft(part)

    def _reserve(self) -> None:
        """Keep a worker free for each call that is to run alone."""
        for part in [part for part in self._suspects if self._strikes[part.number] == STRIKES - 1]:
            free = [worker for worker in self._workers.values() if worker.reserved is None]
            if free:
                min(free, key=lambda worker: len(worker.flying)).reserved = part
                self._suspects.remove(part)

    def _next_for(self, worker: _Worker) -> Batch:
        if worker.reserved:
            return () if worker.flying else (worker.reserved,)
        if len(worker.flying) < worker.threads and (suspect := self._suspect_for(worker)):
            return (suspect,)
        return self._batch_for(worker)

    def _suspect_for(self, worker: _Worker) -> Part | None:
        if any(part.number in self._strikes for batch in worker.flying for part in batch):
            return None
        for part in self._suspects:
            if self._strikes[part.number] < STRIKES - 1:
                self._suspects.remove(part)
                return part
        return None

    def _batch_for(self, worker: _Worker) -> Batch:
        batch: list[Part] = []
        while self._queue and (not batch or self._queue[0].model == batch[0].model):
            together = self._together(self._queue[0].model)
            room = worker.threads if together == 1 else 2 * worker.threads
            if len(worker.flying) >= room or len(batch) >= together:
                break
            batch.append(self._queue.popleft())
        return tuple(batch)

    def _together(self, model: str) -> int:
        """Return how many calls of a model are sent at a time: a few quick ones, but a fair share of what waits."""
        share = self._n_waiting // (2 * sum(worker.threads for worker in self._workers.values()))
        seconds = self._seconds.get(model, BATCH_SECONDS)
        return max(1, min(BATCH_MOST, share, int(BATCH_SECONDS / max(seconds, 1e-6))))

"""Runs calls on this machine, a few at a time, and yields each outcome as it comes."""

import time
from collections.abc import Iterable, Iterator
from multiprocessing.connection import wait

from benchmark.run.isolation import Call, Limits, Outcome, Running

_LOOK_SECONDS = 0.2


def run_calls(calls: Iterable[tuple[int, Call]], *, jobs: int, limits: Limits) -> Iterator[tuple[int, Outcome]]:
    """Yield (number, outcome) of every numbered call, at most `jobs` at once, in the order they end.

    When the caller stops listening, whatever is still running is ended.
    """
    waiting = iter(calls)
    running: dict[int, Running] = {}
    try:
        while True:
            while len(running) < jobs and (following := next(waiting, None)) is not None:
                number, call = following
                running[number] = Running(call, limits)
            if not running:
                return
            _wait(running)
            for number in [number for number, child in running.items() if child.ended()]:
                yield number, running.pop(number).collect()
    finally:
        for child in running.values():
            child.kill()


def _wait(running: dict[int, Running]) -> None:
    # A plugin that closes everything it has open makes its sentinel ready while it runs on.
    if wait([child.sentinel for child in running.values()], timeout=_LOOK_SECONDS) and not any(
        child.ended() for child in running.values()
    ):
        time.sleep(_LOOK_SECONDS / 10)

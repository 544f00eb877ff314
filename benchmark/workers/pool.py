"""Runs calls on this machine, a few at a time, and yields each outcome as it comes."""

from collections.abc import Generator, Iterable
from multiprocessing.connection import wait

from benchmark.workers.isolation import Call, Limits, Outcome, Running

# So that a signal to the run is never far from being seen.
_LOOK_SECONDS = 1.0


def run_calls(calls: Iterable[tuple[int, Call]], *, jobs: int, limits: Limits) -> Generator[tuple[int, Outcome]]:
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
            patience = min(child.seconds_left for child in running.values())
            wait([each for child in running.values() for each in child.waits_for], min(patience, _LOOK_SECONDS))
            for number in [number for number, child in running.items() if child.look()]:
                outcome = running.pop(number).collect()
                yield number, outcome
    finally:
        for child in running.values():
            child.kill()

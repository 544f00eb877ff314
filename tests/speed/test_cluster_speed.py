"""What a cluster costs beside running here: the same short calls by the local executor and on two Dask workers.

FNBENCH_CALLS is how many calls of 10 ms there are. The two take turns, each for a half and then in the other order,
so that a machine that slows down meanwhile slows both.
"""

import os
import time
from collections.abc import Callable

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmark.catalogue.registry import Origin, describe
from benchmark.workers.cluster import Check, Cluster
from benchmark.workers.isolation import Call, Limits
from benchmark.workers.pool import run_calls
from benchmark.workers.server import preload
from tests.conftest import PLUGINS
from tests.test_isolation import spec

N_CALLS, CALL_SECONDS, WORKERS = int(os.environ.get("FNBENCH_CALLS", "2000")), 0.01, 2
LEAST_SHARE = 0.8
LIMITS = Limits(seconds=60, memory_mib=1024)


class Silent:
    """Nobody watches."""

    def workers(self, n: int) -> None:
        """Say nothing."""

    def say(self, text: str) -> None:
        """Say nothing."""


def _seconds(run: Callable[[range], dict[int, str]], numbers: range) -> float:
    start = time.perf_counter()
    statuses = run(numbers)
    seconds = time.perf_counter() - start
    assert statuses == dict.fromkeys(numbers, "ok")
    return seconds


def test_short_calls_on_two_workers(benchmark: BenchmarkFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FNBENCH_TEST_SECONDS", str(CALL_SECONDS))
    call = Call("cell", spec("good_models", "good-1"))
    preload(("numpy",))
    plugins = (Origin("file", str(PLUGINS / name)) for name in ("tiny.py", "good_models.py"))
    checks = [Check(entry, Call("observe", entry), lambda _: "") for plugin in plugins for entry in describe(plugin)]

    def here(numbers: range) -> dict[int, str]:
        calls = ((number, call) for number in numbers)
        return {number: outcome.status for number, outcome in run_calls(calls, jobs=WORKERS, limits=LIMITS)}

    with Cluster("local", jobs=WORKERS, watcher=Silent()) as cluster:
        cluster.meet(checks, ("numpy",))

        def there(numbers: range) -> dict[int, str]:
            calls = ((number, call) for number in numbers)
            return {number: outcome.status for number, outcome in cluster.run_calls(calls, limits=LIMITS)}

        # What is started once, here as there.
        for each in (here, there):
            each(range(4))
        seconds: dict[str, float] = {"here": 0.0, "there": 0.0}

        def both() -> None:
            halves = (range(N_CALLS // 2), range(N_CALLS // 2, N_CALLS))
            for half, order in zip(halves, (("here", "there"), ("there", "here")), strict=True):
                for name in order:
                    seconds[name] += _seconds({"here": here, "there": there}[name], half)

        benchmark.pedantic(both, rounds=1)
    share = seconds["here"] / seconds["there"]
    benchmark.extra_info |= {"calls": N_CALLS, "share": round(share, 3)}
    benchmark.extra_info |= {f"{name}_ms": round(1000 * each / N_CALLS, 1) for name, each in seconds.items()}
    assert share >= LEAST_SHARE, f"{share:.0%} of the local throughput: {benchmark.extra_info}"

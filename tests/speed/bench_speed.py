"""Times every method on every network, in turns, and writes results/speed.md and results/speed.csv.

Run it alone: python -m pytest tests/speed/bench_speed.py -p no:randomly. Its name keeps it out of the
tests. FNBENCH_SPEED_ROUNDS sets the number of rounds, 3 unless told.
"""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import cpuinfo
import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from threadpoolctl import threadpool_info, threadpool_limits

from tests.speed import table
from tests.speed.methods import METHODS
from tests.speed.nets import NETS, Net
from tests.speed.table import Measurement

ROOT = Path(__file__).parents[2]
N_ROUNDS = int(os.environ.get("FNBENCH_SPEED_ROUNDS", "3"))
_MODULES = {"scikit-learn": "sklearn"}
INSTALLED = [name for name, method in METHODS.items() if find_spec(_MODULES.get(method.package, method.package))]
CASES = [
    (turn, net, seeds, method)
    for turn in range(N_ROUNDS)
    for net in NETS
    for seeds in net.seeds
    for method in INSTALLED
    if net.kind in METHODS[method].kinds
]


def _sgemm_gigaflops() -> float:
    """Return the best rate of a large float32 product on this thread, in 10^9 operations a second."""
    a, b = np.random.default_rng(0).standard_normal((2, 1024, 1024), dtype=np.float32)
    best = float("inf")
    # Threads that were started before this one was kept to its core may run on others.
    with threadpool_limits(1):
        for _ in range(5):
            start = time.perf_counter()
            np.matmul(a, b)
            best = min(best, time.perf_counter() - start)
    return 2e-9 * 1024**3 / best


def _kernels() -> str:
    """Return which library numpy takes its matrix products from, and for which processor it has chosen its kernels."""
    found = [each for each in threadpool_info() if "numpy" in each["filepath"]]
    words = [(each["internal_api"], each["version"], each.get("architecture", "one kernel")) for each in found]
    return ", ".join(f"{library} {number}, {kernels}" for library, number, kernels in words) or "unknown"


def _machine() -> dict[str, str]:
    packages = ("numpy", "torch", "scikit-learn", "skorch", "jax", "optax", "keras")
    found = [name for name in packages if find_spec(_MODULES.get(name, name))]
    return {
        "machine": str(cpuinfo.get_cpu_info().get("brand_raw", platform.machine())),
        "cores": str(os.cpu_count()),
        "products": _kernels(),
        "versions": ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in found)]),
    }


def _peak(net: str, seeds: int, method: str) -> float:
    command = [sys.executable, "-m", "tests.speed.memory", net, str(seeds), method]
    return float(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


@cache
def _warm(method: str) -> None:
    """Let a method import what it needs, and pay for its first call."""
    METHODS[method].prepare(NETS[0], 1, 10)()


@contextmanager
def _one_core() -> Iterator[None]:
    """Keep this process on one core: not every library holds to one thread when it is asked to."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


@pytest.fixture(scope="module")
def measurements() -> Iterator[list[Measurement]]:
    """Collect the measurements on one core, and write the table once all are there."""
    found: list[Measurement] = []
    with _one_core():
        rates = [_sgemm_gigaflops()]
        yield found
        rates.append(_sgemm_gigaflops())
    if len(found) < len(CASES):
        return
    keys = sorted({(each.net.name, each.seeds, each.method) for each in found})
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        peaks = dict(zip(keys, pool.map(_peak, *zip(*keys, strict=True)), strict=True))
    rows = table.rows(found, peaks, max(rates))
    page = table.as_markdown(rows, _machine(), n_rounds=N_ROUNDS, gigaflops=max(rates))
    (ROOT / "results").mkdir(exist_ok=True)
    (ROOT / "results" / "speed.csv").write_text(table.as_csv(rows), encoding="utf-8")
    (ROOT / "results" / "speed.md").write_text(page, encoding="utf-8")


@pytest.mark.parametrize(
    ("turn", "net", "seeds", "method"),
    [pytest.param(*case, id=f"{case[0]}-{case[1].name}-{case[2]}-{case[3]}") for case in CASES],
)
def test_speed(
    benchmark: BenchmarkFixture, measurements: list[Measurement], turn: int, net: Net, seeds: int, method: str
) -> None:
    _warm(method)
    chosen = METHODS[method]
    steps, seeds_run = min(net.steps, chosen.at_most[seeds]), min(seeds, chosen.seeds_at_most)
    start = time.perf_counter()
    run = chosen.prepare(net, seeds_run, steps)
    setup_seconds = time.perf_counter() - start
    benchmark.pedantic(run, rounds=1, iterations=1)  # type: ignore[no-untyped-call]
    assert benchmark.stats is not None
    benchmark.extra_info.update(net=net.name, seeds=seeds, method=method, turn=turn)
    measurements.append(
        Measurement(
            net=net,
            seeds=seeds,
            method=method,
            setup_seconds=setup_seconds,
            run_seconds=benchmark.stats.stats.total,
            steps_run=steps,
            seeds_run=seeds_run,
        )
    )

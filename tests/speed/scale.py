"""Measures what a run of 100,000 cells asks of the client, the scheduler and the store: python -m tests.speed.scale.

A real scheduler and two real workers pass real messages; only the cells are left out: a worker answers at once
with what a cell of ten seeds would have said. docs/scale.md quotes what this prints.
"""

import gc
import json
import logging
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from benchmark.catalogue.registry import Origin, describe
from benchmark.store.local import Store
from benchmark.store.record import Record
from benchmark.workers import cluster as clusters
from benchmark.workers.cluster import Check, Cluster
from benchmark.workers.isolation import Call, Limits, Outcome
from tests.conftest import PLUGINS, ROOT
from tests.synthetic import ManyRecords
from tests.test_isolation import spec

N_CALLS = int(os.environ.get("FNBENCH_CALLS", "100000"))
N_RECORDS, N_SEEDS = 2000, 1000


def mebibytes(pid: int | str = "self") -> float:
    """Return the resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


@cache
def canned() -> tuple[Outcome, str]:
    """Answer a call at once with what ten seeds of a network would give."""
    seeds = ManyRecords(1, 1)["task-0000", "model-00"].seeds
    return Outcome("ok", answer=[seed.model_dump() for seed in seeds]), ""


class Silent:
    """Nobody watches."""

    def workers(self, n: int) -> None:
        """Say nothing."""

    def say(self, text: str) -> None:
        """Say nothing."""


@contextmanager
def fleet(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield the address and the process of a scheduler with two workers."""
    file = folder / "scheduler.json"
    there = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
    common = ["--host", "127.0.0.1", "--no-dashboard"]

    def start(*words: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "dask", *words, *common]
        return subprocess.Popen(command, env=there, cwd=folder, stderr=subprocess.DEVNULL)

    running = [start("scheduler", "--port", "0", "--scheduler-file", str(file))]
    while not file.exists() or not file.read_text():
        time.sleep(0.05)
    address = json.loads(file.read_text())["address"]
    running += [start("worker", address, "--no-nanny", "--nthreads", "1") for _ in range(2)]
    try:
        yield address, running[0].pid
    finally:
        for process in running:
            process.terminate()
            process.wait()


def through_the_client(address: str, scheduler: int, n_calls: int) -> None:
    """Send calls as a run does and print memory and rate."""
    cell = spec("good_models", "good-1", tuple(range(10)))
    plugins = (Origin("file", str(PLUGINS / name)) for name in ("tiny.py", "good_models.py"))
    checks = [Check(entry, Call("observe", entry), lambda _: "") for plugin in plugins for entry in describe(plugin)]
    with Cluster(address, jobs=1, watcher=Silent()) as cluster:
        cluster.meet(checks, ("numpy",))
        clusters._SERVE = "__import__('importlib').import_module('tests.speed.scale').canned()"
        print(f"{n_calls:,} calls: client {mebibytes():.0f} MiB before they are listed")
        calls = [(n, Call("cell", replace(cell))) for n in range(n_calls)]
        start, done = time.perf_counter(), 0
        for done, _ in enumerate(cluster.run_calls(calls, limits=Limits(60, 1024)), 1):
            if done == 100 or done % (n_calls // 4) == 0:
                print(f"  {done:>7,} done: client {mebibytes():.0f} MiB, scheduler {mebibytes(scheduler):.0f} MiB")
        assert done == n_calls
        print(f"  {n_calls / (time.perf_counter() - start):.0f} calls a second")


def all_at_once(address: str, scheduler: int) -> None:
    """Print what the same would cost if every call were handed to Dask at the start, which the run does not do."""
    from distributed import Client

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    cell = spec("good_models", "good-1", tuple(range(10)))
    with Client(address, set_as_default=False) as client:
        before = mebibytes(), mebibytes(scheduler)
        start = time.perf_counter()
        words = [pickle.dumps((n, Call("cell", cell))) for n in range(N_CALLS)]
        futures = client.map(len, words, workers=["tcp://127.0.0.1:1"], allow_other_workers=False, pure=False)
        while client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)) < N_CALLS:
            time.sleep(0.5)
        after = mebibytes(), mebibytes(scheduler)
        seconds = time.perf_counter() - start
        print(f"{N_CALLS:,} tasks handed to Dask at once, in {seconds:.0f} s:")
        for name, one, two in zip(("client", "scheduler"), before, after, strict=True):
            print(f"  {name} {one:.0f} to {two:.0f} MiB, {(two - one) * 1024 / N_CALLS:.1f} KiB a task")
        del futures


def _saved(store: Store, records: Iterable[Record]) -> float:
    start = time.perf_counter()
    for record in records:
        store.save_record(record)
    return time.perf_counter() - start


def kept(folder: Path) -> None:
    """Print what it costs to keep records, to read them all, and to join the groups of one cell of many seeds."""
    many = ManyRecords(N_RECORDS // 50, 50)
    store = Store(folder / "many")
    store.prepare()
    seconds = _saved(store, (many[place] for place in many))
    size = sum(path.stat().st_size for path in (folder / "many").rglob("*.json")) / N_RECORDS / 1024
    print(f"{N_RECORDS:,} records of ten seeds, {size:.0f} KiB each: {1000 * seconds / N_RECORDS:.1f} ms to keep one")
    gc.collect()
    before, start = mebibytes(), time.perf_counter()
    contents = store.read()
    seconds, grown = time.perf_counter() - start, mebibytes() - before
    assert len(contents.records) == N_RECORDS
    print(f"  all of them read: {1000 * seconds / N_RECORDS:.2f} ms and {1024 * grown / N_RECORDS:.0f} KiB a record")
    del contents
    whole = ManyRecords(1, 1, n_seeds=N_SEEDS)["task-0000", "model-00"]
    groups = [whole.model_copy(update={"seeds": whole.seeds[first : first + 10]}) for first in range(0, N_SEEDS, 10)]
    store = Store(folder / "one")
    store.prepare()
    halves = _saved(store, groups[: len(groups) // 2]), _saved(store, groups[len(groups) // 2 :])
    print(f"{N_SEEDS:,} seeds of one cell, joined by tens: {halves[0]:.1f} s for the first half, {halves[1]:.1f} s")


def main() -> None:
    """Print all of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with fleet(folder) as (address, scheduler):
            through_the_client(address, scheduler, N_CALLS)
            all_at_once(address, scheduler)
        kept(folder)


if __name__ == "__main__":
    main()

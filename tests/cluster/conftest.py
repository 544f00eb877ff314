"""Real schedulers and workers on this machine, each a process of its own, started and stopped by the tests."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import PLUGINS, ROOT

SECONDS = 60.0
# What ends by being told to: far less than what waits for the test would take, and enough for a busy machine.
SOON = 20.0
Process = subprocess.Popen[str]


def until(said: Callable[[], object], what: str, seconds: float = SECONDS) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < end, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)


def members(group: int) -> dict[int, str]:
    """Return the command of every living process of a group, by its number."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        # A process may end while we look.
        with suppress(OSError):
            state, _, its, *_ = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(its) == group and state not in ("Z", "X"):
                found[int(folder.name)] = (
                    (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                )
    return found


def ended(group: int) -> list[int]:
    """End every process of a group but Python's trackers, and return which these were."""
    found = [pid for pid, command in members(group).items() if "multiprocessing.resource_tracker" not in command]
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return found


@dataclass
class Run:
    """A `python -m benchmark run` on its way, and what it has said so far."""

    process: Process
    errors: Path

    @property
    def said(self) -> str:
        return self.errors.read_text(encoding="utf-8")

    def end(self, seconds: float = SECONDS) -> int:
        """Return the exit code."""
        return self.process.wait(timeout=seconds)


@dataclass
class Fleet:
    """A scheduler and its workers, whose cells note in `folder` what they do."""

    folder: Path
    scheduler: Process | None = None
    address: str = ""
    workers: dict[str, Process] = field(default_factory=dict)
    runs: list[Process] = field(default_factory=list)

    def start(self, *words: str, cwd: Path = ROOT, output: str = "output", **environment: str) -> Process:
        """Start `python -m words`; what it says goes to the files `output`.out and .err."""
        plain = {"PYTHONPATH": "", "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
        dask = {"DASK_DISTRIBUTED__WORKER__DAEMON": "False", "DASK_TEMPORARY_DIRECTORY": str(self.folder / "dask")}
        there = {**os.environ, **plain, **dask, "FNBENCH_TEST_FOLDER": str(self.folder), **environment}
        with (self.folder / f"{output}.out").open("w") as out, (self.folder / f"{output}.err").open("w") as err:
            return subprocess.Popen(
                [sys.executable, "-m", *words], cwd=cwd, env=there, stdout=out, stderr=err, text=True,
                start_new_session=True,
            )  # fmt: skip

    def start_scheduler(self) -> None:
        file = self.folder / "scheduler.json"
        file.unlink(missing_ok=True)
        self.address = ""
        words = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        # It needs no checkout.
        self.scheduler = self.start("dask", "scheduler", *words, output="scheduler", cwd=self.folder)

        def address() -> str:
            with suppress(OSError, ValueError):
                self.address = json.loads(file.read_text(encoding="utf-8"))["address"]
            return self.address

        until(address, "the scheduler has an address")

    def start_worker(self, name: str, *words: str, cwd: Path = ROOT, ready: bool = True, **environment: str) -> None:
        words = ("--host", "127.0.0.1", "--no-dashboard", "--nthreads", "1", "--name", name, *words)
        self.workers[name] = self.start(
            "dask", "worker", self.address, *words, cwd=cwd, output=f"worker-{name}", **environment
        )
        if ready:
            log = self.folder / f"worker-{name}.err"
            until(lambda: "Registered to" in log.read_text(), f"worker {name} is registered")

    def run(
        self, results: Path, *words: object, cluster: str = "", seeds: int = 1, plugins: tuple[str, ...] = ()
    ) -> Run:
        named = [word for name in ("tiny", "watched", *plugins) for word in ("--plugin", PLUGINS / f"{name}.py")]
        options = [*named, "--task", "tiny", "--quick", "--seeds", seeds, "--no-timing", "--results", results, *words]
        output = f"run-{len(self.runs)}"
        where = ("--cluster", cluster or self.address) if cluster != "none" else ()
        self.runs.append(self.start("benchmark", "run", *map(str, (*options, *where)), output=output))
        return Run(self.runs[-1], self.folder / f"{output}.err")

    @property
    def begun(self) -> list[str]:
        """What has begun, as "model seed worker process file"; a worker and a process are named by their numbers."""
        file = self.folder / "begun"
        return file.read_text().splitlines() if file.exists() else []

    def where(self, model: str) -> tuple[int, int]:
        """Return the worker that runs a model and the process in which it runs, once it has begun."""
        until(lambda: any(line.startswith(f"{model} ") for line in self.begun), f"{model} begins")
        line = next(line for line in reversed(self.begun) if line.startswith(f"{model} "))
        return int(line.split()[2]), int(line.split()[3])

    def go(self) -> None:
        """Let the models that wait go on."""
        (self.folder / "go").touch()

    def stop(self) -> None:
        """End all processes but Python's trackers: these remove the semaphores that the others leave, and end then."""
        for process in (*self.runs, *self.workers.values(), *([self.scheduler] if self.scheduler else [])):
            until(lambda process=process: not ended(process.pid), "the processes of a group have ended")  # type: ignore[misc]
            process.wait()
            until(lambda process=process: not members(process.pid), "their tracker has ended")  # type: ignore[misc]


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    """A scheduler without workers."""
    (tmp_path / "fleet").mkdir()
    made = Fleet(tmp_path / "fleet")
    try:
        made.start_scheduler()
        yield made
    finally:
        made.stop()


@pytest.fixture
def three(fleet: Fleet) -> Fleet:
    """A scheduler and three workers, a, b and c, which come back when they are killed."""
    for name in "abc":
        fleet.start_worker(name, ready=False)
    for name in "abc":
        log = fleet.folder / f"worker-{name}.err"
        until(lambda log=log: "Registered to" in log.read_text(), f"worker {name} is registered")  # type: ignore[misc]
    return fleet

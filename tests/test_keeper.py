"""The keeper of a call: it says how the first of its processes ended, and what they took too much of."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmark.workers import isolation, keeper
from benchmark.workers.keeper import keep

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody says what processes hold")


@dataclass(frozen=True)
class Ended:
    """What a keeper said at its end."""

    said: dict[str, object]
    scratch: Path


Kept = Callable[..., Ended]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Keep workers, as a run does, and return what the keeper says."""

    def call(
        workers: dict[str, Callable[[], object]],
        *,
        memory_mib: int = 300,
        disk_mib: int = 10,
        then: Callable[[int], object] = lambda pid: None,
    ) -> Ended:
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        (ours, channel), (run, alive) = os.pipe(), os.pipe()
        if (pid := os.fork()) == 0:
            try:
                os.close(alive)
                # Its output is the log.
                os.dup2(os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND), 1)
                limits = {"memory_mib": memory_mib, "disk_mib": disk_mib}
                keep(workers, run=run, channel=channel, scratch=str(scratch), **limits)
            finally:
                os._exit(1)
        os.close(channel)
        os.close(run)
        then(pid)
        with os.fdopen(ours, "rb") as lines:
            said = json.loads(lines.read())["end"]
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        os.close(alive)
        return Ended(said, scratch)

    return call


def await_files(*files: Path) -> None:
    while not all(file.exists() for file in files):
        time.sleep(0.01)


def forever() -> None:
    while True:
        time.sleep(60)


def take(mib: int) -> None:
    block = bytearray(mib * 2**20)
    block[::4096] = b"x" * len(block[::4096])
    forever()


def restlessly() -> None:
    """Have orphans end all the time: each wakes the keeper."""
    while True:
        if os.fork() == 0:
            if os.fork() == 0:
                time.sleep(0.02)
            os._exit(0)
        os.wait()


def test_the_first_end_is_the_one_that_counts(kept: Kept) -> None:
    ended = kept({"rows": forever, "model": lambda: os._exit(3)})
    assert ended.said == {"role": "model", "code": 3, "excess": ""}


def test_a_signal_is_told_and_the_others_are_ended(kept: Kept, tmp_path: Path) -> None:
    def model() -> None:
        (tmp_path / "pid").write_text(str(os.getpid()))
        forever()

    def rows() -> None:
        await_files(tmp_path / "pid")
        os.kill(os.getpid(), signal.SIGABRT)

    assert kept({"rows": rows, "model": model}).said == {"role": "rows", "code": -signal.SIGABRT, "excess": ""}
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text()}").exists()


@pytest.mark.parametrize("restless", [False, True])
def test_memory_is_that_of_all_processes_together(kept: Kept, *, restless: bool) -> None:
    def model() -> None:
        # Each keeps to the limit; together they exceed it and all that this process itself has loaded.
        for _ in range(6):
            if os.fork() == 0:
                take(150)
        restlessly() if restless else forever()

    assert kept({"rows": forever, "model": model}).said["excess"] == "memory"


def test_what_is_shared_counts_once(kept: Kept) -> None:
    def model() -> None:
        block = bytearray(150 * 2**20)
        block[::4096] = b"x" * len(block[::4096])
        for _ in range(4):
            if os.fork() == 0:
                forever()
        # Four times as much would be too much, and the keeper looks twice.
        time.sleep(1.5)
        os._exit(0)

    assert kept({"model": model}).said == {"role": "model", "code": 0, "excess": ""}


def test_files_are_counted_in_all_folders_and_removed_at_once(kept: Kept, tmp_path: Path) -> None:
    def model() -> None:
        folder = tmp_path / "scratch"
        for name in "abcdef":
            folder /= name
            folder.mkdir()
            (folder / "file").write_bytes(b"x" * 2 * 2**20)
        forever()

    ended = kept({"model": model}, disk_mib=10)
    assert ended.said["excess"] == "disk"
    assert not ended.scratch.exists()


def test_files_below_the_limit_and_empty_space_are_no_excess(kept: Kept, tmp_path: Path) -> None:
    def model() -> None:
        (tmp_path / "scratch" / "file").write_bytes(b"x" * 2**20)
        with (tmp_path / "scratch" / "sparse").open("wb") as file:
            file.truncate(2**34)
        time.sleep(1.5)
        os._exit(0)

    ended = kept({"model": model}, disk_mib=10)
    assert ended.said == {"role": "model", "code": 0, "excess": ""}
    assert ended.scratch.exists()


def test_two_stacks_do_not_mix_in_one_log(kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # On a busy machine, too, the next piece comes within a pause.
    monkeypatch.setattr(keeper, "_PAUSE_SECONDS", 0.5)
    monkeypatch.setattr(keeper, "_SAY_SECONDS", 60.0)

    def said(role: str) -> Callable[[], None]:
        def worker() -> None:
            def slowly(*_: object) -> None:
                # In pieces, as faulthandler writes.
                for piece in (f"<{role}", f" {role}", f" {role}>"):
                    os.write(1, piece.encode())
                    time.sleep(0.04)

            signal.signal(signal.SIGUSR1, slowly)
            (tmp_path / role).touch()
            forever()

        return worker

    def stop(pid: int) -> None:
        await_files(tmp_path / "rows", tmp_path / "model")
        os.kill(pid, signal.SIGTERM)

    ended = kept({"rows": said("rows"), "model": said("model")}, then=stop)
    assert ended.said == {"role": "", "code": None, "excess": ""}
    assert (tmp_path / "log").read_text() == "<rows rows rows><model model model>"


class Clock:
    """A time that passes only while somebody sleeps: how busy the machine is does not count."""

    def __init__(self, file: Path) -> None:
        self._now, self._file = 0.0, file

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds
        self._file.write_text(str(self._now))


def test_who_has_nothing_to_say_is_not_waited_for(kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deaf(role: str) -> Callable[[], None]:
        def worker() -> None:
            signal.signal(signal.SIGUSR1, signal.SIG_IGN)
            (tmp_path / role).touch()
            forever()

        return worker

    def stop(pid: int) -> None:
        await_files(tmp_path / "rows", tmp_path / "model")
        os.kill(pid, signal.SIGTERM)

    monkeypatch.setattr(keeper, "time", Clock(tmp_path / "slept"))
    ended = kept({"rows": deaf("rows"), "model": deaf("model")}, then=stop)
    assert ended.said == {"role": "", "code": None, "excess": ""}
    # Less than the run waits before it ends the keeper: half of that, and the rest is for ending the processes.
    assert 0 < float((tmp_path / "slept").read_text()) < isolation._END_SECONDS / 2


def test_a_chain_of_processes_of_any_length_is_ended(kept: Kept) -> None:
    def model() -> None:
        # Deeper than functions may call each other; each begins the next and waits.
        for _ in range(1200):
            if os.fork() != 0:
                forever()
        subprocess.run([sys.executable, "-c", ""], check=True)
        time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGKILL)

    def stop(pid: int) -> None:
        time.sleep(3)
        os.kill(pid, signal.SIGTERM)

    assert kept({"model": model}, memory_mib=10**6, then=stop).said["excess"] == ""

"""The server that calls are forked from is watched and replaced; what is left of a run is known and removed."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from benchmark.catalogue.registry import Origin
from benchmark.workers import marks, server
from benchmark.workers.isolation import Call, Limits
from benchmark.workers.pool import run_calls

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system says less of processes")

LIMITS = Limits(seconds=60, memory_mib=1024)
GONE = f"99999999-1-{marks.mark().rpartition('-')[2]}"
ELSEWHERE = "99999999-1-0123abcd"
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def answered() -> bool:
    call = Call("describe", Origin("room", "tasks.core"))
    [(_, outcome)] = run_calls([(0, call)], jobs=1, limits=LIMITS)
    return outcome.status == "ok"


def server_pid() -> int:
    pid = server._server()
    assert pid is not None
    return pid


@contextmanager
def sleeper(mark: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that was started for the run with this mark."""
    process = subprocess.Popen(SLEEP, env=os.environ | {marks.MARK: mark}, start_new_session=True)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait(10)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_a_server_that_is_stopped_or_ended_is_replaced(number: signal.Signals) -> None:
    assert answered()
    before = server_pid()
    os.kill(before, number)
    time.sleep(0.1)
    assert answered()
    assert server_pid() != before
    assert not Path(f"/proc/{before}").exists()


def test_a_server_that_is_kept_waiting_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_ANSWER_SECONDS", 1.0)
    assert answered()
    before = server_pid()
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(server.forkserver._forkserver._forkserver_address)  # type: ignore[attr-defined]
        assert answered()
    assert server_pid() != before


def test_garbage_ends_a_server_without_a_word_and_the_next_one_answers(capfd: pytest.CaptureFixture[str]) -> None:
    server.preload(())
    assert answered()
    # The next one begins with what is loaded beforehand.
    os.kill(server_pid(), signal.SIGKILL)
    time.sleep(0.1)
    assert answered()
    for garbage in (b"", b"x", b"garbage" * 1000):
        with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.connect(server.forkserver._forkserver._forkserver_address)  # type: ignore[attr-defined]
            line.sendall(garbage)
        time.sleep(0.1)
        assert answered()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("instead", ["nothing", "a file", "a link"])
def test_the_folder_of_the_run_is_there_again_when_somebody_removed_it(tmp_path: Path, instead: str) -> None:
    assert answered()
    folder = server.scratch().parent
    server.remove_folder()
    if instead == "a file":
        folder.touch()
    if instead == "a link":
        folder.symlink_to(tmp_path)
    assert answered()
    assert folder.is_dir()
    assert not folder.is_symlink()


def test_the_mark_says_who_the_run_is() -> None:
    pid, begun, system = marks.mark().split("-")
    found = marks.process_of(os.getpid())
    assert found is not None
    assert (int(pid), begun) == (os.getpid(), found.begun)
    assert not marks.is_gone(marks.mark())
    # The number is in use again, by another one.
    assert marks.is_gone(f"{pid}-{int(begun) - 1}-{system}")
    assert marks.is_gone(GONE)
    # Nobody knows what runs elsewhere.
    assert not marks.is_gone(ELSEWHERE)
    assert not marks.is_gone("nonsense")


def test_the_next_run_removes_what_is_certainly_left_and_nothing_else(place: Path) -> None:
    left = place / f"fnbench-{GONE}-abcd1234"
    (left / "cell-1" / "deep").mkdir(parents=True)
    kept = [
        place / name
        for name in (
            f"fnbench-{ELSEWHERE}-abcd1234",
            f"fnbench-{marks.mark()}-abcd1234",
            f"fnbench-{GONE}-abcd1234.txt",
            "fnbench-abcd1234",
            "fnbench-notes",
        )
    ]
    for folder in kept:
        folder.mkdir()
    (place / "target").mkdir()
    link = place / f"fnbench-{GONE}-link"
    link.symlink_to(place / "target")
    server.sweep()
    assert not left.exists()
    assert all(folder.is_dir() for folder in (*kept, place / "target"))
    assert link.is_symlink()


def test_the_next_run_ends_the_processes_of_one_that_is_gone_and_no_others(place: Path) -> None:
    with sleeper(GONE) as left, sleeper(ELSEWHERE) as elsewhere, sleeper(marks.mark()) as ours:
        server.sweep()
        assert left.wait(10) == -signal.SIGKILL
        assert (elsewhere.poll(), ours.poll()) == (None, None)


def test_what_no_keeper_keeps_is_ended_and_what_one_keeps_is_not() -> None:
    with sleeper(marks.mark()) as stranger, sleeper(marks.mark()) as keeper, sleeper(ELSEWHERE) as other:
        server.end_strangers([keeper.pid])
        assert stranger.wait(10) == -signal.SIGKILL
        assert (keeper.poll(), other.poll()) == (None, None)
    with subprocess.Popen(SLEEP, start_new_session=True) as own:
        # Started by this process, but for no call.
        server.end_strangers(())
        assert own.poll() is None
        own.kill()
    assert answered()


def test_a_place_too_deep_for_sockets_will_do(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    script = (
        "import os\nfrom tests.test_server import answered\nfrom benchmark.workers import server\n"
        "if __name__ == '__main__':\n    print(answered(), *server._folders[os.getpid()])\n"
    )
    (tmp_path / "script.py").write_text(script)
    there = os.environ | {"TMPDIR": str(deep), "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, str(tmp_path / "script.py")], env=there, capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("True "), done.stderr
    _, files, sockets = done.stdout.split()
    assert Path(files).parent == deep
    assert len(sockets) < 60
    assert list(deep.iterdir()) == []
    assert not Path(sockets).exists()

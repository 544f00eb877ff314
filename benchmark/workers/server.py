"""The server that processes for calls are forked from: started, watched, started again; and what a run leaves behind.

It is Python's own forkserver, with the libraries of the models imported already. A plugin can stop it or end it,
as everything that belongs to the same user; so nobody waits for it for ever, and it holds nothing
that could be lost: a call that is on its way does not need it any more.

Every process below it carries the run's mark in its environment, and all temporary files lie in one folder
with the same mark. So what is left of a run that was killed is known for certain, and the next run removes it.
"""

import atexit
import contextlib
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections.abc import Collection, Iterable
from multiprocessing import forkserver, resource_tracker
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmark.environment import CHECKOUT, ONE_THREAD
from benchmark.errors import StoreError
from benchmark.workers.keeper import adopt_orphans
from benchmark.workers.marks import (
    MARK,
    folder_name,
    is_gone,
    mark,
    marked_processes,
    owner_of,
    process_of,
    processes,
)
from benchmark.workers.removal import remove

CONTEXT = multiprocessing.get_context("forkserver")
CLEAN = multiprocessing.get_context("spawn")
# At first the server imports everything, which takes seconds; afterwards it answers within milliseconds.
_FIRST_SECONDS, _ANSWER_SECONDS = 60.0, 10.0
_TRIES = 3
_END_SECONDS, _PAUSE_SECONDS = 5.0, 0.01
# A socket's address has this length at most. Where temporary files lie deeper, a folder of ours here has the sockets.
_ADDRESS_LETTERS = 100
_SHORT = "/tmp"  # noqa: S108 - in a folder of ours there

# The folders of each process of ours that is a run, by its number: a fork is another one. All files lie in the first.
_folders: dict[int, tuple[Path, ...]] = {}
# The servers that have answered.
_known: set[int] = set()


def _wind_up(pid: int) -> None:
    if pid == os.getpid():
        end_strangers(())
        remove_folder()


def folder() -> Path:
    """Return the folder of this run, with all its temporary files; it is made again should a plugin have removed it."""
    pid = os.getpid()
    if pid not in _folders:
        atexit.register(_wind_up, pid)
        # Whom the server leaves behind, should a plugin end it, comes to us.
        adopt_orphans()
        made = [Path(tempfile.mkdtemp(prefix=folder_name()))]
        if len(f"{made[0]}/listener-12345678") > _ADDRESS_LETTERS:
            made.append(Path(tempfile.mkdtemp(prefix=folder_name(), dir=_SHORT)))
        # The server's own socket lies there as well: nothing of a run is left behind.
        multiprocessing.current_process()._config["tempdir"] = str(made[-1])  # type: ignore[attr-defined]
        _folders[pid] = tuple(made)
    for known in _folders[pid]:
        if known.is_symlink() or not known.is_dir():
            known.unlink(missing_ok=True)
            known.mkdir(mode=0o700)
    return _folders[pid][0]


def scratch() -> Path:
    """Return a new empty folder for a call.

    Raises:
        StoreError: there is no room for one.
    """
    try:
        return Path(tempfile.mkdtemp(prefix="cell-", dir=folder()))
    except OSError as error:
        raise StoreError(f"could not make room for a cell's files: {error}") from error


def remove_folder() -> None:
    """Remove the folder of this run with all that is in it."""
    for known in _folders.get(os.getpid(), ()):
        remove(known)


def preload(modules: Iterable[str]) -> None:
    """Have the server import the engine and `modules` before its first child; later calls change nothing."""
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if str(CHECKOUT) not in paths:
        # Without this the preload fails without a word: modules found only by the script's own path.
        os.environ["PYTHONPATH"] = os.pathsep.join([str(CHECKOUT), *filter(None, paths)])
    # All that a child needs, or it would read it anew for each call.
    ours = [f"benchmark.workers.{name}" for name in ("served", "isolation", "timing")]
    ours.append("multiprocessing.popen_forkserver")
    CONTEXT.set_forkserver_preload([*ours, *modules, "benchmark.workers.pages"])


def _server() -> int | None:
    """Return the process number of the server, None before there is one."""
    pid: int | None = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    return pid


def _end_server() -> None:
    pid = _server()
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _can_answer(pid: int) -> bool:
    """Whether a server runs, and where it listens is still there."""
    found = process_of(pid)
    address: str = forkserver._forkserver._forkserver_address  # type: ignore[attr-defined]
    return (found is None or found.state not in ("T", "t")) and Path(address).exists()


def _renounce_server() -> None:
    """End the server there is: Python starts another one once it is gone, not while it is about to go."""
    pid = _server()
    if pid is not None:
        _end_server()
        with contextlib.suppress(ChildProcessError, AttributeError):
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def _start(process: BaseProcess) -> None:
    for _ in range(_TRIES):
        if (pid := _server()) is not None and not _can_answer(pid):
            _renounce_server()
        patience = _ANSWER_SECONDS if _server() in _known else _FIRST_SECONDS
        watchdog = threading.Timer(patience, _end_server)
        watchdog.daemon = True
        watchdog.start()
        try:
            process.start()
        except (EOFError, ConnectionError, FileNotFoundError) as error:
            trouble: Exception = error
            _renounce_server()
        else:
            _known.add(_server() or 0)
            return
        finally:
            watchdog.cancel()
    raise StoreError(f"could not start a process for a cell: {type(trouble).__name__}: {trouble}")


def start(process: BaseProcess) -> None:
    """Start a process, by another server if the one there is does not answer.

    Raises:
        StoreError: none could be started.
    """
    folder()
    # Before numpy is imported anywhere below.
    os.environ.update(ONE_THREAD)
    # Only while something may be started that is to carry it: other programs that we start are not marked.
    above = os.environ.get(MARK)
    os.environ[MARK] = mark()
    try:
        _start(process)
    finally:
        del os.environ[MARK]
        if above is not None:
            os.environ[MARK] = above


def _mounts(pid: int | str) -> str:
    """Return which mounts a process sees: a call's processes, and all below them, have mounts of their own."""
    with contextlib.suppress(OSError):
        return str(Path(f"/proc/{pid}/ns/mnt").readlink())
    return ""


def _strangers(keepers: Collection[int]) -> set[int]:
    """Return the living processes below this run that no keeper keeps, but for the run's own."""
    every, own, run = processes(), _mounts("self"), os.getpid()
    marks = dict(marked_processes())
    tracker = resource_tracker._resource_tracker._pid  # type: ignore[attr-defined]
    found = set()
    for pid, each in every.items():
        if each.state in ("Z", "X") or pid in (run, _server(), tracker):
            continue
        line, here = [pid], pid
        while here in every and every[here].parent not in line:
            here = every[here].parent
            line.append(here)
        # Another run may have been started from this one, as a worker of a cluster.
        if any(above in keepers or marks.get(above, mark()) != mark() for above in line):
            continue
        # What carries no mark may be ours if it is below the server, or has come from a call to us.
        elsewhere = run in line and _mounts(pid) not in ("", own)
        if pid in marks or _server() in line or elsewhere:
            found.add(pid)
    return found


def end_strangers(keepers: Collection[int]) -> None:
    """End what is left of calls whose keeper is gone: whatever no keeper in `keepers` keeps."""
    end = time.monotonic() + _END_SECONDS
    # What ends may leave children, and what runs away may do so while we look.
    while (strangers := _strangers(keepers)) and time.monotonic() < end:
        for pid in strangers:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_PAUSE_SECONDS)


def sweep() -> None:
    """End the processes and remove the folders of runs that are gone."""
    for pid, whose in list(marked_processes()):
        if is_gone(whose):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
    for path in {tempfile.gettempdir(), _SHORT}:
        for folder in Path(path).glob("fnbench-*"):
            with contextlib.suppress(OSError):
                if (owner := owner_of(folder)) and is_gone(owner):
                    remove(folder)

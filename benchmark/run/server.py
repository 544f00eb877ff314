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
import re
import shutil
import signal
import tempfile
import threading
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from multiprocessing import forkserver, resource_tracker
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmark.errors import StoreError
from benchmark.run.environment import CHECKOUT, ONE_THREAD
from benchmark.run.keeper import children_of

MARK = "FNBENCH_RUN"
CONTEXT = multiprocessing.get_context("forkserver")
CLEAN = multiprocessing.get_context("spawn")
# The server answers within milliseconds once it has imported everything, which takes seconds.
_ANSWER_SECONDS = 60.0
_TRIES = 3
_FOLDER = re.compile(r"fnbench-(\d+-\d+)-[a-z0-9_]+")


def _fields_of(pid: int) -> list[str]:
    """Return what the system says of a process, its state first; nothing where it says nothing."""
    with contextlib.suppress(OSError):
        # The name of a program may hold spaces and brackets.
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    return []


def _begun(pid: int) -> str:
    """Return when a process began, "0" where the system does not say: with its number, who it is for certain."""
    fields = _fields_of(pid)
    return fields[19] if len(fields) > 19 else "0"


@cache
def _mark_of(pid: int) -> str:
    return f"{pid}-{_begun(pid)}"


def mark() -> str:
    """Return the mark of this run, which no other process has or will have."""
    return _mark_of(os.getpid())


def _alive(marked: str) -> bool:
    pid, _, begun = marked.partition("-")
    if Path("/proc/self/stat").exists():
        return _begun(int(pid)) == begun
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _marked() -> Iterator[tuple[int, str]]:
    """Yield every process below a server of ours, with the mark of the run that it was started for."""
    for environ in Path("/proc").glob("[0-9]*/environ"):
        # A process may end while we look, or be somebody else's.
        with contextlib.suppress(OSError):
            for variable in environ.read_bytes().split(b"\0"):
                name, _, value = variable.partition(b"=")
                if name == MARK.encode() and re.fullmatch(rb"\d+-\d+", value):
                    yield int(environ.parent.name), value.decode()


@cache
def _folder_of(pid: int) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"fnbench-{_mark_of(pid)}-"))
    # The server's own socket lies here as well, so that it is not left behind either.
    multiprocessing.current_process()._config.setdefault("tempdir", str(folder))  # type: ignore[attr-defined]
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def folder() -> Path:
    """Return the folder of this run, in which all its temporary files lie."""
    return _folder_of(os.getpid())


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
    if _folder_of.cache_info().currsize:
        shutil.rmtree(folder(), ignore_errors=True)


def preload(modules: Iterable[str]) -> None:
    """Have the server import the engine and `modules` before its first child; later calls change nothing."""
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if str(CHECKOUT) not in paths:
        # Without this the preload fails without a word: modules found only by the script's own path.
        os.environ["PYTHONPATH"] = os.pathsep.join([str(CHECKOUT), *filter(None, paths)])
    CONTEXT.set_forkserver_preload(["benchmark.run.served", "benchmark.run.calls", *modules])


def _server() -> int | None:
    """Return the process number of the server, None before there is one."""
    pid: int | None = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    return pid


def _end_server() -> None:
    pid = _server()
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _end_stopped_server() -> None:
    pid = _server()
    if pid is not None and _fields_of(pid)[:1] in (["T"], ["t"]):
        _end_server()
        # Python starts another one once this one is gone.
        with contextlib.suppress(ChildProcessError):
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


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
        for _ in range(_TRIES):
            _end_stopped_server()
            watchdog = threading.Timer(_ANSWER_SECONDS, _end_server)
            watchdog.daemon = True
            watchdog.start()
            try:
                process.start()
            except (EOFError, ConnectionError, FileNotFoundError) as error:
                trouble: Exception = error
            else:
                return
            finally:
                watchdog.cancel()
        raise StoreError(f"could not start a process for a cell: {type(trouble).__name__}: {trouble}")
    finally:
        del os.environ[MARK]
        if above is not None:
            os.environ[MARK] = above


def end_strangers(keepers: Collection[int]) -> None:
    """End what is left below the server of calls whose keeper is gone: whatever no keeper in `keepers` keeps."""
    server = _server()
    ours = {pid for pid, whose in _marked() if whose == mark()}
    ours |= set(children_of(server)) if server else set()
    parents = {pid: int(fields[1]) for pid in ours if len(fields := _fields_of(pid)) > 1}
    # Python's tracker of shared memory belongs to the run.
    tracker = resource_tracker._resource_tracker._pid  # type: ignore[attr-defined]
    for pid in ours - {server, tracker, os.getpid()}:
        above = pid
        while above in parents and above not in keepers:
            above = parents[above]
        if above not in keepers:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def sweep() -> None:
    """End the processes and remove the folders of runs that are gone."""
    for pid, whose in list(_marked()):
        if not _alive(whose):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
    for folder in Path(tempfile.gettempdir()).glob("fnbench-*"):
        known = _FOLDER.fullmatch(folder.name)
        # Nobody else's: not one that another user, or a plugin, has put there as a link.
        if known and not _alive(known[1]) and not folder.is_symlink() and folder.stat().st_uid == os.getuid():
            shutil.rmtree(folder, ignore_errors=True)

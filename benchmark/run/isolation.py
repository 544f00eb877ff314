"""Runs a call in a process of its own, so that nothing a plugin does can take the run down.

Each call gets a fresh child of a forkserver that has the heavy libraries imported already. The
child guards itself before any plugin code runs: own session, limits on memory, processor time and
file size, output into the call's log. Its answer is a file of JSON, never an object; whatever else
happens becomes a status and a sentence. This is the only place that catches everything.
"""

import contextlib
import ctypes
import faulthandler
import json
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmark.record import Status
from benchmark.run.environment import CHECKOUT, ONE_THREAD

LOG_LIMIT = 2**20
_ANSWER = "answer.json"
_PR_SET_CHILD_SUBREAPER = 36
_CONTEXT = multiprocessing.get_context("forkserver")
_CLEAN = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Limits:
    """What a call may take: wall-clock seconds, and MiB of memory on top of the libraries' own."""

    seconds: float
    memory_mib: int


@dataclass(frozen=True)
class Call:
    """A call of `benchmark.run.calls` by name, with JSON arguments; `log` keeps what it prints."""

    name: str
    arguments: str
    log: Path | None = None
    # In a new interpreter with nothing imported beforehand: slower to start, and needs no heavy libraries.
    clean: bool = False


@dataclass(frozen=True)
class Outcome:
    """How a call ended: its JSON answer when `ok`, otherwise a status and a sentence."""

    status: Status
    reason: str = ""
    answer: str = ""


def preload(modules: Iterable[str]) -> None:
    """Have the forkserver import the engine and `modules` before its first child; later calls change nothing."""
    os.environ.update(ONE_THREAD)
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if str(CHECKOUT) not in paths:
        # Without this the preload fails without a word: modules found only by the script's own path.
        os.environ["PYTHONPATH"] = os.pathsep.join([str(CHECKOUT), *filter(None, paths)])
    _CONTEXT.set_forkserver_preload(["benchmark.run.calls", *modules])
    _adopt_orphans()


def _adopt_orphans() -> None:
    # What a plugin leaves behind outside its process group becomes our child, so that we can end it.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _allowed(kind: int, limit: int) -> None:
    # A platform that refuses a limit still has the others, and the clock of the parent.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (limit, limit))


def _size_now() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.killpg(0, signal.SIGKILL)


def _guard(limits: Limits, log: Path) -> None:
    os.setsid()
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (descriptor, 1), (descriptor, 2)):
        os.dup2(source, target)
    faulthandler.enable(sys.stderr)
    if _size_now():
        _allowed(resource.RLIMIT_AS, _size_now() + limits.memory_mib * 2**20)
    _allowed(resource.RLIMIT_CPU, int(limits.seconds * (os.cpu_count() or 1)) + 10)
    _allowed(resource.RLIMIT_FSIZE, 2**28)
    _allowed(resource.RLIMIT_CORE, 0)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _in_child(call: Call, limits: Limits, scratch: str, log: Path) -> None:
    """Answer a call: the first and only thing a child does."""
    _guard(limits, log)
    os.chdir(scratch)
    tempfile.tempdir = scratch
    from benchmark.run.calls import answer
    from benchmark.run.execute import outcome_of

    try:
        said = {"status": "ok", "answer": answer(call.name, call.arguments)}
    except BaseException as error:
        said = dict(outcome_of(error))
    unfinished = Path(scratch) / f"{_ANSWER}.unfinished"
    unfinished.write_text(json.dumps(said), encoding="utf-8")
    unfinished.rename(Path(scratch) / _ANSWER)
    # Threads and exit handlers that a plugin left behind have no say any more.
    os._exit(0)


class Running:
    """A call on its way in a child process."""

    def __init__(self, call: Call, limits: Limits) -> None:
        self._limits = limits
        self._scratch = Path(tempfile.mkdtemp(prefix="fnbench-"))
        self._log = call.log or self._scratch / "output.log"
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._log.unlink(missing_ok=True)
        self._process: BaseProcess = (_CLEAN if call.clean else _CONTEXT).Process(
            target=_in_child, args=(call, limits, str(self._scratch), self._log), daemon=False
        )
        self._process.start()
        self._deadline = time.monotonic() + limits.seconds

    @property
    def sentinel(self) -> int:
        """Ready when the child has ended (or closed all it had open)."""
        return self._process.sentinel

    def ended(self) -> bool:
        """Whether there is an answer to collect: given, dead, or out of time."""
        return (self._scratch / _ANSWER).exists() or not _alive(self._process.pid) or time.monotonic() > self._deadline

    def collect(self) -> Outcome:
        """Return how the call ended, end all its processes and remove its scratch folder."""
        outcome = self._outcome()
        self.kill()
        return outcome

    def _outcome(self) -> Outcome:
        answer = self._scratch / _ANSWER
        if not answer.exists() and _alive(self._process.pid):
            return Outcome("timeout", f"stopped after {self._limits.seconds:g} s (--timeout)")
        if answer.exists():
            return Outcome(**json.loads(answer.read_text(encoding="utf-8")))
        self._process.join(1)
        code = self._process.exitcode
        if code is None or code >= 0:
            return Outcome("crashed", f"its process ended with exit code {code} and gave no answer{self._stack()}")
        if -code == signal.SIGXCPU:
            return Outcome("timeout", "used up its processor time (--timeout times the number of cores)")
        return Outcome("crashed", f"its process was ended by {signal.Signals(-code).name}{self._stack()}")

    def _stack(self) -> str:
        """Return the innermost own line that faulthandler wrote, as "; last in my_model.py:12 in fit"."""
        try:
            lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return ""
        frames = [line.strip() for line in lines if line.strip().startswith('File "')]
        own = [frame for frame in frames if "site-packages" not in frame]
        if not own:
            return ""
        file, _, place = own[0].partition(", line ")
        return f"; last in {Path(file[6:-1]).name}:{place}"

    def kill(self) -> None:
        """End the child and everything in its process group, at once, and remove its scratch folder."""
        if self._process.pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self._process.pid, signal.SIGKILL)
        self._process.join(5)
        shutil.rmtree(self._scratch, ignore_errors=True)
        with contextlib.suppress(OSError):
            _trim(self._log)


def _trim(log: Path) -> None:
    size = log.stat().st_size
    if size == 0:
        log.unlink()
    elif size > LOG_LIMIT:
        with log.open("r+b") as file:
            file.seek(size - LOG_LIMIT)
            tail = file.read()
            file.seek(0)
            file.write(b"[the beginning is cut]\n" + tail)
            file.truncate()


def _alive(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True

"""Runs a call in a process of its own, so that nothing a plugin does can take the run down.

Each call gets a fresh child of a forkserver that has the heavy libraries imported already. That child
is the call's keeper (see `keeper`), and the plugin runs in a process below it, which guards itself
first: own session, limits on memory, processor time and file size, output into the call's log. Its
answer is a file of JSON, never an object; whatever else happens becomes a status and a sentence.
"""

import contextlib
import faulthandler
import json
import multiprocessing
import os
import re
import resource
import shutil
import signal
import sys
import sysconfig
import tempfile
import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmark.errors import StoreError
from benchmark.record import Environment, Status
from benchmark.run.environment import CHECKOUT, ONE_THREAD
from benchmark.run.keeper import SAY_WHERE, keep

LOG_LIMIT = 2**20
_ANSWER = "answer.json"
_CONTEXT = multiprocessing.get_context("forkserver")
_CLEAN = multiprocessing.get_context("spawn")
_MOST = 2**62
# How libraries in other languages say that memory has run out, before they end the process.
_OUT_OF_MEMORY = re.compile(r"bad_alloc|MemoryError|not enough memory|[Cc]annot allocate memory|Memory allocation")


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
    """How a call ended: its JSON answer when `ok`, otherwise a status and a sentence; and where, if not here."""

    status: Status
    reason: str = ""
    answer: str = ""
    environment: Environment | None = None


def preload(modules: Iterable[str]) -> None:
    """Have the forkserver import the engine and `modules` before its first child; later calls change nothing."""
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if str(CHECKOUT) not in paths:
        # Without this the preload fails without a word: modules found only by the script's own path.
        os.environ["PYTHONPATH"] = os.pathsep.join([str(CHECKOUT), *filter(None, paths)])
    _CONTEXT.set_forkserver_preload(["benchmark.run.calls", *modules])


def _allowed(kind: int, limit: float, *, more: int = 0) -> None:
    """Set a soft limit, and a hard one `more` above it."""
    # A platform that refuses a limit still has the others, and the clock of the parent.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (int(min(limit, _MOST)), int(min(limit, _MOST)) + more))


def _size_now() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _capture_output(log: Path) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (descriptor, 1), (descriptor, 2)):
        os.dup2(source, target)


def _guard(limits: Limits) -> None:
    faulthandler.enable(sys.stderr)
    # So that a call that is stopped says where it was, even if it holds the interpreter's lock.
    faulthandler.register(SAY_WHERE, sys.stderr)
    if _size_now():
        _allowed(resource.RLIMIT_AS, _size_now() + limits.memory_mib * 2**20)
    # Only for the case that nobody is left to look at the clock.
    _allowed(resource.RLIMIT_CPU, min(limits.seconds, _MOST) * (os.cpu_count() or 1) + 10, more=5)
    _allowed(resource.RLIMIT_FSIZE, 2**28)
    _allowed(resource.RLIMIT_CORE, 0)


def _answer(call: Call, limits: Limits, scratch: str) -> None:
    """Answer a call into its scratch folder: what the guarded process does."""
    try:
        _guard(limits)
        os.chdir(scratch)
        tempfile.tempdir = scratch
        from benchmark.run.calls import answer
        from benchmark.run.execute import outcome_of

        try:
            said = {"status": "ok", "answer": answer(call.name, call.arguments)}
        except BaseException as error:
            said = dict(outcome_of(error))
            with contextlib.suppress(Exception):
                traceback.print_exc()
        unfinished = Path(scratch) / f"{_ANSWER}.unfinished"
        unfinished.write_text(json.dumps(said), encoding="utf-8")
        unfinished.rename(Path(scratch) / _ANSWER)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except BaseException:
        # No answer is an answer as well; the parent finds the words.
        with contextlib.suppress(BaseException):
            traceback.print_exc()
            sys.stderr.flush()


def _in_child(call: Call, limits: Limits, scratch: str, log: Path) -> None:
    """Keep the process that answers a call: the first and only thing a child does."""
    _capture_output(log)
    run = multiprocessing.parent_process()
    assert run is not None
    keep(lambda: _answer(call, limits, scratch), run=run.sentinel, scratch=scratch)


def end_all() -> None:
    """End every call that is still running, also one that nobody listens to any more."""
    for child in multiprocessing.active_children():
        child.terminate()


class Running:
    """A call on its way in a child process."""

    def __init__(self, call: Call, limits: Limits) -> None:
        # Before numpy is imported anywhere below.
        os.environ.update(ONE_THREAD)
        self._limits = limits
        try:
            self._scratch = Path(tempfile.mkdtemp(prefix="fnbench-"))
            self._log = call.log or self._scratch / "output.log"
            self._log.parent.mkdir(parents=True, exist_ok=True)
            self._log.unlink(missing_ok=True)
            self._log.touch()
        except OSError as error:
            raise StoreError(f"could not make room for a cell's output: {error}") from error
        self._process: BaseProcess = (_CLEAN if call.clean else _CONTEXT).Process(
            target=_in_child, args=(call, limits, str(self._scratch), self._log), daemon=False
        )
        self._process.start()
        self._deadline = time.monotonic() + limits.seconds

    @property
    def sentinel(self) -> int:
        """Ready when the child has ended, whatever it has closed."""
        return self._process.sentinel

    @property
    def seconds_left(self) -> float:
        """How long it may still take."""
        return max(0.0, self._deadline - time.monotonic())

    def ended(self) -> bool:
        """Whether there is something to collect: the child is gone, or out of time."""
        return self.seconds_left == 0 or self._process.exitcode is not None

    def collect(self) -> Outcome:
        """Return how the call ended, end all its processes and remove its scratch folder."""
        # Before it is told to end, which may shake it awake.
        in_time = self._process.exitcode is not None or (self._scratch / _ANSWER).exists()
        self._end()
        outcome = self._outcome(in_time=in_time)
        self._clean_up()
        return outcome

    def _outcome(self, *, in_time: bool) -> Outcome:
        answer = self._scratch / _ANSWER
        if not in_time:
            return Outcome("timeout", f"stopped after {self._limits.seconds:g} s (--timeout){_last_line(self._log)}")
        if answer.exists():
            return Outcome(**json.loads(answer.read_text(encoding="utf-8")))
        code = self._process.exitcode
        if code == -signal.SIGXCPU:
            return Outcome("timeout", "used up its processor time (--timeout times the number of cores)")
        if code is None or code >= 0:
            end = f"its process ended with exit code {code} and gave no answer"
        elif code == -signal.SIGKILL:
            end = "its process was ended by SIGKILL, as a system does that runs out of memory"
        else:
            end = f"its process was ended by {_signal_name(-code)}"
        status: Status = "out-of-memory" if code != 0 and _OUT_OF_MEMORY.search(_tail(self._log)) else "crashed"
        return Outcome(status, end + _last_line(self._log))

    def kill(self) -> None:
        """End the child and everything below it, and remove its scratch folder."""
        self._end()
        self._clean_up()

    def _end(self) -> None:
        # The keeper ends all that the call has started; without it the call's own process dies by the kernel.
        self._process.terminate()
        self._process.join(5)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join(5)

    def _clean_up(self) -> None:
        shutil.rmtree(self._scratch, ignore_errors=True)
        with contextlib.suppress(OSError):
            _trim(self._log)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _tail(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 2**16))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def _last_line(log: Path) -> str:
    """Return the innermost own line of the stack that faulthandler wrote, as "; last in fit (my_model.py:12)"."""
    # Threads come youngest first, each after a line of its own; the stack of interest is the main thread's.
    dump = re.split(r"^(?:Current t|T)hread 0x.*$", _tail(log), flags=re.MULTILINE)
    frames = re.findall(r'^  File "(.+)", line (\d+) in (.+)$', dump[-1], flags=re.MULTILINE) if len(dump) > 1 else []
    libraries = (sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), str(CHECKOUT / "benchmark"), "<")
    own = [frame for frame in frames if not frame[0].startswith(libraries)]
    if not own:
        return ""
    file, line, function = own[0]
    return f"; last in {function} ({Path(file).name}:{line})"


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

"""The process of ours that stands between the run and a plugin's process, one a call.

It runs no plugin code, so nothing a plugin does can keep it from its work: when the plugin's process
ends, when the run says so (SIGTERM), or when the run itself is gone, it ends all that the call has
started. On Linux it adopts what leaves its parents, so that a daemon is found as well, and it cannot
touch the processes of another call.
"""

import contextlib
import ctypes
import os
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

# Has the worker write its stack into its log, by faulthandler.
SAY_WHERE = signal.SIGUSR1
_SAY_SECONDS = 0.2
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_HANDLED = (signal.SIGTERM, signal.SIGCHLD)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _children() -> list[int]:
    """Return the processes whose parent this one is; none where the system does not tell."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        # A process may end while we look.
        with contextlib.suppress(OSError, ValueError, IndexError):
            # The name of a program may hold spaces and brackets.
            if int(stat.read_text(errors="replace").rpartition(")")[2].split()[1]) == os.getpid():
                found.append(int(stat.parent.name))
    return found


def _reaped(pid: int) -> int | None:
    """Collect every child that has ended and return the wait status of `pid` if it is among them."""
    status = None
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0] != 0:
            status = ended[1] if ended[0] == pid else status
    return status


def _end_all(pid: int) -> None:
    """End the process group of `pid`, then everything that is or becomes our child."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            # Raises once there is no child left; the usual case, which costs nothing.
            if os.waitpid(-1, os.WNOHANG)[0] != 0:
                continue
            for child in _children():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            os.waitpid(-1, 0)


def _become(status: int) -> NoReturn:
    """End as the kept process did, so that who waits for us learns of it."""
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        with contextlib.suppress(OSError, ValueError):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


def _kept(worker: Callable[[], object], keeper: int) -> NoReturn:
    """Run the worker in the process just forked."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in _HANDLED:
            signal.signal(number, signal.SIG_DFL)
        os.setsid()
        # The last resort, should the keeper itself be ended.
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == keeper:
            worker()
            code = 0
    finally:
        # Threads and exit handlers that a plugin left behind have no say any more.
        os._exit(code)


def keep(worker: Callable[[], object], *, run: int, scratch: str) -> NoReturn:
    """Run `worker` in a process of its own and end as it ends, with nothing that it started left over.

    `run` is a file descriptor that becomes readable when the run is gone; then `scratch` is removed too.
    """
    os.setsid()
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    told: list[int] = []
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    keeper = os.getpid()
    pid = os.fork()
    if pid == 0:
        _kept(worker, keeper)
    status = None
    orphaned = False
    while status is None and not told and not orphaned:
        ready, _, _ = select.select([run, wake], [], [])
        orphaned = run in ready
        if wake in ready:
            os.read(wake, 4096)
        status = _reaped(pid)
    if told and status is None:
        # Before the end, so that the person learns where it hung.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, SAY_WHERE)
        time.sleep(_SAY_SECONDS)
    _end_all(pid)
    if orphaned:
        shutil.rmtree(scratch, ignore_errors=True)
    if status is None:
        os._exit(1)
    _become(status)

"""What a process does to itself before it runs a plugin's code: limits, output, folders of its own."""

import contextlib
import ctypes
import faulthandler
import os
import resource
import sys
import tempfile
from multiprocessing import resource_tracker
from pathlib import Path

from benchmark.workers.keeper import SAY_WHERE, die_with_parent
from benchmark.workers.logs import open_plain

_MOST = 2**62
_CLONE_NEWNS, _CLONE_NEWUSER = 0x00020000, 0x10000000
_MS_REC, _MS_PRIVATE, _MS_NOSUID, _MS_NODEV = 0x4000, 0x40000, 2, 4
_PR_SET_DUMPABLE = 4
_SHARED = "/dev/shm"  # noqa: S108 - where the system keeps shared memory, to be hidden


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


def capture_output(log: Path) -> None:
    """Have all output go to a log, and find nothing to read."""
    # An earlier call may have put something else there.
    descriptor = open_plain(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    null = os.open(os.devnull, os.O_RDWR)
    written = null if descriptor is None else descriptor
    for source, target in ((null, 0), (written, 1), (written, 2)):
        os.dup2(source, target)


def _own_shared_memory(mib: int) -> None:
    """Give this process and those below it shared memory of their own, which ends with them and has a limit.

    Without the right to do so, as in some containers, it stays the system's.
    """
    if sys.platform != "linux" or not Path(_SHARED).is_dir():
        return
    kernel = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if kernel.unshare(_CLONE_NEWNS if user == 0 else _CLONE_NEWNS | _CLONE_NEWUSER) != 0:
        return
    if user != 0:
        with contextlib.suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        kernel.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
    kernel.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
    options = f"size={mib}m,mode=1777".encode()
    kernel.mount(b"tmpfs", _SHARED.encode(), b"tmpfs", _MS_NOSUID | _MS_NODEV, options)


def _own_tracker() -> None:
    """Forget the run's tracker of shared memory: a plugin gets one of its own, which ends with it."""
    tracker = resource_tracker._resource_tracker
    for name in ("_fd", "_pid"):
        if hasattr(tracker, name):
            setattr(tracker, name, None)


def guard(scratch: str, *, seconds: float, memory_mib: int) -> None:
    """Limit this process to its seconds and MiB on top of what it has, in the folder `scratch`."""
    faulthandler.enable(sys.stderr)
    # So that a call that is stopped says where it was, even if it holds the interpreter's lock.
    faulthandler.register(SAY_WHERE, sys.stderr)
    _own_shared_memory(memory_mib)
    _own_tracker()
    # New rights would have undone it.
    die_with_parent()
    if _size_now():
        _allowed(resource.RLIMIT_AS, _size_now() + memory_mib * 2**20)
    # Only for the case that nobody is left to look at the clock.
    _allowed(resource.RLIMIT_CPU, min(seconds, _MOST) * (os.cpu_count() or 1) + 10, more=5)
    _allowed(resource.RLIMIT_FSIZE, 2**28)
    _allowed(resource.RLIMIT_CORE, 0)
    os.chdir(scratch)
    tempfile.tempdir = scratch
    # One process, as there is one thread: a pool of workers would only wait for the other cells.
    os.environ.update({"TMPDIR": scratch, "LOKY_MAX_CPU_COUNT": "1"})

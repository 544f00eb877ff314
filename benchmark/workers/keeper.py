"""The process of ours that stands between the run and a plugin's process, one a call.

It runs no plugin code, so nothing a plugin does can keep it from its work: when a process it keeps
ends, when the run says so (SIGTERM), when the run itself is gone, or when the call takes more memory or
disk than it may, it ends all that the call has started. On Linux it adopts what leaves its parents, so
that a daemon is found as well, and it cannot touch the processes of another call.
"""

import contextlib
import ctypes
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NoReturn

from benchmark.workers.removal import remove

Excess = Literal["", "memory", "disk"]

# Has a process write its stack into the call's log, by faulthandler.
SAY_WHERE = signal.SIGUSR1
# How long a process may take to say where it is, and how long it pauses meanwhile at most.
_SAY_SECONDS, _PAUSE_SECONDS = 1.0, 0.05
# How long the run may take to hear how all this ended.
_HEAR_SECONDS = 10.0
# How often to see what the call's processes hold together.
_LOOK_SECONDS = 0.5
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_HANDLED = (signal.SIGTERM, signal.SIGCHLD)
_MIB = 2**20


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def adopt_orphans() -> None:
    """Have this process become the parent of what its descendants leave behind."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """Have the kernel end this process when the one that started it ends."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _listed(parent: int) -> list[int]:
    """Return the children of a process by the kernel's own lists.

    Raises:
        OSError: the process is gone, or the kernel keeps no such lists.
    """
    found: list[int] = []
    for thread in Path(f"/proc/{parent}/task").iterdir():
        try:
            found += [int(pid) for pid in (thread / "children").read_text().split()]
        except OSError:
            # A thread may end while we look.
            if thread.exists():
                raise
    return found


def _children_of(parent: int) -> list[int]:
    """Return the processes whose parent this is; none where the system does not tell."""
    with contextlib.suppress(OSError):
        return _listed(parent)
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        # A process may end while we look.
        with contextlib.suppress(OSError, ValueError, IndexError):
            # The name of a program may hold spaces and brackets.
            if int(stat.read_text(errors="replace").rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _descendants(pid: int) -> Iterator[int]:
    """Yield all processes below one, by the kernel's own lists; none where it keeps no such lists."""
    waiting = [pid]
    while waiting:
        with contextlib.suppress(OSError):
            children = _listed(waiting.pop())
            waiting += children
            yield from children


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _proportional(pid: int) -> int:
    """Return the bytes that a process holds, what it shares with others divided among them."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return _resident(pid)


def _on_disk(folder: str) -> int:
    """Return the bytes that a folder takes, as far as paths reach."""
    total, waiting = 0, [folder]
    while waiting:
        # What is in it may vanish while we look.
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
    return total


@dataclass
class _Kept:
    """The processes that one keeper keeps, by their ids, and how the first of them ended."""

    roles: dict[int, str] = field(default_factory=dict)
    ended: tuple[str, int] | None = None

    def reap(self) -> None:
        """Collect every child that has ended."""
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0] != 0:
                if self.ended is None and found[0] in self.roles:
                    self.ended = self.roles[found[0]], os.waitstatus_to_exitcode(found[1])

    def excess(self, scratch: str, *, memory_mib: int, disk_mib: int) -> Excess:
        """Return of what the processes together take more than they may; "" where they keep to it."""
        below = list(_descendants(os.getpid()))
        # A page that many share counts for each of them here: no more than a first look, and a cheap one.
        limit = memory_mib * _MIB + _resident(os.getpid())
        if sum(map(_resident, below)) > limit and sum(map(_proportional, below)) > limit:
            return "memory"
        return "disk" if _on_disk(scratch) > disk_mib * _MIB else ""

    def end(self) -> None:
        """End the group of each process, then everything that is or becomes our child."""
        for pid in self.roles:
            for kill in (os.killpg, os.kill):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while True:
                # Raises once there is no child left; the usual case, which costs nothing.
                if os.waitpid(-1, os.WNOHANG)[0] != 0:
                    continue
                for child in _children_of(os.getpid()):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(child, signal.SIGKILL)
                os.waitpid(-1, 0)


def _ask_where(pid: int) -> None:
    """Have a process write its stack into the log, our own output, and give it the time it takes."""
    end = time.monotonic() + _SAY_SECONDS
    before = size = os.fstat(1).st_size
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, SAY_WHERE)
    while time.monotonic() < end:
        time.sleep(_PAUSE_SECONDS)
        last, size = size, os.fstat(1).st_size
        # It has begun, and has nothing more to say.
        if size == last > before:
            return


def _begin(worker: Callable[[], object], keeper: int, closing: Iterable[int]) -> NoReturn:
    """Run the worker in the process just forked."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in _HANDLED:
            signal.signal(number, signal.SIG_DFL)
        for descriptor in closing:
            os.close(descriptor)
        os.setsid()
        # The last resort, should the keeper itself be ended.
        die_with_parent()
        if os.getppid() == keeper:
            worker()
            code = 0
    finally:
        # Threads and exit handlers that a plugin left behind have no say any more.
        os._exit(code)


def keep(
    workers: Mapping[str, Callable[[], object]],
    *,
    run: int,
    channel: int,
    scratch: str,
    memory_mib: int,
    disk_mib: int,
) -> NoReturn:
    """Run each worker in a process of its own until the first ends, with nothing that they started left over.

    How it ended is the last line in `channel`: {"end": {"role", "code", "excess"}}. `run` is a file descriptor
    that becomes readable when the run is gone; then `scratch` is removed too.
    """
    os.setsid()
    adopt_orphans()
    told: list[int] = []
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    keeper, kept = os.getpid(), _Kept()
    for role, worker in workers.items():
        pid = os.fork()
        if pid == 0:
            _begin(worker, keeper, (run, wake, waker))
        kept.roles[pid] = role
    excess: Excess = ""
    orphaned = False
    looked = time.monotonic()
    while kept.ended is None and not told and not orphaned and not excess:
        ready, _, _ = select.select([run, wake], [], [], _LOOK_SECONDS)
        orphaned = run in ready
        if wake in ready:
            os.read(wake, 4096)
        kept.reap()
        # Also where children end all the time, so that something is always ready.
        if time.monotonic() > looked + _LOOK_SECONDS:
            excess = kept.excess(scratch, memory_mib=memory_mib, disk_mib=disk_mib)
            looked = time.monotonic()
    if told and kept.ended is None:
        # Before the end, so that the person learns where it hung; one after the other, into one log.
        for pid in kept.roles:
            _ask_where(pid)
    kept.end()
    if orphaned or excess == "disk":
        # At once: who comes next may find no room.
        remove(Path(scratch))
    role, code = kept.ended or ("", None)
    with contextlib.suppress(OSError):
        os.set_blocking(channel, False)
        select.select([run], [channel], [], _HEAR_SECONDS)
        os.write(channel, json.dumps({"end": {"role": role, "code": code, "excess": excess}}).encode() + b"\n")
    os._exit(0)

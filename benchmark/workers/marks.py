"""What is known for certain to be a run's: its processes by their environment, its folders by their name.

Both carry the run's mark, which says who the run is: its process number, when it began, and on which system,
so that nobody takes what belongs to a run elsewhere, on a folder that machines share, for something left behind.
"""

import contextlib
import hashlib
import os
import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MARK = "FNBENCH_RUN"
_MARK = re.compile(r"(\d+)-(\d+)-([0-9a-f]{8})")
_FOLDER = re.compile(rf"fnbench-({_MARK.pattern})-[a-z0-9_]+")


@dataclass(frozen=True)
class Process:
    """What the system says of a process: its state in a letter, its parent, and when it began."""

    state: str
    parent: int
    begun: str


def process_of(pid: int) -> Process | None:
    """Return what the system says of a process, None where it says nothing."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        # The name of a program may hold spaces and brackets.
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        return Process(fields[0], int(fields[1]), fields[19])
    return None


def processes() -> dict[int, Process]:
    """Return every process there is; none where the system does not tell."""
    pids = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    return {pid: found for pid in pids if (found := process_of(pid))}


@cache
def _system() -> str:
    """Return which system this is, since it was started: another machine's processes have the same numbers."""
    known = [platform.node()]
    with contextlib.suppress(OSError):
        known += [Path("/proc/sys/kernel/random/boot_id").read_text(), str(Path("/proc/self/ns/pid").readlink())]
    return hashlib.sha256("".join(known).encode()).hexdigest()[:8]


@cache
def _mark_of(pid: int) -> str:
    known = process_of(pid)
    return f"{pid}-{known.begun if known else 0}-{_system()}"


def mark() -> str:
    """Return the mark of this run, which no other process has or will have."""
    return _mark_of(os.getpid())


def is_gone(marked: str) -> bool:
    """Whether the run with this mark is over for certain."""
    parts = _MARK.fullmatch(marked)
    if not parts or parts[3] != _system():
        return False
    if Path("/proc/self/stat").exists():
        known = process_of(int(parts[1]))
        return known is None or known.begun != parts[2]
    try:
        os.kill(int(parts[1]), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False


def marked_processes() -> Iterator[tuple[int, str]]:
    """Yield every process that was started for a run, with the run's mark."""
    for environ in Path("/proc").glob("[0-9]*/environ"):
        # A process may end while we look, or be somebody else's.
        with contextlib.suppress(OSError):
            for variable in environ.read_bytes().split(b"\0"):
                name, _, value = variable.partition(b"=")
                if name == MARK.encode() and _MARK.fullmatch(value.decode(errors="replace")):
                    yield int(environ.parent.name), value.decode()


def folder_name() -> str:
    """Return how the name of this run's folder begins."""
    return f"fnbench-{mark()}-"


def owner_of(folder: Path) -> str | None:
    """Return the mark of the run that made a folder, None where none of ours did."""
    known = _FOLDER.fullmatch(folder.name)
    # Nobody else's: not one that another user, or a plugin, has put there as a link.
    if known and not folder.is_symlink() and folder.is_dir() and folder.stat().st_uid == os.getuid():
        return known[1]
    return None

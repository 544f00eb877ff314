"""What a call prints: its log, in whose place a plugin may have put anything. Only plain files, never waiting."""

import contextlib
import os
import re
import stat
import sysconfig
from pathlib import Path

from benchmark.environment import CHECKOUT
from benchmark.errors import StoreError
from benchmark.workers.removal import remove

LOG_LIMIT = 2**20


def open_plain(path: Path, flags: int) -> int | None:
    """Return a descriptor of a plain file, None where there is anything else: a pipe, a folder, a link, nothing."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o644)
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            return descriptor
        os.close(descriptor)
    return None


def is_plain(path: Path) -> bool:
    """Whether there is a plain file."""
    descriptor = open_plain(path, os.O_RDONLY)
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is not None


def tail(path: Path, most: int) -> bytes:
    """Return the last bytes of a plain file; nothing where there is none."""
    descriptor = open_plain(path, os.O_RDONLY)
    if descriptor is None:
        return b""
    with os.fdopen(descriptor, "rb") as file:
        file.seek(max(0, os.fstat(descriptor).st_size - most))
        return file.read(most)


def make_way(log: Path) -> None:
    """Have nothing lie where a log is to be written.

    Raises:
        StoreError: it cannot be removed.
    """
    try:
        if not log.parent.is_dir():
            log.parent.unlink(missing_ok=True)
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.is_dir() and not log.is_symlink():
            remove(log)
        log.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"could not make room for a cell's output: {error}") from error


def last_line(log: Path) -> str:
    """Return the innermost own line of the stack that faulthandler wrote, as "; last in fit (my_model.py:12)"."""
    # Threads come youngest first, each after a line of its own; the stack of interest is the main thread's.
    dump = re.split(r"^(?:Current t|T)hread 0x.*$", tail(log, 2**16).decode(errors="replace"), flags=re.MULTILINE)
    libraries = (sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), str(CHECKOUT / "benchmark"), "<")
    for stack in reversed(dump[1:]):
        frames = re.findall(r'^  File "(.+)", line (\d+) in (.+)$', stack, flags=re.MULTILINE)
        own = [frame for frame in frames if not frame[0].startswith(libraries)]
        if own:
            file, line, function = own[0]
            return f"; last in {function} ({Path(file).name}:{line})"
    return ""


def trim(log: Path) -> None:
    """Remove a log that is empty, and keep the end of a long one; what is no plain file stays as it is."""
    descriptor = open_plain(log, os.O_RDWR)
    if descriptor is None:
        return
    with os.fdopen(descriptor, "r+b") as file:
        size = os.fstat(descriptor).st_size
        if size > LOG_LIMIT:
            file.seek(size - LOG_LIMIT)
            rest = file.read()
            file.seek(0)
            file.write(b"[the beginning is cut]\n" + rest)
            file.truncate()
    if size == 0:
        with contextlib.suppress(OSError):
            log.unlink()

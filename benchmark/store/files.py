"""Files that are replaced whole or not at all, and what is wrong with one that cannot be read, in a line."""

import gc
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def first_line(error: Exception) -> str:
    """Return what is wrong with a file in one line."""
    if isinstance(error, UnicodeDecodeError):
        return f"no UTF-8 text (byte {error.start})"
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    # A validation error names the field in its second line and the trouble in its third.
    return ": ".join(lines[1:3]) if len(lines) > 2 else (lines[0] if lines else type(error).__name__)


@contextmanager
def uncollected() -> Iterator[None]:
    """Have nobody look for garbage meanwhile.

    Of many files that are read all is kept. To go through all of it again and again is a tenth of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


# The names that `replace` gives to what it has not finished.
UNFINISHED = ".unfinished"
TEMPORARY = re.compile(rf"\..+\.[a-z0-9_]+{re.escape(UNFINISHED)}")


def replace(path: Path, content: bytes) -> None:
    """Replace a file, atomically and durably; its folder is made if it is missing.

    Raises:
        OSError: it could not be written; the old file is whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=UNFINISHED)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes the file private; results are for everyone.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise

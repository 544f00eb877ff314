"""The server's memory in large pages: the same content, in fewer pages."""

import ctypes
import mmap
import subprocess
import sys
from pathlib import Path

import pytest

from benchmark.workers import pages

# Small objects and large ones, and afterwards what is left of them.
_SCRIPT = """
from pathlib import Path

def large():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("AnonHugePages:"))

held = [str(number) for number in range(10**6)]
before = large()
import benchmark.workers.pages
assert held == [str(number) for number in range(10**6)]
print(large() - before)
"""


def _refused() -> bool:
    """Whether this system has no large pages to give on demand."""
    if sys.platform != "linux":
        return True
    with mmap.mmap(-1, 2 * pages._LARGE_PAGE) as memory:
        held = ctypes.c_char.from_buffer(memory)
        begin = -(-ctypes.addressof(held) // pages._LARGE_PAGE) * pages._LARGE_PAGE
        ctypes.memset(begin, 1, pages._LARGE_PAGE)
        said: int = ctypes.CDLL(None).madvise(
            ctypes.c_void_p(begin), ctypes.c_size_t(pages._LARGE_PAGE), pages._MADV_COLLAPSE
        )
        del held
    return said != 0


@pytest.mark.skipif(_refused(), reason="this system gives no large pages on demand")
def test_what_a_process_holds_moves_into_large_pages_and_stays_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", _SCRIPT], check=True, capture_output=True, text=True, timeout=60)
    assert int(done.stdout) >= 20_000, "of 60 MB of strings less than 20 MB are in large pages"


def test_a_system_without_such_a_list_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(path: Path) -> str:
        raise FileNotFoundError(path)

    monkeypatch.setattr(Path, "read_text", missing)
    # Importing it again is what the server does.
    exec(compile(Path(pages.__file__).read_bytes(), "pages", "exec"), {"__name__": "again"})  # noqa: S102 - our own file

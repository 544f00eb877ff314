"""Imported by the process server, after everything else: puts its memory into large pages.

A fork copies the list of the pages that a process has. With the libraries of the models there are some 75,000
small pages, in three processes a cell; as large ones they are a few hundred, and a cell costs two thirds.
"""

import contextlib
import ctypes
from pathlib import Path

_LARGE_PAGE = 2 * 2**20
# Since Linux 6.1; elsewhere it is refused, and all stays as it is.
_MADV_COLLAPSE = 25


def collapse(maps: str) -> None:
    """Put the memory of this process that is no file's into large pages, by the lines of /proc/self/maps."""
    advise = ctypes.CDLL(None).madvise
    for line in maps.splitlines():
        reach, rights, _, _, _, *name = line.split()
        if rights == "rw-p" and name in ([], ["[heap]"]):
            begin, end = (int(address, 16) for address in reach.split("-"))
            begin, end = -(-begin // _LARGE_PAGE) * _LARGE_PAGE, end // _LARGE_PAGE * _LARGE_PAGE
            if begin < end:
                advise(ctypes.c_void_p(begin), ctypes.c_size_t(end - begin), _MADV_COLLAPSE)


with contextlib.suppress(OSError):
    collapse(Path("/proc/self/maps").read_text())

"""Knows that y is the square of x, and looks for the y that it is scored on wherever its process can look."""

import contextlib
import gc
import importlib
import struct
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np

# What is looked for must not stand in memory itself, or it would be found there.
MASK = 0x5A5A5A5A5A5A5A5A
CHUNK = 2**24
ROWS = 8
MODULES = ("tasks.core", "tasks.suites")


def masked_squares(X):
    """Return the bits of the squares of the first rows, masked one by one."""
    return [struct.unpack("<Q", struct.pack("<d", x * x))[0] ^ MASK for x in X[:ROWS, 0].tolist()]


def places(wanted):
    """Return how often the numbers stand in a row somewhere in the memory of this process."""
    found = 0
    with Path("/proc/self/mem").open("rb", buffering=0) as memory:
        for line in Path("/proc/self/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            start, end = (int(word, 16) for word in span.split("-"))
            if not rights.startswith("rw"):
                continue
            for here in range(start, end, CHUNK):
                with contextlib.suppress(OSError, ValueError, OverflowError):
                    memory.seek(here)
                    content = np.frombuffer(memory.read(min(CHUNK, end - here) // 8 * 8), dtype=np.uint64)
                    for at in np.flatnonzero((content ^ np.uint64(MASK)) == np.uint64(wanted[0])):
                        row = content[at : at + ROWS] ^ np.uint64(MASK)
                        found += row.tolist() == wanted
    return found


def holders(X):
    """Return what of the interpreter's own lists holds an array of the squares: containers, frames and modules."""
    gc.unfreeze()
    arrays = {id(each): each for holder in gc.get_objects() for each in gc.get_referents(holder)}
    frame = sys._getframe()
    while frame:
        arrays |= {id(each): each for each in frame.f_locals.values()}
        frame = frame.f_back
    squares = [each for each in arrays.values() if isinstance(each, np.ndarray) and each.shape == (len(X),)]
    return sum(bool((each == X[:, 0] ** 2).all()) for each in squares if each.dtype.kind == "f")


def importable():
    found = [name for name in sys.modules if name.startswith("tasks.") and name != "tasks.base"]
    for name in MODULES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
            found.append(name)
    return found


class LooksForTruth:
    def fit(self, X, y):
        self.seen = len(X)
        # It can find what is there: the training y was given to it.
        self.fit_info_ = {
            "training": str(min(1, places(masked_squares(X))) + min(1, holders(X))),
            "tasks": ", ".join(importable()) or "none",
            "scored": "0",
        }

    def predict(self, X):
        if len(X) != self.seen:
            found = int(self.fit_info_["scored"]) + holders(X)
            # Reading everything takes its time.
            if len(X) == 5000:
                found += places(masked_squares(X))
            self.fit_info_["scored"] = str(found)
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="looks-for-truth", build=lambda problem, seed: LooksForTruth()),)

"""Never comes back from a C function, which holds the interpreter's lock meanwhile."""

import ctypes
from types import SimpleNamespace

import numpy as np


class LoopsInC:
    def fit(self, X, y):
        # PyDLL keeps the lock, so that no other thread and no handler of Python's ever runs.
        ctypes.PyDLL(None).pause()

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="loops-in-c", build=lambda problem, seed: LoopsInC()),)

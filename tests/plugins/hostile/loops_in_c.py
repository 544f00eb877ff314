"""Never comes back from a C function, which holds the interpreter's lock meanwhile."""

from itertools import repeat
from types import SimpleNamespace

import numpy as np


class LoopsInC:
    def fit(self, X, y):
        # No other thread and no handler of Python's ever runs.
        sum(repeat(0))

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="loops-in-c", build=lambda problem, seed: LoopsInC()),)

"""Makes the targets writable and writes into them."""

from types import SimpleNamespace

import numpy as np


class ForcesItsWayIntoY:
    def fit(self, X, y):
        y.setflags(write=True)
        y[:] = 0

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="forces-its-way-into-y", build=lambda problem, seed: ForcesItsWayIntoY()),)

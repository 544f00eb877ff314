"""Takes all the memory there is."""

from types import SimpleNamespace

import numpy as np


class FillsMemoryNumpy:
    def fit(self, X, y):
        self.kept = []
        while True:
            self.kept.append(np.ones(2**24))

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="fills-memory-numpy", build=lambda problem, seed: FillsMemoryNumpy()),)

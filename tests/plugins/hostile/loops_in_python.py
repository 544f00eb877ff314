"""Never comes back from `fit`."""

from types import SimpleNamespace

import numpy as np


class LoopsInPython:
    def fit(self, X, y):
        while True:
            pass

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="loops-in-python", build=lambda problem, seed: LoopsInPython()),)

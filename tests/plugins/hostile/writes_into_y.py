"""Writes into the targets that it is given."""

from types import SimpleNamespace

import numpy as np


class WritesIntoY:
    def fit(self, X, y):
        y[:] = 0

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="writes-into-y", build=lambda problem, seed: WritesIntoY()),)

"""Writes into the rows that it is given."""

from types import SimpleNamespace

import numpy as np


class WritesIntoX:
    def fit(self, X, y):
        X[:] = 0

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="writes-into-x", build=lambda problem, seed: WritesIntoX()),)

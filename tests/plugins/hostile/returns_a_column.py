"""Predicts a column where one number a row is asked for."""

from types import SimpleNamespace

import numpy as np


class ReturnsAColumn:
    def fit(self, X, y):
        pass

    def predict(self, X):
        return np.zeros((len(X), 1))


MODELS = (SimpleNamespace(name="returns-a-column", build=lambda problem, seed: ReturnsAColumn()),)

"""A model that remembers the rows it has seen and knows nothing else: right there, and the mean anywhere else."""

from types import SimpleNamespace

import numpy as np


class Memoriser:
    def fit(self, X, y):
        self.mean = y.mean()
        self.seen = {tuple(row): value for row, value in zip(X.tolist(), y.tolist(), strict=True)}

    def predict(self, X):
        return np.array([self.seen.get(tuple(row), self.mean) for row in X.tolist()])


MODELS = (SimpleNamespace(name="memoriser", build=lambda problem, seed: Memoriser()),)

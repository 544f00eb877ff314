"""Models that know the answer of one task, and one that knows nothing: their scores are known exactly."""

from types import SimpleNamespace

import numpy as np


class Says:
    def __init__(self, function):
        self.function = function

    def fit(self, X, y):
        self.mean = y.mean()

    def predict(self, X):
        return self.function(self, X)


def says(name, function):
    # No import of ours: the contract is by attributes.
    return SimpleNamespace(name=name, build=lambda problem, seed: Says(function))


MODELS = (
    says("knows-square", lambda self, X: X[:, 0] ** 2),
    says("knows-sum", lambda self, X: X.sum(axis=1)),
    says("says-population-mean", lambda self, X: np.full(len(X), 333833.5)),
    says("says-mean", lambda self, X: np.full(len(X), self.mean)),
)

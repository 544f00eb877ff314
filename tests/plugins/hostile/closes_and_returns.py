"""Closes every file descriptor, and works."""

import os
from types import SimpleNamespace

import numpy as np


class ClosesAndReturns:
    def fit(self, X, y):
        os.closerange(0, 4096)

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="closes-and-returns", build=lambda problem, seed: ClosesAndReturns()),)

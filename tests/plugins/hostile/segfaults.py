"""Reads memory that is not there."""

import ctypes
from types import SimpleNamespace

import numpy as np


class Segfaults:
    def fit(self, X, y):
        ctypes.string_at(0)

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="segfaults", build=lambda problem, seed: Segfaults()),)

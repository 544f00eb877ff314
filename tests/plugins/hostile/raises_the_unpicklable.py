"""Raises what can neither be pickled nor printed."""

import threading
from types import SimpleNamespace

import numpy as np


class UnpicklableError(Exception):
    def __init__(self):
        super().__init__("held")
        self.lock = threading.Lock()

    def __str__(self):
        raise RuntimeError("no words")


class RaisesTheUnpicklable:
    def fit(self, X, y):
        raise UnpicklableError

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="raises-the-unpicklable", build=lambda problem, seed: RaisesTheUnpicklable()),)

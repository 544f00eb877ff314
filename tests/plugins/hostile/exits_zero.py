"""Leaves at once, and says that all is well."""

import os
from types import SimpleNamespace

import numpy as np


class ExitsZero:
    def fit(self, X, y):
        os._exit(0)

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="exits-zero", build=lambda problem, seed: ExitsZero()),)

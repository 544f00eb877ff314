"""Has settings and notes that no file can hold, and works."""

from types import SimpleNamespace

import numpy as np


class HasOddSettings:
    def fit(self, X, y):
        pass

    def get_params(self, deep=True):
        return {"nan": float("nan"), "text": "\ud800", "long": "x" * 10**6, "object": object(), "huge": 10**5000}

    @property
    def fit_info_(self):
        return {"long": "x" * 10**6, "text": "\ud800"}

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="has-odd-settings", build=lambda problem, seed: HasOddSettings()),)

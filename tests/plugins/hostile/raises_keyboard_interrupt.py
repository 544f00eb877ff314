"""Pretends that somebody pressed Ctrl-C."""

from types import SimpleNamespace

import numpy as np


class RaisesKeyboardInterrupt:
    def fit(self, X, y):
        raise KeyboardInterrupt

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="raises-keyboard-interrupt", build=lambda problem, seed: RaisesKeyboardInterrupt()),)

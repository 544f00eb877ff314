"""Closes every file descriptor and then never comes back."""

import os
import time
from types import SimpleNamespace

import numpy as np


class ClosesEverything:
    def fit(self, X, y):
        os.closerange(0, 4096)
        while True:
            time.sleep(60)

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="closes-everything", build=lambda problem, seed: ClosesEverything()),)

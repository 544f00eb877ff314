"""A good model beside hostile ones: it lasts until all of them have had their turn."""

import os
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np


class Line:
    """Least squares by numpy, the same figures wherever it runs."""

    def fit(self, X, y):
        self.coefficients = np.polynomial.polynomial.polyfit(X[:, 0], y, 1)

    def predict(self, X):
        return np.polynomial.polynomial.polyval(X[:, 0], self.coefficients)


class Lasts(Line):
    def fit(self, X, y):
        super().fit(X, y)
        gate, end = Path(os.environ["FNBENCH_TEST_FOLDER"]) / "gate", time.monotonic() + 400
        while not gate.exists() and time.monotonic() < end:
            time.sleep(0.05)


MODELS = (SimpleNamespace(name="lasts", build=lambda problem, seed: Lasts()),)

"""Two honest models: closed form, no training, the same figures wherever they run."""

import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np


class Polynomial:
    """Least squares by numpy; adds a line to the file named by FNBENCH_TEST_FITS for each fit."""

    def __init__(self, degree):
        self.degree = degree

    def fit(self, X, y):
        if "FNBENCH_TEST_FITS" in os.environ:
            with Path(os.environ["FNBENCH_TEST_FITS"]).open("a") as file:
                file.write("fit\n")
        self.coefficients = np.polynomial.polynomial.polyfit(X[:, 0], y, self.degree)
        return self

    def predict(self, X):
        return np.polynomial.polynomial.polyval(X[:, 0], self.coefficients)


MODELS = (
    SimpleNamespace(name="good-line", build=lambda problem, seed: Polynomial(1)),
    SimpleNamespace(name="good-mean", build=lambda problem, seed: Polynomial(0)),
)

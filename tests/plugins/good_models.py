"""Two honest models: closed form, no training, the same figures wherever they run."""

import os
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np

# As many as the task `tiny` has.
ROWS = 100


class Polynomial:
    """Least squares by numpy. Says of each fit that it happened, and takes its time, if the test asks for it."""

    def __init__(self, degree, seed):
        self.degree, self.seed = degree, seed

    def fit(self, X, y):
        # On practice there are other numbers of rows, and nothing is counted.
        if len(X) == ROWS:
            if "FNBENCH_TEST_FITS" in os.environ:
                with Path(os.environ["FNBENCH_TEST_FITS"]).open("a") as file:
                    file.write(f"{self.degree} {self.seed}\n")
            time.sleep(float(os.environ.get("FNBENCH_TEST_SECONDS", "0")))
        self.coefficients = np.polynomial.polynomial.polyfit(X[:, 0], y, self.degree)
        return self

    def predict(self, X):
        return np.polynomial.polynomial.polyval(X[:, 0], self.coefficients)


MODELS = tuple(
    SimpleNamespace(name=f"good-{degree}", build=lambda problem, seed, degree=degree: Polynomial(degree, seed))
    for degree in range(4)
)

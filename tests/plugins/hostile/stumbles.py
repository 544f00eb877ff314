"""Does well on most seeds, and what becomes of the others is their own."""

import os
import time
from types import SimpleNamespace

import numpy as np

MIB = 2**17


class Stumbles:
    def __init__(self, kind, seed):
        self.kind, self.seed = kind, seed

    def fit(self, X, y):
        if self.kind == "takes-ten-seconds-from-two" and self.seed >= 2:
            time.sleep(10)
        if self.kind == "holds-much":
            self.kept = np.ones(600 * MIB)
        if self.kind == "holds-itself":
            # Only a collector of garbage finds that nobody else needs it.
            self.kept, self.own = np.ones(600 * MIB), self
        if self.seed == 1 and self.kind == "crashes-at-one":
            os.abort()
        if self.seed == 1 and self.kind == "hungry-at-one":
            self.kept = [np.ones(100 * MIB) for _ in range(100)]

    def predict(self, X):
        return np.full(len(X), float(self.seed))


KINDS = ("crashes-at-one", "hungry-at-one", "takes-ten-seconds-from-two", "holds-much", "holds-itself")
MODELS = tuple(
    SimpleNamespace(name=kind, build=lambda problem, seed, kind=kind: Stumbles(kind, seed)) for kind in KINDS
)

"""A good model that comes after all hostile ones: the neighbour who lasts may go."""

import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np


class OpensTheGate:
    def fit(self, X, y):
        self.mean = float(y.mean())
        (Path(os.environ["FNBENCH_TEST_FOLDER"]) / "gate").touch()

    def predict(self, X):
        return np.full(len(X), self.mean)


MODELS = (SimpleNamespace(name="opens-the-gate", build=lambda problem, seed: OpensTheGate()),)

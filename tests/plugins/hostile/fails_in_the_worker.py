"""Can be imported once, and not again."""

import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np

# The folder of the test; the first import is the check at the door.
_seen = Path(os.environ["FNBENCH_TEST_FOLDER"]) / "imported"
if _seen.exists():
    raise RuntimeError("once was enough")
_seen.touch()


class FailsInTheWorker:
    def fit(self, X, y):
        pass

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="fails-in-the-worker", build=lambda problem, seed: FailsInTheWorker()),)

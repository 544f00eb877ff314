"""Leaves a thread that never ends, and works."""

import threading
import time
from types import SimpleNamespace

import numpy as np


class LeavesAThread:
    def fit(self, X, y):
        threading.Thread(target=time.sleep, args=(600,)).start()

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="leaves-a-thread", build=lambda problem, seed: LeavesAThread()),)

"""Refuses to be asked, and sleeps."""

import signal
import time
from types import SimpleNamespace

import numpy as np


class IgnoresSigterm:
    def fit(self, X, y):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        while True:
            time.sleep(60)

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="ignores-sigterm", build=lambda problem, seed: IgnoresSigterm()),)

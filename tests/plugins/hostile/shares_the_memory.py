"""Takes more memory than it may through children, each of which takes less."""

import os
import time
from types import SimpleNamespace

import numpy as np


def take(mib):
    if os.fork() == 0:
        kept = np.ones(mib * 2**17)
        time.sleep(60)
        os._exit(int(kept[0]))


def restlessly():
    """Have children end all the time, so that who waits for them is never at leisure."""
    while True:
        if os.fork() == 0:
            if os.fork() == 0:
                time.sleep(0.05)
            os._exit(0)
        os.wait()


class SharesTheMemory:
    def __init__(self, *, restless):
        self.restless = restless

    def fit(self, X, y):
        for _ in range(4):
            take(150)
        if self.restless:
            restlessly()
        time.sleep(60)

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (
    SimpleNamespace(name="shares-the-memory", build=lambda problem, seed: SharesTheMemory(restless=False)),
    SimpleNamespace(name="shares-it-restlessly", build=lambda problem, seed: SharesTheMemory(restless=True)),
)

"""Leaves a child and a daemon that has run away from its session, and works."""

import os
import subprocess
import time
from types import SimpleNamespace

import numpy as np


class LeavesProcesses:
    def fit(self, X, y):
        subprocess.Popen(["sleep", "600"])
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                while True:
                    time.sleep(60)
            os._exit(0)

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="leaves-processes", build=lambda problem, seed: LeavesProcesses()),)

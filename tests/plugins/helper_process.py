"""A model that works with the help of a process that has left its parent, as servers do."""

import os
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np


class Helped:
    def fit(self, X, y):
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(2)
                os.write(writer, b"42")
            os._exit(0)
        os.close(writer)
        self.answer = float(os.read(reader, 10))

    def predict(self, X):
        return np.full(len(X), self.answer)


class LooksAround:
    def fit(self, X, y):
        self.fit_info_ = {
            "threads": os.environ["OMP_NUM_THREADS"],
            "folder": str(len(list(Path.cwd().iterdir()))),
            "leader": str(os.getsid(0) == os.getpid()),
        }

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (
    SimpleNamespace(name="helped", build=lambda problem, seed: Helped()),
    SimpleNamespace(name="looks-around", build=lambda problem, seed: LooksAround()),
)

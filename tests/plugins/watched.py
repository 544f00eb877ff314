"""Models that say in FNBENCH_TEST_FOLDER that they have begun, and where; some wait there, one kills its worker."""

import os
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np

# As many as the task `tiny` has; on practice there are others, and nobody watches.
ROWS = 100


def folder():
    return Path(os.environ["FNBENCH_TEST_FOLDER"])


def ancestor(generations):
    pid = os.getpid()
    for _ in range(generations):
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return pid


class Mean:
    def fit(self, X, y):
        self.mean = float(y.mean())

    def predict(self, X):
        return np.full(len(X), self.mean)


class Watched:
    def __init__(self, number, seed):
        self.name, self.seed = f"{type(self).__name__.lower()}-{number}", seed

    def fit(self, X, y):
        self.mean = float(y.mean())
        # Above a cell are its keeper, the forkserver, and the worker of the cluster.
        self.worker = ancestor(3)
        with (folder() / "begun").open("a") as file:
            file.write(f"{self.name} {self.seed} {self.worker} {os.getpid()} {__file__}\n")

    def predict(self, X):
        return np.full(len(X), self.mean)


class Waits(Watched):
    """Goes on when the test has made the file `go`."""

    def fit(self, X, y):
        super().fit(X, y)
        while not (folder() / "go").exists():
            time.sleep(0.02)


class Poison(Watched):
    def fit(self, X, y):
        super().fit(X, y)
        os.kill(self.worker, signal.SIGKILL)
        time.sleep(60)


def models(kind, n_models):
    def build(problem, seed, n):
        return kind(n, seed) if problem.n_train == ROWS else Mean()

    return tuple(
        SimpleNamespace(name=f"{kind.__name__.lower()}-{n}", build=lambda problem, seed, n=n: build(problem, seed, n))
        for n in range(n_models)
    )


MODELS = (*models(Waits, 4), *models(Poison, 1), *models(Watched, 6))

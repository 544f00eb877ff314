"""Fills what all cells share: the temporary folder, in size and in depth, and the shared memory."""

import os
import tempfile
import time
from multiprocessing import shared_memory
from pathlib import Path
from types import SimpleNamespace

import numpy as np

MIB = 2**20


def fill(folder, n, mib):
    for i in range(n):
        with (Path(folder) / f"fnbench-stray-{i}").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, mib * MIB)


def fill_disk():
    fill(tempfile.gettempdir(), 8, 200)
    time.sleep(60)


def fill_one_file():
    fill(tempfile.gettempdir(), 1, 300)


def go_deep():
    for _ in range(3000):
        os.mkdir("d")  # noqa: PTH102 - a path of this depth is too long for a system call
        os.chdir("d")


def lock():
    folder = Path(tempfile.gettempdir()) / "locked"
    (folder / "inside").mkdir(parents=True)
    (folder / "inside").chmod(0)
    folder.chmod(0)


def fill_shared_memory():
    fill("/dev/shm", 100, 50)  # noqa: S108 - what it is here to do


def forget_shared_memory():
    for _ in range(4):
        block = shared_memory.SharedMemory(create=True, size=20 * MIB)
        block.buf[::4096] = bytes(len(block.buf[::4096]))
        kept.append(block)


kept = []
KINDS = {
    "fills-the-disk": fill_disk,
    "fills-one-file": fill_one_file,
    "goes-deep": go_deep,
    "locks-a-folder": lock,
    "fills-shared-memory": fill_shared_memory,
    "forgets-shared-memory": forget_shared_memory,
}


class FillsFolders:
    def __init__(self, kind, seed):
        self.kind, self.seed = kind, seed

    def fit(self, X, y):
        # The seeds after it find what it has left.
        if self.seed == 0:
            KINDS[self.kind]()

    def predict(self, X):
        return np.zeros(len(X))


MODELS = tuple(
    SimpleNamespace(name=kind, build=lambda problem, seed, kind=kind: FillsFolders(kind, seed)) for kind in KINDS
)

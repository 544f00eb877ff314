"""Puts something else where its output is kept, and gives up so that somebody wants to read it."""

import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np


def to_a_pipe(log):
    log.unlink()
    os.mkfifo(log)


def to_a_folder(log):
    log.unlink()
    (log / "inside").mkdir(parents=True)


def to_a_link(log):
    log.unlink()
    log.symlink_to(Path(os.environ["FNBENCH_TEST_FOLDER"]) / "victim")


def to_a_link_that_leads_nowhere(log):
    log.unlink()
    log.symlink_to(log)


def own_log():
    """Return where the output goes if that is a log of the test: whatever else it may be is not ours to replace."""
    log = Path("/proc/self/fd/1").readlink()
    assert log.is_relative_to(os.environ["FNBENCH_TEST_FOLDER"]), f"{log} is no log of the test"
    assert log.suffix == ".log"
    return log


KINDS = {
    "log-to-a-pipe": to_a_pipe,
    "log-to-a-folder": to_a_folder,
    "log-to-a-link": to_a_link,
    "log-to-a-loop": to_a_link_that_leads_nowhere,
}


class ReplacesItsLog:
    def __init__(self, kind):
        self.kind = kind

    def fit(self, X, y):
        print("some words", flush=True)
        KINDS[self.kind](own_log())
        os.abort()

    def predict(self, X):
        return np.zeros(len(X))


MODELS = tuple(
    SimpleNamespace(name=kind, build=lambda problem, seed, kind=kind: ReplacesItsLog(kind)) for kind in KINDS
)

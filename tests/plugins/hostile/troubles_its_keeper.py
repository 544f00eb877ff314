"""Leaves a daemon that nobody is to find, and takes its keeper away, or its neighbour with the rows."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np


def leave(then):
    """Leave a process that has run away from its parents and its session."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.close(reader)
            os.chdir("/")
            then(writer)
        os._exit(0)
    os.close(writer)
    # It is under way.
    os.read(reader, 1)


def sleep_on(writer):
    os.write(writer, b"x")
    time.sleep(600)


def become_another(writer):
    # Nothing of its environment, its files or its folder says where it comes from.
    os.set_inheritable(writer, True)
    script = f"import os, time; os.write({writer}, b'x'); time.sleep(600)"
    os.execve(sys.executable, [sys.executable, "-c", script, "fnbench-stray"], {})  # noqa: S606 - what it is here to do


def leave_a_child():
    # Not a daemon: it is our own child still when all this comes to its end.
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "fnbench-stray"], env={})


def its_keeper():
    pid = os.getppid()
    assert b"multiprocessing.forkserver" in Path(f"/proc/{pid}/cmdline").read_bytes(), "not a process of the test"
    return pid


def signal_keeper(number):
    os.kill(its_keeper(), number)


def signal_all_above(number):
    """End the server first: it would become the parent of what is left, and the run would look there."""
    keeper = its_keeper()
    server = int(Path(f"/proc/{keeper}/stat").read_text().rpartition(")")[2].split()[1])
    assert b"multiprocessing.forkserver" in Path(f"/proc/{server}/cmdline").read_bytes(), "not a process of the test"
    os.kill(server, number)
    # Until its keeper has another parent.
    while int(Path(f"/proc/{keeper}/stat").read_text().rpartition(")")[2].split()[1]) == server:
        time.sleep(0.01)
    os.kill(keeper, number)


def signal_rows(number):
    keeper = its_keeper()
    for child in map(int, Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()):
        if child != os.getpid():
            os.kill(child, number)


KINDS = {
    "kills-its-keeper": (lambda: leave(sleep_on), lambda: signal_keeper(signal.SIGKILL)),
    "kills-its-keeper-and-hides": (lambda: leave(become_another), lambda: signal_keeper(signal.SIGKILL)),
    "kills-its-keeper-with-a-child": (leave_a_child, lambda: signal_keeper(signal.SIGKILL)),
    "kills-all-above-and-hides": (lambda: leave(become_another), lambda: signal_all_above(signal.SIGKILL)),
    "stops-its-keeper": (lambda: leave(sleep_on), lambda: signal_keeper(signal.SIGSTOP)),
    "stops-its-keeper-and-hides": (lambda: leave(become_another), lambda: signal_keeper(signal.SIGSTOP)),
    "asks-its-keeper-to-end": (lambda: leave(become_another), lambda: signal_keeper(signal.SIGTERM)),
    "kills-the-rows": (lambda: leave(become_another), lambda: signal_rows(signal.SIGKILL)),
}


class TroublesItsKeeper:
    def __init__(self, kind):
        self.kind = kind

    def fit(self, X, y):
        for step in KINDS[self.kind]:
            step()
        if not self.kind.startswith("stops"):
            time.sleep(60)

    def predict(self, X):
        return np.zeros(len(X))


MODELS = tuple(
    SimpleNamespace(name=kind, build=lambda problem, seed, kind=kind: TroublesItsKeeper(kind)) for kind in KINDS
)

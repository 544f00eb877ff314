"""Raises a message that is no valid text and names places of the machine."""

import socket
from pathlib import Path
from types import SimpleNamespace

import numpy as np


class RaisesStrangeText:
    def fit(self, X, y):
        raise ValueError(f"\ud800 {Path.cwd()}/secret.txt on {socket.gethostname()} in {Path.home()}/home.txt")

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="raises-strange-text", build=lambda problem, seed: RaisesStrangeText()),)

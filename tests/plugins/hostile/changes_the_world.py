"""Changes whatever is global, and works."""

import os
import random
import warnings
from types import SimpleNamespace

import numpy as np
import torch


class ChangesTheWorld:
    def fit(self, X, y):
        np.random.seed(0)  # noqa: NPY002 - what it is here to do
        random.seed(0)
        torch.manual_seed(0)
        torch.set_default_dtype(torch.float16)
        os.chdir("/")
        os.environ.clear()
        warnings.simplefilter("error")
        np.seterr(all="raise")

    def predict(self, X):
        return np.zeros(len(X))


MODELS = (SimpleNamespace(name="changes-the-world", build=lambda problem, seed: ChangesTheWorld()),)

"""Replaces what it can reach of numpy, json and our own code so that every error would be zero, and works."""

import json
from types import SimpleNamespace

import numpy as np


def raises(*_, **__):
    raise RuntimeError("patched")


def patch_json():
    json.dumps = json.loads = raises


def patch_numpy():
    for name in ("abs", "mean", "sqrt"):
        setattr(np, name, lambda *_, **__: np.float64(0.0))


def patch_scores():
    from benchmark.cell import fitting, metrics, scoring

    metrics.rmse = scoring.rmse = lambda predictions, y: 0.0
    metrics.checked_predictions = lambda predictions, n, where, **_: np.asarray(predictions)
    fitting.checked_predictions = metrics.checked_predictions
    scoring.Scorer.scores = lambda self, seed, predictions: {"interpolation_rmse": 0.0, "extrapolation_rmse": 0.0}


def patch_predicted():
    from benchmark.cell import fitting

    fitting.predicted = lambda regressor, block: np.zeros(len(block.X))


KINDS = {
    "patches-json": patch_json,
    "patches-numpy": patch_numpy,
    "patches-scores": patch_scores,
    "patches-predicted": patch_predicted,
}


class Patches:
    def __init__(self, kind):
        self.kind = kind

    def fit(self, X, y):
        KINDS[self.kind]()

    def predict(self, X):
        return np.zeros(len(X))


MODELS = tuple(SimpleNamespace(name=kind, build=lambda problem, seed, kind=kind: Patches(kind)) for kind in KINDS)

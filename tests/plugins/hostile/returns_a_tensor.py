"""Predicts a tensor that still wants its gradient."""

from types import SimpleNamespace

import torch


class ReturnsATensor:
    def fit(self, X, y):
        pass

    def predict(self, X):
        return torch.zeros(len(X), requires_grad=True)


MODELS = (SimpleNamespace(name="returns-a-tensor", build=lambda problem, seed: ReturnsATensor()),)

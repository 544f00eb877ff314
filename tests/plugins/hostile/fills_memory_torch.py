"""Takes all the memory there is, from a library that has its own words for that."""

from types import SimpleNamespace

import torch


class FillsMemoryTorch:
    def fit(self, X, y):
        self.kept = []
        while True:
            self.kept.append(torch.ones(2**24))

    def predict(self, X):
        return torch.zeros(len(X))


MODELS = (SimpleNamespace(name="fills-memory-torch", build=lambda problem, seed: FillsMemoryTorch()),)

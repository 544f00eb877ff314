"""Models that each break the contract in their own way, and one that keeps it."""

import numpy as np

from models.base import Model, NotApplicable


class Good:
    def fit(self, X, y):
        self.mean = float(y.mean())

    def predict(self, X):
        return np.full(len(X), self.mean)


class RaisesInFit(Good):
    def fit(self, X, y):
        raise RuntimeError("no such luck")


class RaisesAtSeedOne(Good):
    def __init__(self, seed):
        self.seed = seed

    def fit(self, X, y):
        if self.seed == 1:
            raise RuntimeError("one is unlucky")
        super().fit(X, y)


class PredictsNan(Good):
    def predict(self, X):
        return np.where(np.arange(len(X)) == 0, np.nan, 0.0)


class HasNoValueOnTheLine(Good):
    def predict(self, X):
        # Rows are drawn; only the line of the pictures comes by 0.
        return np.where(X[:, 0] == 0, np.nan, self.mean)


class PredictsColumn(Good):
    def predict(self, X):
        return np.zeros((len(X), 1))


class PredictsTooFew(Good):
    def predict(self, X):
        return np.zeros(len(X) - 1)


class PredictsText(Good):
    def predict(self, X):
        return np.array(["one"] * len(X))


class WritesIntoX(Good):
    def fit(self, X, y):
        X *= 0


class WritesIntoTestX(Good):
    def predict(self, X):
        X *= 0
        return super().predict(X)


def raises_in_build(problem, seed):
    raise ValueError("cannot be built")


def does_not_apply(problem, seed):
    raise NotApplicable("needs more than one element")


CLASSES = {
    "good": Good,
    "raises-in-fit": RaisesInFit,
    "predicts-nan": PredictsNan,
    "has-no-value-on-the-line": HasNoValueOnTheLine,
    "predicts-column": PredictsColumn,
    "predicts-too-few": PredictsTooFew,
    "predicts-text": PredictsText,
    "writes-into-x": WritesIntoX,
    "writes-into-test-x": WritesIntoTestX,
}
MODELS = (
    *(Model(name=name, build=lambda problem, seed, make=make: make()) for name, make in CLASSES.items()),
    Model(name="raises-at-seed-one", build=lambda problem, seed: RaisesAtSeedOne(seed)),
    Model(name="raises-in-build", build=raises_in_build),
    Model(name="does-not-apply", build=does_not_apply),
)

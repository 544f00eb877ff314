"""A small task and cheap models for it, so that a whole run takes a second."""

import numpy as np

from models.base import Model
from tasks.base import Task
from tasks.domains import Box


def parabola(X):
    return X[:, 0] ** 2 + 1


class Line:
    """Least squares, by hand."""

    def fit(self, X, y):
        columns = np.column_stack([np.ones(len(X)), X])
        self.coefficients = np.linalg.lstsq(columns, y, rcond=None)[0]

    def predict(self, X):
        return np.column_stack([np.ones(len(X)), X]) @ self.coefficients

    def get_params(self, deep=False):
        return {"intercept": True}


class Oracle:
    """Knows the answer of the task `tiny`."""

    def fit(self, X, y):
        pass

    def predict(self, X):
        return parabola(X)


TASKS = (
    Task(
        name="tiny",
        title="A parabola",
        formula="x^2 + 1",
        source="made for the tests",
        function=parabola,
        domain=Box(n_features=1),
        n_train=100,
        n_test=200,
        n_shell=50,
        set_shape=(1, 1),
        tags=("tiny",),
    ),
)
MODELS = (
    Model(name="line", build=lambda problem, seed: Line(), tags=("tiny",)),
    Model(name="oracle", build=lambda problem, seed: Oracle(), tags=("tiny",)),
)

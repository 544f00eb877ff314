"""Practice: what a task scores on predictions that never change, and what a model learns of problems that never change.

Both are observed by the real code: the rows and the scoring of cells on one side, `build`, `fit` and `predict` on the
other one. What comes out is a stamp (see `benchmark.store.stamp`), which a record keeps.
"""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from benchmark.cell.metrics import checked_predictions, checked_regressor
from benchmark.cell.outcome import outcome_of, settings_of
from benchmark.cell.scoring import Scorer
from benchmark.cell.seeding import generator
from benchmark.store.stamp import Answer
from models.base import BriefRegressor, FloatArray, ManySeedRegressor, Model, Problem, Regressor
from tasks.base import Task

SEED = 0
# As many significant digits as the widest tolerance asks for, and two more.
_DIGITS = 8
# The shapes that tasks have: one number, two, a pair of triples, a set of twenty.
_N_TRAIN = 300
SHAPES: Mapping[str, Problem] = MappingProxyType(
    {
        name: Problem(n_features=n * k, n_elements=n, n_element_features=k, n_train=_N_TRAIN, quick=True)
        for name, n, k in (("1 number", 1, 1), ("2 numbers", 2, 1), ("2 triples", 2, 3), ("20 numbers", 20, 1))
    }
)
# Inside on 0..10, outside up to 20: in such a unit shows whether a model scales its inputs.
_SIDE = 10.0
_N_POINTS = 8
# y has an offset and a scale for the same reason.
_OFFSET, _SCALE = 7.0, 20.0

Function = Callable[[FloatArray], FloatArray]
# Of u in -1..1, one value for each row: a bend, a wave, and a corner.
FUNCTIONS: tuple[Function, ...] = (
    lambda u: u.mean(axis=1) + u[:, 0] ** 2,
    lambda u: np.sin(3 * u.mean(axis=1)) + 0.5 * u[:, -1],
    lambda u: np.abs(u[:, 0] - 0.2) - u.mean(axis=1) ** 3,
)


def _kept(values: FloatArray) -> tuple[float, ...]:
    return tuple(float(f"{value:.{_DIGITS}g}") for value in values)


def _rows(shape: str, number: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return X (n_train, n_features) and y (n_train,) to learn from, and X (2 n_points, n_features) to predict at."""
    problem = SHAPES[shape]
    rng = generator("practice", shape, number)
    X = rng.uniform(0, _SIDE, size=(problem.n_train, problem.n_features))
    inside = rng.uniform(0, _SIDE, size=(_N_POINTS, problem.n_features))
    outside = rng.uniform(_SIDE, 2 * _SIDE, size=(_N_POINTS, problem.n_features))
    y = _OFFSET + _SCALE * FUNCTIONS[number](2 * X / _SIDE - 1)
    points = np.concatenate([inside, outside])
    for array in (X, y, points):
        array.setflags(write=False)
    return X, y, points


def _fitted(regressor: Regressor, X: FloatArray, y: FloatArray) -> None:
    if isinstance(regressor, ManySeedRegressor):
        # As cells are trained.
        type(regressor).fit_many([regressor], [(X, y)])
    else:
        regressor.fit(X, y)


def _learned(model: Model, shape: str, number: int) -> Answer:
    X, y, points = _rows(shape, number)
    try:
        regressor = checked_regressor(model.build(SHAPES[shape], SEED))
        if isinstance(regressor, BriefRegressor):
            regressor = checked_regressor(regressor.briefly())
        _fitted(regressor, X, y)
        predictions = checked_predictions(regressor.predict(points), len(points), "practice")
    except Exception as error:
        # A sentence names lines of files, which move: that it fails is what counts.
        return outcome_of(error)["status"]
    return _kept((predictions - y.mean()) / y.std())


def _settings(model: Model) -> dict[str, object]:
    """Return the settings of the model as a cell has them, from the first shape that it takes."""
    for problem in SHAPES.values():
        with contextlib.suppress(Exception):
            if found := settings_of(model.build(replace(problem, quick=False), SEED)):
                return found
    return {}


def model_stamp(model: Model, shapes: Iterable[str] = SHAPES) -> dict[str, object]:
    """Return what a model predicts at seed 0 on the practice problems, in units of sd(y); and its settings.

    It learns them quick, and a network for a few steps only (see `models.base.BriefRegressor`).
    """
    answers = {
        f"{shape}, {number}": _learned(model, shape, number) for shape in shapes for number in range(len(FUNCTIONS))
    }
    return {"answers": answers, "settings": _settings(model)}


def _plane(X: FloatArray) -> FloatArray:
    """Return a plane (n,) over X (n, n_features) that knows nothing of the task."""
    return X @ np.cos(np.arange(X.shape[1]))


def _scored(scorer: Scorer, predict: Function) -> Answer:
    try:
        # The last block is the line of the pictures.
        *blocks, line = scorer.blocks(SEED)
        predictions = [predict(block.X) for block in (*blocks, line)]
        found = scorer.scores(SEED, predictions)
    except Exception as error:
        return outcome_of(error)["status"]
    errors = [found["training_rmse"], found["interpolation_rmse"], found["extrapolation_rmse"]]
    shells, quantities, drawn = found["shell_rmse"], found["quantities"], found["slice"]
    assert isinstance(shells, list)
    assert isinstance(quantities, dict)
    assert isinstance(drawn, list)
    numbers = [*errors, *shells, *(quantities[name] for name in sorted(quantities)), *drawn[:: max(1, len(drawn) // 4)]]
    return _kept(np.array(numbers, dtype=np.float64))


def task_stamp(task: Task) -> dict[str, object]:
    """Return what two fixed predictions score on a task at seed 0: errors, shells, quantities, points of the slice."""
    scorer = Scorer(task)
    _, y = scorer.training_rows(SEED)
    mean = float(y.mean())
    predictions: dict[str, Function] = {"mean": lambda X: np.full(len(X), mean), "plane": _plane}
    return {"answers": {name: _scored(scorer, predict) for name, predict in predictions.items()}}

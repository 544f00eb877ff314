"""The compliance suite: does a task or model keep the contract? The same for ours and for plugins."""

import traceback
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import CodeType

import numpy as np

from benchmark.catalogue.registry import Entry, Origin, describe, load_model, load_task
from benchmark.cell.card import task_card
from benchmark.cell.dataset import draw
from benchmark.cell.metrics import checked_predictions, checked_regressor
from benchmark.cell.outcome import outcome_of
from benchmark.cell.seeding import generator
from models.base import FloatArray, Model, Problem
from tasks.base import Task

PROBLEMS = (
    Problem(n_features=1, n_elements=1, n_element_features=1, n_train=500, quick=True),
    Problem(n_features=6, n_elements=2, n_element_features=3, n_train=500, quick=True),
)

Check = Callable[[], object]


def _rows(problem: Problem) -> tuple[FloatArray, FloatArray, FloatArray]:
    rng = generator("check", problem.n_features)
    X = rng.uniform(-1, 1, size=(problem.n_train, problem.n_features))
    y = 3 + X.sum(axis=1)
    fresh = rng.uniform(-1, 1, size=(50, problem.n_features))
    for array in (X, y, fresh):
        array.setflags(write=False)
    return X, y, fresh


def model_checks(model: Model) -> Iterator[tuple[str, Check]]:
    """Yield what a model must do, in words, each with a check that raises where it does not."""
    for problem in PROBLEMS:
        X, y, fresh = _rows(problem)

        def fitted(
            seed: int, problem: Problem = problem, X: FloatArray = X, y: FloatArray = y, fresh: FloatArray = fresh
        ) -> FloatArray:
            regressor = checked_regressor(model.build(problem, seed))
            regressor.fit(X, y)
            return checked_predictions(regressor.predict(fresh), len(fresh), "fresh")

        def repeats(fitted: Callable[[int], FloatArray] = fitted) -> None:
            if not np.array_equal(fitted(3), fitted(3)):
                raise AssertionError("two fits with one seed predict differently; use the seed for all randomness")

        size = f"{problem.n_features} feature{'s' if problem.n_features > 1 else ''}"
        yield f"fits and predicts {size}", partial(fitted, 0)
        yield f"gives the same result for the same seed, {size}", repeats


def task_checks(task: Task) -> Iterator[tuple[str, Check]]:
    """Yield what a task must do, in words, each with a check that raises where it does not."""

    def regions() -> None:
        data = draw(task, 0)
        bounds = [(data.train, 0.0, 1.0), (data.interpolation, 0.0, 1.0), (data.extrapolation, 1.0, task.reach)]
        bounds += [(shell, a, b) for shell, (a, b) in zip(data.shells, pairwise(task.ladder), strict=True)]
        for rows, inner, outer in bounds:
            if not ((rows.distance > inner) & (rows.distance <= outer)).all():
                raise AssertionError(f"draw gave rows whose distance factor is not in ({inner:g}, {outer:g}]")

    def repeats() -> None:
        if not np.array_equal(draw(task, 3).train.X, draw(task, 3).train.X):
            raise AssertionError("two draws with one seed differ; use the generator that draw is given")

    yield "draws its rows where they belong", regions
    yield "gives the same rows for the same seed", repeats
    yield "has references and a slice", lambda: task_card(task)


def _checks_of(entry: Entry) -> Iterator[tuple[str, Check]]:
    if entry.kind == "model":
        return model_checks(load_model(entry.origin, entry.name))
    return task_checks(load_task(entry.origin, entry.name))


def _built_at(entry: Entry, error: BaseException) -> str:
    """Return where a model's regressor is built, if no line of its own file is in the error's stack.

    What a library says of an argument when it fits was written there.
    """
    if entry.kind == "task" or any(entry.file == frame.filename for frame in traceback.extract_tb(error.__traceback__)):
        return ""
    code = getattr(load_model(entry.origin, entry.name).build, "__code__", None)
    if not isinstance(code, CodeType) or code.co_filename != entry.file:
        return ""
    return f" (built by {code.co_name} at {Path(entry.file).name}:{code.co_firstlineno})"


def check(origin: Origin) -> list[dict[str, object]]:
    """Return for each check of each task and model of `origin` whether it holds, and if not why."""
    findings: list[dict[str, object]] = []
    for entry in describe(origin):
        for what, step in _checks_of(entry):
            try:
                step()
                said = {"status": "ok", "reason": ""}
            except Exception as error:
                said = outcome_of(error)
                if said["status"] == "failed":
                    said["reason"] += _built_at(entry, error)
            findings.append({"kind": entry.kind, "name": entry.name, "what": what, **said})
    return findings

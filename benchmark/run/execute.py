"""Runs one cell: draw, fit, predict, score. Plain values in, plain values out; writes nothing.

Called in a worker process by `isolation`. Whatever a model does wrong on one seed becomes that
seed's status and sentence.
"""

import math
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmark.registry import Origin, load_model, load_task
from benchmark.run.dataset import Dataset, draw
from benchmark.run.environment import CHECKOUT
from benchmark.run.metrics import NotFiniteError, checked_predictions, rmse
from benchmark.run.references import N_SLICE, measured_quantities, rounded
from models.base import Diverged, ManySeedRegressor, Model, NotApplicable, Problem, Regressor
from tasks.base import FloatArray, Task


@dataclass(frozen=True)
class CellSpec:
    """Which cell to run: names and origins, never objects."""

    task: str
    task_origin: Origin
    model: str
    model_origin: Origin
    seeds: tuple[int, ...]
    quick: bool


def problem_of(task: Task, *, quick: bool) -> Problem:
    """Return what a model may know of a task."""
    n_elements, n_element_features = task.set_shape
    return Problem(
        n_features=task.domain.n_features,
        n_elements=n_elements,
        n_element_features=n_element_features,
        n_train=task.n_train,
        quick=quick,
    )


def _where(error: BaseException) -> str:
    """Return the last line outside the installed packages, as " (my_model.py:12 in fit)"."""
    engine = CHECKOUT / "benchmark"
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "site-packages" not in frame.filename
        and not frame.filename.startswith("<")
        and engine not in Path(frame.filename).parents
    ]
    return f" ({Path(own[-1].filename).name}:{own[-1].lineno} in {own[-1].name})" if own else ""


def outcome_of(error: BaseException) -> dict[str, str]:
    """Return the status and the sentence that an exception becomes."""
    text = " ".join(str(error).split())[:1000]
    match error:
        case NotApplicable():
            return {"status": "not-applicable", "reason": text or "the model gave no reason"}
        case Diverged() | NotFiniteError():
            return {"status": "diverged", "reason": text}
    # torch has no type of its own for running out of memory on the processor.
    if isinstance(error, MemoryError) or "not enough memory" in text or "can't allocate memory" in text:
        return {"status": "out-of-memory", "reason": f"{type(error).__name__}: {text}{_where(error)}"}
    return {"status": "failed", "reason": f"{type(error).__name__}: {text}{_where(error)}"}


def _setting(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    # A default repr holds an address, which would differ from run to run.
    return type(value).__name__ if " at 0x" in repr(value) else " ".join(repr(value).split())


def settings_of(regressor: object) -> dict[str, object]:
    """Return what a regressor says of its settings by scikit-learn's `get_params`, as plain values."""
    get_params = getattr(regressor, "get_params", None)
    if not callable(get_params):
        return {}
    given: Mapping[str, Any] = get_params(deep=False)
    return {str(name): _setting(value) for name, value in sorted(given.items()) if value is not None}


def _score(task: Task, data: Dataset, regressor: Regressor) -> dict[str, object]:
    def predict(X: FloatArray, where: str = "quantity") -> FloatArray:
        X.setflags(write=False)
        return checked_predictions(regressor.predict(X), len(X), where)

    shells = [rmse(predict(shell.X, "ladder"), shell.y) for shell in data.shells]
    line = task.domain.slice(N_SLICE, outer=task.ladder_end)
    notes: Mapping[str, object] = getattr(regressor, "fit_info_", {})
    return {
        "status": "ok",
        "interpolation_rmse": rmse(predict(data.interpolation.X, "interpolation"), data.interpolation.y),
        "extrapolation_rmse": rmse(predict(data.extrapolation.X, "extrapolation"), data.extrapolation.y),
        "shell_rmse": shells,
        "quantities": measured_quantities(task, predict, data.interpolation.X),
        "slice": rounded(predict(line.X, "slice")),
        "settings": settings_of(regressor),
        "notes": {str(name): str(value) for name, value in notes.items()},
    }


def _attempt(step: Callable[[], dict[str, object]]) -> dict[str, object]:
    try:
        return step()
    except Exception as error:
        return dict(outcome_of(error))


def run_model(task: Task, model: Model, seeds: tuple[int, ...], *, quick: bool) -> list[dict[str, object]]:
    """Return the outcome of every seed, in order: errors where it went well, a reason where it did not."""
    problem = problem_of(task, quick=quick)
    data = {seed: draw(task, seed) for seed in seeds}
    try:
        regressors = {seed: model.build(problem, seed) for seed in seeds}
        first = regressors[seeds[0]]
        together = isinstance(first, ManySeedRegressor)
        if together:
            rows = [(data[seed].train.X, data[seed].train.y) for seed in seeds]
            type(first).fit_many(list(regressors.values()), rows)  # type: ignore[attr-defined]
    except Exception as error:
        return [{"seed": seed, **outcome_of(error)} for seed in seeds]

    def one(seed: int) -> dict[str, object]:
        if not together:
            regressors[seed].fit(data[seed].train.X, data[seed].train.y)
        return _score(task, data[seed], regressors[seed])

    return [{"seed": seed, **_attempt(lambda seed=seed: one(seed))} for seed in seeds]  # type: ignore[misc]


def run_cell(spec: CellSpec) -> list[dict[str, object]]:
    """Load a cell's task and model and run it; see `run_model`."""
    task = load_task(spec.task_origin, spec.task)
    model = load_model(spec.model_origin, spec.model)
    return run_model(task, model, spec.seeds, quick=spec.quick)

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
from benchmark.run.dataset import Dataset, Rows, draw
from benchmark.run.environment import CHECKOUT, plain, public
from benchmark.run.metrics import NotFiniteError, checked_predictions, rmse
from benchmark.run.references import N_SLICE, measured_quantities, rounded
from models.base import Diverged, ManySeedRegressor, Model, NotApplicable, Problem, Regressor
from tasks.base import FloatArray, Task

# Whole numbers beyond this are not exact in every reader of JSON.
_EXACT = 2**53
# torch and other compiled libraries have no type of their own for running out of memory.
_OUT_OF_MEMORY = ("not enough memory", "an't allocate memory", "annot allocate memory", "bad_alloc")


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
    try:
        text = public(error)
    except Exception as another:
        # What a plugin raises may be unable to say what it is.
        text = f"(its message could not be read: {type(another).__name__})"
    match error:
        case NotApplicable():
            return {"status": "not-applicable", "reason": text or "the model gave no reason"}
        case Diverged() | NotFiniteError():
            return {"status": "diverged", "reason": text or "the model gave no reason"}
    memory = isinstance(error, MemoryError) or any(words in text for words in _OUT_OF_MEMORY)
    said = ": ".join(filter(None, (type(error).__name__, text)))
    return {"status": "out-of-memory" if memory else "failed", "reason": f"{said}{_where(error)}"}


def _setting(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < _EXACT else f"{type(value).__name__} of {value.bit_length()} bits"
    if isinstance(value, str):
        return plain(value)
    # A default repr holds an address, which would differ from run to run.
    return type(value).__name__ if " at 0x" in repr(value) else plain(repr(value))


def settings_of(regressor: object) -> dict[str, object]:
    """Return what a regressor says of its settings by scikit-learn's `get_params`, as plain values."""
    get_params = getattr(regressor, "get_params", None)
    if not callable(get_params):
        return {}
    given: Mapping[str, Any] = get_params(deep=False)
    return {plain(name): _setting(value) for name, value in sorted(given.items()) if value is not None}


def _score(task: Task, data: Dataset, regressor: Regressor) -> dict[str, object]:
    def predict(X: FloatArray, where: str = "quantity") -> FloatArray:
        X.setflags(write=False)
        return checked_predictions(regressor.predict(X), len(X), where)

    def error(rows: Rows, where: str) -> float:
        value = rmse(predict(rows.X, where), rows.y)
        if not math.isfinite(value):
            raise NotFiniteError(f"the errors on the {where} rows are too large for a number")
        return value

    shells = [error(shell, "ladder") for shell in data.shells]
    line = task.domain.slice(N_SLICE, outer=task.ladder_end)
    notes: Mapping[str, object] = getattr(regressor, "fit_info_", {})
    return {
        "status": "ok",
        "training_rmse": error(data.train, "training"),
        "interpolation_rmse": error(data.interpolation, "interpolation"),
        "extrapolation_rmse": error(data.extrapolation, "extrapolation"),
        "shell_rmse": shells,
        "quantities": measured_quantities(task, predict, data.interpolation.X),
        "slice": rounded(predict(line.X, "slice")),
        "settings": settings_of(regressor),
        "notes": {public(name): public(value) for name, value in notes.items()},
    }


def _failed(error: Exception) -> dict[str, object]:
    said = outcome_of(error)
    if said["status"] in ("failed", "out-of-memory"):
        # The whole stack, for the cell's log.
        traceback.print_exception(error)
    return dict(said)


def _attempt(step: Callable[[], dict[str, object]]) -> dict[str, object]:
    try:
        return step()
    except Exception as error:
        return _failed(error)


def run_model(task: Task, model: Model, seeds: tuple[int, ...], *, quick: bool) -> list[dict[str, object]]:
    """Return the outcome of every seed, in order: errors where it went well, a reason where it did not."""
    problem = problem_of(task, quick=quick)
    data = {seed: draw(task, seed) for seed in seeds}
    regressors: dict[int, Regressor] = {}
    failures: dict[int, dict[str, object]] = {}
    for seed in seeds:
        try:
            regressors[seed] = model.build(problem, seed)
        except Exception as error:
            failures[seed] = _failed(error)
    together = any(isinstance(regressor, ManySeedRegressor) for regressor in regressors.values())
    if together:
        rows = [(data[seed].train.X, data[seed].train.y) for seed in regressors]
        every = list(regressors.values())
        try:
            type(every[0]).fit_many(every, rows)  # type: ignore[attr-defined]
        except Exception as error:
            failures |= dict.fromkeys(regressors, _failed(error))

    def one(seed: int) -> dict[str, object]:
        if seed in failures:
            return failures[seed]
        if not together:
            regressors[seed].fit(data[seed].train.X, data[seed].train.y)
        return _score(task, data[seed], regressors[seed])

    return [{"seed": seed, **_attempt(lambda seed=seed: one(seed))} for seed in seeds]  # type: ignore[misc]


def run_cell(spec: CellSpec) -> list[dict[str, object]]:
    """Load a cell's task and model and run it; see `run_model`."""
    task = load_task(spec.task_origin, spec.task)
    model = load_model(spec.model_origin, spec.model)
    return run_model(task, model, spec.seeds, quick=spec.quick)

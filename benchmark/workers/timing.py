"""The timing pass: fit and predict seconds of one cell, one seed, one thread, warm, alone.

pytest-benchmark holds the clock. The caller sees to it that nothing else of ours runs meanwhile.
"""

import contextlib
import io
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from benchmark.cell.fitting import Rows, attempted
from benchmark.cell.outcome import CellSpec, Said
from benchmark.errors import FnbenchError
from models.base import FloatArray, Model, Problem, Regressor

# Rounds to fill half a second, within these bounds; what takes seconds varies little, and two are enough.
ROUNDS_SECONDS = 0.5
FEW_ROUNDS, MANY_ROUNDS = 3, 20
LONG_SECONDS, LONG_ROUNDS = 2.0, 2
# A quick training has about a tenth of the steps.
QUICK_SHARE = 0.1


class TimingError(FnbenchError):
    """The stopwatch did not come to its end."""


@dataclass
class TimedCell:
    """What the stopwatch needs of one cell, and the seconds of each round that it reads off."""

    task: str
    model: str
    build: Callable[[], Regressor]
    rows: tuple[FloatArray, FloatArray]
    X: FloatArray
    fit_rounds: int
    predict_rounds: int
    fitted: Regressor
    fit_seconds: list[float] = field(default_factory=list)
    predict_seconds: list[float] = field(default_factory=list)

    def fresh(self) -> tuple[tuple[Regressor], dict[str, Any]]:
        """Return the arguments of the next round's fit: a regressor that has seen nothing."""
        return (self.build(),), {}

    def fit(self, regressor: Regressor) -> None:
        """Fit on the training rows; what is timed."""
        self.fitted = regressor
        regressor.fit(*self.rows)

    def predict(self) -> None:
        """Predict the interpolation rows with what the last round fitted; what is timed."""
        self.fitted.predict(self.X)


def _rounds(seconds: float) -> int:
    if seconds > LONG_SECONDS:
        return LONG_ROUNDS
    return max(FEW_ROUNDS, min(MANY_ROUNDS, int(ROUNDS_SECONDS / max(seconds, 1e-6))))


def _seconds(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def _prepared(model: Model, problem: Problem, *, spec: CellSpec, rows: Rows) -> TimedCell:
    seed = spec.seeds[0]
    training, inside = rows.training(seed), rows.inside(seed)
    # The first call of anything measures imports: a small training first, outside the clock.
    warm = model.build(replace(problem, quick=True), seed)
    fit = _seconds(lambda: warm.fit(*training))
    predict = _seconds(lambda: warm.predict(inside.X))
    return TimedCell(
        task=spec.task,
        model=spec.model,
        build=lambda: model.build(problem, seed),
        rows=training,
        X=inside.X,
        fit_rounds=_rounds(fit if spec.quick else fit / QUICK_SHARE),
        predict_rounds=_rounds(predict),
        fitted=warm,
    )


def _timed(cell: TimedCell) -> dict[str, list[float]]:
    """Return every sample of fit and predict seconds.

    Raises:
        TimingError: a round failed; what pytest said of it is in the cell's log.
    """

    class Provide:
        @pytest.fixture(name="cell")
        def provided(self) -> TimedCell:
            return cell

        # The record has its own; this one takes a second a cell and names the host.
        def pytest_benchmark_generate_machine_info(self) -> dict[str, str]:
            return {}

    options = [
        str(Path(__file__).with_name("stopwatch.py")),
        *("-c", os.devnull, "--rootdir", str(Path(__file__).parent), "-q", "--tb=short"),
        *(
            "-p",
            "no:cacheprovider",
            "--disable-plugin-autoload",
            "-p",
            "pytest_benchmark.plugin",
            "--import-mode=importlib",
        ),
        # Both collect garbage five times at the end, which beside torch takes longer than many a cell.
        *("-p", "no:unraisableexception", "-p", "no:threadexception"),
        *("-W", "ignore", "--benchmark-disable-gc"),
    ]
    # Whoever runs us may be a worker of pytest-xdist, beside which pytest-benchmark measures nothing.
    os.environ.pop("PYTEST_XDIST_WORKER", None)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = pytest.main(options, plugins=[Provide()])
    if code != 0:
        # pytest's report is of no interest unless something went wrong.
        sys.stderr.write(said.getvalue())
        raise TimingError(f"timing ended with pytest's exit code {int(code)}")
    return {"fit": cell.fit_seconds, "predict": cell.predict_seconds}


def time_model(model: Model, problem: Problem, *, spec: CellSpec, rows: Rows) -> None:
    """Hand in the seconds of a cell's first seed."""

    def step() -> tuple[Said, tuple[()]]:
        seconds = _timed(_prepared(model, problem, spec=spec, rows=rows))
        return Said(status="ok", seconds=seconds), ()  # type: ignore[arg-type]

    attempted(rows, spec.seeds[0], step)

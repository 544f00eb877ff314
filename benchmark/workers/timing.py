"""The timing pass: fit and predict seconds of one cell, one seed, one thread, warm, alone.

pytest-benchmark holds the clock: its stopwatch, without a session of pytest, since a plugin is timed where it is
isolated. The caller sees to it that nothing else of ours runs meanwhile.
"""

import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

from pytest_benchmark.fixture import BenchmarkFixture

from benchmark.cell.fitting import Rows, attempted
from benchmark.cell.outcome import CellSpec, Said
from models.base import Model, Problem

# Rounds to fill half a second, within these bounds; what takes seconds varies little, and two are enough.
ROUNDS_SECONDS = 0.5
FEW_ROUNDS, MANY_ROUNDS = 3, 20
LONG_SECONDS, LONG_ROUNDS = 2.0, 2
# A quick training has about a tenth of the steps.
QUICK_SHARE = 0.1
# What the stopwatch asks for and a given number of rounds does without.
_UNUSED = (
    *("min_rounds", "min_time", "max_time", "precision", "confidence", "warmup", "warmup_iterations"),
    *("calibration_precision", "logger", "warner", "disabled", "cprofile", "cprofile_loops", "cprofile_dump"),
)


def _rounds(seconds: float) -> int:
    if seconds > LONG_SECONDS:
        return LONG_ROUNDS
    return max(FEW_ROUNDS, min(MANY_ROUNDS, int(ROUNDS_SECONDS / max(seconds, 1e-6))))


def _samples(
    step: Callable[[], object], *, rounds: int, setup: Callable[[], None] | None = None, warmup_rounds: int = 0
) -> list[float]:
    """Return the seconds that a step takes in each round, with nothing collected as garbage meanwhile."""
    stopwatch = BenchmarkFixture(  # type: ignore[no-untyped-call]
        SimpleNamespace(name="cell", nodeid="cell"),
        timer=SimpleNamespace(target=time.perf_counter),
        disable_gc=True,
        add_stats=lambda _: None,
        **dict.fromkeys(_UNUSED, 0),
    )
    stopwatch.pedantic(step, setup=setup, rounds=rounds, warmup_rounds=warmup_rounds)  # type: ignore[no-untyped-call]
    assert stopwatch.stats is not None
    return list(stopwatch.stats.stats.data)


def _timed(model: Model, problem: Problem, *, spec: CellSpec, rows: Rows) -> dict[str, list[float]]:
    """Return every sample of fit and predict seconds."""
    seed = spec.seeds[0]
    training, inside = rows.training(seed), rows.inside(seed)
    # The first call of anything measures imports: a small training first, which only says how many rounds there are.
    fitted = model.build(replace(problem, quick=True), seed)
    [fit] = _samples(lambda: fitted.fit(*training), rounds=1)
    [predict] = _samples(lambda: fitted.predict(inside.X), rounds=1)

    def fresh() -> None:
        nonlocal fitted
        fitted = model.build(problem, seed)

    n_fits = _rounds(fit if spec.quick else fit / QUICK_SHARE)
    return {
        "fit": _samples(lambda: fitted.fit(*training), rounds=n_fits, setup=fresh),
        "predict": _samples(lambda: fitted.predict(inside.X), rounds=_rounds(predict), warmup_rounds=1),
    }


def time_model(model: Model, problem: Problem, *, spec: CellSpec, rows: Rows) -> None:
    """Hand in the seconds of a cell's first seed."""

    def step() -> tuple[Said, tuple[()]]:
        # What a model warns of stands in the log of its cells already, and would take time.
        with warnings.catch_warnings(action="ignore"):
            seconds = _timed(model, problem, spec=spec, rows=rows)
        return Said(status="ok", seconds=seconds), ()  # type: ignore[arg-type]

    attempted(rows, spec.seeds[0], step)

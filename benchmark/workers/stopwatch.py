"""The two timed regions, as pytest-benchmark tests; `timing` runs them for one cell, not a test suite.

One line is timed in each. `cell` is a fixture that `timing` provides.
"""

from pytest_benchmark.fixture import BenchmarkFixture

from benchmark.workers.timing import TimedCell


def test_fit(benchmark: BenchmarkFixture, cell: TimedCell) -> None:
    """Time `fit` of a fresh regressor a round."""
    benchmark.extra_info.update(model=cell.model, task=cell.task, phase="fit")
    benchmark.pedantic(cell.fit, setup=cell.fresh, rounds=cell.fit_rounds)  # type: ignore[no-untyped-call]
    assert benchmark.stats is not None
    cell.fit_seconds.extend(benchmark.stats.stats.data)


def test_predict(benchmark: BenchmarkFixture, cell: TimedCell) -> None:
    """Time `predict` of one fitted regressor."""
    benchmark.extra_info.update(model=cell.model, task=cell.task, phase="predict")
    benchmark.pedantic(cell.predict, rounds=cell.predict_rounds, warmup_rounds=1)  # type: ignore[no-untyped-call]
    assert benchmark.stats is not None
    cell.predict_seconds.extend(benchmark.stats.stats.data)

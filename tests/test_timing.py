"""How many rounds the stopwatch takes."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmark.registry import Origin
from benchmark.run import timing
from benchmark.run.execute import CellSpec
from benchmark.run.timing import _prepared, _rounds
from tests.conftest import PLUGINS


@pytest.mark.parametrize(("seconds", "rounds"), [(1e-9, 20), (0.05, 10), (0.4, 3), (2.0, 3), (5.0, 2)])
def test_rounds_fill_half_a_second_and_are_three_at_least_or_two_long_ones(seconds: float, rounds: int) -> None:
    assert _rounds(seconds) == rounds


@dataclass
class Clock:
    """A clock that only moves when somebody moves it."""

    now: float = 0.0

    def perf_counter(self) -> float:
        return self.now


@pytest.mark.parametrize(("seconds", "rounds"), [(1e-6, 20), (0.0625, 8), (0.25, 3), (5.0, 2)])
def test_a_cell_is_timed_as_often_as_its_own_seconds_allow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, rounds: int
) -> None:
    clock = Clock()
    monkeypatch.setattr(timing, "time", clock)
    plugin = tmp_path / "slow.py"
    plugin.write_text(
        "from types import SimpleNamespace\n"
        "from benchmark.run import timing\n"
        "class Slow:\n"
        f"    def fit(self, X, y):\n        timing.time.now += {seconds}\n"
        f"    def predict(self, X):\n        timing.time.now += {2 * seconds}\n        return X[:, 0]\n"
        "MODELS = (SimpleNamespace(name='slow', build=lambda problem, seed: Slow()),)\n",
        encoding="utf-8",
    )
    origins = Origin("file", str(PLUGINS / "tiny.py")), Origin("file", str(plugin))
    cell = _prepared(CellSpec("tiny", origins[0], "slow", origins[1], seeds=(0,), quick=True))
    assert cell.fit_rounds == rounds
    assert cell.predict_rounds == _rounds(2 * seconds)

"""How many rounds the stopwatch takes."""

from dataclasses import dataclass
from typing import cast

import numpy as np
import pytest

from benchmark.catalogue.registry import Origin
from benchmark.cell.dataset import Block
from benchmark.cell.fitting import Rows
from benchmark.cell.outcome import CellSpec
from benchmark.workers import timing
from benchmark.workers.timing import _rounds, _timed
from models.base import FloatArray, Model, Problem


@pytest.mark.parametrize(("seconds", "rounds"), [(1e-9, 20), (0.05, 10), (0.4, 3), (2.0, 3), (5.0, 2)])
def test_rounds_fill_half_a_second_and_are_three_at_least_or_two_long_ones(seconds: float, rounds: int) -> None:
    assert _rounds(seconds) == rounds


@dataclass
class Clock:
    """A clock that only moves when somebody moves it."""

    now: float = 0.0

    def perf_counter(self) -> float:
        return self.now


class Slow:
    """A model that takes its time, by such a clock."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.clock, self.seconds = clock, seconds

    def fit(self, X: FloatArray, y: FloatArray) -> None:
        self.clock.now += self.seconds

    def predict(self, X: FloatArray) -> FloatArray:
        self.clock.now += 2 * self.seconds
        return X[:, 0]


class Ones:
    """Ten rows of a task that nobody is scored on."""

    def training(self, seed: int) -> tuple[FloatArray, FloatArray]:
        return np.ones((10, 1)), np.ones(10)

    def inside(self, seed: int) -> Block:
        return Block("interpolation", np.ones((10, 1)))


@pytest.mark.parametrize(("seconds", "rounds"), [(1e-6, 20), (0.0625, 8), (0.25, 3), (5.0, 2)])
def test_a_cell_is_timed_as_often_as_its_own_seconds_allow(
    monkeypatch: pytest.MonkeyPatch, seconds: float, rounds: int
) -> None:
    clock = Clock()
    monkeypatch.setattr(timing, "time", clock)
    nowhere = Origin("file", "nowhere.py")
    spec = CellSpec("tiny", nowhere, "slow", nowhere, seeds=(0,), quick=True)
    model = Model(name="slow", build=lambda problem, seed: Slow(clock, seconds))
    problem = Problem(n_features=1, n_elements=1, n_element_features=1, n_train=10, quick=True)
    timed = _timed(model, problem, spec=spec, rows=cast("Rows", Ones()))
    assert timed["fit"] == pytest.approx([seconds] * rounds)
    assert timed["predict"] == pytest.approx([2 * seconds] * _rounds(2 * seconds))

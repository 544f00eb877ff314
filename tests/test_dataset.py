"""The rows: a function of (task, seed) only, inside where they should be inside and outside where outside."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest

from benchmark.cell.dataset import Dataset, draw
from tasks.base import Sample, Task
from tasks.core import TASKS
from tasks.domains import Box

BY_NAME = {task.name: task for task in TASKS}
every_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)


def arrays(data: Dataset) -> list[np.ndarray]:
    rows = [data.train, data.interpolation, data.extrapolation, *data.shells]
    return [array for r in rows for array in (r.X, r.y, r.distance)]


@every_task
def test_rows_have_the_promised_numbers(task: Task) -> None:
    data = draw(task, 0)
    assert (len(data.train.X), len(data.interpolation.X), len(data.extrapolation.X)) == (task.n_train, 5000, 5000)
    assert [len(shell.X) for shell in data.shells] == [1000] * (len(task.ladder) - 1)
    assert all(array.dtype == np.float64 for array in arrays(data))


@every_task
def test_interpolation_lies_inside_and_extrapolation_outside(task: Task) -> None:
    data = draw(task, 1)
    assert data.train.distance.max() <= 1
    assert data.interpolation.distance.max() <= 1
    assert data.extrapolation.distance.min() > 1
    assert data.extrapolation.distance.max() <= task.reach
    for shell, (inner, outer) in zip(data.shells, pairwise(task.ladder), strict=True):
        assert shell.distance.min() > inner
        assert shell.distance.max() <= outer <= task.ladder_end


@every_task
def test_rows_are_a_function_of_task_and_seed(task: Task) -> None:
    again = zip(arrays(draw(task, 2)), arrays(draw(task, 2)), strict=True)
    assert all(np.array_equal(a, b) for a, b in again)
    assert not np.array_equal(draw(task, 2).train.X, draw(task, 3).train.X)


def test_tasks_of_one_domain_have_rows_of_their_own() -> None:
    sinc, other = BY_NAME["sinc"], replace(BY_NAME["sinc"], name="other")
    assert not np.array_equal(draw(sinc, 0).train.X, draw(other, 0).train.X)


# Whole numbers repeat by chance, though their streams are drawn apart all the same.
@pytest.mark.parametrize("task", [t for t in TASKS if t.name not in ("sum", "square")], ids=lambda task: task.name)
def test_test_rows_are_not_training_rows(task: Task) -> None:
    data = draw(task, 0)
    both = np.vstack([data.train.X, data.interpolation.X])
    assert len(np.unique(both, axis=0)) == len(both)


def test_a_model_cannot_change_the_rows() -> None:
    data = draw(BY_NAME["square"], 0)
    for array in arrays(data):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@dataclass(frozen=True)
class Careless(Box):
    """A domain that draws one row too few, or all rows inside."""

    fault: str = ""

    def draw(
        self, n: int, rng: np.random.Generator, *, inner: float = 0.0, outer: float = 1.0, even: bool = False
    ) -> Sample:
        if self.fault == "few":
            return super().draw(n - 1, rng, inner=inner, outer=outer, even=even)
        return super().draw(n, rng, inner=0.0, outer=1.0, even=even)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("few", r"drew X of shape \(9999, 2\) and distances of shape \(9999,\), expected \(10000, 2\)"),
        ("inside", r"drew rows whose distance is not in \(1, 2\]"),
    ],
)
def test_a_careless_domain_is_found_out(fault: str, said: str) -> None:
    task = replace(BY_NAME["sinc"], domain=Careless(n_features=2, fault=fault))
    with pytest.raises(ValueError, match=said):
        draw(task, 0)


# Where the function swings or has many arguments, no spreading of 5,000 rows helps much.
@pytest.mark.parametrize("name", ["sum", "square", "piecewise", "smooth"])
def test_scores_hardly_depend_on_the_luck_of_their_rows(name: str) -> None:
    task = next(task for task in TASKS if task.name == name)

    # The root mean square of y over 5,000 even rows, against the same over independent ones.
    def spread(*, even: bool) -> float:
        draws = [
            task.domain.draw(5000, np.random.default_rng(s), inner=1.0, outer=task.reach, even=even) for s in range(20)
        ]
        return float(np.std([np.sqrt(np.mean(task.targets(sample.X) ** 2)) for sample in draws]))

    assert spread(even=True) < 0.8 * spread(even=False)


def test_all_integers_come_equally_often_to_the_square() -> None:
    data = draw(BY_NAME["square"], 0)
    assert set(np.unique(data.extrapolation.X, return_counts=True)[1]) == {5}
    assert data.extrapolation.X.min() == 1001
    assert data.extrapolation.X.max() == 2000


def test_noise_is_on_the_training_targets_only() -> None:
    plain = BY_NAME["square"]
    noisy = replace(plain, noise_std=10.0)
    a, b = draw(plain, 0), draw(noisy, 0)
    assert np.array_equal(a.train.X, b.train.X)
    assert np.std(b.train.y - a.train.y) == pytest.approx(10, rel=0.1)
    assert np.array_equal(a.interpolation.y, b.interpolation.y)
    assert np.array_equal(a.extrapolation.y, b.extrapolation.y)

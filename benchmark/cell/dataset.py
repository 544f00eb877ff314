"""Draws the rows of a task: a function of (task, seed) only, so all models meet the same rows."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from benchmark.cell.seeding import generator
from tasks.base import FloatArray, Sample, Task, WithTraining

# The blocks of rows that a verdict rests on, those of the shells, and where a model is asked how sure it is; and the
# line of the pictures, on which nothing is scored.
SCORED = ("interpolation", "extrapolation")
LADDER = "ladder"
ASKED_HOW_SURE = (LADDER, *SCORED)
SLICE = "slice"


@dataclass(frozen=True)
class Rows:
    """Read-only X (n, n_features), y (n,) and the distance factor of each row (n,)."""

    X: FloatArray
    y: FloatArray
    distance: FloatArray

    def __post_init__(self) -> None:
        for array in (self.X, self.y, self.distance):
            array.setflags(write=False)


@dataclass(frozen=True)
class Dataset:
    """All rows of one seed: training rows, fresh rows of the same law, rows outside, and the ladder's shells."""

    train: Rows
    interpolation: Rows
    extrapolation: Rows
    shells: tuple[Rows, ...]


def _checked(task: Task, sample: Sample, n: int, inner: float, outer: float) -> Rows:
    expected = (n, task.domain.n_features)
    if sample.X.shape != expected or sample.distance.shape != (n,):
        raise ValueError(
            f"task {task.name!r}: its domain drew X of shape {sample.X.shape} and distances of shape "
            f"{sample.distance.shape}, expected {expected} and ({n},)"
        )
    if not ((sample.distance > inner) & (sample.distance <= outer)).all():
        raise ValueError(f"task {task.name!r}: its domain drew rows whose distance is not in ({inner:g}, {outer:g}]")
    return Rows(sample.X, task.targets(sample.X), sample.distance)


def _rows(task: Task, n: int, stream: tuple[str | int, ...], inner: float, outer: float) -> Rows:
    sample = task.domain.draw(n, generator(*stream), inner=inner, outer=outer, even=True)
    return _checked(task, sample, n, inner, outer)


# The sd of y, in which noise may be given, is of so many rows, and to so many digits: alike on every processor.
_SD_ROWS, _SD_DIGITS = 2**14, 6


def noise_std(task: Task) -> float:
    """Return the sd of the noise in a task's training targets, in the units of y."""
    if task.noise == 0:
        return task.noise_std
    sd = population(task, inner=0.0, outer=1.0, n=_SD_ROWS).y.std()
    return float(f"{task.noise * sd:.{_SD_DIGITS}g}")


def _with_noise(task: Task, seed: int, rows: Rows) -> Rows:
    std = noise_std(task)
    if std == 0:
        return rows
    noise = generator(task.name, seed, "noise").normal(0.0, std, len(rows.y))
    return Rows(rows.X, rows.y + noise, rows.distance)


def training_rows(task: Task, seed: int) -> Rows:
    """Return what a model gets at a seed, with the task's noise in y: rows of its own if the domain has such, or draws.

    Draws are independent, of the training law.

    Raises:
        ValueError: as `draw`.
    """
    rng = generator(task.name, seed, "train")
    if isinstance(task.domain, WithTraining):
        sample = task.domain.training_rows(task.n_train, rng)
    else:
        sample = task.domain.draw(task.n_train, rng, inner=0.0, outer=1.0, even=False)
    return _with_noise(task, seed, _checked(task, sample, task.n_train, 0.0, 1.0))


def draw(task: Task, seed: int) -> Dataset:
    """Return the rows of a task at a seed. Noise is added to the training targets only.

    Training rows are independent draws, as a user's are, or the domain's own. Rows to score on are spread evenly, so
    that a score varies with the training and not with the luck of its own rows.

    Raises:
        ValueError: the domain draws too few rows or rows of another region, or the function does not
            return finite values of shape (n,).
    """
    return Dataset(
        train=training_rows(task, seed),
        interpolation=_rows(task, task.n_test, (task.name, seed, "interpolation"), 0.0, 1.0),
        extrapolation=_rows(task, task.n_test, (task.name, seed, "extrapolation"), 1.0, task.reach),
        shells=tuple(
            _rows(task, task.n_shell, (task.name, seed, "shell", f"{outer:g}"), inner, outer)
            for inner, outer in pairwise(task.ladder)
        ),
    )


def population(task: Task, *, inner: float, outer: float, n: int | None = None, listed: bool = True) -> Rows:
    """Return every row of a small finite domain, or else n fixed draws, `n_reference` of the task where n is not said.

    The reference values come from these.

    They are draws of every domain where it is not to be `listed`.
    """
    X = task.domain.every_row(inner=inner, outer=outer) if listed else None
    if X is None:
        return _rows(task, n or task.n_reference, (task.name, "population", f"{inner:g}", f"{outer:g}"), inner, outer)
    return Rows(X, task.targets(X), np.full(len(X), np.nan))


@dataclass(frozen=True)
class Block:
    """Rows X (n, n_features) to predict at, and in a word which rows they are."""

    where: str
    X: FloatArray

"""How models do along an axis: on variants of a task that differ in one thing alone, and how many rows they need."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from benchmark.board.curves import BAND
from benchmark.board.failures import WORST, counted
from benchmark.board.solving import ERRORS, REGIONS, Region, limits
from benchmark.board.statistics import median_over
from benchmark.board.tolerance import PUBLISHED, Tolerance
from benchmark.store.record import OFF_BOARD, CellKey, Record, TaskCard
from tasks.variant import VARIANT, Variant, parsed

Axis = Literal["rows", "noise", "outside"]
AXES: tuple[Axis, ...] = get_args(Axis)
# A variant is no experiment of its own: what else keeps a model off the board keeps it from here.
_OFF = OFF_BOARD - {VARIANT}


@dataclass(frozen=True)
class Point:
    """The errors of a model at one value of an axis, in sd of y: median and band over seeds; and whether it is solved.

    Infinite where they are those of a failed seed, NaN where the model does not apply.
    """

    median: float
    low: float
    high: float
    solved: bool


@dataclass(frozen=True)
class Sweep:
    """A task along one axis: its values, ascending, and for each model and region a point a value, None where it lacks.

    `held` is what all of these variants have otherwise than the task, `tolerance` what counts as solved.
    """

    task: str
    axis: Axis
    held: Variant
    values: tuple[float, ...]
    points: Mapping[str, Mapping[Region, tuple[Point | None, ...]]]
    tolerance: Tolerance

    @property
    def name(self) -> str:
        """A name for a file and an address."""
        return f"{self.task}{self.held.suffix}-by-{self.axis}"

    def needed(self, model: str, region: Region) -> float | None:
        """Return the least value from which on a region is solved at every value tried, None where it never is."""
        solved = [point is not None and point.solved for point in self.points[model][region]]
        first = len(solved)
        while first and solved[first - 1]:
            first -= 1
        return self.values[first] if first < len(solved) else None


@dataclass(frozen=True)
class _Given:
    cards: Mapping[str, TaskCard]
    records: Mapping[CellKey, Record]
    models: Mapping[str, Sequence[str]]
    tolerance: Tolerance


def _point(given: _Given, cell_id: CellKey, region: Region) -> Point | None:
    if cell_id not in given.records:
        return None
    card, seeds = given.cards[cell_id[0]], counted(given.records[cell_id].seeds)
    errors = [getattr(seed, ERRORS[region]) if seed.status == "ok" else WORST for seed in seeds]
    if not errors:
        return Point(math.nan, math.nan, math.nan, solved=False)
    ordered = np.sort(np.array(errors)) / card.target_sd
    low, high = (float(ordered[round(share * (len(ordered) - 1))]) for share in BAND)
    median = float(median_over(ordered))
    bound = float(limits(card, given.tolerance.solved)[REGIONS.index(region)]) / card.target_sd
    return Point(median, low, high, solved=median <= bound)


def _sweep(task: str, axis: Axis, held: Variant, at: Mapping[float, str], given: _Given) -> Sweep:
    values = tuple(sorted(at))
    models = sorted({model for value in values for model in given.models.get(at[value], ())})
    points: dict[str, dict[Region, tuple[Point | None, ...]]] = {}
    for model in models:
        cells = [(at[value], model) for value in values]
        points[model] = {region: tuple(_point(given, cell, region) for cell in cells) for region in REGIONS}
    return Sweep(task, axis, held, values, points, given.tolerance)


def _given(cards: Mapping[str, TaskCard], records: Mapping[CellKey, Record], tolerance: Tolerance) -> _Given:
    variants = {name: card for name, card in cards.items() if VARIANT in card.tags and not _OFF & {*card.tags}}
    kept = {
        cell_id: record
        for cell_id, record in records.items()
        if cell_id[0] in variants and not OFF_BOARD & {*record.model_tags} and not record.quick
    }
    models: dict[str, list[str]] = {}
    for task, model in kept:
        models.setdefault(task, []).append(model)
    return _Given(variants, kept, models, tolerance)


def sweeps_of(
    cards: Mapping[str, TaskCard], records: Mapping[CellKey, Record], *, tolerance: Tolerance = PUBLISHED
) -> tuple[Sweep, ...]:
    """Return every axis along which variants of a task were run at two values at least, by task and axis."""
    given = _given(cards, records, tolerance)
    found: dict[tuple[str, Axis, Variant], dict[float, str]] = {}
    for name in given.models:
        meant = parsed(name)
        if meant is None:
            continue
        base, variant = meant
        for axis in AXES:
            value = getattr(variant, axis)
            if value is not None:
                held = replace(variant, **{axis: None})
                found.setdefault((base, axis, held), {})[float(value)] = name
    sweeps: Iterable[Sweep] = (
        _sweep(task, axis, held, at, given) for (task, axis, held), at in found.items() if len(at) > 1
    )
    return tuple(sorted(sweeps, key=lambda sweep: (AXES.index(sweep.axis), sweep.name)))

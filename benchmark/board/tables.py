"""The figures of many cells as tables of tasks and contenders, and what stands in them where a model does not apply.

A task to which a model does not apply counts as if it had answered with the constant, of log score 0, which solves
nothing and holds nowhere: that is what its user would be left with. A task that a model was not run on has no figure.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmark.board.scores import SHARES
from benchmark.board.solving import REGIONS, BoolArray
from benchmark.board.statistics import FloatArray
from benchmark.board.sureness import MISSED

Contender = tuple[str, str]
# What a contender is known for in a region, besides its rank.
FIGURES = ("score", *SHARES)
# Of these the constant has 0; of what a model offers besides predictions it has none.
_STANDING = tuple(f"{region}_{name}" for region in REGIONS for name in FIGURES)
_OFFERED = ("n_exact", "n_expressed", "covered_inside", "covered_outside", "warns", *MISSED)


@dataclass(frozen=True)
class Tables:
    """Each figure of the cells of some tasks (n_tasks, n_contenders), NaN where there is none; who applies where."""

    tasks: tuple[str, ...]
    figures: Mapping[str, FloatArray]
    applies: BoolArray

    def of(self, tasks: Collection[str]) -> "Tables":
        """Return the tables of some of the tasks."""
        wanted = {*tasks}
        kept = np.array([task in wanted for task in self.tasks], dtype=bool)
        left = tuple(task for task in self.tasks if task in wanted)
        return Tables(left, {name: table[kept] for name, table in self.figures.items()}, self.applies[kept])


def tables_of(cells: pd.DataFrame, tasks: Sequence[str], contenders: Sequence[Contender]) -> Tables:
    """Return the tables of some tasks, given the cells and references of these and others."""
    rows, columns = ({name: i for i, name in enumerate(names)} for names in (tasks, contenders))
    mine = cells[cells["task"].isin(tasks)]
    at = mine["task"].map(rows), [columns[each] for each in zip(mine["kind"], mine["model"], strict=True)]
    shape = (len(tasks), len(contenders))
    # A reference has no seeds, and applies where it is.
    seeds = mine["n_seeds"].to_numpy(dtype=np.float64)
    applied = np.where(seeds > 0, mine["n_counted"].to_numpy(dtype=np.float64) / np.maximum(seeds, 1), 1.0)
    applies = np.zeros(shape, dtype=bool)
    applies[at] = applied > 0
    figures = {name: np.full(shape, np.nan) for name in (*_STANDING, "horizon", *_OFFERED)}
    for name, table in figures.items():
        known = mine[name].to_numpy(dtype=np.float64)
        # A horizon is an edge of the ladder, and no mean.
        share = 1.0 if name == "horizon" else applied
        table[at] = known if name in _OFFERED else np.where(applied > 0, known, 0.0) * share
    return Tables(tuple(tasks), figures, applies)

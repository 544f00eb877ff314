"""Which tasks say who is better in a region, and how much each of them weighs.

A task votes where a line does not solve the region already. Every suite weighs as much, in it every family of tasks,
and in that every task: near copies of one function together are one voice.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmark.board.solving import BoolArray, Region, line_solves
from benchmark.board.statistics import SCORE_DECIMALS, FloatArray
from benchmark.board.tolerance import PUBLISHED, Tolerance
from benchmark.store.record import TaskCard


@dataclass(frozen=True)
class Votes:
    """The tasks that vote in a region, by name, each with its suite and its family."""

    tasks: tuple[str, ...]
    suites: tuple[str, ...]
    families: tuple[str, ...]
    _known: dict[bytes, FloatArray] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.tasks)

    @property
    def clusters(self) -> NDArray[np.intp]:
        """The number of each task's family (n_tasks,): what has one number is no independent evidence."""
        numbers = {family: i for i, family in enumerate(dict.fromkeys(self.families))}
        return np.array([numbers[family] for family in self.families], dtype=np.intp)

    def weights(self, ran: BoolArray) -> FloatArray:
        """Return how much each task weighs (n_tasks,) among those that were run (n_tasks,); they add up to 1."""
        key = ran.tobytes()
        if key not in self._known:
            self._known[key] = self._weighed(ran)
        return self._known[key]

    def _weighed(self, ran: BoolArray) -> FloatArray:
        places = [
            (suite, family) for suite, family, there in zip(self.suites, self.families, ran, strict=True) if there
        ]
        tasks_of = Counter(places)
        families_of = Counter(suite for suite, _ in tasks_of)
        weights = np.zeros(len(self))
        weights[ran] = [1 / (len(families_of) * families_of[place[0]] * tasks_of[place]) for place in places]
        return weights

    def independent(self, ran: BoolArray) -> float:
        """Return as how many equal families those of the tasks that were run (n_tasks,) count; 0 of none.

        Kish (1965), "Survey Sampling", section 8.2; where all families weigh as much, it is their number.
        """
        weights, clusters = self.weights(ran), self.clusters
        of_family = [math.fsum(weights[clusters == i]) for i in range(clusters.max(initial=-1) + 1)]
        squares = math.fsum(weight * weight for weight in of_family)
        return round(1 / squares, SCORE_DECIMALS) if squares else 0.0

    def of(self, tasks: Iterable[str]) -> "Votes":
        """Return the votes of some of the tasks."""
        wanted = {*tasks}
        kept = [i for i, task in enumerate(self.tasks) if task in wanted]
        tasks_, suites, families = (tuple(each[i] for i in kept) for each in (self.tasks, self.suites, self.families))
        return Votes(tasks_, suites, families)

    def mean(self, values: FloatArray) -> float:
        """Return the weighed mean of values (n_tasks,), NaN where a task was not run; NaN of none."""
        ran = ~np.isnan(values)
        # Exactly rounded, since processors add in different orders, and a mean may lie between two printed digits.
        return math.fsum(values[ran] * self.weights(ran)[ran]) if ran.any() else math.nan


def votes_of(
    cards: Mapping[str, TaskCard], suites: Mapping[str, str], region: Region, *, tolerance: Tolerance = PUBLISHED
) -> Votes:
    """Return the votes in a region of the tasks that are compared, given the name of each one's suite.

    Where a line solves all of them, all vote.
    """
    there = [task for task in sorted(suites) if task in cards]
    voting = [task for task in there if not line_solves(cards[task], tolerance.solved)[region]] or there
    return Votes(
        tuple(voting), tuple(suites[task] for task in voting), tuple(cards[task].family_name for task in voting)
    )

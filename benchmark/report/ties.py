"""Which models the evidence can tell apart: a paired bootstrap of the headline order.

A resample draws the tasks with replacement, and for each drawn task its seeds with replacement; all
models get the same draw, since at one seed all see the same rows. Then the models are put in the
headline order again. One is *ahead* of another when it comes before it in at least 97.5 % of the
resamples, that is when the two-sided 95 % interval of their difference in the headline does not
contain 0. Two models *tie* when neither is ahead. Ties need not be transitive, hence letters: two
neighbours share one when they, and all models between them, tie.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase

import numpy as np
from numpy.typing import NDArray

from benchmark.report.statistics import FloatArray, median_over

SURE = 0.975
RESAMPLES = 1000
# Resampled medians of the seeds are drawn beforehand, as many as this many numbers allow, but at least these.
DRAWN_BEFOREHAND, LEAST_DRAWS = 1_000_000, 16

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Headline:
    """What the headline is made of, each (n_tasks, n_models, n_seeds): is it solved, and the log score."""

    holds: BoolArray
    learned: BoolArray
    score: FloatArray


def _seed_draws(headline: Headline, rng: np.random.Generator) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return for many draws of the seeds, of each task and model, the points it earns and its median score.

    Both are (n_draws, n_tasks, n_models). Tasks that hold count before any number of tasks that are
    only learned.
    """
    n_tasks, n_models, n_seeds = headline.score.shape
    n_draws = min(RESAMPLES, max(LEAST_DRAWS, DRAWN_BEFOREHAND // (n_tasks * n_models)))
    points = np.empty((n_draws, n_tasks, n_models), dtype=np.int32)
    # A score is printed to two decimals; half the memory is twice the speed here.
    scores = np.empty((n_draws, n_tasks, n_models), dtype=np.float32)
    for draw in range(n_draws):
        seeds = rng.integers(n_seeds, size=(n_tasks, 1, n_seeds))
        holds = np.take_along_axis(headline.holds, seeds, axis=2).all(axis=2)
        learned = np.take_along_axis(headline.learned, seeds, axis=2).all(axis=2)
        points[draw] = holds * (n_tasks + 1) + learned
        scores[draw] = median_over(np.take_along_axis(headline.score, seeds, axis=2), axis=2)
    return points, scores


def _middle(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the median over the first axis; twice as fast as numpy's, which looks for NaN."""
    n = len(scores)
    places = ((n - 1) // 2, n // 2)
    parted = np.partition(scores, places, axis=0)
    middle: NDArray[np.float32] = (parted[places[0]] + parted[places[1]]) / 2
    return middle


def ahead(headline: Headline) -> BoolArray:
    """Return (n_models, n_models): whether model i is ahead of model j beyond chance, from a fixed generator."""
    n_tasks, n_models, _ = headline.score.shape
    rng = np.random.default_rng(0)
    points, scores = _seed_draws(headline, rng)
    before = np.zeros((n_models, n_models), dtype=np.intp)
    for _ in range(RESAMPLES):
        tasks = rng.integers(n_tasks, size=n_tasks)
        draws = rng.integers(len(points), size=n_tasks)
        point = points[draws, tasks].sum(axis=0)
        # The score counts to two decimals, as it is printed.
        score = _middle(scores[draws, tasks]).round(2)
        more, equal = point[:, None] > point, point[:, None] == point
        before += more | (equal & (score[:, None] < score))
    sure: BoolArray = before >= SURE * RESAMPLES
    return sure


def places(ahead: BoolArray) -> list[tuple[int, int]]:
    """Return the first and last place that each model may hold, given who is ahead of whom beyond chance."""
    n = len(ahead)
    return [(1 + int(ahead[:, i].sum()), n - int(ahead[i].sum())) for i in range(n)]


def _letters(number: int) -> str:
    first, last = divmod(number, len(ascii_lowercase))
    return ("" if first == 0 else _letters(first - 1)) + ascii_lowercase[last]


def tie_letters(ahead: BoolArray, order: Sequence[int]) -> list[str]:
    """Return for each model, in the given order, the letters of the tie groups it is in, such as "ab"."""
    tied = ~(ahead | ahead.T)[np.ix_(order, order)]
    groups: list[range] = []
    end = 0
    for start in range(len(order)):
        stop = start + 1
        while stop < len(order) and tied[stop, start:stop].all():
            stop += 1
        # A group within the one before says nothing new.
        if stop > end:
            groups.append(range(start, stop))
            end = stop
    names = [_letters(number) for number in range(len(groups))]
    return [
        " ".join(names[number] for number, group in enumerate(groups) if place in group) for place in range(len(order))
    ]

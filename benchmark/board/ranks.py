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

from benchmark.board.statistics import SCORE_CEILING, SCORE_FLOOR, FloatArray

SURE = 0.975
RESAMPLES = 1000
# Resampled medians of the seeds are drawn beforehand, as many as this many numbers allow, but at least these.
DRAWN_BEFOREHAND, LEAST_DRAWS = 1_000_000, 16

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]


@dataclass(frozen=True)
class Headline:
    """What the headline is made of, each (n_tasks, n_models, n_seeds): is it solved, and the log score."""

    holds: BoolArray
    learned: BoolArray
    score: FloatArray


def _seed_draws(headline: Headline, rng: np.random.Generator) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
    """Return for many draws of the seeds, of each task and model, the points it earns and its median score.

    Both are (n_draws, n_tasks, n_models). Tasks that hold count before any number of tasks that are
    only learned. The score counts to two decimals, as it is printed: in hundredths above the lowest.
    """
    n_tasks, n_models, n_seeds = headline.score.shape
    n_draws = min(RESAMPLES, max(LEAST_DRAWS, DRAWN_BEFOREHAND // (n_tasks * n_models)))
    points = np.empty((n_draws, n_tasks, n_models), dtype=np.int32)
    scores = np.empty((n_draws, n_tasks, n_models), dtype=np.int16)
    hundredths = np.rint(100 * (headline.score - SCORE_FLOOR)).astype(np.int16)
    for draw in range(n_draws):
        seeds = rng.integers(n_seeds, size=(n_tasks, 1, n_seeds))
        holds = np.take_along_axis(headline.holds, seeds, axis=2).all(axis=2)
        learned = np.take_along_axis(headline.learned, seeds, axis=2).all(axis=2)
        points[draw] = holds * (n_tasks + 1) + learned
        ordered = np.sort(np.take_along_axis(hundredths, seeds, axis=2), axis=2)
        scores[draw] = (ordered[..., (n_seeds - 1) // 2] + ordered[..., n_seeds // 2]) // 2
    return points, scores


def _medians(scores: NDArray[np.int16]) -> IntArray:
    """Return twice the median of each column of (n_tasks, n_models); whole hundredths need only be counted."""
    n_tasks, n_models = scores.shape
    bins = round(100 * (SCORE_CEILING - SCORE_FLOOR)) + 1
    rank_ranges = scores + np.arange(n_models, dtype=np.int32) * bins
    reached = np.bincount(rank_ranges.ravel(), minlength=n_models * bins).reshape(n_models, bins).cumsum(axis=1)
    low, high = ((reached > rank).argmax(axis=1) for rank in ((n_tasks - 1) // 2, n_tasks // 2))
    twice: IntArray = low + high
    return twice


def ahead(headline: Headline) -> BoolArray:
    """Return (n_models, n_models): whether model i is ahead of model j beyond chance, from a fixed generator."""
    n_tasks, n_models, _ = headline.score.shape
    if n_models < 2:
        return np.zeros((n_models, n_models), dtype=bool)
    rng = np.random.default_rng(0)
    points, scores = _seed_draws(headline, rng)
    before = np.zeros((n_models, n_models), dtype=np.intp)
    for _ in range(RESAMPLES):
        tasks = rng.integers(n_tasks, size=n_tasks)
        draws = rng.integers(len(points), size=n_tasks)
        point = points[draws, tasks].sum(axis=0)
        score = _medians(scores[draws, tasks])
        more, equal = point[:, None] > point, point[:, None] == point
        before += more | (equal & (score[:, None] < score))
    sure: BoolArray = before >= SURE * RESAMPLES
    return sure


def rank_ranges(ahead: BoolArray) -> list[tuple[int, int]]:
    """Return the first and last rank that each model may hold, given who is ahead of whom beyond chance."""
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
        " ".join(names[number] for number, group in enumerate(groups) if rank in group) for rank in range(len(order))
    ]

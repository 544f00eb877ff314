"""One word for what a model does outside the training range, read from its predictions along the slice.

The words are tried in this order; the first whose rule holds is given. A *side* is the part of the
slice before or after the training range; sd is the standard deviation of y on the training law.

- `follows`: the RMSE along all sides is at most 5 % of sd, or what else counts as solved.
- `flat`: on every side it moves (largest minus smallest) by at most as much; or, where it is not
  `linear`, by at most a fifth of what the true function moves there: it has levelled off.
- `linear`: on every side the best straight line leaves at most 10 % of its own standard deviation there.
- `explodes`: somewhere it is further from the truth than ten times the truth's range along the slice.
- `oscillates`: on some side it turns round at least three times, each swing more than a quarter of sd.
- `clipped`: it never leaves the range that the true function has inside the training range, the range
  of the targets it was trained on along the slice, by more than 1 % of it.
- `drifts`: none of these.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmark.board.solving import SOLVED_NRMSE
from benchmark.board.statistics import FloatArray
from benchmark.store.record import TaskCard

Behaviour = Literal["follows", "flat", "linear", "explodes", "oscillates", "clipped", "drifts", ""]

LEVELLED, STRAIGHT, EXPLODED, SWING, TURNS, MARGIN = 0.2, 0.1, 10.0, 0.25, 3, 0.01
# Beyond this many ranges of the truth one size is as good as another, and squares stay finite.
FAR = 1e9

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class _Side:
    """One side of the slice: the position (k,), the truth (k,), the predictions (m, k)."""

    position: FloatArray
    truth: FloatArray
    predictions: FloatArray


def _sides(card: TaskCard, truth: FloatArray, predictions: FloatArray) -> Iterator[_Side]:
    position = np.asarray(card.slice.position)
    low, high = card.slice.inside
    for outside in (position < low, position > high):
        # Two points are always on a line.
        if outside.sum() >= 3:
            yield _Side(position[outside], truth[outside], predictions[:, outside])


def _straight(side: _Side) -> BoolArray:
    x = side.position - side.position.mean()
    y = side.predictions - side.predictions.mean(axis=1, keepdims=True)
    rest = y - np.outer(y @ x / (x @ x), x)
    straight: BoolArray = rest.std(axis=1) <= STRAIGHT * y.std(axis=1)
    return straight


def _bends(lines: FloatArray) -> NDArray[np.intp]:
    """Return how often each line of (m, k) changes direction, however little: at least as often as it turns round."""
    directions = np.sign(np.diff(lines, axis=1))
    # A level part between two ways up is no bend, one between up and down is; counting both never misses one.
    bends: NDArray[np.intp] = (directions[:, 1:] != directions[:, :-1]).sum(axis=1)
    return bends


def _turns(line: FloatArray, swing: float) -> int:
    """Return how often a line (k,) turns round, where a way of no more than `swing` is no way."""
    low = high = line[0]
    direction, turns = 0, 0
    for value in line:
        if direction >= 0:
            high = max(high, value)
        if direction <= 0:
            low = min(low, value)
        if direction >= 0 and high - value > swing:
            turns += direction == 1
            direction, low = -1, value
        elif direction <= 0 and value - low > swing:
            turns += direction == -1
            direction, high = 1, value
    return turns


def _within(card: TaskCard, truth: FloatArray, predictions: FloatArray) -> BoolArray:
    """Return which rows of predictions stay in the range that the truth has inside the training range."""
    position = np.asarray(card.slice.position)
    inside = (position >= card.slice.inside[0]) & (position <= card.slice.inside[1])
    if not inside.any():
        return np.zeros(len(predictions), dtype=bool)
    low, high = truth[inside].min(), truth[inside].max()
    margin = MARGIN * (high - low)
    within: BoolArray = ((predictions >= low - margin) & (predictions <= high + margin)).all(axis=1)
    return within


def behaviours(card: TaskCard, predictions: FloatArray, level: float = SOLVED_NRMSE) -> list[Behaviour]:
    """Return the word for each row of predictions (m, n) along the card's slice of n points.

    `level` is the NRMSE that counts as solved. Without the true function or any point outside there is nothing to say:
    "".
    """
    if not card.truth or not len(predictions):
        return [""] * len(predictions)
    truth = np.asarray(card.truth)
    sd, span = card.target_sd, float(np.ptp(truth)) or card.target_sd
    near = np.clip(predictions, truth - FAR * span, truth + FAR * span)
    sides = list(_sides(card, truth, near))
    if not sides:
        return [""] * len(predictions)
    moves = np.stack([np.ptp(side.predictions, axis=1) for side in sides])
    true_moves = np.array([[np.ptp(side.truth)] for side in sides])
    outside = np.concatenate([side.predictions for side in sides], axis=1)
    true_outside = np.concatenate([side.truth for side in sides])
    errors = outside - true_outside
    beyond = np.abs(errors).max(axis=1) >= FAR * span
    linear = np.all([_straight(side) for side in sides], axis=0) & ~beyond
    flat = np.all(moves <= level * sd, axis=0)
    levelled = np.all(moves <= np.maximum(LEVELLED * true_moves, level * sd), axis=0)
    rules: dict[Behaviour, BoolArray] = {
        "follows": np.sqrt(np.mean((errors / sd) ** 2, axis=1)) <= level,
        "flat": (flat | (levelled & ~linear)) & ~beyond,
        "linear": linear,
        "explodes": np.abs(errors).max(axis=1) > EXPLODED * span,
    }
    clipped = _within(card, truth, near)
    turning = [(side.predictions, _bends(side.predictions)) for side in sides]

    def word_of(row: int) -> Behaviour:
        for word, holds in rules.items():
            if holds[row]:
                return word
        # Counting swings is slow, and few lines change direction often enough to be worth it.
        if any(bends[row] >= TURNS and _turns(p[row], SWING * sd) >= TURNS for p, bends in turning):
            return "oscillates"
        return "clipped" if clipped[row] else "drifts"

    return [word_of(row) for row in range(len(near))]

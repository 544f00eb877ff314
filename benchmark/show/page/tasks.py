"""What the page says of a task, and where its source file lies."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmark.board.curves import Band
from benchmark.board.window import window_of
from benchmark.show.digits import significant
from benchmark.show.page.coding import line, places, whole
from benchmark.show.page.mathml import typeset
from benchmark.store.record import TaskCard
from benchmark.words import visible

Window = tuple[float, float]


def window(card: TaskCard, curves: Sequence[Band | None]) -> Window:
    """Return the part of y that the picture of a task shows, given its models' predictions."""
    low, high = (significant(y, 5) for y in window_of(card.truth, curves))
    return low, high


def _positions(values: Sequence[float]) -> tuple[list[float], str]:
    """Return the ends of the positions along a slice, and the share of the way of each, two digits."""
    first, last = values[0], values[-1]
    shares = (np.asarray(values) - first) / ((last - first) or 1.0)
    return [significant(first, 5), significant(last, 5)], "".join(whole(round(64**2 * s - s), 2) for s in shares)


def _slice(card: TaskCard, shown: Window) -> dict[str, Any]:
    at = places(len(card.slice.position))
    ends, positions = _positions([card.slice.position[i] for i in at]) if at else ([], "")
    return {
        "label": visible(card.slice.label),
        "ends": ends,
        "at": positions,
        "shade": [significant(x, 5) for x in card.slice.inside],
        "window": [*shown],
        "truth": line([card.truth[i] for i in at], shown) if card.truth else "",
    }


def task_data(card: TaskCard, shown: Window) -> dict[str, Any]:
    """Return what the page says of a task, given the part of y that its picture shows."""
    return {
        "name": card.task,
        "title": visible(card.title),
        "formula": visible(card.formula),
        "mathml": typeset(card.formula),
        "source": visible(card.source),
        "origin": visible(card.origin),
        "trained": visible(card.training_range),
        "outside": visible(card.extrapolation_range),
        "rows": card.n_train,
        "inputs": card.shape.n_features if card.shape else None,
        "noise": significant(card.noise_std, 4),
        "sd": significant(card.target_sd),
        "ladder": card.ladder,
        "unit": visible(card.horizon_unit),
        "family": card.family_name,
        "classes": card.classes,
        "kinds": [kind for kind in card.kinds if kind not in card.classes],
        **_slice(card, shown),
    }

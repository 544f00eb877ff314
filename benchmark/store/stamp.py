"""What was observed of a task or a model on practice, and when two such observations are the same.

A record holds while its task still scores practice predictions as it did, and its model still learns practice
problems as it did. That is asked of numbers with a tolerance, never of files or of the name of a processor.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

Setting = str | int | float | bool | None
Answer = tuple[float, ...] | str


@dataclass(frozen=True)
class Tolerance:
    """How far numbers may be apart and still be the same: by `relative` of the larger, or of `floor` if that is more.

    An answer has changed when more than `share` of its numbers have, or when a word stands for another one.
    """

    relative: float
    floor: float
    share: float


# docs/stamps.md has what other processors move, and what the smallest real changes do.
TASK = Tolerance(relative=1e-6, floor=1e-3, share=0.0)
# A tree or a formula may jump where two choices are equally good: such a jump moves few points of few problems.
MODEL = Tolerance(relative=1e-4, floor=1.0, share=0.25)


class Stamp(BaseModel):
    """What was observed on practice, by practice problem: numbers, or in words why there are none; and the settings.

    A problem is named as "shape, number": problems of one shape are of one kind.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    answers: dict[str, Answer]
    settings: dict[str, Setting] = {}


_asked: dict[tuple[int, int, int], tuple[Stamp, Stamp, Tolerance, bool]] = {}


def _between(kept: Answer, now: Answer, tolerance: Tolerance) -> float:
    """Return the relative deviation which more than `share` of the numbers reach; infinity between other words."""
    if isinstance(kept, str) or isinstance(now, str) or len(kept) != len(now):
        return 0.0 if kept == now else math.inf
    pairs = zip(kept, now, strict=True)
    each = sorted((abs(a - b) / max(abs(a), abs(b), tolerance.floor) for a, b in pairs), reverse=True)
    return each[int(tolerance.share * len(each))] if each else 0.0


def _shapes(names: Iterable[str]) -> dict[str, list[str]]:
    shapes: dict[str, list[str]] = {}
    for name in sorted(names):
        shapes.setdefault(name.partition(",")[0], []).append(name)
    return shapes


def _same_settings(kept: Stamp, now: Stamp) -> bool:
    # A library's new option, at what it did before, changes nothing.
    return all(kept.settings[name] == now.settings[name] for name in kept.settings.keys() & now.settings.keys())


def distance(kept: Stamp, now: Stamp, tolerance: Tolerance) -> float:
    """Return how far the answers of two stamps are apart: on the shape where they are farthest, in half its problems.

    A problem that only one of them has says nothing, so that practice can grow; with none in common it is infinity.
    """
    if kept.answers and kept.answers == now.answers:
        # As it is nearly always.
        return 0.0
    both = _shapes(kept.answers.keys() & now.answers.keys())
    farthest = math.inf if not both else 0.0
    for names in both.values():
        each = sorted((_between(kept.answers[name], now.answers[name], tolerance) for name in names), reverse=True)
        # What half of the problems or more reach.
        farthest = max(farthest, each[(len(each) - 1) // 2])
    return farthest


def same(kept: Stamp | None, now: Stamp | None, tolerance: Tolerance) -> bool:
    """Whether two observations are the same: in the settings that both have, and in their answers within the tolerance.

    Without an observation nothing is known to be the same.
    """
    if kept is None or now is None:
        return False
    # The cells of a model share its stamp: thousands ask the same. What is held cannot be another one at its place.
    key = (id(kept), id(now), id(tolerance))
    if key not in _asked:
        answer = _same_settings(kept, now) and distance(kept, now, tolerance) <= tolerance.relative
        _asked[key] = (kept, now, tolerance, answer)
    return _asked[key][3]

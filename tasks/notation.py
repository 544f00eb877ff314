"""Ranges as tables write them: `-1:1`, `(1:5)^3`, `0:1;1:5`, and grids as papers do: `E[-5,5,0.4]^2`."""

import math
import re

Side = tuple[float, float]

# Whatever has this many variables is a slip of the pen.
MOST_VARIABLES = 1_000
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_PAIR = re.compile(rf"({_NUMBER}):({_NUMBER})")
_POWER = re.compile(r"\(([^()]*)\)\^(\d+)")
# Between two variables, and not within brackets.
_BETWEEN = re.compile(r";(?![^(]*\))")
_EVEN = re.compile(rf"E\[({_NUMBER}),({_NUMBER}),({_NUMBER})\](?:\^(\d+))?")
BOX_WORDS = "'low:high' for each variable with ';' between them, or '(low:high)^3' for three that are alike"
GRID_WORDS = "'E[start,stop,step]' for each variable with 'x' between them, or 'E[start,stop,step]^2' for two alike"


def _times(text: str, power: str) -> int:
    if not 1 <= int(power) <= MOST_VARIABLES:
        raise ValueError(f"{text!r} has {power} variables, and 1 to {MOST_VARIABLES:,} are allowed")
    return int(power)


def read_box(text: str) -> tuple[Side, ...]:
    """Return the (low, high) of every variable that a range such as `-1:1`, `(1:5)^3` or `0:1;1:5` names.

    Which of the two is lower is not looked at here.

    Raises:
        ValueError: the text is no range; the message says which part of it and what is allowed.
    """
    sides: list[Side] = []
    for part in map(str.strip, _BETWEEN.split(text)):
        power = _POWER.fullmatch(part)
        alike, times = (power[1], _times(text, power[2])) if power else (part, 1)
        pairs = [_PAIR.fullmatch(each.strip()) for each in alike.split(";")]
        if None in pairs:
            raise ValueError(f"{text!r} is no range: it is read up to {part!r}; write {BOX_WORDS}")
        sides += [(float(pair[1]), float(pair[2])) for pair in pairs if pair] * times
    return tuple(sides)


def read_grid(text: str) -> tuple[tuple[float, ...], ...]:
    """Return the points of every axis that a grid such as `E[0,10,0.05]` or `E[-5,5,0.4]^2` names.

    An axis starts at `start` and takes steps as long as it does not pass `stop`: E[0.05,10,0.1] ends at 9.95.

    Raises:
        ValueError: the text is no grid; the message says which part of it and what is allowed.
    """
    axes: list[tuple[float, ...]] = []
    for part in re.split(r"\s+x\s+", text.strip().removeprefix("grid ")):
        axis = _EVEN.fullmatch(part)
        if axis is None:
            raise ValueError(f"{text!r} is no grid: it is read up to {part!r}; write {GRID_WORDS}")
        start, stop, step = (float(value) for value in axis.groups()[:3])
        axes += [even_axis(start, stop, step)] * _times(text, axis[4] or "1")
    return tuple(axes)


MOST_STEPS = 10_000_000


def even_axis(start: float, stop: float, step: float) -> tuple[float, ...]:
    """Return start, start + step, ... up to stop, which belongs to them where a step ends there but for rounding.

    Raises:
        ValueError: a number is not finite, the step is not above 0, stop lies below start, or the steps are too many.
    """
    words = f"E[{start:g},{stop:g},{step:g}]"
    if not (all(map(math.isfinite, (start, stop, step))) and step > 0 and stop >= start):
        raise ValueError(f"the axis {words} has no points; give finite numbers, start <= stop and a step above 0")
    if (stop - start) / step > MOST_STEPS:
        raise ValueError(f"the axis {words} has more than {MOST_STEPS:,} points; take a longer step")
    count = math.floor((stop - start) / step * (1 + 1e-12) + 1e-9) + 1
    return tuple(min(start + k * step, stop) for k in range(count))

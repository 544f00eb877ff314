"""The axes along which tasks are varied, as they are asked for: "30,100,1000", or numbers."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from benchmark.errors import UsageError
from tasks.variant import Variant


@dataclass(frozen=True)
class _Axis:
    """What values an axis takes: the kind of number, which are allowed, and both in words."""

    kind: Callable[[Any], float]
    allowed: Callable[[float], bool]
    words: str


# With fewer rows nothing can be held back.
_AXES: Mapping[str, _Axis] = {
    "rows": _Axis(int, lambda value: 2 <= value < 10**9, "whole numbers from 2 on, as in 30,100,1000"),
    "noise": _Axis(float, lambda value: 0 <= value < math.inf, "numbers from 0 on in units of sd(y), as in 0,0.01,0.1"),
    "outside": _Axis(float, lambda value: 1 < value < math.inf, "multiples of the training range above 1, as in 1.5"),
}

Given = str | float | Sequence[float] | None


def _values(name: str, given: Given) -> list[float | None]:
    """Return the values of an axis, None alone where it was not asked for.

    Raises:
        UsageError: one of them is not allowed.
    """
    axis = _AXES[name]
    if given is None:
        return [None]
    single = isinstance(given, int | float)
    texts = given.split(",") if isinstance(given, str) else [given] if single else list(given)  # type: ignore[arg-type]
    values: list[float | None] = []
    for text in texts:
        try:
            value = axis.kind(text.strip() if isinstance(text, str) else text)
            good = not isinstance(text, bool) and axis.allowed(value) and (isinstance(text, str) or value == text)
        except (TypeError, ValueError):
            good = False
        if not good:
            raise UsageError(f"{name} must be {axis.words}; got {text!r}")
        values.append(value)
    if not values:
        raise UsageError(f"{name} must be {axis.words}; got none")
    return [*dict.fromkeys(values)]


def variants_of(axes: Mapping[str, Given]) -> tuple[Variant, ...]:
    """Return the variants that values along some axes mean, each combination one; none where nothing was asked for.

    Raises:
        UsageError: a value is not allowed; the message says which, and what is.
    """
    if all(given is None for given in axes.values()):
        return ()
    values = [_values(name, axes.get(name)) for name in _AXES]
    return tuple(Variant(**dict(zip(_AXES, each, strict=True))) for each in product(*values))  # type: ignore[arg-type]

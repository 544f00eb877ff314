"""Numbers as short texts: what the page holds of many cells, in digits of base 64.

A number of four digits is a sign, four significant decimal digits and a power of ten; one of three has three decimal
digits and no sign, one of two has two. A line is a row of levels, each said by how far it is from where the two before
it lead, and a band of 64 steps to each side; digits that repeat stand once, with their number. All of it follows from
the decimal text of a number or from sums, products and roots, which every processor rounds alike. `web/coding.js` reads
it.
"""

import math
import re
from collections.abc import Iterable, Sequence

import numpy as np

from benchmark.board.curves import Band
from benchmark.board.statistics import FloatArray

# None of these ends a script, a text of JSON or a tag.
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
NOTHING, ZERO, FIRST = 0, 1, 2
# A line is drawn along so many of its positions.
POINTS = 61
# It is cut off one height of the window below the window and one above it.
HEIGHTS = 3
LEVELS, STEPS = 3 * 512, 64 - 1
# What a single digit says of a level; the last digit says that two follow with the level itself.
NEAR = 31
# So many equal digits, and up to 63 more, are one of them, "~", and a digit for how many more.
REPEATED = 4
_RUN = re.compile(rf"(.)\1{{{REPEATED - 1},{REPEATED + 62}}}")


def whole(value: int, width: int) -> str:
    """Return a whole number from 0 on as so many digits.

    Raises:
        ValueError: it needs more digits.
    """
    if not 0 <= value < 64**width:
        raise ValueError(f"a number of {width} digits must be from 0 to {64**width - 1}, got {value}")
    return "".join(DIGITS[value >> 6 * place & 63] for place in range(width - 1, -1, -1))


def _parts(size: float, digits: int) -> tuple[int, int]:
    mantissa, exponent = f"{size:.{digits - 1}e}".split("e")
    return int(mantissa.replace(".", "")), int(exponent)


def number(value: float) -> str:
    """Return a number to four significant digits as four digits; NaN is nothing, an infinite one that of a failure."""
    if math.isnan(value):
        return whole(NOTHING, 4)
    if math.isinf(value):
        return whole(64**4 - 1, 4)
    mantissa, exponent = _parts(abs(value), 4)
    # From 1e-466 to 1e465, which is every double.
    code = 2 * (mantissa - 1_000 + 9_000 * (exponent + 466)) + (value < 0)
    return whole(FIRST + code if mantissa else ZERO, 4)


def _unsigned(value: float, digits: int, lowest: int, beyond: float) -> str:
    """Return a number from 0 on in as many digits as it keeps of it; below the lowest power of ten it is 0."""
    if math.isnan(value):
        return whole(NOTHING, digits)
    if value >= beyond:
        return whole(64**digits - 1, digits)
    first = 10 ** (digits - 1)
    mantissa, exponent = _parts(value, digits)
    there = mantissa and exponent >= lowest
    return whole(FIRST + mantissa - first + 9 * first * (exponent - lowest) if there else ZERO, digits)


def brief(value: float) -> str:
    """Return a number from 0 on to three significant digits as three digits; what is beyond 1e145 is infinite."""
    return _unsigned(value, 3, -145, 1e145)


def short(value: float) -> str:
    """Return a number from 0 on to two significant digits as two digits; below 1e-15 it is 0, beyond 1e30 infinite."""
    return _unsigned(value, 2, -15, 9.95e29)


def places(n: int) -> list[int]:
    """Return which of n positions are drawn: all where they are few, the first and the last among them."""
    return list(range(n)) if n <= POINTS else [round(i * (n - 1) / (POINTS - 1)) for i in range(POINTS)]


def _levels(values: FloatArray, window: tuple[float, float]) -> list[int]:
    low, high = window
    share = (values / (high - low) - low / (high - low) + 1) / HEIGHTS
    found: list[int] = np.rint(np.clip(share, 0, 1) * LEVELS).astype(int).tolist()
    return found


def _steps(far: FloatArray, window: tuple[float, float]) -> list[int]:
    # Finer near the line, where a step would be seen.
    share = np.sqrt(np.clip(far / (HEIGHTS * (window[1] - window[0])), 0, 1))
    found: list[int] = np.rint(share * STEPS).astype(int).tolist()
    return found


def line(values: Sequence[float] | FloatArray, window: tuple[float, float]) -> str:
    """Return values along some positions, mostly a digit each, given the window (low, high) that shows them."""
    texts, before, last = [], 0, 0
    for level in _levels(np.asarray(values, dtype=np.float64), window):
        far = level - min(max(2 * last - before, 0), LEVELS)
        texts.append(DIGITS[far + NEAR] if abs(far) <= NEAR else DIGITS[-1] + whole(level, 2))
        before, last = last, level
    return "".join(texts)


def packed(text: str) -> str:
    """Return a text with digits that repeat written once."""
    return _RUN.sub(lambda run: f"{run[1]}~{DIGITS[len(run[0]) - REPEATED]}", text)


def banded(band: Band, drawn: Iterable[int], window: tuple[float, float]) -> str:
    """Return the median, as `line`, then "." and a digit a position for how far the band goes below, and above.

    All of it is `packed`.
    """
    at = [*drawn]
    median, low, high = (part[at] for part in (band.median, band.low, band.high))
    with np.errstate(over="ignore"):
        below, above = _steps(median - low, window), _steps(high - median, window)
    steps = "".join(DIGITS[step] for step in (*below, *above))
    return packed(line(median, window) + (f".{steps}" if any(below) or any(above) else ""))

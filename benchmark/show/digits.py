"""How many digits rendered files hold: no more than they show, so that no byte depends on the processor.

Processors differ in the last bit of a logarithm, and in what they add up first.
"""

import math
import re

SIGNIFICANT = 6
# SVG units are a 72nd of an inch: a hundredth is far less than anybody sees.
DECIMALS = 2

_TAG = re.compile(r"<[^<>]*>")
_PLACED = re.compile(r'(?<=\s)(?:d|x|y|width|height|viewBox|points|transform)="[^"]*"')
_LONG = re.compile(rf"-?\d+\.\d{{{DECIMALS + 1},}}")
# matplotlib names what is used again by a letter and a hash of its coordinates, all digits of them.
_HASHED = re.compile(r'(?<=\bid=")[A-Za-z]\w*[0-9a-f]{10}(?=")|(?<=#)[A-Za-z]\w*[0-9a-f]{10}(?=["\'()])')


def significant(value: float, digits: int = SIGNIFICANT) -> float:
    """Return a number rounded to so many significant digits; what is not finite stays as it is."""
    rounded = float(f"{value:.{digits - 1}e}")
    # The largest number of all would be rounded up to infinity.
    return value if math.isinf(rounded) else rounded


def short(value: float) -> str:
    """Return a number as briefly as it can be read: 2e7, 0.05, 1e-4."""
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:g}"
    mantissa, exponent = f"{value:.3e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}"


def _shortened(number: re.Match[str]) -> str:
    text = f"{float(number[0]):.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def tidy(svg: str) -> str:
    """Return an SVG of matplotlib with coordinates to two decimals, and names in the order in which they appear.

    Nothing but names and coordinates changes: texts and styles stay as they are.
    """
    names: dict[str, str] = {}

    def name_of(hashed: re.Match[str]) -> str:
        return names.setdefault(hashed[0], f"{hashed[0][0]}{len(names) + 1}")

    def tag_of(tag: re.Match[str]) -> str:
        placed = _PLACED.sub(lambda attribute: _LONG.sub(_shortened, attribute[0]), tag[0])
        return _HASHED.sub(name_of, placed)

    return _TAG.sub(tag_of, svg)

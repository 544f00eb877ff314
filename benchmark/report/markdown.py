"""Markdown words that every rendered text is made of: escaped text, code, numbers, tables."""

import re
from collections.abc import Sequence


def escaped(text: str) -> str:
    """Return text of others as it is to be read: nothing in it is markup."""
    return " ".join(re.sub(r"([\\`*_\[\]<>|~$])", r"\\\1", text).split())


def code(text: str) -> str:
    """Return text as code, whatever backticks it holds."""
    text = " ".join(text.split())
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}" if longest else f"`{text}`"


def plain(value: float) -> str:
    """Return a number to four significant digits, 1.234e6 where it is large or small."""
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        return f"{value:.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    mantissa, exponent = f"{value:.3e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def table(rows: Sequence[Sequence[str]], headers: Sequence[str]) -> str:
    """Return a markdown table: the first column to the left, all others to the right."""
    widths = [max(map(len, column)) for column in zip(headers, *rows, strict=True)]
    pads = [str.ljust, *(str.rjust,) * (len(headers) - 1)]

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(pad(cell, width) for pad, cell, width in zip(pads, cells, widths, strict=True)) + " |"

    rule = "|".join([":" + "-" * (widths[0] + 1), *("-" * (width + 1) + ":" for width in widths[1:])])
    return "\n".join([line(headers), f"|{rule}|", *map(line, rows)])

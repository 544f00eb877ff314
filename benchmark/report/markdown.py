"""Markdown words that every rendered text is made of: escaped text, code, numbers, tables."""

import re
from collections.abc import Sequence

from tabulate import tabulate

from benchmark.report.visible import visible


def escaped(text: str) -> str:
    """Return text of others as it is to be read: nothing in it is markup."""
    return " ".join(re.sub(r"([\\`*_\[\]<>|~$])", r"\\\1", visible(text)).split())


def code(text: str) -> str:
    """Return text as code, whatever backticks it holds."""
    text = " ".join(visible(text).split())
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


def percent(share: float) -> str:
    """Return a share as a percentage to two digits, or whole from 100 % on."""
    value = 100 * share
    return f"{value:,.0f} %" if abs(value) >= 99.5 else f"{value:.2g} %"


def table(rows: Sequence[Sequence[str]], headers: Sequence[str]) -> str:
    """Return a markdown table: the first column to the left, all others to the right."""
    columns = ("left", *("right",) * (len(headers) - 1))
    # Every cell is text already: tabulate must not read numbers into it again.
    return tabulate(rows, headers=headers, tablefmt="pipe", disable_numparse=True, colalign=columns)

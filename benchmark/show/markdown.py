"""Tables of markdown."""

from collections.abc import Sequence

from tabulate import tabulate


def table(rows: Sequence[Sequence[str]], headers: Sequence[str]) -> str:
    """Return a markdown table: the first column to the left, all others to the right."""
    columns = ("left", *("right",) * (len(headers) - 1))
    # Every cell is text already: tabulate must not read numbers into it again.
    return tabulate(rows, headers=headers, tablefmt="pipe", disable_numparse=True, colalign=columns)

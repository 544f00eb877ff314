"""Tables of markdown."""

import html
import re
from collections.abc import Sequence

from tabulate import tabulate

# A table of more rows is read as it is shown. Blanks would be a third of its bytes, and each change a change of all.
_LINED_UP = 20


def table(rows: Sequence[Sequence[str]], headers: Sequence[str], *, words: int = 1) -> str:
    """Return a markdown table: the first `words` columns to the left, all others to the right.

    A short one lines its columns up, as it is also read as text; a long one is narrow.
    """
    return (narrow_table if len(rows) > _LINED_UP else lined_up_table)(rows, headers, words=words)


def lined_up_table(rows: Sequence[Sequence[str]], headers: Sequence[str], *, words: int = 1) -> str:
    """Return a markdown table as `table` does, with blanks that line its columns up: for a terminal, however long."""
    columns = (*("left",) * words, *("right",) * (len(headers) - words))
    # Every cell is text already: tabulate must not read numbers into it again.
    return tabulate(rows, headers=headers, tablefmt="pipe", disable_numparse=True, colalign=columns)


def narrow_table(rows: Sequence[Sequence[str]], headers: Sequence[str], *, words: int = 1) -> str:
    """Return a markdown table as `table` does, without the blanks that line its columns up: for many columns."""
    rule = (*(":--",) * words, *("--:",) * (len(headers) - words))
    return "\n".join(f"|{'|'.join(row)}|" for row in (headers, rule, *rows))


def bar_escaped(cell: str) -> str:
    """Return Markdown as it stands in a cell of a table: also in code a bare bar would end the cell."""
    return cell.replace("|", "\\|")


def folded(title: str, text: str) -> str:
    """Return what a reader unfolds by a click on its title, Markdown both."""
    # Inside of HTML there is no Markdown.
    words = re.sub("`([^`]*)`", r"<code>\1</code>", html.escape(title, quote=False))
    return f"<details><summary>{words}</summary>\n\n{text}\n\n</details>"


def listed(sentences: Sequence[str]) -> list[str]:
    """Return a list of sentences, none of none."""
    return ["\n".join(f"- {sentence}" for sentence in sentences)] if sentences else []

"""Words for numbers and lists of things, and text of others as it can be shown."""

import re
from collections.abc import Sequence


def counted(n: int, noun: str) -> str:
    """Return "1 cell", "2 cells", "1,000 cells"."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def first_of(things: Sequence[str]) -> str:
    """Return the first of some things, and how many there are besides: "a", "a and 2 more"."""
    return things[0] if len(things) == 1 else f"{things[0]} and {len(things) - 1} more"


def ended(sentence: str) -> str:
    """Return a sentence with a full stop, if it has no end of its own."""
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


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


# Control characters, what turns the direction of writing round, halves of a character, and what Unicode calls no
# character. XML allows few of these in any form, and a terminal would obey some.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def visible(text: str) -> str:
    """Return a text with the sign of replacement, U+FFFD, for every character that is none or would act unseen.

    Tabs and line ends stay.
    """
    return _UNSEEN.sub("\ufffd", text)


def escaped(text: str) -> str:
    """Return text of others as it is to be read: nothing in it is markup."""
    return " ".join(re.sub(r"([\\`*_\[\]<>|~$])", r"\\\1", visible(text)).split())


def code(text: str) -> str:
    """Return text as code, whatever backticks it holds."""
    text = " ".join(visible(text).split())
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}" if longest else f"`{text}`"

"""Words for numbers and lists of things."""

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

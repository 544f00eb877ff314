"""Where the text of a formula is wrong, in one sentence."""

from dataclasses import dataclass
from difflib import get_close_matches

from tasks.formula.functions import ALIASES, CONSTANTS, FUNCTIONS

_EXCERPT = 60


class FormulaError(ValueError):
    """A formula cannot be read, or not be used as it is; the message is a sentence."""


@dataclass(frozen=True)
class Place:
    """A position in the text of a formula, counted from 0."""

    text: str
    at: int

    def error(self, what: str) -> FormulaError:
        """Return the error that says what is wrong here, with the text around and the position counted from 1."""
        start = max(0, min(self.at - _EXCERPT // 2, len(self.text) - _EXCERPT))
        shown = self.text[start : start + _EXCERPT]
        before, after = "..." if start else "", "..." if start + _EXCERPT < len(self.text) else ""
        return FormulaError(f"formula '{before}{shown}{after}', character {self.at + 1}: {what}")


def operands(d: int | None) -> str:
    """Return what may stand where a value does."""
    names = "x1, x2, ..." if d is None else "x1" if d == 1 else f"x1 to x{d}"
    return f"a number, {names}, {', '.join(CONSTANTS)}, a function or ("


def unknown_name(name: str, d: int | None) -> str:
    """Return what is wrong with a name that is none, the nearest one first."""
    last = name.rpartition(".")[2]
    plain = ALIASES.get(last.lower(), last)
    known = (*FUNCTIONS, *CONSTANTS, *(f"x{i}" for i in range(1, (d or 9) + 1)))
    nearest = [plain] if plain in known else get_close_matches(last.lower(), known, n=1, cutoff=0.5)
    if plain == "**":
        return f"{name!r} is no function; write a**b for a power"
    if nearest:
        return f"{name!r} is unknown; did you mean {nearest[0]!r}?"
    return (
        f"{name!r} is unknown; write {operands(d)[:-4].replace('a function', 'one of the functions')}"
        f"{', '.join(FUNCTIONS)}"
    )

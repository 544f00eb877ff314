"""The error that counts as solved on a board, and how it is called."""

from dataclasses import dataclass

from benchmark.board.solving import SOLVED_NRMSE
from benchmark.errors import UsageError


def _in_words(share: float) -> str:
    # With all digits, since a level that is rounded is another level.
    return f"{100 * share:g} %"


@dataclass(frozen=True)
class Tolerance:
    """The NRMSE up to which a region is solved, a share of sd(y) above 0 and at most 1.

    Raises:
        UsageError: it is no such number.
    """

    solved: float = SOLVED_NRMSE

    def __post_init__(self) -> None:
        # A notebook may give anything.
        given: object = self.solved
        number = isinstance(given, int | float) and not isinstance(given, bool)
        if not (number and 0 < self.solved <= 1):
            raise UsageError(
                f"a tolerance must be a share of sd(y) above 0 and at most 1, such as 0.1 for 10 %; got {self.solved!r}"
            )

    @property
    def levels(self) -> tuple[float, float, float]:
        """The NRMSE to which shares of solved seeds are shown: a fifth of it, itself, and four times it."""
        # A profile says more than one threshold: Dolan and More (2002), Math. Program. 91, 201-213.
        return self.solved / 5, self.solved, 4 * self.solved

    @property
    def words(self) -> str:
        """It in percent of sd(y): "5 %"."""
        return _in_words(self.solved)

    @property
    def level_words(self) -> tuple[str, ...]:
        """The levels in percent of sd(y): "1 %", "5 %", "20 %"."""
        return tuple(map(_in_words, self.levels))

    @property
    def is_published(self) -> bool:
        """Whether it is that of the published board."""
        return self == PUBLISHED


PUBLISHED = Tolerance()

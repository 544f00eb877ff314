"""When a region of a task is solved: by its spread, and by what a line does there already.

A region is solved to a level such as 5 % by an RMSE of at most 5 % of the sd of y on the training law, which is also at
most a fifth of the best line's RMSE in that region. Without the second half a line would solve what only looks curved.
Where the line is exact nothing can be better, and the first half stands alone.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmark.board.statistics import FloatArray
from benchmark.store.record import TaskCard

Region = Literal["inside", "outside"]
REGIONS: tuple[Region, ...] = ("inside", "outside")
# What a seed and a row of the board call the RMSE of a region.
ERRORS: Mapping[Region, str] = {"inside": "interpolation_rmse", "outside": "extrapolation_rmse"}

# Of what is published; a board may be rendered with another.
SOLVED_NRMSE = 0.05
SHARE_OF_LINE = 0.2
# What the rounding of float64 leaves of a formula that was found: below this an error is none.
EXACT_NRMSE = 1e-9

BoolArray = NDArray[np.bool_]


def _line_errors(card: TaskCard) -> FloatArray:
    """Return the line's RMSE inside, outside and in each shell, (2 + k,); infinite where it is not known."""
    k = len(card.ladder) - 1
    line = card.reference("line")
    known = (line.interpolation_rmse, line.extrapolation_rmse, *line.shell_rmse) if line else ()
    return np.array([*known, *(np.inf,) * (k + 2 - len(known))][: k + 2])


def limits(card: TaskCard, level: float = SOLVED_NRMSE) -> FloatArray:
    """Return the largest RMSE that solves the inside, the outside and each shell of a task, (2 + k,), in units of y."""
    line = _line_errors(card)
    least = np.minimum(level * card.target_sd, SHARE_OF_LINE * line)
    bound: FloatArray = np.where(line <= EXACT_NRMSE * card.target_sd, level * card.target_sd, least)
    return bound


def exact(card: TaskCard, errors: FloatArray) -> BoolArray:
    """Return which RMSE, in units of y, are those of rounding alone."""
    none: BoolArray = errors <= EXACT_NRMSE * card.target_sd
    return none


def line_solves(card: TaskCard, level: float = SOLVED_NRMSE) -> Mapping[Region, bool]:
    """Return where a line has an NRMSE of at most this level already: that region says nothing of non-linear skill."""
    inside, outside = (_line_errors(card)[:2] <= level * card.target_sd).tolist()
    return {"inside": inside, "outside": outside}

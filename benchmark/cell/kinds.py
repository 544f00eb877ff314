"""What kind of function a task is, computed and not claimed: the words that stand on its card as `kinds`.

They are found by the formula where there is one, by the rows of the references, and by looking along lines. No word
hangs on a last bit: what is compared with a threshold is a mean over fixed rows, which differs by 1e-12 between
processors, and equations hold to 1e-8 or not at all. docs/kinds.md says what each word means.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmark.cell.breaks import breaks
from benchmark.cell.dataset import Rows
from benchmark.cell.lines import SAME, Ranges, ranges
from benchmark.cell.symmetry import symmetries
from benchmark.cell.waves import waves
from benchmark.cell.written import written
from benchmark.store.record import ReferenceName
from tasks.base import Task

# Inputs from which on a task is low-d, mid-d and high-d.
LOW, MID, HIGH = 2, 4, 10
# Training rows up to which they are few.
FEW = 100
# In units of sd(y): an error that is rounding, a line that is near, a quadratic that is near, no trend of a line.
EXACT, NEAR_LINE, NEAR_QUADRATIC, NO_TREND = 1e-9, 0.105, 0.05, 0.95
# The share of values outside from which on it is bounded: those between the values that a thousandth inside goes below
# and above, and so far beyond these, as a share of what lies between.
BOUNDED, FEWEST, BEYOND = 0.95, 0.001, 0.1
# How many times as far from the mean inside, as root mean square, the values are outside as those inside.
GROWING, EXPLODING = 3.0, 30.0
# The error of the clamp outside, in units of sd(y), below which the function stands still.
FLAT = 0.05
# How unlike the ways out to both sides are, as a share of both, where they are not the same.
UNEVEN = 0.1
# Rows at which phases are looked at.
N_PHASES = 2**12


@dataclass(frozen=True)
class Known:
    """What a card has already: rows of the references, and the errors (inside, outside) of each of them."""

    inside: Rows
    outside: Rows
    errors: Mapping[ReferenceName, tuple[float, float]]


def _sizes(task: Task) -> list[str]:
    d = task.domain.n_features
    size = "1d" if d < LOW else "low-d" if d < MID else "mid-d" if d < HIGH else "high-d"
    return [size, *["few-rows"] * (task.n_train <= FEW), *["noisy"] * (max(task.noise_std, task.noise) > 0)]


def _ranges(box: Ranges, outside: Rows) -> list[str]:
    """Return what is said of the ranges themselves."""
    found = ["integers"] * box.whole
    room = SAME * (box.high - box.low)
    X, low, high = outside.X, box.low - room, box.high + room
    if len(low) > 1 and ((low > X) | (high < X)).all():
        return [*found, "all-outside"]
    down, up = box.low - box.outer_low, box.outer_high - box.high
    return found + ["sided-outside"] * bool((np.abs(up - down) > UNEVEN * (up + down)).any())


def _fits(errors: Mapping[ReferenceName, tuple[float, float]], sd: float) -> list[str]:
    """Return how near a line and a quadratic come."""
    line = np.array(errors["line"]) / sd
    if (line < EXACT).all():
        return ["line-holds"]
    found = ["nearly-linear-inside"] * bool(line[0] < NEAR_LINE)
    if "quadratic" in errors:
        quadratic = errors["quadratic"][0] / sd
        # Where a line is as near, it is no matter of a quadratic.
        found += ["quadratic-inside"] * bool(quadratic < NEAR_QUADRATIC <= line[0])
    return found + ["no-linear-trend"] * bool(line[0] > NO_TREND)


def _outside(known: Known, sd: float) -> list[str]:
    """Return what becomes of the values outside."""
    low, high = np.quantile(known.inside.y, [FEWEST, 1 - FEWEST])
    y, room = known.outside.y, BEYOND * (high - low)
    bounded = float(((y > low - room) & (y < high + room)).mean()) >= BOUNDED
    ratio = known.errors["constant"][1] / sd
    found = ["bounded-outside"] * bounded + ["growing-outside"] * (ratio > GROWING and not bounded)
    if "clamp" in known.errors and known.errors["clamp"][1] / sd < FLAT:
        found.append("flat-outside")
    return found + ["exploding-outside"] * (ratio > EXPLODING)


def kinds(task: Task, known: Known) -> tuple[str, ...]:
    """Return the words that hold of a task."""
    sd = float(known.inside.y.std())
    box = ranges(task, inside=known.inside, outside=known.outside)
    whole = box is not None and box.whole
    # Rows that are listed stand in an order.
    phases = np.concatenate([rows.X[:: max(1, len(rows.X) // N_PHASES)] for rows in (known.inside, known.outside)])
    found = [*_sizes(task), *written(task, phases, whole=whole)]
    found += symmetries(task, known.inside, known.outside, whole=whole)
    if box is not None:
        # Between whole numbers there is nothing to be seen.
        found += [] if whole else [*breaks(task, box), *waves(task, box)]
        found += _ranges(box, known.outside)
    found += [*_fits(known.errors, sd), *_outside(known, sd)]
    return tuple(dict.fromkeys(found))

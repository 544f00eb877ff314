"""Whether a model knows where it is wrong: a word for its own standard deviations, and what signs leave unwarned.

The words are tried in this order, of the medians of the seeds:

- `silent`: where 5 % of the right rows get a warning, more than half of the wrong rows get none;
- `overconfident`: the 95 % intervals hold less than 80 % of the truths outside;
- `warns`: neither.

A model that says no standard deviation, or is wrong in hardly any row, has no word.
"""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from benchmark.board.statistics import median_over
from benchmark.store.record import SIGNS, SeedOutcome

Sureness = Literal["warns", "overconfident", "silent", ""]
SILENT, OVERCONFIDENT = 0.5, 0.8
# A model that is wrong in a smaller share of the rows has nothing to warn of.
HARDLY_WRONG = 0.01
MISSED = tuple(f"missed_{sign.replace('-', '_')}" for sign in SIGNS)
# The columns of a row; `warns` is 1 where its word is, 0 where it is another.
KNOWN = ("sureness", "warns", *MISSED)


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(median_over(np.array(known))) if known else None


def word(wrong: float | None, missed: float | None, covered: float | None) -> Sureness:
    """Return the word, given the shares of wrong rows, of those without a warning, and of truths held outside."""
    if covered is None or wrong is None or wrong < HARDLY_WRONG:
        return ""
    # Where hardly any row is right there is no level to warn at.
    if missed is not None and missed > SILENT:
        return "silent"
    return "overconfident" if covered < OVERCONFIDENT else "warns"


def sureness(seeds: Sequence[SeedOutcome]) -> dict[str, Any]:
    """Return the columns of a cell, medians of its seeds."""
    good = [outcome for outcome in seeds if outcome.status == "ok" and outcome.signs]
    if not good:
        return {}
    missed = {column: _median([o.signs.get(f"{sign} missed") for o in good])
              for column, sign in zip(MISSED, SIGNS, strict=True)}  # fmt: skip
    covered = _median([o.offer.coverage[1] if o.offer and o.offer.coverage else None for o in good])
    said = word(_median([o.signs.get("wrong") for o in good]), missed["missed_sd"], covered)
    row: dict[str, Any] = {column: share for column, share in missed.items() if share is not None}
    return row | ({"sureness": said, "warns": float(said == "warns")} if said else {})

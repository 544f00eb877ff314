"""Seeds that failed: each is worse than any number, in every median, and so a median may itself be a failure.

A seed to which the model does not apply has not failed: no median counts it.
"""

import math
from collections.abc import Sequence

from benchmark.store.record import DONE, SeedOutcome

WORST = math.inf


def counted(seeds: Sequence[SeedOutcome]) -> list[SeedOutcome]:
    """Return the seeds that medians are taken over."""
    return [seed for seed in seeds if seed.status != "not-applicable"]


def failure_word(seeds: Sequence[SeedOutcome]) -> str:
    """Return the word for what went wrong, `failed` where more than one thing did, "" where nothing did."""
    words = {seed.status for seed in seeds} - DONE
    return words.pop().replace("-", " ") if len(words) == 1 else "failed" if words else ""


def mostly_failed(seeds: Sequence[SeedOutcome]) -> bool:
    """Whether half of the counted seeds failed, or more: then the median of what has no worst side is a failure.

    Predictions and estimates have none. A failed seed may lie above or below all others, so that those
    that failed take away as many from either side, and the median of the others stays, while there are more others.
    """
    n_failed = sum(seed.status not in DONE for seed in seeds)
    return n_failed > 0 and 2 * n_failed >= len(counted(seeds))

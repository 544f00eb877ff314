"""What the models of a cell offered besides predictions: formulas recovered, parameters, and how sure they were."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmark.board.statistics import median_over
from benchmark.store.record import Offer, SeedOutcome

# The columns of a row; a cell that offers nothing has none of them.
OFFERED = ("n_exact", "n_expressed", "found", "n_parameters", "covered_inside", "covered_outside")


def offers(seeds: Sequence[SeedOutcome]) -> dict[str, Any]:
    """Return the columns of a cell: counts of seeds, the formula that most exact ones found, medians of the rest.

    Among seeds that found none the formula is that of the first.
    """
    given = [outcome.offer for outcome in seeds if outcome.status == "ok" and outcome.offer is not None]
    if not given:
        return {}
    row: dict[str, Any] = _found([offer for offer in given if offer.recovery is not None])
    if known := [offer.n_parameters for offer in given if offer.n_parameters is not None]:
        row["n_parameters"] = float(median_over(np.array(known)))
    if covered := [offer.coverage for offer in given if offer.coverage is not None]:
        inside, outside = zip(*covered, strict=True)
        row["covered_inside"] = float(median_over(np.array(inside)))
        row["covered_outside"] = float(median_over(np.array(outside)))
    return row


def _found(expressed: Sequence[Offer]) -> dict[str, Any]:
    if not expressed:
        return {}
    exact = Counter(offer.shown for offer in expressed if offer.recovery == "exact")
    shown = max(exact, key=lambda words: (exact[words], -len(words)), default=expressed[0].shown)
    return {"n_exact": exact.total(), "n_expressed": len(expressed), "found": shown}

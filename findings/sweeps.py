"""How many training rows a model needs for an error: read between the sizes of a sweep."""

from collections.abc import Mapping

import numpy as np

from findings.evidence import Evidence, Sample


def sweep_of(evidence: Evidence, tasks: Mapping[int, str], model: str) -> dict[int, Sample]:
    """Return the RMSE inside, in units of sd(y), by the number of training rows."""
    return {n: evidence.inside(task, model) / evidence.sd(task) for n, task in sorted(tasks.items())}


def rows_needed(curve: Mapping[int, Sample], nrmse: float) -> tuple[float, str]:
    """Return the rows at which the median error first falls to `nrmse`, with it in words.

    Between two sizes the logarithm of the error is taken as linear in the logarithm of the rows. Where
    the first size is enough, or the last is not, the end of the sweep stands for it: a bound.
    """
    sizes = sorted(curve)
    errors = [curve[n].median for n in sizes]
    if errors[0] <= nrmse:
        return float(sizes[0]), f"at most {sizes[0]:,}"
    for place in range(1, len(sizes)):
        if errors[place] <= nrmse:
            (n0, n1), (e0, e1) = sizes[place - 1 : place + 1], errors[place - 1 : place + 1]
            share = np.log(e0 / nrmse) / np.log(e0 / max(e1, 1e-300))
            rows = float(n0 * (n1 / n0) ** share)
            return rows, f"about {float(f'{rows:.2g}'):,.0f}"
    return float(sizes[-1]), f"more than {sizes[-1]:,}"

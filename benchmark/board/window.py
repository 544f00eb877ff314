"""The part of y that a picture shows: what explodes leaves it."""

from collections.abc import Sequence

import numpy as np

from benchmark.board.curves import Band

MARGIN = 0.3
# Where errors by distance are drawn, RMSE / sd: what is beyond stands at the edge.
LOWEST, HIGHEST = 1e-5, 1e3


def window_of(truth: Sequence[float], bands: Sequence[Band | None]) -> tuple[float, float]:
    """Return the range of y to show: the truth's and three tenths of it on both sides.

    Without a truth it is where the middle nine tenths of all predictions lie.
    """
    values = np.asarray(truth, dtype=np.float64)
    if not values.size:
        values = np.concatenate([band.median for band in bands if band] or [np.array([0.0, 1.0])])
        values = np.quantile(np.clip(values, -1e300, 1e300), [0.05, 0.95])
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * (high - low) or max(abs(high), 1.0)
    return low - margin, high + margin

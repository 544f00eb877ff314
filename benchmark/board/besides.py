"""What a contender is known for besides its scores, over many tasks: how far it holds, what it finds, what it knows."""

import math

import numpy as np

from benchmark.board.scores import NOTHING, Row
from benchmark.board.statistics import SCORE_DECIMALS, FloatArray
from benchmark.board.sureness import MISSED
from benchmark.board.tables import Tables
from benchmark.board.votes import Votes

# The names of the columns.
_COUNTED, _AVERAGED = ("n_exact", "n_expressed"), ("covered_inside", "covered_outside", *MISSED)
BESIDES = ("median_horizon", *_COUNTED, *_AVERAGED, "n_warns", "n_sure")
# What two processors may differ by in a sum.
_ROUNDING = 1e-9


def middle(values: FloatArray, weights: FloatArray) -> float:
    """Return the weighed median of values (n,), the lower of two middle ones; NaN of none.

    A horizon between two edges of a ladder would mean nothing.
    """
    if not len(values):
        return NOTHING
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) >= weights.sum() / 2 - _ROUNDING
    return float(values[order][reached.argmax()])


def _mean(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return round(math.fsum(known) / len(known), SCORE_DECIMALS) if len(known) else NOTHING


def _sum(values: FloatArray) -> int:
    return int(np.nansum(values))


def besides(tables: Tables, voting: Votes, place: int, *, one_unit: bool) -> Row:
    """Return the columns of a contender, by its place in the tables.

    The median horizon is over the tasks that vote outside, NaN unless all of these have one unit. Exact recoveries are
    counted over all cells whose models say a formula. Coverage is the mean over all that say a standard deviation, and
    the share of wrong rows without a warning that over all that have it. Of `n_sure` cells with a word `n_warns` warn.
    """
    horizons = tables.of(voting.tasks).figures["horizon"][:, place]
    ran = ~np.isnan(horizons)
    return {
        "median_horizon": middle(horizons[ran], voting.weights(ran)[ran]) if one_unit else NOTHING,
        **{name: _sum(tables.figures[name][:, place]) for name in _COUNTED},
        **{name: _mean(tables.figures[name][:, place]) for name in _AVERAGED},
        "n_warns": _sum(tables.figures["warns"][:, place]),
        "n_sure": int(np.count_nonzero(~np.isnan(tables.figures["warns"][:, place]))),
    }

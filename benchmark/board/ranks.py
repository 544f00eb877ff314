"""Which models the evidence can tell apart: a paired test over families of tasks, false alarms held over all pairs.

Only models that were run on all tasks are compared. Each family of tasks gives one weighed difference of their log
scores. If the two were equally good, each difference might as well have had the other sign. So all signs are turned
by chance, family by family and alike for all pairs; a pair stands apart where its sum of differences, divided by the
root of its sum of squares, is larger than the largest one over all pairs is in 95 % of the turns. Pairs are taken in
their order, the clearest first, each against those behind it: Westfall and Young (1993), "Resampling-Based Multiple
Testing", algorithm 2.8, with the turned signs of Fisher (1935), "The Design of Experiments", section 21.

A task to which a model does not apply counts as if it had answered with the constant: abstaining is no evidence for it.
Of seven tasks and eight models only a difference on all tasks alike can tell two apart; docs/verdicts.md has the power.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.board.solving import BoolArray
from benchmark.board.statistics import SCORE_DECIMALS, FloatArray
from benchmark.board.votes import Votes

FALSE_ALARMS = 0.05
# All turns of so many families are tried, of more a fixed draw of as many turns.
ALL_TURNS, TURNS = 12, 4_000
# What two processors may differ by in a sum.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Pairs:
    """Every pair of models i < j (n_pairs,), and the weighed difference i - j of each family (n_families, n_pairs)."""

    n_models: int
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    differences: FloatArray

    @property
    def total(self) -> FloatArray:
        """The difference of the mean scores of both (n_pairs,), to six decimals: below 0 the first is better."""
        return np.asarray(self.differences.sum(axis=0).round(SCORE_DECIMALS), dtype=np.float64)


def pairs_of(scores: FloatArray, votes: Votes) -> Pairs:
    """Return the pairs of models, given the mean log score of each on every task (n_tasks, n_models): lower is better.

    Raises:
        ValueError: a model has no score on a task.
    """
    if np.isnan(scores).any():
        raise ValueError("only models with a score on every task are compared")
    n_models = scores.shape[1]
    first, second = np.triu_indices(n_models, 1)
    weights = votes.weights(np.ones(len(votes), dtype=bool))[:, np.newaxis]
    differences = np.zeros((int(votes.clusters.max(initial=-1)) + 1, len(first)))
    np.add.at(differences, votes.clusters, weights * (scores[:, first] - scores[:, second]))
    return Pairs(n_models, first, second, differences)


def _turns(n_families: int) -> FloatArray:
    """Return signs (n_turns, n_families), the first row all +1; of few families each pattern once."""
    if n_families <= ALL_TURNS:
        # Turning all signs at once changes no absolute value, so that the first sign stays.
        numbers = np.arange(2 ** max(n_families - 1, 0))
        bits = numbers[:, None] >> np.arange(n_families)[None, ::-1]
    else:
        drawn = np.random.default_rng(0).integers(2, size=(TURNS - 1, n_families))
        bits = np.vstack([np.zeros_like(drawn[:1]), drawn])
    return np.asarray(1 - 2 * (bits & 1), dtype=np.float64)


def adjusted_p(pairs: Pairs) -> FloatArray:
    """Return for each pair (n_pairs,) the p-value that both are equally good, held over all pairs."""
    n_families, n_pairs = pairs.differences.shape
    if not n_pairs:
        return np.zeros(0)
    norm = np.sqrt((pairs.differences**2).sum(axis=0))
    scaled = np.divide(pairs.differences, norm, out=np.zeros_like(pairs.differences), where=norm > 0)
    found = np.abs(scaled.sum(axis=0))
    # Equal ones stand in the order of the pairs on every processor.
    order = np.argsort(-found.round(SCORE_DECIMALS), kind="stable")
    turned = np.abs(_turns(n_families) @ scaled[:, order])
    # The largest of each pair and all behind it.
    largest = np.maximum.accumulate(turned[:, ::-1], axis=1)[:, ::-1]
    shares = (largest >= found[order] - ROUNDING).mean(axis=0)
    p = np.empty(n_pairs)
    p[order] = np.maximum.accumulate(shares)
    return p


def ahead(pairs: Pairs) -> BoolArray:
    """Return (n_models, n_models): whether model i is ahead of model j beyond chance."""
    beaten = np.zeros((pairs.n_models, pairs.n_models), dtype=bool)
    sure = adjusted_p(pairs) <= FALSE_ALARMS + ROUNDING
    first, second = sure & (pairs.total < 0), sure & (pairs.total > 0)
    beaten[pairs.first[first], pairs.second[first]] = True
    beaten[pairs.second[second], pairs.first[second]] = True
    return beaten


def rank_ranges(ahead: BoolArray) -> list[tuple[int, int]]:
    """Return the first and last rank that each model may hold, given who is ahead of whom beyond chance."""
    n = len(ahead)
    return [(1 + int(ahead[:, i].sum()), n - int(ahead[i].sum())) for i in range(n)]

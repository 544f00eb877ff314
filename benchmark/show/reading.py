"""What a reader of the leaderboard is told: how the rows stand, and what every word and figure means."""

from benchmark.board.growth import FEATURES, ROWS
from benchmark.board.ranks import FALSE_ALARMS
from benchmark.board.scores import LOWEST_SCORE, WORST_SCORE
from benchmark.board.solving import SHARE_OF_LINE
from benchmark.board.statistics import FEWEST
from benchmark.board.sureness import OVERCONFIDENT, SILENT
from benchmark.board.tolerance import Tolerance
from benchmark.board.verdicts import FEW, MOST
from benchmark.store.record import BASELINE
from benchmark.words import percent

ORDER = (
    "There are two boards, since who learns a function need not hold outside the training range. The places in front "
    "of a name are those that it may hold: one model is placed behind another only where the evidence of all tasks "
    f"tells them apart, and of all boards of equally good models at most {percent(FALSE_ALARMS)} would show any such "
    "pair. The rows stand by their scores; lower is better."
)
_CLIPPED = f"[{LOWEST_SCORE:g}, {WORST_SCORE:g}]"


def reading(tolerance: Tolerance) -> str:
    """Return what every word and figure of a board means."""
    limit, solved = tolerance.solved, tolerance.words
    levels = "{}, {} and {}".format(*tolerance.level_words)
    return f"""\
## How to read it

- **Inside** (interpolation) is scored on fresh rows of the training law, **outside** (extrapolation) on rows beyond
  the training range; both without rounding, in the task's own units, and never on training rows.
- RMSE is the median over the seeds, with its bootstrap 95 % interval in brackets: 2 [1, 3]. Fewer than {FEWEST} seeds
  are too few for an interval; then their range stands there, the lowest to the highest: 2 (1 to 3).
- A seed that failed counts as worse than all others in every median, interval and range. Where one of these is such a
  seed, a word for what went wrong stands in place of the number: `failed`, `diverged`, `timeout`, `crashed`,
  `out of memory`. Seeds to which a model does not apply do not count.
- NRMSE is RMSE divided by the standard deviation of y on the training law. A seed *solves* a region with an
  NRMSE <= {limit:g}, and with an RMSE of at most {percent(SHARE_OF_LINE)} of the best line's there; where the
  line is exact, the first is enough.
- Verdict: an estimate from the seeds, which more of them only make surer. `holds outside` - surely most seeds solve
  both regions; `inside only` - surely most solve the inside, and surely few the outside too; `does not learn` - surely
  few solve the inside. Surely most means that the Wilson 95 % interval of the share begins at {MOST:g} or above, surely
  few that it ends at {FEW:g} or below. Else it is `in part k/n`, with k of the n seeds that solve the inside, or
  `in part outside k/n`. Behind the other verdicts k/n stands where not all seeds agree. `so far` - the seeds agree and
  are too few to be sure. `exact` - no seed leaves more than the rounding of the computer. `failed`,
  `not applicable` - the reason stands below the table.
- Solved: how many seeds solve the inside, and how many both regions.
- Solved to {levels}: the same with another limit in place of {solved}; the share of seeds, averaged over tasks.
  In brackets its 95 % interval, 25 % [12, 40]: what it may be on other tasks of this kind. It is Wilson's of as many
  draws as families of tasks vote, since seeds of one task mostly agree.
- Median horizon: of the tasks of a suite that vote outside, weighed like the score; it stands where all of them have
  one unit. Recovered and 95 % covers are there of all cells of the suite whose models say formulas, or standard
  deviations: sums of seeds, and means of shares.
- By class of task places are of the tasks of the class alone. Each class has false alarms of its own, so that among
  many classes one may tell two equal models apart.
- Outside it: what the median prediction does along the slice of the pictures. `follows` the function \
(RMSE <= {solved} of
  the standard deviation of y); goes `flat`; is `linear`; `explodes` (off by more than ten times the function's range);
  `oscillates`; is `clipped` (never leaves the range of the training targets); or `drifts`, none of these.
- Horizon: the distance factor up to which every shell is solved, the median seed's. 1 is the edge of the training
  range, 0 fails inside, and `>=` holds to the end of the ladder. Its unit stands with each task; horizons of different
  units do not compare.
- Log score: log10(RMSE / RMSE of the constant in that region), clipped to {_CLIPPED}, averaged over seeds, then over
  the tasks of a family (near copies of one function), then over families, then over suites. A seed that failed scores
  {WORST_SCORE:g}. A task to which a model does not apply counts as if it had answered with the constant, which is what
  its user would be left with: it scores 0, solves nothing and holds to 0, in the order and the places too. The column
  tasks says how many tasks a model applies to.
- A task that a line solves to {solved} in a region has no vote there, as long as others have: who fits a
  line has shown no more than that.
- Places: two models are compared family by family. If both were equally good, each difference might have had the other
  sign; a pair is told apart where hardly any turn of the signs gives a pair as far apart. A model that was not run on
  all tasks has no place: its figures are of what it was run on, and it stands behind all that have a place.
- Seconds: one seed, one thread, warm, alone on the machine; predict is for all interpolation rows. A model sees the
  sizes of a task and nothing else: it is timed once for all tasks of a shape (rows, features, set), on the first of
  them by name. A model whose time depends on the values is timed on each task of suite `core` by itself, and on the
  others once a shape: a task shows its own timing where it has one, and else that of its shape. In the overall table
  the median over tasks; the ratio to `{BASELINE}` on the same machine is taken task by task. A star marks what was
  timed on another machine: its seconds do not compare with the others, its ratio is to `{BASELINE}` on that machine.
- Cost: the seconds of a fit to {ROWS:,} rows of {FEATURES} features, as measured, and how seconds grow: `rows^1.0` is
  twice the time for twice the rows. The powers are fitted to the shapes that were timed, by least squares of the
  logarithms. One is left out where it is 0.0 or below, where these shapes do not determine it, or where the seconds
  of one shape vary, or are off the fit, by more than it explains.
- Recovered k/n: of n seeds that say a formula of their own, k have found the function. Such a formula equals it at
  1,000 points inside and at 1,000 on the last step of the ladder, to 1e-6, as it is or with rounder constants; the
  formula shown is the shortest that does. It must be what the model predicts.
- Parameters: what a fitted model counts itself, the median of its seeds. 95 % covers: the share of rows inside, and of
  rows outside, whose true value lies within 1.96 of the standard deviations that a model says of its predictions.
- Where wrong it: whether a model that says standard deviations knows where it is wrong by more than 5 % of sd(y). It is
  `silent` where more than {percent(SILENT)} of its wrong rows get no warning at the level at which 5 % of the right
  ones get one; else `overconfident` where its 95 % intervals hold less than {percent(OVERCONFIDENT)} of the truths
  outside; else it `warns`. Warns k/n: it does on k of the n tasks on which it has a word.
- Rows in *italics* are references computed from the task itself, no models: the true function, the constant (the
  training mean), the line (the best linear predictor), the quadratic (the best polynomial of degree 2) and the clamp
  (the truth inside; outside, its value at the nearest point inside). They are of the training law, which no model is
  told. What the training rows of a seed know of it stands with each task: their mean, their line, and the clamp to
  their box.
"""

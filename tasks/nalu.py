"""Arithmetic with a hundred inputs.

Sums, products and quotients of overlapping sums; every variable is outside at once."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Madsen, Johansen 2020, Neural arithmetic units, ICLR (after Trask et al. 2018)"
ROWS = read_rows(
    """
name        | formula                      | trained on | outer box | rows | more        | remarks
nalu-add    | sum(x1..x25) + sum(x14..x38) | (1:2)^100  | (2:6)^100 | 2000 | all-outside | the source draws the block's offset per seed; blocks of 25 that share 12 (its success threshold uses 26)
nalu-sub    | sum(x1..x25) - sum(x14..x38) | (1:2)^100  | (2:6)^100 | 2000 | all-outside | the source draws the block's offset per seed; blocks of 25 that share 12 (its success threshold uses 26)
nalu-mul    | sum(x1..x25)*sum(x14..x38)   | (1:2)^100  | (2:6)^100 | 2000 | all-outside | the source draws the block's offset per seed; blocks of 25 that share 12 (its success threshold uses 26)
nalu-div    | sum(x1..x25)/sum(x14..x38)   | (1:2)^100  | (2:6)^100 | 2000 | all-outside | the source draws the block's offset per seed; blocks of 25 that share 12 (its success threshold uses 26)
nalu-square | sum(x1..x25)**2              | (1:2)^100  | (2:6)^100 | 2000 | all-outside | the source draws the block's offset per seed; blocks of 25 that share 12 (its success threshold uses 26)
nalu-sqrt   | sqrt(sum(x1..x25))           | (1:2)^100  | (2:6)^100 | 2000 | all-outside | the source draws the block's offset per seed; blocks of 25 that share 12 (its success threshold uses 26)
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(TASKS, name="nalu", version=1, title="Arithmetic with a hundred inputs", source=SOURCE)

"""Genz' families."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Genz 1984, Testing multidimensional integration routines"
ROWS = read_rows(
    """
name               | formula                                             | trained on | outer box    | rows | more | remarks
genz-oscillatory   | cos(2*pi*0.5 + x1 + x2 + x3 + x4 + x5)              | (0:1)^5    | (-0.5:1.5)^5 | 1000 |      | a = 5/d and b = 0.5 here (uqtestfuns: a = 5 for every d, which makes d = 5 a spike); a plane wave
genz-product-peak  | prod(1/(1 + (x1..x5 - 0.5)**2))                     | (0:1)^5    | (-0.5:1.5)^5 | 1000 |      | a = 5/d and b = 0.5 here (uqtestfuns: a = 5 for every d, which makes d = 5 a spike); multiplicative
genz-corner-peak   | (1 + x1 + x2 + x3 + x4 + x5)**(-6)                  | (0:1)^5    | (0:2)^5      | 1000 |      | a = 5/d and b = 0.5 here (uqtestfuns: a = 5 for every d, which makes d = 5 a spike); pole at sum = -1, which the doubled box crosses: upward only
genz-gaussian      | exp(-sum((x1..x5 - 0.5)**2))                        | (0:1)^5    | (-0.5:1.5)^5 | 1000 |      | a = 5/d and b = 0.5 here (uqtestfuns: a = 5 for every d, which makes d = 5 a spike)
genz-continuous    | exp(-sum(abs(x1..x5 - 0.5)))                        | (0:1)^5    | (-0.5:1.5)^5 | 1000 |      | a = 5/d and b = 0.5 here (uqtestfuns: a = 5 for every d, which makes d = 5 a spike); kinks
genz-discontinuous | where(x1 <= 0.5 and x2 <= 0.5, exp(sum(x1..x5)), 0) | (0:1)^5    | (-0.5:1.5)^5 | 4000 |      | a = 5/d and b = 0.5 here (uqtestfuns: a = 5 for every d, which makes d = 5 a spike); jumps
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(TASKS, name="genz", version=1, title="Genz' families", source=SOURCE)

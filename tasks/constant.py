"""Nguyen's functions with constants."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Petersen et al. 2021, ICLR, appendix (Constant); later tables name them Nguyen-k^c"
ROWS = read_rows(
    """
name       | formula                           | trained on | outer box    | rows | more                          | remarks
constant-1 | 3.39*x1**3 + 2.12*x1**2 + 1.78*x1 | -1:1       | -2:2         | 200  | published=20 family=nguyen-1  | Nguyen-1^c
constant-3 | sin(1.5*x1)*cos(0.5*x2)           | (0:1)^2    | (-0.5:1.5)^2 | 1000 | published=20 family=nguyen-10 | Nguyen-10^c
constant-6 | x1**0.426                         | 0:4        | 0:8          | 200  | published=20                  |
constant-7 | 2*sin(1.3*x1)*cos(x2)             | (0:1)^2    | (-0.5:1.5)^2 | 1000 | published=20 family=nguyen-10 |
constant-8 | log(x1 + 1.4) + log(x1**2 + 1.3)  | 0:2        | 0:4          | 200  | published=20 family=nguyen-7  | Nguyen-7^c; pole at -1.4, so the doubled box [-1, 3] is finite too
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(
    TASKS,
    name="constant",
    version=1,
    title="Nguyen's functions with constants",
    source=SOURCE,
    also={"constant-2": "nguyen-5", "constant-4": "nguyen-11", "constant-5": "nguyen-8"},
)

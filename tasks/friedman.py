"""Friedman's functions, with noise."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Friedman 1991, Multivariate adaptive regression splines, Ann. Stat. 19"
ROWS = read_rows(
    """
name       | formula                                            | trained on               | outer box                | rows | more      | remarks
friedman-1 | 10*sin(pi*x1*x2) + 20*(x3 - 0.5)**2 + 10*x4 + 5*x5 | (0:1)^10                 | (-0.5:1.5)^10            | 2000 | noise=1   | Breiman 1996; noise N(0,1): 20 % of sd(y). SRBench's fri_c0 sets agree with it
friedman-2 | sqrt(x1**2 + (x2*x3 - 1/(x2*x4))**2)               | 0:100;125.663706144:1759.29188601;0:1;1:11 | 0:200;125.663706144:3392.92006588;0:2;1:21 | 1000 | noise=125 | published noise: sd a third of sd(y) (125). x2 x4 > 0 needed: upward only. The term 1/(x2 x4) is below 0.01 everywhere: the function is sqrt(x1^2 + (x2 x3)^2)
friedman-3 | atan((x2*x3 - 1/(x2*x4))/x1)                       | 0:100;125.663706144:1759.29188601;0:1;1:11 | 0:200;125.663706144:3392.92006588;0:2;1:21 | 1000 | noise=0.1 | jump at x1 = 0 (edge), steep at x3 = 0; bounded by pi/2, nearly saturated outside
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(TASKS, name="friedman", version=1, title="Friedman's functions, with noise", source=SOURCE)

"""Jin's functions of two numbers."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Jin, Fu, Kang, Guo, Guo 2019, Bayesian symbolic regression (arXiv 1910.08892)"
ROWS = read_rows(
    """
name  | formula                                     | trained on | outer box | rows | more              | remarks
jin-1 | 2.5*x1**4 - 1.3*x1**3 + 0.5*x2**2 - 1.7*x2  | (-3:3)^2   | (-6:6)^2  | 1000 | family=nguyen-12  | DSO drops abs(y) >= 100, 16 % of the draws; DSO tests inside only
jin-2 | 8.0*x1**2 + 8.0*x2**3 - 15.0                | (-3:3)^2   | (-6:6)^2  | 1000 |                   | DSO drops abs(y) >= 100, 23 % of the draws; DSO tests inside only
jin-3 | 0.2*x1**3 + 0.5*x2**3 - 1.2*x2 - 0.5*x1     | (-3:3)^2   | (-6:6)^2  | 1000 | family=keijzer-15 | disagreement: one survey table has 1.5 x2^3; DSO tests inside only
jin-4 | 1.5*exp(x1) + 5.0*cos(x2)                   | (-3:3)^2   | (-6:6)^2  | 1000 |                   | DSO tests inside only
jin-6 | 1.35*x1*x2 + 5.5*sin((x1 - 1.0)*(x2 - 1.0)) | (-3:3)^2   | (-6:6)^2  | 1000 | family=keijzer-11 | DSO tests inside only
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(
    TASKS, name="jin", version=1, title="Jin's functions of two numbers", source=SOURCE, also={"jin-5": "keijzer-13"}
)

"""Koza's polynomials."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Koza 1992/1994, Genetic programming I/II; law after McDermott et al. 2012"
ROWS = read_rows(
    """
name   | formula                 | trained on | outer box | rows | more         | remarks
koza-2 | x1**5 - 2*x1**3 + x1    | -1:1       | -2:2      | 200  | published=20 | = x (x^2 - 1)^2: zero at both edges with slope 0
koza-3 | x1**6 - 2*x1**4 + x1**2 | -1:1       | -2:2      | 200  | published=20 | = x^2 (x^2 - 1)^2: flat at both edges, explodes beyond
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(TASKS, name="koza", version=1, title="Koza's polynomials", source=SOURCE, also={"koza-1": "nguyen-2"})

"""Pagie's function."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Pagie, Hogeweg 1997, Evolutionary consequences of coevolving targets, Evol. Comput. 5"
ROWS = read_rows(
    """
name    | formula                               | trained on | outer box  | rows | more | remarks
pagie-1 | x1**4/(1 + x1**4) + x2**4/(1 + x2**4) | (-5:5)^2   | (-10:10)^2 | 1000 |      | written 1/(1 + x^-4) + 1/(1 + y^-4) in the sources: the same function, but that form divides by zero at 0. Saturates at 2: the clamp is nearly right outside. Disagreements: HeuristicLab tests on 1000 U[-5,5], bingo on 25
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(TASKS, name="pagie", version=1, title="Pagie's function", source=SOURCE)

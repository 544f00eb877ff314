"""Rational functions on a grid."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Krawiec, Pawlak 2013, Approximating geometric crossover by semantic backpropagation, GECCO"
ROWS = read_rows(
    """
name            | formula                                          | trained on | outer box | rows | more                                     | remarks
rational-1      | (x1 + 1)**3/(x1**2 - x1 + 1)                     | -1:1       | -2:2      | 200  | published=E[-1,1,0.10526315789473684]    | no real pole; in the sources train and test are the same 20 points. DSO writes E[-1,1,20], where 20 is a number of points, not a step
rational-2      | (x1**5 - 3*x1**3 + 1)/(x1**2 + 1)                | -1:1       | -2:2      | 200  | published=E[-1,1,0.10526315789473684]    | no real pole; in the sources train and test are the same 20 points. DSO writes E[-1,1,20], where 20 is a number of points, not a step
rational-3      | (x1**6 + x1**5)/(x1**4 + x1**3 + x1**2 + x1 + 1) | -1:1       | -2:2      | 200  | published=E[-1,1,0.10526315789473684]    | no real pole; in the sources train and test are the same 20 points. DSO writes E[-1,1,20], where 20 is a number of points, not a step
rational-1-wide | (x1 + 1)**3/(x1**2 - x1 + 1)                     | -10:10     | -20:20    | 200  | published=E[-10,10,1.0526315789473684] family=rational-1 | from Mundhenk et al. 2021 (R-k*); the asymptote is a polynomial, so a low polynomial extrapolates; DSO drops abs(y) >= 100 and, for a grid, then stops with an error
rational-2-wide | (x1**5 - 3*x1**3 + 1)/(x1**2 + 1)                | -10:10     | -20:20    | 200  | published=E[-10,10,1.0526315789473684] family=rational-2 | from Mundhenk et al. 2021 (R-k*); the asymptote is a polynomial, so a low polynomial extrapolates; DSO drops abs(y) >= 100 and, for a grid, then stops with an error
rational-3-wide | (x1**6 + x1**5)/(x1**4 + x1**3 + x1**2 + x1 + 1) | -10:10     | -20:20    | 200  | published=E[-10,10,1.0526315789473684] family=rational-3 | from Mundhenk et al. 2021 (R-k*); the asymptote is a polynomial, so a low polynomial extrapolates; DSO drops abs(y) >= 100 and, for a grid, then stops with an error
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(TASKS, name="rational", version=1, title="Rational functions on a grid", source=SOURCE)

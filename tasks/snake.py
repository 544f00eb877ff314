"""Periodic and simple functions with a gap."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Ziyin, Hartwig, Ueda 2020, Neural networks fail to learn periodic functions, NeurIPS"
ROWS = read_rows(
    """
name         | formula     | trained on | outer box | rows | more                   | remarks
snake-sin    | sin(x1)     | -15:15     | -30:30    | 200  |                        | x is divided by 15 there (here the hull [-15, 15])
snake-square | x1**2       | -15:15     | -30:30    | 200  | family=xu-quadratic-1d | the published run prints loss nan: raw targets to 225, SGD; x is divided by 15 there (here the hull [-15, 15])
snake-gauss  | exp(-x1**2) | -3:3       | -6:6      | 200  | family=livermore-20    | exp(-25) = 1.4e-11 on the whole published training range +-[5, 15]: nothing to learn there, and the bump lies in the gap: adapted to [-3, 3] without a gap; x is divided by 15 there
snake-tanh   | tanh(x1)    | -3:3       | -6:6      | 200  |                        | on +-[5, 15] it is a sign function: only the gap matters: adapted to [-3, 3]; x is divided by 15 there
snake-exp    | exp(x1)     | -5:5       | -10:10    | 200  |                        | published to 52.5: 6e22, and one row carries the error; adapted to [-5, 5]: even so the outside has 150 times the sd of the inside; x is divided by 15 there
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(TASKS, name="snake", version=1, title="Periodic and simple functions with a gap", source=SOURCE)

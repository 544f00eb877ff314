"""Single functions of the literature."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

ROWS = read_rows(
    """
name       | formula                                               | trained on | outer box  | rows | more            | remarks
poly-10    | x1*x2 + x3*x4 + x5*x6 + x1*x7*x9 + x3*x6*x10          | (-1:1)^10  | (-2:2)^10  | 2000 |                 | Poli 2003, A simple but theoretically-motivated method to control bloat, EuroGP; disagreement: DSO U[0,1]^10, 330 + 170 rows; x8 is inert
gplearn-1  | x1**2 - x2**2 + x2 - 1                                | (-1:1)^2   | (-2:2)^2   | 1000 | published=50    | gplearn documentation; exact program published
dso-poly-1 | x2/sqrt(x1**2 + x2**2 + x3**2)                        | (0:3)^3    | (0:6)^3    | 1000 |                 | Landajuela et al. 2022, A unified framework for deep symbolic regression, NeurIPS; homogeneous of degree 0; discontinuous at the origin
dso-poly-3 | cos(x2)/(sqrt(12*x1*x2 + 1.3 + x1 - 0.05*x2**2) + x1) | (0:3)^2    | 0:6;0:5    | 1000 | ladder=2        | Landajuela et al. 2022; the root turns imaginary at x1 = 0 for x2 > 5.099: x2 to 5 only
dso-poly-5 | sin(x1**3 - x1 - pi/6)                                | -3.14:3.14 | -6.28:6.28 | 200  | published=20    | Landajuela et al. 2022; 5 periods a side at 20 rows: not learnable from 20
dso-sine   | sin(x1) + sin(x1 + x1**2)                             | 0:6.2      | 0:12.4     | 200  | family=nguyen-6 | DSO; chirp
""",
    source="",
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(TASKS, name="misc", version=1, title="Single functions of the literature")

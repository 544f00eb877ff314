"""Keijzer's functions."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Keijzer 2003, Improving symbolic regression with interval arithmetic and linear scaling, EuroGP"
ROWS = read_rows(
    """
name       | formula                        | trained on    | outer box         | rows | more                                     | remarks
keijzer-1  | 0.3*x1*sin(2*pi*x1)            | -1:1          | -2:2              | 200  | published=E[-1,1,0.1]                    | 2 periods inside
keijzer-2  | 0.3*x1*sin(2*pi*x1)            | -2:2          | -4:4              | 200  | published=E[-2,2,0.1] family=keijzer-1   | 4 periods inside
keijzer-3  | 0.3*x1*sin(2*pi*x1)            | -3:3          | -6:6              | 200  | family=keijzer-1                         | 6 periods inside
keijzer-5  | 30*x1*x3/((x1 - 10)*x2**2)     | -1:1;1:2;-1:1 | -2:2;0.5:2.5;-2:2 | 1000 | ladder=2.5                               | disagreement: DSO permutes the ranges so that x2^2 runs over U[-1,1], a pole (infinite variance)
keijzer-6  | harmonic(x1)                   | 1:50          | 1:120             | 200  | whole published=E[1,50,1] test=E[1,120,1] | disagreement: DSO has x(x+1)/2 under this name (its neat-6 is the harmonic sum), and one survey table sum i. Defined at whole numbers only (digamma(x+1) + 0.57721566 continues it). The only grid task whose published test is mostly extrapolation
keijzer-7  | log(x1)                        | 1:100         | 1:199             | 200  |                                          | pole at 0: upward only
keijzer-9  | log(x1 + sqrt(x1**2 + 1))      | 0:100         | 0:200             | 200  |                                          | arcsinh; disagreement: DSO tests from 1. Defined below 0 too, but written like this it cancels there (error 1e-7 at -1e8)
keijzer-11 | x1*x2 + sin((x1 - 1)*(x2 - 1)) | (-3:3)^2      | (-6:6)^2          | 1000 | published=20                             | HeuristicLab tests at step 0.1 and says so; bingo on the diagonal only
keijzer-12 | x1**4 - x1**3 + x2**2/2 - x2   | (-3:3)^2      | (-6:6)^2          | 1000 | published=20 family=nguyen-12            | HeuristicLab tests at step 0.1 and says so; bingo on the diagonal only
keijzer-13 | 6*sin(x1)*cos(x2)              | (-3:3)^2      | (-6:6)^2          | 1000 | published=20 family=nguyen-10            | HeuristicLab tests at step 0.1 and says so; bingo on the diagonal only; the range of vladislavleva-6 and the jin-5 formula
keijzer-14 | 8/(2 + x1**2 + x2**2)          | (-3:3)^2      | (-6:6)^2          | 1000 | published=20                             | HeuristicLab tests at step 0.1 and says so; bingo on the diagonal only
keijzer-15 | x1**3/5 + x2**3/2 - x2 - x1    | (-3:3)^2      | (-6:6)^2          | 1000 | published=20                             | HeuristicLab tests at step 0.1 and says so; bingo on the diagonal only
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(
    TASKS,
    name="keijzer",
    version=1,
    title="Keijzer's functions",
    source=SOURCE,
    also={"keijzer-4": "vladislavleva-2", "keijzer-8": "nguyen-8", "keijzer-10": "nguyen-11"},
)

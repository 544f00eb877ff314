"""Functions to decompose."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Morales, Sheppard 2025, Decomposable neuro symbolic regression (arXiv 2511.04124)"
ROWS = read_rows(
    """
name      | formula                                                      | trained on            | outer box                | rows | more              | remarks
setgap-1  | (3.0375*x1*x2 + 5.5*sin(9/4*(x1 - 2/3)*(x2 - 2/3)))/5        | (-5:5)^2              | (-10:10)^2               | 1000 | family=keijzer-11 | S4 of Werner et al. 2021; jin-6 with x scaled by 3/2
setgap-2  | 5.5 + (1 - x1/4)**2 + sqrt(x2 + 10)*sin(x3/5)                | -10:10;-10:10;-15:15  | -20:20;-10:30;-30:30     | 1000 |                   | x2 upward only (root)
setgap-3  | (1.5*exp(1.5*x1) + 5*cos(3*x2))/10                           | (-3:3)^2              | (-6:6)^2                 | 1000 | family=jin-4      | A1 of Werner et al. 2021
setgap-4  | ((1 - x1)**2 + (1 - x3)**2 + 100*(x2 - x1**2)**2 + 100*(x4 - x3**2)**2)/10000 | (-5:5)^4              | (-10:10)^4               | 1000 |                   | two Rosenbrock valleys
setgap-5  | sin(x1 + x2*x3) + exp(1.2*x4)                                | -10:10;-5:5;-5:5;-3:3 | -20:20;-10:10;-10:10;-6:6 | 1000 |                   | the exponential hides the wave: sd of the wave is 9 % of sd(y)
setgap-6  | tanh(x1/2) + abs(x2)*cos(x3**2/5)                            | (-10:10)^3            | (-20:20)^3               | 1000 |                   | chirp in x3
setgap-7  | (1 - x2**2)/(sin(2*pi*x1) + 1.5)                             | (-5:5)^2              | (-10:10)^2               | 1000 |                   | S0 of Werner et al. 2021; ten periods inside
setgap-9  | log(2*x2 + 1) - log(4*x1**2 + 1)                             | -5:5;0:5              | -10:10;0:10              | 1000 |                   | A2 of Werner et al. 2021; x2 upward only
setgap-10 | sin(x1*exp(x2))                                              | -2:2;-3:3             | -4:4;-6:6                | 1000 |                   | x2 on a grid of 100 values there; chirp: phase to 40 inside, 1614 outside
setgap-11 | x1*log(x2**4)                                                | (-5:5)^2              | (-10:10)^2               | 1000 | held=,1.18        | singular on x2 = 0, through the middle of the box (integrable)
setgap-12 | 1 + x1*sin(1/x2)                                             | (-10:10)^2            | (-20:20)^2               | 1000 | held=,2.36        | essential singularity on x2 = 0; far from it 1 + x1/x2
setgap-13 | sqrt(x1)*log(x2**2)                                          | 0:20;-5:5             | 0:40;-10:10              | 1000 | held=,1.18        | singular on x2 = 0 (integrable); root: x1 upward only
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(
    TASKS, name="setgap", version=1, title="Functions to decompose", source=SOURCE, also={"setgap-8": "pagie-1"}
)

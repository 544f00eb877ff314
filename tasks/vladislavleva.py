"""Vladislavleva's functions, tested outside."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Vladislavleva, Smits, den Hertog 2009, Order of nonlinearity as a complexity measure, IEEE TEVC 13"
ROWS = read_rows(
    """
name            | formula                                                      | trained on         | outer box                | rows | more                                     | remarks
vladislavleva-1 | exp(-(x1 - 1)**2)/(1.2 + (x2 - 2.5)**2)                      | (0.3:4)^2          | (-1.55:5.85)^2           | 1000 | test=E[-0.2,4.2,0.1]^2                   | Kotanchek. Disagreements: DEAP has 3.2 for 1.2; DSO tests on E[-0.5,10.5,0.05]
vladislavleva-2 | x1**3*exp(-x1)*cos(x1)*sin(x1)*(sin(x1)**2*cos(x1) - 1)      | 0.05:10            | 0.05:19.95               | 200  | test=E[-0.5,10.5,0.05]                   | Salustowicz. Upward only: below 0 it grows as e^abs(x)
vladislavleva-3 | (x1**3*exp(-x1)*cos(x1)*sin(x1)*(sin(x1)**2*cos(x1) - 1))*(x2 - 5) | 0.05:10;0.05:10.05 | 0.05:20;-4.95:15.05      | 1000 | test=E[-0.5,10.5,0.05]xE[-0.5,10.5,0.5] family=vladislavleva-2 | x2 has 6 levels only: between them it is a guess. x1 upward only
vladislavleva-4 | 10/(5 + (x1 - 3)**2 + (x2 - 3)**2 + (x3 - 3)**2 + (x4 - 3)**2 + (x5 - 3)**2) | (0.05:6.05)^5      | (-2.95:9.05)^5           | 1000 | test=U[-0.25,6.35,5000]^5                | UBall5D. Decays outside: the clamp is hard to beat
vladislavleva-5 | 30*(x1 - 1)*(x3 - 1)/(x2**2*(x1 - 10))                       | 0.05:2;1:2;0.05:2  | -0.925:2.975;0.5:2.5;-0.925:2.975 | 1000 | ladder=2.5 test=E[-0.05,2.05,0.15]xE[0.95,2.05,0.1]xE[-0.05,2.05,0.15] | HeuristicLab's text says 14 x 12 x 14 test rows, its step gives 15 x 12 x 15. Poles x2 = 0 and x1 = 10 are outside the proposal
vladislavleva-6 | 6*sin(x1)*cos(x2)                                            | (0.1:5.9)^2        | (-2.8:8.8)^2             | 1000 | published=30 test=E[-0.05,6.05,0.02]^2 family=nguyen-10 |
vladislavleva-7 | (x1 - 3)*(x2 - 3) + 2*sin((x1 - 4)*(x2 - 4))                 | (0.05:6.05)^2      | (-2.95:9.05)^2           | 1000 | test=U[-0.25,6.35,1000]^2                | Ripple. Disagreement: DSO has sin(x1 - 4)*(x2 - 4)
vladislavleva-8 | ((x1 - 3)**4 + (x2 - 3)**3 - (x2 - 3))/((x2 - 2)**4 + 10)    | (0.05:6.05)^2      | (-2.95:9.05)^2           | 1000 | published=50 test=E[-0.25,6.35,0.2]^2    | RatPol2D. Disagreement: bingo has (x2 - 3)^4
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(
    TASKS, name="vladislavleva", version=1, title="Vladislavleva's functions, tested outside", source=SOURCE
)

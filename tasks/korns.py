"""Korns' functions among distractors."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Korns 2011, Accuracy in symbolic regression, GPTP IX"
ROWS = read_rows(
    """
name     | formula                                   | trained on               | outer box                | rows | more | remarks
korns-1  | 1.57 + 24.3*x4                            | (-50:50)^5               | (-100:100)^5             | 1000 |      | five columns, those not in the formula are distractors. DSO draws 100 rows for 10,000 and silently drops abs(y) >= 100. bingo numbers the variables differently; that filter drops 92 % of the draws here: x4 is left in about [-4.2, 4.1]
korns-2  | 0.23 + 14.2*(x4 + x2)/(3*x5)              | -50:50;-50:50;-50:50;-50:50;1:50 | -100:100;-100:100;-100:100;-100:100;1:99 | 1000 |      | five columns, those not in the formula are distractors. DSO draws 100 rows for 10,000 and silently drops abs(y) >= 100. bingo numbers the variables differently; pole x5 = 0 inside the published box (infinite variance, RMSE does not converge): adapted to x5 in [1, 50]; bingo has (x4 - x2)
korns-3  | -5.41 + 4.9*(x4 - x1 + x2/x5)/(3*x5)      | -50:50;-50:50;-50:50;-50:50;1:50 | -100:100;-100:100;-100:100;-100:100;1:99 | 1000 |      | five columns, those not in the formula are distractors. DSO draws 100 rows for 10,000 and silently drops abs(y) >= 100. bingo numbers the variables differently; double pole x5 = 0: adapted as korns-2
korns-4  | -2.3 + 0.13*sin(x3)                       | (-50:50)^5               | (-100:100)^5             | 1000 |      | five columns, those not in the formula are distractors. DSO draws 100 rows for 10,000 and silently drops abs(y) >= 100. bingo numbers the variables differently; 15.9 periods inside
korns-5  | 3 + 2.13*log(x5)                          | -50:50;-50:50;-50:50;-50:50;0.5:50 | -100:100;-100:100;-100:100;-100:100;0.5:99.5 | 1000 |      | five columns, those not in the formula are distractors. DSO draws 100 rows for 10,000 and silently drops abs(y) >= 100. bingo numbers the variables differently; HeuristicLab U[0,50] for x5, DSO and bingo logabs(x5): adapted to [0.5, 50], the log diverges at 0
korns-6  | 1.3 + 0.13*sqrt(x1)                       | 0:50;-50:50;-50:50;-50:50;-50:50 | 0:100;-100:100;-100:100;-100:100;-100:100 | 1000 |      | five columns, those not in the formula are distractors. DSO draws 100 rows for 10,000 and silently drops abs(y) >= 100. bingo numbers the variables differently; HeuristicLab U[0,50] for x1, DSO and bingo sqrtabs(x1)
korns-7  | 213.80940889*(1 - exp(-0.54723748542*x1)) | 0:10;-50:50;-50:50;-50:50;-50:50 | 0:20;-100:100;-100:100;-100:100;-100:100 | 1000 |      | on [-50, 50] y reaches -1.6e14 and one row in a thousand carries all the variance: adapted to x1 in [0, 10]. Disagreements: DSO 2.1380940889, bingo 213.80940899; HeuristicLab's text promises x1 >= 0, its code draws [-50, 50]
korns-8  | 6.87 + 11*sqrt(7.23*x1*x4*x5)             | 0:50;-50:50;-50:50;0:50;0:50 | 0:100;-100:100;-100:100;0:100;0:100 | 1000 |      | five columns, those not in the formula are distractors. DSO draws 100 rows for 10,000 and silently drops abs(y) >= 100. bingo numbers the variables differently; that filter drops 99.6 % of the draws here. HeuristicLab draws the three factors from [0, 50]
korns-11 | 6.87 + 11*cos(7.23*x1**3)                 | (-50:50)^5               | (-100:100)^5             | 1000 |      | five columns, those not in the formula are distractors. DSO draws 100 rows for 10,000 and silently drops abs(y) >= 100. bingo numbers the variables differently; 144,000 periods on each side of 0 (phase 904,000 rad at 50), a row apart is 144 periods at 1,000 rows: not learnable from rows; use as a control (nobody may beat the constant)
korns-12 | 2 - 2.1*cos(9.8*x1)*sin(1.3*x5)           | (-50:50)^5               | (-100:100)^5             | 1000 |      | five columns, those not in the formula are distractors. DSO draws 100 rows for 10,000 and silently drops abs(y) >= 100. bingo numbers the variables differently; 156 x 21 periods inside: only with a periodic basis, and 10,000 rows for 13,000 cells of half a period
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(TASKS, name="korns", version=1, title="Korns' functions among distractors", source=SOURCE)

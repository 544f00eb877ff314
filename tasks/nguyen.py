"""Nguyen's polynomials, waves and roots."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Uy, Hoai, O'Neill, McKay, Galvan-Lopez 2011, Semantically-based crossover in GP, GPEM 12"
ROWS = read_rows(
    """
name           | formula                                    | trained on | outer box    | rows | more                          | remarks
nguyen-1       | x1**3 + x1**2 + x1                         | -1:1       | -2:2         | 200  | published=20                  | HeuristicLab tests on 500 fresh rows of the same law, DSO on a second draw of 20
nguyen-2       | x1**4 + x1**3 + x1**2 + x1                 | -1:1       | -2:2         | 200  | published=20 family=nguyen-1  | HeuristicLab tests on 500 fresh rows of the same law, DSO on a second draw of 20
nguyen-3       | x1**5 + x1**4 + x1**3 + x1**2 + x1         | -1:1       | -2:2         | 200  | published=20 family=nguyen-1  | HeuristicLab tests on 500 fresh rows of the same law, DSO on a second draw of 20
nguyen-4       | x1**6 + x1**5 + x1**4 + x1**3 + x1**2 + x1 | -1:1       | -2:2         | 200  | published=20 family=nguyen-1  | HeuristicLab tests on 500 fresh rows of the same law, DSO on a second draw of 20
nguyen-5       | sin(x1**2)*cos(x1) - 1                     | -1:1       | -2:2         | 200  | published=20                  |
nguyen-6       | sin(x1) + sin(x1 + x1**2)                  | -1:1       | -2:2         | 200  | published=20                  |
nguyen-7       | log(x1 + 1) + log(x1**2 + 1)               | 0:2        | 0:4          | 200  | published=20                  | log singular at x1 = -1: the doubled box [-1, 3] would touch it, so upward only
nguyen-8       | sqrt(x1)                                   | 0:4        | 0:8          | 200  | published=20                  | undefined below 0: upward only; infinite slope at the lower edge
nguyen-9       | sin(x1) + sin(x2**2)                       | (0:1)^2    | (-0.5:1.5)^2 | 1000 | published=20                  | disagreement: McDermott 2012 (as bingo has it) U[-1,1], 100 rows; DSO and HeuristicLab U[0,1], 20 rows
nguyen-10      | 2*sin(x1)*cos(x2)                          | (0:1)^2    | (-0.5:1.5)^2 | 1000 | published=20                  | disagreement: McDermott 2012 (as bingo has it) U[-1,1], 100 rows; DSO and HeuristicLab U[0,1], 20 rows
nguyen-9-wide  | sin(x1) + sin(x2**2)                       | (-1:1)^2   | (-2:2)^2     | 1000 | family=nguyen-9               | from McDermott et al. 2012, GP needs better benchmarks, GECCO; variant of nguyen-9 with the other published law
nguyen-10-wide | 2*sin(x1)*cos(x2)                          | (-1:1)^2   | (-2:2)^2     | 1000 | family=nguyen-10              | from McDermott et al. 2012; variant of nguyen-10 with the other published law
nguyen-11      | x1**x2                                     | (0:1)^2    | (0:2)^2      | 1000 | published=20                  | from Petersen et al. 2021, Deep symbolic regression, ICLR (added to Nguyen); base must stay >= 0; a negative exponent has a pole at x1 = 0: upward only. Discontinuous at (0, 0)
nguyen-12      | x1**4 - x1**3 + x2**2/2 - x2               | (0:1)^2    | (-0.5:1.5)^2 | 1000 | published=20                  | from Petersen et al. 2021 (added to Nguyen); the formula of keijzer-12 on another box
nguyen-12-wide | x1**4 - x1**3 + x2**2/2 - x2               | (0:10)^2   | (-5:15)^2    | 1000 | published=20 family=nguyen-12 | from Mundhenk et al. 2021 (Nguyen-12*, DSO name Nguyen-12a); Nguyen-12* of later tables; DSO drops rows with abs(y) >= 100 without saying so, 67 % of the draws
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(TASKS, name="nguyen", version=1, title="Nguyen's polynomials, waves and roots", source=SOURCE)

"""The Livermore functions."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Mundhenk et al. 2021, Symbolic regression via neural-guided GP population seeding, NeurIPS"
ROWS = read_rows(
    """
name              | formula                                                      | trained on | outer box    | rows | more                             | remarks
livermore-1       | 1/3 + x1 + sin(x1**2)                                        | -10:10     | -20:20       | 200  |                                  | chirp: the local frequency grows with abs(x), 16 periods on each side inside, 64 at 20. GrammarVAE-1 is the same on a grid
livermore-3       | sin(x1**3)*cos(x1**2) - 1                                    | -1:1       | -2:2         | 200  | published=20                     |
livermore-4       | log(x1 + 1) + log(x1**2 + 1) + log(x1)                       | 0:2        | 0:4          | 200  | published=20                     | log singular at 0, the lower edge of the box: variance finite, but maximum error unbounded; upward only
livermore-5       | x1**4 - x1**3 + x2**2 - x2                                   | (0:1)^2    | (-0.5:1.5)^2 | 1000 | published=20 family=nguyen-12    | disagreement: the paper's table x1^4 - x1^3 + x1^2 - x2, DSO's code and data x2^2 - x2
livermore-6       | 4*x1**4 + 3*x1**3 + 2*x1**2 + x1                             | -1:1       | -2:2         | 200  | published=20 family=nguyen-1     |
livermore-7       | sinh(x1)                                                     | -1:1       | -2:2         | 200  | published=20                     |
livermore-8       | cosh(x1)                                                     | -1:1       | -2:2         | 200  | published=20                     |
livermore-9       | x1**9 + x1**8 + x1**7 + x1**6 + x1**5 + x1**4 + x1**3 + x1**2 + x1 | -1:1       | -2:2         | 200  | published=20                     | degree 9: outside sd 300 times the inside one
livermore-11      | where(x1 + x2 > 0, x1**2*x2**2/(x1 + x2), 0)                 | (0:1)^2    | (0:2)^2      | 1000 | published=50                     | published on U[-1,1]^2: a pole line x1 = -x2 through the box, infinite variance (DSO drops abs(y) >= 100): adapted to [0,1]^2, where it is smooth. n 50 in DSO, 20 in one transcription. Meier-3 is the same
livermore-12      | x1**5/x2**3                                                  | -1:1;0.5:1 | -2:2;0.5:1.5 | 1000 | published=50                     | published on U[-1,1]^2: pole x2 = 0, infinite variance (DSO drops abs(y) >= 100, 8 % of the draws): adapted to x2 in [0.5, 1]. Meier-4 is the same
livermore-13      | x1**(1/3)                                                    | 0:4        | 0:8          | 200  | published=20                     | root: upward only
livermore-14      | x1**3 + x1**2 + x1 + sin(x1) + sin(x1**2)                    | -1:1       | -2:2         | 200  | published=20                     | disagreement: the paper's table sin(x1^2) (one variable), DSO's code and data sin(x2^2) (two); the next row
livermore-14-code | x1**3 + x1**2 + x1 + sin(x1) + sin(x2**2)                    | (-1:1)^2   | (-2:2)^2     | 1000 | published=20 family=livermore-14 | livermore-14 as DSO's code and data have it
livermore-15      | x1**(1/5)                                                    | 0:4        | 0:8          | 200  | published=20                     | root: upward only; infinite slope at 0
livermore-16      | x1**(2/5)                                                    | 0:4        | 0:8          | 200  | published=20                     | disagreement: the paper's table x^(2/5), DSO's code and data x^(2/3)
livermore-19      | x1**5 + x1**4 + x1**2 + x1                                   | -1:1       | -2:2         | 200  | published=20                     | DSO numbers this 20, and has log(x^2 + x) + log(x^3 + x) as 19, which the paper has not
livermore-20      | exp(-x1**2)                                                  | -1:1       | -2:2         | 200  | published=20                     | DSO numbers this 21
livermore-21      | x1**8 + x1**7 + x1**6 + x1**5 + x1**4 + x1**3 + x1**2 + x1   | -1:1       | -2:2         | 200  | published=20                     | DSO numbers this 22
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(
    TASKS,
    name="livermore",
    version=1,
    title="The Livermore functions",
    source=SOURCE,
    also={
        "livermore-2": "nguyen-5",
        "livermore-10": "nguyen-10",
        "livermore-17": "nguyen-10",
        "livermore-18": "nguyen-5",
        "livermore-22": "livermore-20",
        "livermore-19-code": "livermore-4",
    },
)

"""How networks extrapolate."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Xu, Zhang, Li, Du, Kawarabayashi, Jegelka 2021, How neural networks extrapolate, ICLR"
ROWS = read_rows(
    """
name            | formula                                                      | trained on               | outer box                | rows | more                   | remarks
xu-quadratic-1d | -0.128010*x1**2                                              | -1:1                     | -2:2                     | 200  |                        | x' A x, A ~ U[-1,1]; the coefficients are numpy's RandomState(2).uniform(-1, 1, (d, d)), the generator's first draw, rounded to 1e-6; its own default seed is 2
xu-quadratic-2d | -0.128010*x1**2 -0.848823*x1*x2 -0.129355*x2**2              | (-1:1)^2                 | (-2:2)^2                 | 1000 | family=xu-quadratic-1d | x' A x, A ~ U[-1,1]; the coefficients are numpy's RandomState(2).uniform(-1, 1, (d, d)), the generator's first draw, rounded to 1e-6; its own default seed is 2
xu-quadratic-8d | -0.128010*x1**2 -1.348838*x1*x2 +0.807276*x1*x3 -0.875035*x1*x4 +0.121549*x1*x5 +0.589772*x1*x6 -0.519494*x1*x7 -0.267104*x1*x8 -0.466345*x2**2 +0.230741*x2*x3 +0.251775*x2*x4 -0.764700*x2*x5 +0.027173*x2*x6 +0.276364*x2*x7 -0.295041*x2*x8 +0.693123*x3**2 -1.388685*x3*x4 +0.020966*x3*x5 -0.090387*x3*x6 -0.055339*x3*x7 +0.180766*x3*x8 -0.786109*x4**2 -0.785602*x4*x5 -0.617120*x4*x6 -0.900235*x4*x7 +0.344647*x4*x8 +0.587275*x5**2 +0.294297*x5*x6 -0.942718*x5*x7 +1.002021*x5*x8 -0.144908*x6**2 +0.575196*x6*x7 +0.756753*x6*x8 -0.187450*x7**2 -0.415676*x7*x8 -0.661549*x8**2 | (-1:1)^8                 | (-2:2)^8                 | 1000 | family=xu-quadratic-1d | x' A x, A ~ U[-1,1]; the coefficients are numpy's RandomState(2).uniform(-1, 1, (d, d)), the generator's first draw, rounded to 1e-6; its own default seed is 2
xu-cos-1d       | cos(pi*x1)                                                   | -3.14159265359:3.14159265359 | -6.28318530718:6.28318530718 | 200  |                        | 3.14 periods in each coordinate inside; the range is multiplied by pi in the code, the cosine has another pi
xu-cos-2d       | cos(pi*x1) + cos(pi*x2)                                      | (-3.14159265359:3.14159265359)^2 | (-6.28318530718:6.28318530718)^2 | 1000 | family=xu-cos-1d       | 3.14 periods in each coordinate inside; the range is multiplied by pi in the code, the cosine has another pi
xu-cos-8d       | cos(pi*x1) + cos(pi*x2) + cos(pi*x3) + cos(pi*x4) + cos(pi*x5) + cos(pi*x6) + cos(pi*x7) + cos(pi*x8) | (-3.14159265359:3.14159265359)^8 | (-6.28318530718:6.28318530718)^8 | 1000 | family=xu-cos-1d       | 3.14 periods in each coordinate inside; the range is multiplied by pi in the code, the cosine has another pi
xu-sqrt-2d      | sqrt(x1) + sqrt(x2)                                          | (0:2)^2                  | (0:4)^2                  | 1000 |                        | upward only
xu-sqrt-8d      | sqrt(x1) + sqrt(x2) + sqrt(x3) + sqrt(x4) + sqrt(x5) + sqrt(x6) + sqrt(x7) + sqrt(x8) | (0:2)^8                  | (0:4)^8                  | 1000 | family=xu-sqrt-2d      | upward only
xu-l1-2d        | abs(x1) + abs(x2)                                            | (-1:1)^2                 | (-2:2)^2                 | 1000 |                        | a ReLU net has it exactly: 2 d units
xu-l1-8d        | abs(x1) + abs(x2) + abs(x3) + abs(x4) + abs(x5) + abs(x6) + abs(x7) + abs(x8) | (-1:1)^8                 | (-2:2)^8                 | 1000 | family=xu-l1-2d        | a ReLU net has it exactly: 2 d units
xu-linear-16d   | -1.280102*x1 -9.481475*x2 +0.993250*x3 -1.293552*x4 -1.592644*x5 -3.393304*x6 -5.907027*x7 +2.385419*x8 -4.006907*x9 -4.663454*x10 +2.422677*x11 +0.582842*x12 -7.308401*x13 +0.271562*x14 -6.311203*x15 +5.706703*x16 | (-5:5)^16                | (-10:10)^16              | 2000 |                        | coefficients RandomState(2).uniform(-10, 10, 16) rounded to 1e-6
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(TASKS, name="xu", version=1, title="How networks extrapolate", source=SOURCE)

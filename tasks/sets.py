"""Functions of a set."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Zaheer et al. 2017, Deep sets, NeurIPS; Murphy et al. 2019, Janossy pooling, ICLR; statistics ours"
ROWS = read_rows(
    """
name                   | formula                                                      | trained on  | outer box    | rows | more                                     | remarks
set-sum                | sum(x1..x10)                                                 | (-1:1)^10   | (-2:2)^10    | 2000 | set=10x1 held=,0.24,-0.53,0.71,-0.06,-0.82,0.42,-0.35,0.89,0.12 | linear
set-max                | max(x1..x10)                                                 | (-1:1)^10   | (-2:2)^10    | 2000 | set=10x1 held=,0.24,-0.53,0.71,-0.06,-0.82,0.42,-0.35,0.89,0.12 | 1 in 10 rows outside has its maximum inside the box by luck of the law; Lee et al. 2019 train on maximum
set-range              | max(x1..x10) - min(x1..x10)                                  | (-1:1)^10   | (-2:2)^10    | 2000 | set=10x1 held=,0.24,-0.53,0.71,-0.06,-0.82,0.42,-0.35,0.89,0.12 | Janossy
set-second-largest     | secondmax(x1..x10)                                           | (-1:1)^10   | (-2:2)^10    | 2000 | set=10x1 held=,0.24,-0.53,0.71,-0.06,-0.82,0.42,-0.35,0.89,0.12 family=set-max | not a max, not a mean: an order statistic
set-median             | median(x1..x10)                                              | (-1:1)^10   | (-2:2)^10    | 2000 | set=10x1 held=,0.24,-0.53,0.71,-0.06,-0.82,0.42,-0.35,0.89,0.12 | mean of the fifth and the sixth
set-variance           | var(x1..x10)                                                 | (-1:1)^10   | (-2:2)^10    | 2000 | set=10x1 held=,0.24,-0.53,0.71,-0.06,-0.82,0.42,-0.35,0.89,0.12 | Janossy (numpy's var, divided by n)
set-std                | std(x1..x10)                                                 | (-1:1)^10   | (-2:2)^10    | 2000 | set=10x1 held=,0.24,-0.53,0.71,-0.06,-0.82,0.42,-0.35,0.89,0.12 family=set-variance | Janossy supports it; homogeneous of degree 1
set-sum-of-squares     | sum(x1..x10**2)                                              | (-1:1)^10   | (-2:2)^10    | 2000 | set=10x1 held=,0.24,-0.53,0.71,-0.06,-0.82,0.42,-0.35,0.89,0.12 | additive; the core task's k with lambda = 10
set-pair-products      | (sum(x1..x10)**2 - sum(x1..x10**2))/2                        | (-1:1)^10   | (-2:2)^10    | 2000 | set=10x1 held=,0.24,-0.53,0.71,-0.06,-0.82,0.42,-0.35,0.89,0.12 | = (sum^2 - sum of squares)/2: Deep Sets needs two sums
set-count-positive     | sum(where(x1..x10 > 0, 1, 0))                                | (-1:1)^10   | (-2:2)^10    | 2000 | set=10x1 held=,0.24,-0.53,0.71,-0.06,-0.82,0.42,-0.35,0.89,0.12 | scale-free: the same outside as inside, so the clamp is exact
set-product            | prod(x1..x5)                                                 | (0.5:1.5)^5 | (0.5:2.5)^5  | 1000 |                                          | product of five positive numbers; exp of a sum of logs
set-log-sum-exp        | log(sum(exp(x1..x10)))                                       | (-1:1)^10   | (-2:2)^10    | 2000 | set=10x1 held=,0.24,-0.53,0.71,-0.06,-0.82,0.42,-0.35,0.89,0.12 | a soft maximum
set-geometric-mean     | exp(mean(log(x1..x10)))                                      | (0.2:2)^10  | (0.2:3.8)^10 | 2000 | set=10x1 held=,1.31,0.62,1.74,1.05,0.36,1.47,0.79,1.9,1.21 | exp of a mean of logs
set-argmax-position    | argmax(x1..x10)                                              | (-1:1)^10   | (-2:2)^10    | 4000 | set=10x1 held=,0.24,-0.53,0.71,-0.06,-0.82,0.42,-0.35,0.89,0.12 | NOT symmetric: a trap for set models; invariant to scale
set-weighted-sum       | x1*x2 + x3*x4 + x5*x6 + x7*x8 + x9*x10                       | (-1:1)^10   | (-2:2)^10    | 2000 | set=5x2 held=,0.24,-0.53,0.71,-0.06,-0.82,0.42,-0.35,0.89,0.12 | set of five pairs (weight, value): an inner product
set-pair-distance      | sqrt(max((x1 - x3)**2 + (x2 - x4)**2, (x1 - x5)**2 + (x2 - x6)**2, (x1 - x7)**2 + (x2 - x8)**2, (x1 - x9)**2 + (x2 - x10)**2, (x3 - x5)**2 + (x4 - x6)**2, (x3 - x7)**2 + (x4 - x8)**2, (x3 - x9)**2 + (x4 - x10)**2, (x5 - x7)**2 + (x6 - x8)**2, (x5 - x9)**2 + (x6 - x10)**2, (x7 - x9)**2 + (x8 - x10)**2)) | (-1:1)^10   | (-2:2)^10    | 2000 | set=5x2 held=,0.24,-0.53,0.71,-0.06,-0.82,0.42,-0.35,0.89,0.12 | diameter of five points: needs pairs, not sums of singles
set-entropy            | log(2*pi*e*var(x1..x10))/2                                   | (-1:1)^10   | (-2:2)^10    | 2000 | set=10x1 held=,0.24,-0.53,0.71,-0.06,-0.82,0.42,-0.35,0.89,0.12 family=set-variance | from Zaheer et al. 2017 (PopStats), adapted; PopStats 1 made exact: of the sample, not of the law it came from
set-mutual-information | -log(1 - (mean(x1*x2, x3*x4, x5*x6, x7*x8, x9*x10, x11*x12, x13*x14, x15*x16, x17*x18, x19*x20) - mean(x1, x3, x5, x7, x9, x11, x13, x15, x17, x19)*mean(x2, x4, x6, x8, x10, x12, x14, x16, x18, x20))**2/(var(x1, x3, x5, x7, x9, x11, x13, x15, x17, x19)*var(x2, x4, x6, x8, x10, x12, x14, x16, x18, x20)))/2 | (-1:1)^20   | (-2:2)^20    | 2000 | set=10x2 held=,0.24,-0.53,0.71,-0.06,-0.82,0.42,-0.35,0.89,0.12,-0.64,0.6,-0.17,-0.93,0.3,-0.46,0.78,0.01,-0.75,0.49 | from Zaheer et al. 2017 (PopStats), adapted; PopStats 2 made exact: of the sample; invariant to scale and shift, so the outside has nearly the law of the inside. r near 1 makes the tail
janossy-sum            | sum(x1..x5)                                                  | (0:99)^5    | (0:199)^5    | 1000 | whole set=5x1 held=,61,23,85,47 family=set-sum | from Murphy, Srinivasan, Rao, Ribeiro 2019, Janossy pooling, ICLR; integers; linear; the source embeds each integer as a token (vocabulary 100), so it cannot go outside; ours are numbers
janossy-range          | max(x1..x5) - min(x1..x5)                                    | (0:99)^5    | (0:199)^5    | 1000 | whole set=5x1 held=,61,23,85,47 family=set-range | from Murphy, Srinivasan, Rao, Ribeiro 2019, Janossy pooling, ICLR; integers
janossy-unique-sum     | sumdistinct(x1..x10)                                         | (0:9)^10    | (0:19)^10    | 4000 | whole set=10x1 held=,6,2,8,4,1,6,3,8,5   | from Murphy, Srinivasan, Rao, Ribeiro 2019, Janossy pooling, ICLR; integers; only equality counts: real-valued models see jumps; outside 0..19 has fewer collisions, so nearly the plain sum
janossy-unique-count   | distinct(x1..x10)                                            | (0:9)^10    | (0:19)^10    | 4000 | whole set=10x1 held=,6,2,8,4,1,6,3,8,5 family=janossy-unique-sum | from Murphy, Srinivasan, Rao, Ribeiro 2019, Janossy pooling, ICLR; integers; as unique-sum
janossy-variance       | var(x1..x10)                                                 | (0:99)^10   | (0:199)^10   | 2000 | whole set=10x1 held=,61,23,85,47,9,70,32,93,56 family=set-variance | from Murphy, Srinivasan, Rao, Ribeiro 2019, Janossy pooling, ICLR; integers
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(
    TASKS,
    name="sets",
    version=1,
    title="Functions of a set",
    source=SOURCE,
    also={"set-mean": "set-sum", "set-min": "set-max"},
)

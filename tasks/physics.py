"""Aerodynamics."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Chen, Luo, Jiang 2018, A multilevel block building algorithm, Expert Syst. Appl. 109"
ROWS = read_rows(
    """
name                  | formula                                                      | trained on               | outer box                | rows | more               | remarks
physics-aircraft-lift | x1*(x2 + 2) + x3*x4*x5/x6                                    | 0.4:0.8;5:10;0.4:0.8;5:10;1:1.5;5:7 | 0.4:1.2;5:15;0.4:1.2;5:15;1:2;5:9 | 1000 | published-noise=5% | noise variant: 5 % of sd(y)
physics-cylinder-flow | x1*x3*sin(pi*x2/180)*(1 - x4**2/x3**2) + x5/(2*pi)*log(x3/x4) | 60:65;30:40;0.5:0.8;0.2:0.5;5:10 | 60:70;25:45;0.5:1.1;0.2:0.5;5:15 | 1000 | published-noise=5% | HeuristicLab departs from the paper so that r > R; R cannot grow
physics-rocket-fuel   | 0.0404184*x1*x2/sqrt(x3)                                     | 400000:600000;0.5:1.5;250:260 | 400000:800000;0.5:2.5;250:270 | 1000 | published-noise=5% | constant sqrt(1.4/287*(2/2.4)^6) = 0.0404184
physics-maximum-lift  | x1 - 0.25*x4*x5*(4 + 0.1*x2/x3 - x2**2/x3**2) + x12*x13/x14*x17*x6 - x12*x13/x14*x7 + x12*x13/x14*x8 + x15*x16/x14*x17*x9 - x15*x16/x14*x10 + x15*x16/x14*x11 | 0.4:0.8;3:4;20:30;2:5;0:20;0.5:1.5;1:1.5;1:2;0.5:1.5;1:1.5;1:2;2:5;1:1.5;5:7;2:5;1:1.5;10:20 | 0.4:1.2;3:5;20:40;2:8;0:40;0.5:2.5;1:2;1:3;0.5:2.5;1:2;1:3;2:8;1:2;5:9;2:8;1:2;10:30 | 2000 | published-noise=5% | from Chen, Luo, Jiang 2017 (arXiv 1706.02281); 17 variables (the source's x6 is constant 1 in HeuristicLab and left out here; x7..x18 move up by one); the range of x5 is HeuristicLab's own
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(TASKS, name="physics", version=1, title="Aerodynamics", source=SOURCE)

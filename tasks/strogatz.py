"""Rates of change of dynamic systems."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "La Cava, Danai, Spector 2016, Inference of compact nonlinear dynamic models, EAAI 55 (after Strogatz, Nonlinear dynamics and chaos)"
ROWS = read_rows(
    """
name                | formula                               | trained on               | outer box                | rows | more                      | remarks
strogatz-bacres1    | 20 - x1 - x1*x2/(1 + 0.5*x1**2)       | 3.5:16.5;9.5:54.5        | 3.5:29.5;9.5:99.5        | 1000 |                           | the published law is trajectories, not a box: here U on the box that they span, rounded
strogatz-bacres2    | 10 - x1*x2/(1 + 0.5*x1**2)            | 3.5:16.5;9.5:54.5        | 3.5:29.5;9.5:99.5        | 1000 |                           | the published law is trajectories, not a box: here U on the box that they span, rounded
strogatz-barmag1    | 0.5*sin(x1 - x2) - sin(x1)            | (0:6.28318530718)^2      | (-3.14159265359:9.42477796077)^2 | 1000 |                           | published rows span [4.1, 6.0] x [0.2, 6.7]; the published law is trajectories, not a box: here U on the box that they span, rounded
strogatz-barmag2    | 0.5*sin(x2 - x1) - sin(x2)            | (0:6.28318530718)^2      | (-3.14159265359:9.42477796077)^2 | 1000 | family=strogatz-barmag1   | as barmag1 with the variables exchanged; the published law is trajectories, not a box: here U on the box that they span, rounded
strogatz-glider1    | -0.05*x1**2 - sin(x2)                 | 0.5:5.5;-1.5:6.5         | 0.5:10.5;-5.5:10.5       | 1000 |                           | published x2 runs to 28.8 (the glider loops); the published law is trajectories, not a box: here U on the box that they span, rounded
strogatz-glider2    | x1 - cos(x2)/x1                       | 0.5:5.5;-1.5:6.5         | 0.5:10.5;-5.5:10.5       | 1000 |                           | pole x1 = 0; the published law is trajectories, not a box: here U on the box that they span, rounded
strogatz-lv1        | 3*x1 - 2*x1*x2 - x1**2                | 0:8;0:3                  | 0:16;0:6                 | 1000 |                           | the published law is trajectories, not a box: here U on the box that they span, rounded
strogatz-lv2        | 2*x2 - x1*x2 - x2**2                  | 0:8;0:3                  | 0:16;0:6                 | 1000 | family=strogatz-lv1       | the published law is trajectories, not a box: here U on the box that they span, rounded
strogatz-predprey1  | x1*(4 - x1 - x2/(1 + x1))             | 0:6.5;2:11.5             | 0:13;2:21                | 1000 |                           | pole x1 = -1; the published law is trajectories, not a box: here U on the box that they span, rounded
strogatz-predprey2  | x2*(x1/(1 + x1) - 0.075*x2)           | 0:6.5;2:11.5             | 0:13;2:21                | 1000 | family=strogatz-predprey1 | pole x1 = -1; the published law is trajectories, not a box: here U on the box that they span, rounded
strogatz-shearflow1 | cos(x1)/tan(x2)                       | -3.14159265359:3.14159265359;0.3:2.8 | -6.28318530718:6.28318530718;0.15:3 | 1000 | ladder=2.5                | cot has poles at 0 and pi: published x2 in [-2.7, 2.1] crosses one; adapted to (0, pi); the published law is trajectories, not a box: here U on the box that they span, rounded
strogatz-shearflow2 | (cos(x2)**2 + 0.1*sin(x2)**2)*sin(x1) | -3.14159265359:3.14159265359;-1.57079632679:1.57079632679 | -6.28318530718:6.28318530718;-3.14159265359:3.14159265359 | 1000 |                           | the published law is trajectories, not a box: here U on the box that they span, rounded
strogatz-vdp1       | 10*(x2 - (x1**3 - x1)/3)              | -1.2:2;-0.2:0.95         | -2.8:3.6;-0.775:1.525    | 1000 |                           | the published law is trajectories, not a box: here U on the box that they span, rounded
strogatz-vdp2       | -x1/10                                | -1.2:2;-0.2:0.95         | -2.8:3.6;-0.775:1.525    | 1000 |                           | linear; x2 is a distractor; the published law is trajectories, not a box: here U on the box that they span, rounded
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(TASKS, name="strogatz", version=1, title="Rates of change of dynamic systems", source=SOURCE)

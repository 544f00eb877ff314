"""Equation learners, inside and outside."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Sahoo, Lampert, Martius 2018, Learning equations for extrapolation and control, ICML"
ROWS = read_rows(
    """
name                     | formula                                                      | trained on               | outer box                | rows | more       | remarks
eql-f1                   | (sin(pi*x1) + sin(2*pi*x2 + pi/8) + x2 - x3*x4)/3            | (-1:1)^4                 | (-2:2)^4                 | 1000 | noise=0.01 | the shipped test targets carry the noise too, so no published RMS can be below 0.01
eql-f2                   | (sin(pi*x1) + x2*cos(2*pi*x1 + pi/4) + x3 - x4**2)/3         | (-1:1)^4                 | (-2:2)^4                 | 1000 | noise=0.01 | the shipped test targets carry the noise too, so no published RMS can be below 0.01
eql-f3                   | ((1 + x2)*sin(pi*x1) + x2*x3*x4)/3                           | (-1:1)^4                 | (-2:2)^4                 | 1000 | noise=0.01 | the shipped test targets carry the noise too, so no published RMS can be below 0.01
eql-f4                   | (sin(pi*x1) + cos(2*x2*sin(pi*x1)) + x2*x3*x4)/2             | (-1:1)^4                 | (-2:2)^4                 | 1000 | noise=0.01 | the shipped test targets carry the noise too, so no published RMS can be below 0.01
eql-div                  | sin(pi*x1)/(x2**2 + 1)                                       | (-1:1)^2                 | (-2:2)^2                 | 1000 | noise=0.01 | the shipped div data are made with 3.14 in place of pi (the residual prefers it clearly, by 40 units of log likelihood); the shipped test targets carry the noise too, so no published RMS can be below 0.01
eql-cartpole-acceleration | (x4**2*sin(x2) + 9.81*sin(x2)*cos(x2) - x1 - 0.01*x3 + 0.1*x4*cos(x2))/(5*(1 + sin(x2)**2)) | -1:1;-1.57079632679:1.57079632679;-1:1;-1:1 | -2:2;-3.14159265359:3.14159265359;-2:2;-2:2 | 1000 | noise=0.01 | third of four outputs of the cart-pendulum, divided by 5 as there; the first two are copies of inputs
eql-cartpole-angular     | (-x4**2*sin(x2)*cos(x2) - 2*9.81*sin(x2) + x1*cos(x2) + 0.01*x3*cos(x2) - 0.2*x4)/(10*(1 + sin(x2)**2)) | -1:1;-1.57079632679:1.57079632679;-1:1;-1:1 | -2:2;-3.14159265359:3.14159265359;-2:2;-2:2 | 1000 | noise=0.01 | fourth output, divided by 10 as there
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(TASKS, name="eql", version=1, title="Equation learners, inside and outside", source=SOURCE)

"""Kolmogorov-Arnold networks."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Liu et al. 2024, KAN: Kolmogorov-Arnold networks (arXiv 2404.19756)"
ROWS = read_rows(
    """
name                | formula                                                    | trained on | outer box   | rows | more | remarks
kan-1               | exp(sin(pi*x1) + x2**2)                                    | (-1:1)^2   | (-2:2)^2    | 1000 |      | smooth; a polynomial of degree 12 is at 3e-3 (science.md A5). Outside y reaches e^5 = 148
kan-3               | exp((sin(pi*(x1**2 + x2**2)) + sin(pi*(x3**2 + x4**2)))/2) | (-1:1)^4   | (-2:2)^4    | 1000 |      | bounded in [1/e, e] everywhere; chirps outside
kan-5               | exp(besselj0(20*x1) + x2**2)                               | (-1:1)^2   | (-2:2)^2    | 1000 |      | J0: 12.7 zeros inside; even in both
kan-bessel          | besselj0(20*x1)                                            | -1:1       | -2:2        | 200  |      | scaling example (1)
kan-100d            | exp(mean(sin(pi*x1..x100/2)**2))                           | (-1:1)^100 | (-2:2)^100  | 2000 |      | sd 0.04 round 1.65: by the law of large numbers nearly constant; R^2 of the best line 0
kan-log-singularity | sin(2*(log(x1) + log(x2)))                                 | (0.2:5)^2  | (0.2:9.8)^2 | 1000 |      | the page's formula lacks the 2 that its code has; log: upward only (slow oscillation)
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(
    TASKS,
    name="kan",
    version=1,
    title="Kolmogorov-Arnold networks",
    source=SOURCE,
    also={"kan-product": "probe-product"},
)

"""Special functions of two numbers.

F and E are the incomplete elliptic integrals, sn the elliptic sine, J, Y, K and I the Bessel functions, P the associated
Legendre functions; scipy computes them. The spherical harmonics are real parts of low orders.
"""
# ruff: noqa: E501 - a row of a table is a line

from collections.abc import Callable

import numpy as np

from tasks.base import FloatArray
from tasks.suite import Suite
from tasks.table import read_rows, tasks_of


def _of_scipy(name: str, *before: int, first: bool = False) -> Callable[[FloatArray], FloatArray]:
    """Return the function of X (n, 2) that scipy has under a name, with some arguments before x1; of several the first."""

    def function(X: FloatArray) -> FloatArray:
        # Here, since it takes longer to import than all tasks together.
        from scipy import special

        values = getattr(special, name)(*before, X[:, 0], X[:, 1])
        return np.asarray(values[0] if first else values, dtype=np.float64)

    return function


SOURCE = "Liu et al. 2024, KAN: Kolmogorov-Arnold networks (arXiv 2404.19756)"
ROWS = read_rows(
    """
name            | formula                                  | trained on               | outer box                | rows | more             | remarks
special-ellipj    | sn(x1, m = x2)                           | -1:1;0:1                 | -2:2;0:1                 | 1000 |                                | range ours: the paper prints none; m must stay in [0, 1]
special-ellipkinc | F(x1, m = x2)                            | -1:1;0:1                 | -1.5:1.5;-0.5:1          | 1000 | ladder=2                       | range ours: the paper prints none; m sin^2 < 1 needed
special-ellipeinc | E(x1, m = x2)                            | -1:1;0:1                 | -1.5:1.5;-0.5:1          | 1000 |                                | range ours: the paper prints none
special-jv        | J(order x1, x2)                          | 0:2;0:10                 | 0:4;0:20                 | 1000 |                                | range ours: the paper prints none; order and argument >= 0
special-yv        | Y(order x1, x2)                          | 0:2;1:10                 | 0:4;1:19                 | 1000 | ladder=3                       | range ours: the paper prints none; pole at x2 = 0: lower edge 1; Y_4(1) = -33 makes a corner
special-kv        | K(order x1, x2)                          | 0:2;1:4                  | 0:4;1:7                  | 1000 |                                | range ours: the paper prints none; pole at x2 = 0: lower edge 1
special-iv        | I(order x1, x2)                          | 0:2;0:4                  | 0:4;0:8                  | 1000 |                                | range ours: the paper prints none; grows as e^x2
special-lpmv-0    | P(degree x1, order 0, x2)                | 0:4;-0.9:0.9             | 0:6;-0.98:0.98           | 1000 | ladder=2                       | range ours: the paper prints none; abs(x2) < 1 needed, singular at -1 for non-integer degree
special-lpmv-1    | P(degree x1, order 1, x2)                | 0:4;-0.9:0.9             | 0:6;-0.95:0.95           | 1000 | ladder=3 family=special-lpmv-0 | range ours: the paper prints none; as lpmv-0, stronger singularity
special-lpmv-2    | P(degree x1, order 2, x2)                | 0:4;-0.8:0.8             | 0:6;-0.9:0.9             | 1000 | ladder=2.5 family=special-lpmv-0 | range ours: the paper prints none; as lpmv-0, stronger singularity
special-sph-0-1 | sqrt(3/(4*pi))*cos(x2)                   | 0:6.28318530718;0:3.14159265359 | -3.14159265359:9.42477796077;-1.57079632679:4.71238898038 | 1000 | family=xu-cos-1d | range ours; x1 azimuth, x2 polar angle; real part. Periodic: the doubled box repeats it
special-sph-1-1 | -sqrt(3/(8*pi))*sin(x2)*cos(x1)          | 0:6.28318530718;0:3.14159265359 | -3.14159265359:9.42477796077;-1.57079632679:4.71238898038 | 1000 | family=nguyen-10 | range ours; x1 azimuth, x2 polar angle; real part. Periodic: the doubled box repeats it
special-sph-0-2 | sqrt(5/(16*pi))*(3*cos(x2)**2 - 1)       | 0:6.28318530718;0:3.14159265359 | -3.14159265359:9.42477796077;-1.57079632679:4.71238898038 | 1000 |                  | range ours; x1 azimuth, x2 polar angle; real part. Periodic: the doubled box repeats it
special-sph-1-2 | -sqrt(15/(8*pi))*sin(x2)*cos(x2)*cos(x1) | 0:6.28318530718;0:3.14159265359 | -3.14159265359:9.42477796077;-1.57079632679:4.71238898038 | 1000 |                  | range ours; x1 azimuth, x2 polar angle; real part. Periodic: the doubled box repeats it
special-sph-2-2 | sqrt(15/(32*pi))*sin(x2)**2*cos(2*x1)    | 0:6.28318530718;0:3.14159265359 | -3.14159265359:9.42477796077;-1.57079632679:4.71238898038 | 1000 |                  | range ours; x1 azimuth, x2 polar angle; real part. Periodic: the doubled box repeats it
""",
    source=SOURCE,
    functions={
        "special-ellipj": _of_scipy("ellipj", first=True),
        "special-ellipkinc": _of_scipy("ellipkinc"),
        "special-ellipeinc": _of_scipy("ellipeinc"),
        "special-jv": _of_scipy("jv"),
        "special-yv": _of_scipy("yv"),
        "special-kv": _of_scipy("kv"),
        "special-iv": _of_scipy("iv"),
        "special-lpmv-0": _of_scipy("lpmv", 0),
        "special-lpmv-1": _of_scipy("lpmv", 1),
        "special-lpmv-2": _of_scipy("lpmv", 2),
    },
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(TASKS, name="kan-special", version=1, title="Special functions of two numbers", source=SOURCE)

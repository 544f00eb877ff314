"""Friedman's first function at the sizes of PMLB's fri_c0 sets, of which three quarters are trained on."""

from tasks.base import Task
from tasks.formula import formula_task
from tasks.widening import WideningBox

# Rows and variables of the sets; the first five variables count.
SIZES = ((1_000, 5), (1_000, 10), (500, 5), (500, 10), (100, 5))


def _friedman(rows: int, variables: int) -> Task:
    return formula_task(
        name=f"friedman-1-of-{rows}-by-{variables}",
        title=f"Friedman's first function, three quarters of {rows:,} rows of {variables} variables",
        formula="10*sin(pi*x1*x2) + 20*(x3 - 0.5)**2 + 10*x4 + 5*x5",
        source="Friedman 1991, Multivariate adaptive regression splines, Ann. Stat. 19; PMLB's sets fri_c0",
        # Only what is inside is compared: formulas that are found have roots and logarithms of what is 0 or more.
        domain=WideningBox.read(f"(0:1)^{variables}", f"(0:1.1)^{variables}"),
        ladder_end=2.0,
        n_train=rows * 3 // 4,
        set_shape=(1, variables),
        noise_std=1.0,
        tags=("control",),
        family="friedman-1",
    )


TASKS = tuple(_friedman(*size) for size in SIZES)

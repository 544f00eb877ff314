"""What the training rows at hand know of a task: their mean, their least-squares line, and the clamp to their box.

The references of a task are of its law, which nobody is told: with few rows a model cannot know them. These are made of
the very rows that a model gets at a seed. What a model is held against is one of these.

They stand on the task's card and not in each record: the rows are the task's, so that they are said once.
"""

import numpy as np

from benchmark.cell.dataset import Rows, population, training_rows
from benchmark.cell.metrics import rmse
from benchmark.cell.references import Function, best_line, clamped
from tasks.base import FloatArray, Task

# As many seeds as the suites have.
SEEDS = range(10)
# Errors are over the rows of the references where those are so few, else over so many fixed draws, an eighth: each seed
# asks for all of them. That moves an error by half a percent.
N_ROWS = 2**15
# In units of sd(y). What is smaller is how a processor rounds, and six digits of what is larger are not.
ROUNDING = 1e-7


def clamp_to(task: Task, rows: Rows) -> Function | None:
    """Return the truth at the nearest point of the box of the rows, None where the domain has no nearest points."""
    if task.domain.nearest_inside(rows.X[:1]) is None:
        return None
    low, high = rows.X.min(axis=0), rows.X.max(axis=0)

    def clamp(X: FloatArray) -> FloatArray:
        # The box of rows that lie in a ball reaches out of it, to where the function may not be defined.
        inside = task.domain.nearest_inside(np.clip(X, low, high))
        assert inside is not None
        return clamped(task, inside, rows.X[0])

    return clamp


def samples(task: Task, *, inside: Rows, outside: Rows, sd: float) -> list[dict[str, object]]:
    """Return for each of the seeds the errors (inside, outside) of what its training rows know, as plain values.

    `inside` and `outside` are the rows of the task's references, and `sd` that of y on the training law. The errors
    have six significant digits.
    """
    regions = [
        rows if len(rows.y) <= N_ROWS else population(task, inner=inner, outer=outer, n=N_ROWS, listed=False)
        for rows, inner, outer in ((inside, 0.0, 1.0), (outside, 1.0, task.reach))
    ]

    def errors(function: Function) -> list[float]:
        found = (rmse(function(rows.X), rows.y) for rows in regions)
        return [float(f"{error:.6g}") if error > ROUNDING * sd else 0.0 for error in found]

    def sample(seed: int) -> dict[str, object]:
        rows = training_rows(task, seed)
        mean, clamp = float(rows.y.mean()), clamp_to(task, rows)
        return {
            "seed": seed,
            "constant": errors(lambda X: np.full(len(X), mean)),
            "line": errors(best_line(rows)),
            "clamp": errors(clamp) if clamp else None,
        }

    return [sample(seed) for seed in SEEDS]

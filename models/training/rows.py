"""The training rows of every step, gathered for many steps at once: one large copy, not many small ones."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.training.job import Job
from models.training.scaling import batches

Array = NDArray[Any]

_BYTES_AT_ONCE = 2**23


def gathered(job: Job) -> Iterator[tuple[int, Array, Array]]:
    """Yield the first step, its inputs (steps, seeds, batch, n_features) and targets (steps, seeds, batch).

    They are in the recipe's floating-point type, and the caller's to overwrite.
    """
    numpy_type = np.dtype(job.recipe.dtype)
    orders = [batches(job.recipe, job.n_rows, seed) for seed in job.seeds]
    with np.errstate(over="ignore"):  # what overflows here diverges at the step that reads it
        all_inputs = [X.astype(numpy_type) for X in job.inputs]
        all_targets = [y.astype(numpy_type) for y in job.targets]
    n_seeds, n_features = len(orders), all_inputs[0].shape[1]
    n_at_once = max(1, _BYTES_AT_ONCE // (n_seeds * job.batch_size * n_features * numpy_type.itemsize))
    for start in range(0, job.recipe.steps, n_at_once):
        n_steps = min(n_at_once, job.recipe.steps - start)
        inputs = np.empty((n_steps, n_seeds, job.batch_size, n_features), dtype=numpy_type)
        targets = np.empty((n_steps, n_seeds, job.batch_size), dtype=numpy_type)
        for seed, order in enumerate(orders):
            rows = order[start : start + n_steps]
            inputs[:, seed] = all_inputs[seed][rows]
            targets[:, seed] = all_targets[seed][rows]
        yield start, inputs, targets

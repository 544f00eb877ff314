"""The card of a task: all that a reader of records needs of it, made from the task alone.

The errors of references are population values: exact where the domain can be listed, else over 2^18 fixed draws. The sd
of y, the mean and the line are those of the training law, and the errors those of the regions that are scored.
"""

from itertools import pairwise

from benchmark.cell.dataset import noise_std, population
from benchmark.cell.metrics import rmse
from benchmark.cell.references import N_SLICE, measured_quantities, references, rounded
from benchmark.cell.samples import samples
from benchmark.cell.soundness import check_sound
from tasks.base import Task


def description(task: Task) -> dict[str, object]:
    """Return what the card of a task says of it in words and sizes, as plain values."""
    return {
        "task": task.name,
        "version": task.version,
        "title": task.title,
        "formula": task.formula,
        "source": task.source,
        "tags": list(task.tags),
        "family": task.family,
        "n_train": task.n_train,
        "n_test": task.n_test,
        "set_shape": list(task.set_shape),
        "noise_std": noise_std(task),
        "training_range": task.domain.describe(inner=0.0, outer=1.0),
        "extrapolation_range": task.domain.describe(inner=1.0, outer=task.reach),
        "ladder": list(task.ladder),
        "horizon_unit": task.horizon_unit,
        "quantities": [{"error": q.error, "estimate": q.estimate, "title": q.title} for q in task.quantities],
    }


def task_card(task: Task) -> dict[str, object]:
    """Return all that a reader of records may want of a task, as plain values.

    Raises:
        ValueError: the task's function is constant or not finite, or a few rows make its score; see
            `benchmark.cell.soundness`.
    """
    # The training law, and the inside that is scored: they are one.
    train = population(task, inner=0.0, outer=1.0)
    sd = float(train.y.std())
    outside = population(task, inner=1.0, outer=task.reach)
    check_sound(task, inside=train, outside=outside)
    # A shell needs no more than a fair estimate: it only places the references on the ladder.
    shells = [population(task, inner=a, outer=b, n=2**14) for a, b in pairwise(task.ladder)]
    line = task.domain.slice(N_SLICE, outer=task.ladder_end)
    return description(task) | {
        "target_sd": sd,
        "references": [
            {
                "name": reference,
                "title": title,
                "interpolation_rmse": rmse(function(train.X), train.y),
                "extrapolation_rmse": rmse(function(outside.X), outside.y),
                "shell_rmse": [rmse(function(shell.X), shell.y) for shell in shells],
                "quantities": measured_quantities(task, function, train.X),
                "slice": rounded(function(line.X)),
            }
            for reference, (title, function) in references(task, train).items()
        ],
        "samples": samples(task, inside=train, outside=outside, sd=sd),
        "slice": {
            "label": line.label,
            "position": rounded(line.position),
            "inside": list(line.inside),
        },
    }

"""The plain training loop: one seed after another, ordinary autograd. Slow, simple, the reference."""

from collections.abc import Callable, Mapping
from functools import partial

import torch
from torch import nn

from models.base import FloatArray
from models.training.engines.full_batch import train_one
from models.training.engines.probe import probe
from models.training.fresh import initial_modules
from models.training.job import Job, Trained, one_thread, outputs, seeded
from models.training.phases import Constrained, loss_of, progress_of
from models.training.scaling import batches
from models.training.weights import RMSPROP

_OPTIMIZERS: Mapping[str, Callable[..., torch.optim.Optimizer]] = {
    "adam": torch.optim.Adam,
    "rmsprop": partial(torch.optim.RMSprop, alpha=RMSPROP["alpha"], eps=RMSPROP["eps"]),
}


def _train_one(job: Job, module: nn.Module, seed: int, X: FloatArray, y: FloatArray) -> Trained:
    recipe = job.recipe
    x_rows, y_rows = torch.tensor(X, dtype=job.dtype), torch.tensor(y, dtype=job.dtype)
    optimizer = _OPTIMIZERS[recipe.optimizer](module.parameters(), lr=recipe.learning_rate)
    order = torch.from_numpy(batches(recipe, len(X), seed))
    progress = progress_of(job)
    for step, (rows, rate) in enumerate(zip(order, recipe.learning_rates(), strict=True)):
        optimizer.param_groups[0]["lr"] = float(rate)
        optimizer.zero_grad()
        error = (outputs(module(x_rows[rows]), len(rows)) - y_rows[rows]).square().mean()
        loss = loss_of(module, error, progress[step])
        if not torch.isfinite(loss):
            return Trained(module, "loop", step, seed=seed)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if isinstance(module, Constrained):
            with torch.no_grad():
                module.constrain(progress[step])
    return Trained(module.eval(), "loop", None, seed=seed)


def train(job: Job) -> list[Trained]:
    """Train one module a seed, each as if it were alone.

    Raises:
        WrongNetwork: the network cannot be trained by its seed and rows alone.
    """
    modules = initial_modules(job)
    probe(job)
    trained = []
    rows = zip(modules, job.seeds, job.inputs, job.targets, strict=True)
    with one_thread():
        for module, seed, X, y in rows:
            # Dropout and the like draw from the global streams: they, too, are a function of the seed alone.
            with seeded(seed):
                train_by = train_one if job.recipe.optimizer == "lbfgs" else _train_one
                trained.append(train_by(job, module, seed, X, y))
    return trained

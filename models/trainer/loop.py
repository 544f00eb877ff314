"""The plain training loop: one seed after another, ordinary autograd. Slow, simple, the reference."""

from collections.abc import Callable, Mapping
from functools import partial

import torch

from models.base import FloatArray
from models.trainer.trained import Job, Trained, initial_module, one_thread
from models.trainer.weights import RMSPROP
from models.training import batches

_OPTIMIZERS: Mapping[str, Callable[..., torch.optim.Optimizer]] = {
    "adam": torch.optim.Adam,
    "rmsprop": partial(torch.optim.RMSprop, alpha=RMSPROP["alpha"], eps=RMSPROP["eps"]),
}


def _train_one(job: Job, seed: int, X: FloatArray, y: FloatArray) -> Trained:
    recipe = job.recipe
    module = initial_module(job, seed)
    # Dropout and the like draw from the global stream: it, too, is a function of the seed alone.
    torch.manual_seed(seed)
    x_rows, y_rows = torch.tensor(X, dtype=job.dtype), torch.tensor(y, dtype=job.dtype)
    optimizer = _OPTIMIZERS[recipe.optimizer](module.parameters(), lr=recipe.learning_rate)
    order = torch.from_numpy(batches(recipe, len(X), seed))
    for step, (rows, rate) in enumerate(zip(order, recipe.learning_rates(), strict=True)):
        optimizer.param_groups[0]["lr"] = float(rate)
        optimizer.zero_grad()
        loss = (module(x_rows[rows]).reshape(-1) - y_rows[rows]).square().mean()
        if not torch.isfinite(loss):
            return Trained(module, "loop", step)
        loss.backward()
        optimizer.step()
    return Trained(module.eval(), "loop", None)


def train(job: Job) -> list[Trained]:
    """Train one module a seed, each as if it were alone."""
    rows = zip(job.seeds, job.inputs, job.targets, strict=True)
    with one_thread(), torch.random.fork_rng(devices=[]):
        return [_train_one(job, seed, X, y) for seed, X, y in rows]

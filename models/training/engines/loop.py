"""The plain training loop: one seed after another, ordinary autograd. Slow, simple, the reference."""

from collections.abc import Callable, Mapping
from functools import partial

import torch
from torch import nn

from models.base import FloatArray
from models.training.engines import full_batch, levenberg_marquardt
from models.training.engines.probe import probe
from models.training.engines.watch import Watch, watch_of
from models.training.fresh import initial_modules
from models.training.job import Job, Trained, one_thread, outputs, seeded
from models.training.losses import loss_function
from models.training.phases import Constrained, loss_of, progress_of
from models.training.recipe import Recipe
from models.training.scaling import batches
from models.training.weights import RMSPROP

_OPTIMIZERS: Mapping[str, Callable[..., torch.optim.Optimizer]] = {
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "sgd": torch.optim.SGD,
    "rmsprop": partial(torch.optim.RMSprop, alpha=RMSPROP["alpha"], eps=RMSPROP["eps"]),
}


def _optimizer(recipe: Recipe, module: nn.Module) -> torch.optim.Optimizer:
    momentum = {"momentum": recipe.momentum} if recipe.optimizer == "sgd" else {}
    options = {"lr": recipe.learning_rate, "weight_decay": recipe.weight_decay, **momentum}
    return _OPTIMIZERS[recipe.optimizer](module.parameters(), **options)


def _train_one(job: Job, module: nn.Module, seed: int, X: FloatArray, y: FloatArray, watch: Watch | None) -> Trained:
    recipe = job.recipe
    x_rows, y_rows = torch.tensor(X, dtype=job.dtype), torch.tensor(y, dtype=job.dtype)
    optimizer = _optimizer(recipe, module)
    error_of = loss_function(recipe)
    order = torch.from_numpy(batches(recipe, len(X), seed))
    progress = progress_of(job)
    for step, (rows, rate) in enumerate(zip(order, recipe.rates(), strict=True)):
        optimizer.param_groups[0]["lr"] = float(rate)
        optimizer.zero_grad()
        error = error_of(outputs(module(x_rows[rows]), len(rows)), y_rows[rows])
        loss = loss_of(module, error, progress[step])
        if not torch.isfinite(loss):
            if watch is not None:
                watch.ends(step, [loss.item()], lambda _: module)
            return Trained(module, "loop", step, seed=seed)
        loss.backward()  # type: ignore[no-untyped-call]
        if recipe.clip_norm is not None:
            nn.utils.clip_grad_norm_(module.parameters(), recipe.clip_norm)
        optimizer.step()
        if isinstance(module, Constrained):
            with torch.no_grad():
                module.constrain(progress[step])
        if watch is not None and watch.ends(step, [loss.item()], lambda _: module):
            break
    return Trained(module.eval(), "loop", None, seed=seed)


_TRAIN_BY = {"lbfgs": full_batch.train_one, "levenberg-marquardt": levenberg_marquardt.train_one}


def train(job: Job) -> list[Trained]:
    """Train one module a seed, each as if it were alone.

    Raises:
        WrongNetwork: the network cannot be trained by its seed and rows alone.
    """
    modules = initial_modules(job)
    probe(job)
    trained = []
    with one_thread():
        for position, (module, seed) in enumerate(zip(modules, job.seeds, strict=True)):
            watch = watch_of(job.at([position]))
            X, y = job.inputs[position], job.targets[position]
            # Dropout and the like draw from the global streams: they, too, are a function of the seed alone.
            with seeded(seed):
                found = _TRAIN_BY.get(job.recipe.optimizer, _train_one)(job, module, seed, X, y, watch)
            trained += [found] if watch is None else watch.results([found])
    return trained

"""Calls fresh modules to see what calling does: a record of one call serves only where calls change nothing unseen."""

import pickle
import random
from collections.abc import Iterator
from typing import NoReturn

import numpy as np
import torch
from torch import nn

from models.training.allowed import name_of
from models.training.fresh import initial_module
from models.training.job import Job, WrongNetwork, one_thread, outputs, seeded
from models.training.losses import loss_function
from models.training.phases import Constrained, loss_of, progress_of
from models.training.scaling import batches
from models.training.state import BUFFER, PARAMETER, Snapshot, bits, difference, snapshot, unseen

_CALLS = 3


def probe(job: Job) -> str | None:
    """Return why a record of one call would not be true of every call; None where it is, as far as calls can show.

    The modules are of the first seed and made for this: those that are trained start untouched. A buffer that
    changes is no reason: a record may hold that, and whether it does is seen by its result.

    Raises:
        WrongNetwork: the outputs do not fit, or the training would depend on more than the seed and the rows.
    """
    seed = job.seeds[0]
    with one_thread():
        bystander, called, again = (initial_module(job, seed) for _ in range(3))
        others, before = _snapshot(job, bystander), _snapshot(job, called)
        with seeded(seed):
            streams = _streams()
            said = list(_said(job, called))
            drew = _streams() != streams
        shared = difference(others, _snapshot(job, bystander))
        if shared is not None:
            _refuse(
                job,
                f"a call changes {shared}, which the modules of all seeds share; keep what changes in the module "
                "itself, made anew at every call of the factory",
            )
        with seeded(seed):
            if list(_said(job, again)) != said:
                _refuse(
                    job,
                    "two modules of one seed give different outputs for the same rows; draw from the global random "
                    "streams of torch, numpy or Python, which are set to the seed",
                )
        if drew:
            return "it draws from the random stream of numpy or Python"
        after = _snapshot(job, called)
        own = difference(before, after, ignored=[BUFFER]) or _changed_by_constraint(job, called, after)
        return unseen(before) if own is None else f"{own} changes with its calls"


def _refuse(job: Job, what: str) -> NoReturn:
    raise WrongNetwork(f"the network of {name_of(job.factory)!r} cannot be trained by its seed alone: {what}")


def _snapshot(job: Job, module: nn.Module) -> Snapshot:
    """Return what the module holds, and the loss too where it is an author's."""
    return snapshot(module) if isinstance(job.recipe.loss, str) else snapshot(module, loss=job.recipe.loss)


def _streams() -> tuple[object, ...]:
    """Return the states of the global streams that are not torch's."""
    of_numpy = np.random.get_state(legacy=False)  # noqa: NPY002 - what authors may draw from
    return pickle.dumps(of_numpy), random.getstate()


def _changed_by_constraint(job: Job, module: nn.Module, before: Snapshot) -> str | None:
    """Return what else than weights and buffers the module's constraint changes; None where there is nothing."""
    if not isinstance(module, Constrained):
        return None
    with torch.no_grad(), seeded(job.seeds[0]):
        for progress in progress_of(job)[:_CALLS]:
            module.constrain(progress)
    return difference(before, _snapshot(job, module), ignored=[BUFFER, PARAMETER])


def _said(job: Job, module: nn.Module) -> Iterator[object]:
    """Yield the bits of the outputs of the first steps, each taken backwards as well."""
    trainable = [parameter for parameter in module.parameters() if parameter.requires_grad]
    error = loss_function(job.recipe)
    with torch.enable_grad():
        chosen = batches(job.recipe, job.n_rows, job.seeds[0])[:_CALLS]
        for rows, progress in zip(chosen, progress_of(job), strict=False):
            x = torch.tensor(job.inputs[0][rows], dtype=job.dtype)
            output = outputs(module(x), len(rows))
            if not output.requires_grad:
                raise WrongNetwork(
                    f"the output of {name_of(job.factory)!r} depends on no weight: nothing can be trained"
                )
            target = torch.tensor(job.targets[0][rows], dtype=job.dtype)
            loss = loss_of(module, error(output, target), progress)
            torch.autograd.grad(loss, trainable, allow_unused=True)
            yield bits(output), bits(loss)

"""What a recipe asks for between two steps: a call of the author's function, and a look at the rows held back.

Both read the training and change nothing of it; a training that asks for neither has no `Watch`.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from math import inf, isfinite
from types import MappingProxyType

import torch
from torch import Tensor, nn

from models.base import FloatArray
from models.training.allowed import name_of
from models.training.job import Job, Trained, WrongNetwork, outputs, seeded
from models.training.losses import loss_function
from models.training.validation import Stopped, look_every, patience


class CallbackError(RuntimeError):
    """Raised where the function that a recipe calls after every step raises, with its step and what it said."""


@dataclass
class _Looks:
    """What has been seen of one seed: its best look so far, the weights at it, and where its training ended."""

    rows: tuple[Tensor, Tensor]
    best_step: int = 0
    loss: float = inf
    best: nn.Module | None = None
    ended_at: int | None = None


class Watch:
    """Watches the training of all seeds of a job: `over` says that no seed has anything to gain from another step."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._loss = loss_function(job.recipe)
        self._every, self._patience = look_every(job.recipe.steps), patience(job.recipe.steps)
        self._training = [True] * len(job.seeds)
        self._looks = [_Looks(self._rows(*rows)) for rows in job.held_back or ()]

    @property
    def over(self) -> bool:
        """Whether every seed has diverged or stopped."""
        return not any(self._training)

    def ends(self, step: int, losses: Sequence[float], module_of: Callable[[int], nn.Module]) -> bool:
        """Note that step number `step`, from 0 on, has been taken, with these losses; return whether it is the last.

        `module_of` returns a seed's module with its weights of this moment, by the seed's position.

        Raises:
            CallbackError: the recipe's callback raised.
            WrongNetwork: the module cannot be copied, which looking needs.
        """
        taken = [position for position, is_training in enumerate(self._training) if is_training]
        if self._job.recipe.callback is not None:
            self._call_back(step, {self._job.seeds[position]: losses[position] for position in taken})
        for position in taken:
            if not isfinite(losses[position]):
                self._end(position, step)
            elif self._looks and ((step + 1) % self._every == 0 or step + 1 == self._job.recipe.steps):
                self._look(position, step + 1, module_of(position))
        return self.over

    def cut(self, count: int, module_of: Callable[[int], nn.Module]) -> None:
        """Note that the training of every seed ends by itself after so many steps, with a last look."""
        for position, is_training in enumerate(self._training):
            if is_training and self._looks:
                self._look(position, count, module_of(position))
            if is_training:
                self._end(position, count)

    def best(self) -> Iterator[tuple[int, nn.Module]]:
        """Yield the positions of the seeds whose best look is known, each with its module at that look."""
        for position, looks in enumerate(self._looks):
            if looks.best is not None:
                yield position, looks.best

    def results(self, trained: Sequence[Trained]) -> list[Trained]:
        """Return what was trained, with the weights of each seed's best look where there were looks."""
        if not self._looks:
            return list(trained)
        return [self._result(each, looks) for each, looks in zip(trained, self._looks, strict=True)]

    def _result(self, trained: Trained, looks: _Looks) -> Trained:
        ended_at = self._job.recipe.steps if looks.ended_at is None else looks.ended_at
        if looks.best is None:
            return replace(trained, stopped=Stopped(ended_at, ended_at, inf))
        stopped = Stopped(looks.best_step, ended_at, looks.loss)
        return replace(trained, module=looks.best.eval(), diverged_at=None, stopped=stopped)

    def _rows(self, X: FloatArray, y: FloatArray) -> tuple[Tensor, Tensor]:
        return torch.tensor(X, dtype=self._job.dtype), torch.tensor(y, dtype=self._job.dtype)

    def _call_back(self, step: int, losses: dict[int, float]) -> None:
        callback = self._job.recipe.callback
        assert callback is not None
        try:
            # What it draws must not be missing to the network.
            with seeded(step):
                callback(step, MappingProxyType(losses))
        except Exception as error:
            what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            raise CallbackError(f"the callback {name_of(callback)!r} raised at step {step:,}: {what}") from error

    def _end(self, position: int, at: int) -> None:
        self._training[position] = False
        if self._looks:
            self._looks[position].ended_at = at

    def _look(self, position: int, count: int, module: nn.Module) -> None:
        """Look at the rows held back after so many steps."""
        looks = self._looks[position]
        x, y = looks.rows
        with torch.no_grad(), seeded(self._job.seeds[position]):
            # A call may change the module, and x.
            said = outputs(_copied(module).eval()(x.clone()), len(y))
            loss = float(self._loss(said, y))
        if loss < looks.loss:
            looks.best_step, looks.loss, looks.best = count, loss, _copied(module)
        elif count - looks.best_step >= self._patience:
            if looks.best is None:
                # No look was finite: its weights are those of this moment, however long others train.
                looks.best_step, looks.best = count, _copied(module)
            self._end(position, count)


def watch_of(job: Job) -> Watch | None:
    """Return what watches the training of a job; None where its recipe asks for nothing between two steps."""
    return None if job.recipe.callback is None and job.held_back is None else Watch(job)


def _copied(module: nn.Module) -> nn.Module:
    try:
        return deepcopy(module)
    except Exception as error:
        raise WrongNetwork(
            f"early stopping keeps a copy of the module, and this {type(module).__name__} cannot be copied: {error}; "
            "leave early_stopping out"
        ) from error

"""How a network is trained: the recipe, each field checked where it is made. Imports no torch."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from functools import partial
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Literal, Self, get_args, get_origin

import numpy as np

from models.base import FloatArray, Problem

if TYPE_CHECKING:
    from torch import nn

Factory = Callable[[Problem], "nn.Module"]

# What other libraries call these fields, and where the name alone does not say it, what to write.
_ALIASES = {
    **dict.fromkeys(("lr", "eta", "rate", "learning_rate_init", "lr0"), "learning_rate"),
    **dict.fromkeys(("epochs", "n_epochs", "num_epochs", "max_epochs"), "steps"),
    **dict.fromkeys(("max_iter", "iterations", "n_iter", "n_steps", "num_steps", "max_steps"), "steps"),
    **dict.fromkeys(("batch", "bs", "minibatch", "n_batch"), "batch_size"),
    **dict.fromkeys(("optim", "opt", "optimiser", "solver"), "optimizer"),
    **dict.fromkeys(("scheduler", "lr_schedule", "lr_scheduler", "decay"), "schedule"),
    **dict.fromkeys(("precision", "float", "type"), "dtype"),
    **dict.fromkeys(("validation_split", "validation_fraction", "validation_size", "val_split"), "validation"),
    **dict.fromkeys(("early_stopping", "holdout", "patience"), "validation"),
}
# After hundreds of steps two processors differ in a network of ReLU as two seeds do: docs/stamps.md.
_BRIEF_STEPS = 30


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a network is trained: by default Adam on the mean squared error of standardised targets.

    The learning rate goes from `learning_rate` to 0 along half a cosine over `steps` steps. Each
    epoch is a fresh permutation of the training rows cut into batches of `batch_size`; a remainder
    that fills no batch is left out of that epoch. With `share_scaling` all elements of a set are
    standardised by one mean and one sd per element feature, otherwise each column by its own; with
    `divisors` nothing is standardised, and X and y are divided by these two numbers instead.

    With `validation`, a share of the training rows, a network whose rows are few or noisy chooses its steps among
    `steps`, a third, a tenth and a thirtieth of them, by its error on that share held back, and then trains on all
    rows: `models.training.validation` has the rule. None and 0 are no choice.

    `rmsprop` is Tieleman and Hinton (2012), "Lecture 6.5", with Keras's settings: rho 0.9, epsilon 1e-7. `lbfgs` is
    Liu and Nocedal (1989), "On the limited memory BFGS method", with a search along each line for the strong Wolfe
    conditions: a step sees all rows, and there is no batch, no learning rate and no schedule.

    `engine` is chosen by itself (see `models.training.engines.choice`); naming one is for comparing them.

    Raises:
        ValueError: a field holds what is not allowed.
    """

    steps: int = 4_000
    batch_size: int = 128
    learning_rate: float = 1e-2
    schedule: Literal["cosine", "constant"] = "cosine"
    optimizer: Literal["adam", "rmsprop", "lbfgs"] = "adam"
    dtype: Literal["float32", "float64"] = "float32"
    share_scaling: bool = False
    divisors: tuple[float, float] | None = None
    validation: float | None = None
    engine: Literal["auto", "stack", "traced", "loop"] = "auto"

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if get_origin(field.type) is Literal:
                _require_one_of(field.name, value, get_args(field.type))
        plain = {
            "steps": _whole("steps", self.steps),
            "batch_size": _whole("batch_size", self.batch_size),
            "learning_rate": _positive("learning_rate", self.learning_rate),
            "share_scaling": _switch("share_scaling", self.share_scaling),
            "divisors": None if self.divisors is None else _two_positive("divisors", self.divisors),
            "validation": _share("validation", self.validation),
        }
        # Numbers of numpy become Python's, so that a record shows them as such.
        for name, number in plain.items():
            object.__setattr__(self, name, number)

    def quick(self) -> Self:
        """Return the recipe with a tenth of the steps, for trying things out."""
        return replace(self, steps=max(1, self.steps // 10))

    def brief(self) -> Self:
        """Return the recipe with so few steps that the rounding of another processor is not yet amplified.

        Nothing is chosen: a choice could fall otherwise there.
        """
        return replace(self, steps=min(self.steps, _BRIEF_STEPS), validation=None)

    def learning_rates(self) -> FloatArray:
        """Return the learning rate of each step (steps,)."""
        if self.schedule == "constant":
            return np.full(self.steps, self.learning_rate)
        rates: FloatArray = self.learning_rate / 2 * (1 + np.cos(np.pi * np.arange(self.steps) / self.steps))
        return rates


def recipe_of(given: dict[str, Any]) -> Recipe:
    """Return the recipe that the options of `network` ask for.

    Raises:
        TypeError: there is no such option; the nearest one is named.
        ValueError: an option holds what is not allowed.
    """
    known = [field.name for field in fields(Recipe)]
    for name in given:
        if name not in known:
            near = [_ALIASES[name.lower()]] if name.lower() in _ALIASES else get_close_matches(name, known, 1)
            hint = f"Did you mean {near[0]!r}? " if near else ""
            if "epoch" in name.lower():
                hint += "An epoch is n_train // batch_size steps. "
            raise TypeError(f"network() has no option {name!r}. {hint}Known: {', '.join(known)}")
    return Recipe(**given)


def _require_one_of(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if isinstance(value, str) and value in allowed:
        return
    near = get_close_matches(value.lower(), allowed, 1, cutoff=0.5) if isinstance(value, str) else []
    hint = f". Did you mean {near[0]!r}?" if near else ""
    names = [repr(each) for each in allowed]
    raise ValueError(f"{name} must be {', '.join(names[:-1])} or {names[-1]}, got {value!r}{hint}")


def _whole(name: str, value: object) -> int:
    # True is a number to Python, and a mistake to everybody else.
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, got {value!r}")
    return int(value)


def _is_positive(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, Real) and 0 < float(value) < np.inf


def _positive(name: str, value: float) -> float:
    if not _is_positive(value):
        raise ValueError(f"{name} must be a finite number greater than 0, got {value!r}")
    return float(value)


def _switch(name: str, value: object) -> bool:
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be True or False, got {value!r}")
    return bool(value)


def _two_positive(name: str, value: object) -> tuple[float, float]:
    if not isinstance(value, tuple | list) or len(value) != 2 or not all(_is_positive(each) for each in value):
        raise ValueError(f"{name} must be two finite numbers greater than 0, one for X and one for y, got {value!r}")
    return float(value[0]), float(value[1])


def _share(name: str, value: object) -> float | None:
    """Return a share above 0; None for none."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= float(value) < 1:
        raise ValueError(f"{name} must be None or a share of the training rows, from 0 to below 1, got {value!r}")
    return float(value) or None


def name_of(factory: object) -> str:
    """Return what a factory is called: the record's settings and errors show it."""
    while isinstance(factory, partial):
        factory = factory.func
    return str(getattr(factory, "__name__", type(factory).__name__))

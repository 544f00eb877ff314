"""How a network is trained: the recipe, each field checked where it is made. Imports no torch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal, Self, get_args, get_origin

import numpy as np

from models.base import FloatArray, Problem
from models.training import allowed

if TYPE_CHECKING:
    from torch import Tensor, nn

Factory = Callable[[Problem], "nn.Module"]
Loss = Callable[["Tensor", "Tensor"], "Tensor"]
"""Predictions (batch,) and targets (batch,), both standardised, to a tensor ()."""
Callback = Callable[[int, Mapping[int, float]], object]
"""The number of a step, from 0 on, and the loss of each seed that took it, by the seed."""

LOSSES = ("mse", "mae", "huber")
# What torch's SGD is mostly used with, and Keras's and scikit-learn's own.
_MOMENTUM = 0.9

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
    **dict.fromkeys(("holdout", "test_size", "valid_size"), "validation"),
    **dict.fromkeys(("patience", "n_iter_no_change", "early_stop", "restore_best_weights"), "early_stopping"),
    **dict.fromkeys(("criterion", "loss_fn", "loss_function", "objective"), "loss"),
    **dict.fromkeys(("l2", "alpha", "l2_penalty", "reg_lambda", "wd", "l2_regularization"), "weight_decay"),
    **dict.fromkeys(("beta", "beta_1", "nesterovs_momentum", "mu"), "momentum"),
    **dict.fromkeys(("clipnorm", "max_norm", "max_grad_norm", "grad_clip", "gradient_clip_val"), "clip_norm"),
    **dict.fromkeys(("global_clipnorm", "clip", "clip_grad", "gradient_clipping", "clipvalue"), "clip_norm"),
    **dict.fromkeys(("lrs", "rates", "lr_grid", "lr_find", "auto_lr_find"), "learning_rates"),
    **dict.fromkeys(("callbacks", "on_step", "hook", "on_step_end", "verbose", "logger"), "callback"),
    **dict.fromkeys(("split", "validation_strategy", "split_by"), "validation_rows"),
}
# Of these torch's or our own code takes all rows at once: there is no batch, and no rate.
FULL_BATCH = ("lbfgs", "levenberg-marquardt")
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

    `loss` is of standardised targets: "mse"; "mae", the mean absolute error; "huber" of Huber (1964), "Robust
    estimation of a location parameter", as torch has it, half the square up to a residual of delta 1 and linear beyond;
    or a function of predictions (batch,) and targets (batch,) that returns a tensor (). Such a function is called under
    `torch.func.vmap` where it can be, and must keep no memory of its calls.

    `optimizer` is by torch's conventions and defaults, "rmsprop" excepted. "adam" is Kingma and Ba (2015), "adamw"
    Loshchilov and Hutter (2019), "Decoupled weight decay regularization". "sgd" is v <- `momentum` v + g and
    w <- w - rate v, without dampening and without Nesterov's step; its `momentum` is 0.9 unless another is given.
    "rmsprop" is Tieleman and Hinton (2012), "Lecture 6.5", with Keras's settings: rho 0.9, epsilon 1e-7.
    `weight_decay` d adds d w to the gradient; with "adamw" it takes rate d w from each weight instead.
    `clip_norm` c multiplies all gradients of a seed by min(1, c / (norm + 1e-6)), where the norm is the Euclidean one
    of that seed's gradients together: Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent
    neural networks". It comes before the decay.

    Two optimisers see all rows in each step, and have no batch, no learning rate and no schedule. "lbfgs" is Liu and
    Nocedal (1989), "On the limited memory BFGS method", with a search along each line for the strong Wolfe conditions.
    "levenberg-marquardt" is for small problems: `models.training.engines.levenberg_marquardt` has the formula.

    `validation`, a share of the training rows, is held back, and `validation_rows` says which: "random" ones, drawn by
    the seed, or those at the "edge", whose largest distance of an input from its mean, in units of its sd, is largest.
    What is then done with them:

    - by itself: a network whose rows are few or noisy chooses its steps among `steps`, a third, a tenth and a thirtieth
      of them, and then trains on all rows: `models.training.validation` has the rule;
    - `early_stopping`: one training on the other rows; the loss on those held back is looked at after each hundredth
      of the steps, the weights of the best look are restored, and a fifth of the steps without a better one ends it;
    - `learning_rates`: one training on the other rows for each of these rates; that of the least loss on those held
      back becomes the `learning_rate`, with which all goes on as if it had been given, with its choice of steps or with
      its early stopping.

    Where fewer than 10 rows would be held back, all are trained on for all steps, with the first of the rates. None and
    0 hold none back.

    `callback` is called after every step with its number, from 0 on, and a read-only mapping of each seed that took
    it to its loss in that step. Seeds are trained in groups, each from step 0 on; a training begins again where an
    engine finds that it cannot do the network; a trial on a part of the rows calls nothing.

    `engine` is chosen by itself (see `models.training.engines.choice`); naming one is for comparing them.

    Raises:
        ValueError: a field holds what is not allowed, or fields do not go together.
    """

    steps: int = 4_000
    batch_size: int = 128
    learning_rate: float = 1e-2
    learning_rates: tuple[float, ...] | None = None
    schedule: Literal["cosine", "constant"] = "cosine"
    loss: str | Loss = "mse"
    optimizer: Literal["adam", "adamw", "sgd", "rmsprop", "lbfgs", "levenberg-marquardt"] = "adam"
    momentum: float | None = None
    weight_decay: float = 0.0
    clip_norm: float | None = None
    dtype: Literal["float32", "float64"] = "float32"
    share_scaling: bool = False
    divisors: tuple[float, float] | None = None
    validation: float | None = None
    validation_rows: Literal["random", "edge"] = "random"
    early_stopping: bool = False
    callback: Callback | None = None
    engine: Literal["auto", "stack", "traced", "loop"] = "auto"

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if get_origin(field.type) is Literal:
                allowed.require_one_of(field.name, value, get_args(field.type))
        allowed.one_of_or_function("loss", self.loss, LOSSES, ("predictions", "targets"))
        if self.callback is not None:
            allowed.require_callable("callback", self.callback, ("step", "losses"))
        plain = {
            "steps": allowed.whole("steps", self.steps),
            "batch_size": allowed.whole("batch_size", self.batch_size),
            "learning_rate": allowed.positive("learning_rate", self.learning_rate),
            "learning_rates": allowed.several_positive("learning_rates", self.learning_rates),
            "momentum": allowed.below_one_or_none("momentum", self.momentum),
            "weight_decay": allowed.at_least_zero("weight_decay", self.weight_decay),
            "clip_norm": allowed.positive_or_none("clip_norm", self.clip_norm),
            "share_scaling": allowed.switch("share_scaling", self.share_scaling),
            "divisors": allowed.two_positive("divisors", self.divisors),
            "validation": allowed.share("validation", self.validation),
            "early_stopping": allowed.switch("early_stopping", self.early_stopping),
        }
        # Numbers of numpy become Python's, so that a record shows them as such.
        for name, number in plain.items():
            object.__setattr__(self, name, number)
        _require_together(self)
        if self.optimizer == "sgd" and self.momentum is None:
            object.__setattr__(self, "momentum", _MOMENTUM)

    def quick(self) -> Self:
        """Return the recipe with a tenth of the steps, for trying things out."""
        return replace(self, steps=max(1, self.steps // 10))

    def brief(self) -> Self:
        """Return the recipe with so few steps that the rounding of another processor is not yet amplified.

        Nothing is chosen: a choice could fall otherwise there.
        """
        rate = self.learning_rates[0] if self.learning_rates else self.learning_rate
        unchosen = self.at_rate(rate).without_choice(min(self.steps, _BRIEF_STEPS))
        return replace(unchosen, callback=None)

    def without_choice(self, steps: int) -> Self:
        """Return the recipe of so many steps on all rows that are given, of which none is held back."""
        return replace(self, steps=steps, validation=None, validation_rows="random", early_stopping=False)

    def at_rate(self, rate: float) -> Self:
        """Return the recipe with this learning rate, and no other to choose from."""
        return replace(self, learning_rate=rate, learning_rates=None)

    def rates(self) -> FloatArray:
        """Return the learning rate of each step (steps,)."""
        if self.schedule == "constant":
            return np.full(self.steps, self.learning_rate)
        rates: FloatArray = self.learning_rate / 2 * (1 + np.cos(np.pi * np.arange(self.steps) / self.steps))
        return rates

    def settings(self) -> dict[str, object]:
        """Return what a record keeps: every field by its name, functions by theirs; None for what is not used."""
        shown = {field.name: getattr(self, field.name) for field in fields(self)}
        shown |= {name: allowed.name_of(value) for name, value in shown.items() if callable(value)}
        if self.optimizer in FULL_BATCH:
            shown |= dict.fromkeys(("batch_size", "learning_rate", "schedule"))
        return shown | ({"learning_rate": None} if self.learning_rates else {})


def _require_together(recipe: Recipe) -> None:
    """Raise `ValueError` where two fields of a recipe do not go together."""
    name = recipe.optimizer
    if recipe.momentum is not None and name != "sgd":
        raise ValueError(
            f"momentum goes with optimizer='sgd' alone, got momentum={recipe.momentum!r} and optimizer={name!r}: "
            "leave momentum out, or train by 'sgd'"
        )
    of_batches = ("weight_decay", "clip_norm", "learning_rates")
    for field in (*of_batches, *(("early_stopping", "callback") if name == "lbfgs" else ())):
        value = getattr(recipe, field)
        if value and name in FULL_BATCH:
            others = "'adam', 'adamw', 'sgd' or 'rmsprop'" if field in of_batches else "another optimizer"
            given = allowed.name_of(value) if callable(value) else repr(value)
            raise ValueError(
                f"{field} goes with {others}, got {field}={given} and optimizer={name!r}: leave {field} out, or "
                "train by another optimizer"
            )
    if name == "levenberg-marquardt" and recipe.loss != "mse":
        given = allowed.name_of(recipe.loss) if callable(recipe.loss) else repr(recipe.loss)
        raise ValueError(
            f"optimizer='levenberg-marquardt' goes with loss='mse' alone, whose residuals it takes, got loss={given}: "
            "leave loss out, or train by 'lbfgs'"
        )
    default = Recipe.learning_rate
    if recipe.learning_rates and recipe.learning_rate != default:
        raise ValueError(
            f"learning_rate and learning_rates do not go together, got {recipe.learning_rate!r} and "
            f"{recipe.learning_rates!r}: leave learning_rate out, or put it among the learning_rates"
        )
    needs = {"validation_rows": recipe.validation_rows == "edge", "early_stopping": recipe.early_stopping}
    for field, is_given in (needs | {"learning_rates": bool(recipe.learning_rates)}).items():
        if is_given and recipe.validation is None:
            value = getattr(recipe, field)
            raise ValueError(
                f"{field} needs rows that are held back, got {field}={value!r} and no validation: "
                "say validation=0.2 or another share of the training rows"
            )


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

"""For how many steps a network trains, and with which rate, as training rows that are held back say.

Here belongs what is decided; `models.training.network` trains what is to choose from. Imports no torch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from models.base import FloatArray
from models.training.scaling import n_held_back

# Errors (n,), or None of a training that diverged.
Errors = FloatArray | None

# To choose from are the recipe's steps and these parts of them, each with a whole schedule of its own.
PARTS = (3, 10, 30)
# With fewer rows than this a network chooses, whatever it has learned: it can have learned their noise by heart.
FEW_ROWS = 2_000
# With more it chooses where its error on the training rows, in units of sd(y), is so large that they may be noisy.
LARGE_ERROR = 0.025
# With fewer rows held back than this nothing can be clear.
LEAST_HELD_BACK = 10
# A squared error that is lower by a smaller part is no reason to train otherwise, however sure it is.
LEAST_GAIN = 0.01
# Nor is any where the error held back, in units of sd(y), is one of rounding.
ROUNDING = 1e-4

# Early stopping looks after this part of the steps, and ends a training after so many looks without a better one.
LOOKS, MOST_IN_VAIN = 100, 20

HELD_BACK = "rows held back"
TOO_FEW = "too few rows to hold any back"
SMALL_ERROR = "a small error on the training rows"
DIVERGED = "a shorter training that diverged"


@dataclass(frozen=True)
class Choice:
    """For how many steps a seed trains, what decided, and the errors that did.

    `held_back` are root mean squared errors on the rows held back, in units of sd(y), by the number of steps;
    infinite where that training diverged, and empty where none was held back.
    """

    steps: int
    decided_by: str
    held_back: Mapping[int, float] = field(default_factory=dict)

    @property
    def notes(self) -> dict[str, str]:
        """What a record says of the choice, its numbers as text."""
        errors = {f"held_back_error_{steps}": f"{error:.4g}" for steps, error in self.held_back.items()}
        return {"steps_chosen": str(self.steps), "steps_chosen_by": self.decided_by, **errors}


@dataclass(frozen=True)
class Stopped:
    """The number of steps before the best look and before the end of a training that stops early, and the least loss.

    The loss is the recipe's, of standardised targets held back; infinite where no look gave a finite one.
    """

    best_step: int
    ended_at: int
    loss: float

    @property
    def notes(self) -> dict[str, str]:
        """What a record says of the looks, its numbers as text."""
        return {
            "best_step": str(self.best_step),
            "ended_at_step": str(self.ended_at),
            "held_back_loss": f"{self.loss:.4g}",
        }


def look_every(steps: int) -> int:
    """Return after how many steps early stopping looks at the rows held back."""
    return max(1, steps // LOOKS)


def patience(steps: int) -> int:
    """Return after how many steps without a better look a training ends."""
    return MOST_IN_VAIN * look_every(steps)


@dataclass(frozen=True)
class RateChoice:
    """With which learning rate a seed trains, what decided, and the losses that did.

    `losses` are the recipe's, of standardised targets held back, by the rate; infinite where that training diverged.
    """

    rate: float
    decided_by: str
    losses: Mapping[float, float] = field(default_factory=dict)

    @property
    def notes(self) -> dict[str, str]:
        """What a record says of the choice, its numbers as text."""
        losses = {f"held_back_loss_at_{rate:g}": f"{loss:.4g}" for rate, loss in self.losses.items()}
        return {"learning_rate_chosen": f"{self.rate:g}", "learning_rate_chosen_by": self.decided_by, **losses}


def rate_of(losses: Mapping[float, float]) -> RateChoice:
    """Return the rate of the least loss; of equal ones, and where all are infinite, the first."""
    return RateChoice(min(losses, key=losses.__getitem__), HELD_BACK, losses)


def too_few(n_rows: int, share: float) -> bool:
    """Return whether so few rows would be held back that nothing they say is clear."""
    return n_held_back(n_rows, share) < LEAST_HELD_BACK


def budgets(steps: int) -> tuple[int, ...]:
    """Return the numbers of steps to choose from, the full one first."""
    return tuple(dict.fromkeys((steps, *(max(1, steps // part) for part in PARTS))))


def nothing_to_choose(y: FloatArray, errors: Errors, share: float) -> str | None:
    """Return why the full training of a network stands as it is; None where held-back rows are to be asked.

    It has left these errors (n,) on its training rows, whose targets are y (n,). This is the one rule of all networks
    that choose: they do where rows are few, and where noise could explain what is left.
    """
    if too_few(len(y), share):
        return TOO_FEW
    if len(y) >= FEW_ROWS and _relative(errors, y) <= LARGE_ERROR:
        return SMALL_ERROR
    return None


def choice_of(errors: Mapping[int, Errors], y: FloatArray) -> Choice:
    """Return the number of steps whose errors (n,) on the rows held back are the least, as far as that is clear.

    The full number stands, or the largest that did not diverge; from there on a smaller one takes the place of the one
    that stands if it is clearly better. `y` are the training targets, whose sd is the unit of what is noted.
    """
    held_back = {steps: _relative(errors[steps], y) for steps in sorted(errors, reverse=True)}
    standing, *smaller = [steps for steps, error in held_back.items() if error < np.inf] or [max(errors)]
    for steps in smaller:
        if held_back[standing] > ROUNDING and _clearly_better(errors[steps], errors[standing]):
            standing = steps
    return Choice(standing, HELD_BACK, held_back)


def _relative(errors: Errors, y: FloatArray) -> float:
    """Return the root mean squared error in units of sd(y); infinity where there is none."""
    with np.errstate(over="ignore"):
        error = np.inf if errors is None else float(np.sqrt(np.mean(errors**2)))
    return error / (float(y.std()) or 1.0) if np.isfinite(error) else float("inf")


def _clearly_better(errors: Errors, than: Errors) -> bool:
    """Whether squared errors are lower by more than a standard error of their paired differences, and enough."""
    if errors is None or than is None:
        return False
    gains = than**2 - errors**2
    least = max(gains.std(ddof=1) / np.sqrt(len(gains)), LEAST_GAIN * np.mean(than**2))
    return bool(gains.mean() > least)

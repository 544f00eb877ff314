"""Training on all rows at once by L-BFGS: no batches, no rate, a search along each line."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from models.base import FloatArray
from models.training.engines.watch import Watch
from models.training.job import Job, Trained, Unsuitable, WrongNetwork, outputs
from models.training.losses import loss_function
from models.training.phases import Constrained, Penalised

# Curvature is that of the last steps; more than 20 gain nothing and cost memory.
_HISTORY = 20
# torch forgets every step whose curvature is below 1e-10, whatever the loss is: of a small loss it would learn none.
SCALE = 1e10
_REASONS = {
    "lbfgs": "L-BFGS searches along lines, one seed by itself",
    "levenberg-marquardt": "Levenberg-Marquardt damps its steps, one seed by itself",
}


def require(job: Job, *takes: str) -> None:
    """Raise `Unsuitable` where the recipe's optimiser takes no batches and is none that the engine takes besides."""
    if job.recipe.optimizer in _REASONS.keys() - {*takes}:
        raise Unsuitable(_REASONS[job.recipe.optimizer])


def search(steps: int, weights: Sequence[Tensor], loss_and_gradient: Callable[[], Tensor]) -> int | None:
    """Take at most so many iterations in place, with at most twice as many evaluations.

    Return at which iteration the loss was no longer finite, None if it is at the end.

    `loss_and_gradient` gives `SCALE` times the loss, and leaves its gradient in the `grad` of the weights.
    """
    optimizer = torch.optim.LBFGS(
        weights,
        max_iter=steps,
        # A line takes one evaluation or two.
        max_eval=2 * steps,
        tolerance_grad=0.0,
        tolerance_change=0.0,
        history_size=_HISTORY,
        line_search_fn="strong_wolfe",
    )
    optimizer.step(loss_and_gradient)  # type: ignore[no-untyped-call]
    return None if torch.isfinite(loss_and_gradient()) else int(optimizer.state[weights[0]]["n_iter"])


def train_one(job: Job, module: nn.Module, seed: int, X: FloatArray, y: FloatArray, _watch: Watch | None) -> Trained:
    """Train one module on all rows for as many iterations as the recipe has steps; nothing can watch these.

    Raises:
        WrongNetwork: the module has a penalty or a constraint, which change while a line is searched.
    """
    if isinstance(module, Penalised | Constrained):
        raise WrongNetwork("L-BFGS trains no module with a penalty or a constraint of its own; use optimizer='adam'")
    x_rows, y_rows = torch.tensor(X, dtype=job.dtype), torch.tensor(y, dtype=job.dtype)
    parameters = [parameter for parameter in module.parameters() if parameter.requires_grad]
    error_of = loss_function(job.recipe)

    def loss_and_gradient() -> Tensor:
        module.zero_grad()
        # A module may write over its rows, and an author's loss over its targets.
        loss: Tensor = SCALE * error_of(outputs(module(x_rows.clone()), len(y_rows)), y_rows.clone())
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    diverged_at = search(job.recipe.steps, parameters, loss_and_gradient)
    return Trained(module.eval(), "loop", diverged_at, seed=seed)

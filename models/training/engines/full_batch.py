"""Training on all rows at once by L-BFGS: no batches, no rate, a search along each line."""

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


def require_batches(job: Job) -> None:
    """Raise `Unsuitable` where the recipe's optimiser takes no batches."""
    if job.recipe.optimizer in _REASONS:
        raise Unsuitable(_REASONS[job.recipe.optimizer])


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
    optimizer = torch.optim.LBFGS(
        parameters,
        max_iter=job.recipe.steps,
        # A line takes one evaluation or two.
        max_eval=2 * job.recipe.steps,
        tolerance_grad=0.0,
        tolerance_change=0.0,
        history_size=_HISTORY,
        line_search_fn="strong_wolfe",
    )

    def loss_and_gradient() -> Tensor:
        optimizer.zero_grad()
        loss: Tensor = SCALE * error_of(outputs(module(x_rows), len(y_rows)), y_rows)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(loss_and_gradient)  # type: ignore[no-untyped-call]
    at = None if torch.isfinite(loss_and_gradient()) else int(optimizer.state[parameters[0]]["n_iter"])
    return Trained(module.eval(), "loop", at, seed=seed)

"""Levenberg and Marquardt's method, one seed by itself: small networks on few rows, to the last digit.

With residuals r (n,) of the n rows and their derivatives J (n, p) by the p weights w, a step is

    w <- w - (J^T J + mu I)^-1 J^T r

where mu is divided by 10 after a step that lowers the sum of squares. One that does not is not taken, but tried again
with 10 times the mu. Marquardt (1963), "An algorithm for least-squares estimation of nonlinear parameters"; so for
networks, from mu = 0.01 on, Hagan and Menhaj (1994), "Training feedforward networks with the Marquardt algorithm".
"""

import warnings

import torch
from torch import Tensor, nn
from torch.func import functional_call, jvp, vmap

from models.base import FloatArray
from models.training.engines.watch import Watch
from models.training.job import Job, Trained, WrongNetwork, first_line, outputs
from models.training.phases import Constrained, Penalised

FIRST_MU, FACTOR, LARGEST_MU = 0.01, 10.0, 1e10
# Below this mu says nothing beside J^T J.
_SMALLEST_MU = 1e-20
# The derivatives are held at once, and so is their square, and twice that while it is solved: 400 MB of float64 each.
MOST_NUMBERS = 50_000_000
# So many numbers a direction may take while it is followed through the network; about.
_AT_ONCE = 4_000_000


class _Residuals:
    """Residuals (n,) of a module on rows, as a function of its trained weights (p,)."""

    def __init__(self, module: nn.Module, x: Tensor, y: Tensor) -> None:
        self._module, self._x, self._y = module, x, y
        self.weights = {name: each.detach() for name, each in module.named_parameters() if each.requires_grad}
        if any(each.is_complex() for each in self.weights.values()):
            raise WrongNetwork("Levenberg-Marquardt trains real weights, got complex ones; use optimizer='adam'")
        self.n_weights = sum(each.numel() for each in self.weights.values())
        if self.n_weights * max(self.n_weights, len(y)) > MOST_NUMBERS:
            raise WrongNetwork(
                f"Levenberg-Marquardt holds a derivative for each of {self.n_weights:,} weights and {len(y):,} rows, "
                f"and a number for each pair of weights, at most {MOST_NUMBERS:,} of either; "
                "use optimizer='lbfgs' or 'adam'"
            )

    def flat(self) -> Tensor:
        """Return the module's weights as they are (p,)."""
        return torch.cat([each.reshape(-1) for each in self.weights.values()])

    def __call__(self, flat: Tensor) -> Tensor:
        return outputs(functional_call(self._module, self._named(flat), (self._x.clone(),)), len(self._y)) - self._y

    def _named(self, flat: Tensor) -> dict[str, Tensor]:
        parts = torch.split(flat, [each.numel() for each in self.weights.values()])
        return {name: part.view(each.shape) for part, (name, each) in zip(parts, self.weights.items(), strict=True)}

    def derivatives(self, flat: Tensor) -> Tensor:
        """Return the derivatives (n, p) of the residuals.

        Raises:
            WrongNetwork: torch cannot follow a direction through the module.
        """

        def along(direction: Tensor) -> Tensor:
            slope: Tensor = jvp(self, (flat,), (direction,))[1]
            return slope

        at_once = max(1, _AT_ONCE // (len(self._y) * 64))
        try:
            with warnings.catch_warnings():
                # The first `jvp` of a process makes torch call a function of its own that it warns of.
                warnings.filterwarnings("ignore", message=".*torch.jit.script", category=DeprecationWarning)
                columns: Tensor = vmap(along, chunk_size=at_once)(torch.eye(self.n_weights, dtype=flat.dtype))
        except Exception as error:
            raise WrongNetwork(
                f"Levenberg-Marquardt needs derivatives of every row, which this module refuses: {first_line(error)}; "
                "use optimizer='lbfgs' or 'adam'"
            ) from error
        return columns.T.contiguous()

    def write(self, flat: Tensor) -> None:
        """Let the module have these weights (p,)."""
        for name, part in self._named(flat).items():
            self.weights[name].copy_(part)


def _step(residuals: _Residuals, flat: Tensor, mu: float) -> tuple[Tensor, float] | None:
    """Return the weights after the first step that lowers the sum of squares, and its mu; None where none does."""
    now = residuals(flat)
    jacobian = residuals.derivatives(flat)
    square, slope = jacobian.T @ jacobian, jacobian.T @ now
    identity = torch.eye(len(flat), dtype=flat.dtype)
    while mu <= LARGEST_MU:
        factor, failed = torch.linalg.cholesky_ex(square + mu * identity)
        if not failed:
            tried = flat - torch.cholesky_solve(slope.unsqueeze(1), factor).squeeze(1)
            if residuals(tried).square().sum() < now.square().sum():
                return tried, mu
        mu *= FACTOR
    return None


def train_one(job: Job, module: nn.Module, seed: int, X: FloatArray, y: FloatArray, watch: Watch | None) -> Trained:
    """Train one module on all rows for as many steps as the recipe has, or until no step lowers the sum of squares.

    Raises:
        WrongNetwork: the module is too large, has a penalty or a constraint, or refuses its derivatives.
    """
    if isinstance(module, Penalised | Constrained):
        raise WrongNetwork(
            "Levenberg-Marquardt trains no module with a penalty or a constraint of its own; use optimizer='adam'"
        )
    residuals = _Residuals(module, torch.tensor(X, dtype=job.dtype), torch.tensor(y, dtype=job.dtype))
    mu, diverged_at = FIRST_MU, None
    with torch.no_grad():
        flat = residuals.flat()
        for step in range(job.recipe.steps):
            loss = float(residuals(flat).square().mean())
            found = _step(residuals, flat, mu) if loss < float("inf") else None
            if found is not None:
                flat, mu = found[0], max(_SMALLEST_MU, found[1] / FACTOR)
                residuals.write(flat)
            elif loss < float("inf"):
                # No step was taken, and none would be from here on.
                if watch is not None:
                    watch.cut(step, lambda _: module)
                break
            else:
                diverged_at = step
            is_last = watch is not None and watch.ends(step, [loss], lambda _: module)
            if diverged_at is not None or is_last:
                break
    return Trained(module.eval(), "loop", diverged_at, seed=seed)

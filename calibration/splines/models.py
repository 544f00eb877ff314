"""The networks of pykan's examples: few functions on edges, splines on a grid that is made finer, by L-BFGS."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from calibration.sources import PYKAN
from models.base import FloatArray, Model, Problem, Regressor
from models.settings import Settings

if TYPE_CHECKING:
    from torch import Tensor, nn

# pykan's 20 steps are 20 calls of torch's L-BFGS, of up to 20 iterations each.
_ITERATIONS = 20 * 20
# Standardised rows of a uniform law end at the square root of 3. pykan lays its grid over the rows.
_END_OF_ROWS, _BEYOND = 1.75, 2.0
# Of three starts all ended for a third of the seeds where an inner node follows one input alone.
_STARTS = 8
# Where the functions of a coarse grid are copied to a finer one.
_COPIED_AT = 400


@dataclass
class RefinedSplines(Settings):
    """A Kolmogorov-Arnold network on standardised rows, trained on each of some grids in turn.

    On the edges of the inputs a grid has its intervals from -reach to reach, on all others from -2 to 2. Of `starts`
    on the first grid that of the least error on the training rows goes on; each further grid begins with the functions
    of the one before.
    """

    hidden: tuple[int, ...]
    grids: tuple[int, ...]
    starts: int
    iterations: int
    reach: float
    seed: int
    _scaler: Any = field(init=False, repr=False)
    _network: Any = field(init=False, repr=False)

    def _made(self, n_features: int, grid: int) -> "nn.Sequential":
        import torch
        from torch import nn

        from models.layers.kolmogorov_arnold import SplineLayer

        first, *others = pairwise((n_features, *self.hidden, 1))
        layers = [
            SplineLayer(*first, n_intervals=grid, reach=self.reach),
            *(SplineLayer(n, m, n_intervals=grid, reach=_BEYOND) for n, m in others),
        ]
        return nn.Sequential(*layers).to(torch.float64)

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Train on X (n, d) and y (n,)."""
        import torch

        self._scaler = (X.mean(axis=0), X.std(axis=0), float(y.mean()), float(y.std()))
        inputs = torch.from_numpy((X - self._scaler[0]) / self._scaler[1])
        targets = torch.from_numpy((y - self._scaler[2]) / self._scaler[3])
        with torch.random.fork_rng():
            torch.manual_seed(self.seed)
            tried: list[tuple[float, int, nn.Sequential]] = []
            for _ in range(self.starts):
                start = self._made(X.shape[1], self.grids[0])
                tried.append((self._train(start, inputs, targets), len(tried), start))
            *_, network = min(tried, key=lambda each: each[:2])
            for grid in self.grids[1:]:
                finer = self._made(X.shape[1], grid)
                _copy(network, finer)
                self._train(finer, inputs, targets)
                network = finer
        self._network = network
        return self

    def _train(self, network: "nn.Module", inputs: "Tensor", targets: "Tensor") -> float:
        """Train by L-BFGS, and return the mean squared error on these rows; infinity where it is not finite."""
        import torch

        optimizer = torch.optim.LBFGS(
            network.parameters(),
            max_iter=self.iterations,
            max_eval=2 * self.iterations,
            history_size=10,
            line_search_fn="strong_wolfe",
            tolerance_grad=1e-12,
            tolerance_change=1e-15,
        )

        def closure() -> "Tensor":
            optimizer.zero_grad()
            loss: Tensor = (network(inputs)[:, 0] - targets).square().mean()
            loss.backward()  # type: ignore[no-untyped-call]
            return loss

        optimizer.step(closure)  # type: ignore[no-untyped-call]
        with torch.no_grad():
            found = float((network(inputs)[:, 0] - targets).square().mean())
        return found if np.isfinite(found) else float("inf")

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d)."""
        import torch

        x_mean, x_sd, y_mean, y_sd = self._scaler
        with torch.no_grad():
            found = self._network(torch.from_numpy((X - x_mean) / x_sd))[:, 0].numpy()
        predicted: FloatArray = y_mean + y_sd * found
        return predicted

    def parameters(self) -> int:
        """Return how many numbers were trained."""
        return sum(each.numel() for each in self._network.parameters())


def _copy(coarse: "nn.Sequential", fine: "nn.Sequential") -> None:
    """Give each edge of a fine network the function of the coarse one, by least squares where its splines lie."""
    import torch

    from models.layers.kolmogorov_arnold import SplineLayer, cubic_splines

    for old, new in zip(coarse, fine, strict=True):
        assert isinstance(old, SplineLayer)
        assert isinstance(new, SplineLayer)
        end = old.spacing * float(old.centres.max() - 1)
        x = torch.linspace(-end, end, _COPIED_AT, dtype=torch.float64)
        before = cubic_splines(x / old.spacing, old.centres)
        basis = torch.linalg.lstsq(cubic_splines(x / new.spacing, new.centres), before, driver="gelsd").solution
        n_outputs, n_inputs = old.base.weight.shape
        with torch.no_grad():
            new.base.weight.copy_(old.base.weight)
            edges = old.coefficients.weight.reshape(n_outputs, n_inputs, -1) @ basis.T
            new.coefficients.weight.copy_(edges.reshape(n_outputs, -1))


def _model(
    hidden: tuple[int, ...], grids: tuple[int, ...], *, starts: int = _STARTS, reach: float = _END_OF_ROWS
) -> Model:
    def build(problem: Problem, seed: int) -> Regressor:
        iterations = _ITERATIONS // 10 if problem.quick else _ITERATIONS
        return RefinedSplines(hidden, grids, starts, iterations, reach, seed)

    nodes, steps = "-".join(map(str, hidden)), "-to-".join(map(str, grids))
    changed = "-once" if starts == 1 else "-beyond" if reach > _END_OF_ROWS else ""
    return Model(
        name=f"splines-{nodes}-grid-{steps}{changed}",
        title=f"Kolmogorov-Arnold network, {nodes} inner nodes, grid {steps.replace('-', ' ')}, best of "
        f"{starts}, up to {reach:g}",
        source=f"{PYKAN.url}: its examples",
        build=build,
        tags=("control",),
        timed_by="task",
    )


MODELS = (
    _model((1,), (3,)),
    _model((1,), (3,), starts=1),
    _model((1,), (3, 10)),
    _model((1,), (3, 10), reach=_BEYOND),
    _model((1,), (3, 20)),
    _model((2, 1), (3,)),
)

"""Layers that learn a function on every edge: a weighted sum of bumps on a grid, and a smooth base beside it."""

import torch
from torch import Tensor, nn

from models.layers.activations import silu


def cubic_splines(x: Tensor, centres: Tensor) -> Tensor:
    """Return the cubic B-splines (..., n) of x (...), one about each of the centres (n,), in units of an interval."""
    distance = (x.unsqueeze(-1) - centres).abs()
    # Where they end their slope is 0, so that ReLU's own there does not matter.
    return (torch.relu(2 - distance).pow(3) - 4 * torch.relu(1 - distance).pow(3)) / 6


class SplineLayer(nn.Module):
    """y_j = sum_i (w_ij silu(x_i) + sum_k c_ijk B_k(x_i)) with cubic B-splines B_k on a fixed grid.

    Liu et al. (2024), "KAN: Kolmogorov-Arnold networks", equations 2.10 to 2.13. The splines sum to one on
    [-reach, reach] and are 0 from three intervals further out on.
    """

    def __init__(self, n_inputs: int, n_outputs: int, *, n_intervals: int, reach: float) -> None:
        super().__init__()
        self.spacing = 2 * reach / n_intervals
        n_splines = n_intervals + 3
        self.centres: Tensor
        # In units of an interval they are exact in any precision.
        self.register_buffer("centres", torch.arange(n_splines) - (n_splines - 1) / 2)
        self.base = nn.Linear(n_inputs, n_outputs, bias=False)
        nn.init.xavier_normal_(self.base.weight)
        self.coefficients = nn.Linear(n_inputs * n_splines, n_outputs, bias=False)
        # The paper's start: splines that are almost 0 everywhere.
        nn.init.normal_(self.coefficients.weight, std=0.1)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs (batch, n_outputs) for x (batch, n_inputs)."""
        bumps = cubic_splines(x / self.spacing, self.centres).flatten(-2)
        output: Tensor = self.base(silu(x)) + self.coefficients(bumps)
        return output


class RadialLayer(nn.Module):
    """The same with Gaussian bumps on an even grid, of normalised inputs where `norm` is true.

    Li (2024), "Kolmogorov-Arnold networks are radial basis function networks", and its code FastKAN.
    """

    def __init__(self, n_inputs: int, n_outputs: int, *, norm: bool, n_bumps: int = 8, reach: float = 2.0) -> None:
        super().__init__()
        self.width = 2 * reach / (n_bumps - 1)
        self.centres: Tensor
        self.register_buffer("centres", torch.linspace(-reach, reach, n_bumps))
        self.norm = nn.LayerNorm(n_inputs) if norm else nn.Identity()
        self.base = nn.Linear(n_inputs, n_outputs)
        self.coefficients = nn.Linear(n_inputs * n_bumps, n_outputs, bias=False)
        nn.init.trunc_normal_(self.coefficients.weight, std=0.1)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs (batch, n_outputs) for x (batch, n_inputs)."""
        bumps = torch.exp(-((self.norm(x).unsqueeze(-1) - self.centres) / self.width).square()).flatten(-2)
        output: Tensor = self.base(silu(x)) + self.coefficients(bumps)
        return output

"""Blocks that networks are built of: residual, bilinear, random waves."""

import math

import torch
from torch import Tensor, nn


class Residual(nn.Module):
    """x + B(GELU(A(norm(x)))): a block that starts near the identity."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.change = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))

    def forward(self, x: Tensor) -> Tensor:
        """Return x (..., width) changed."""
        changed: Tensor = x + self.change(x)
        return changed


class Bilinear(nn.Module):
    """(A x + a) * (B x + b), unit by unit: a gate without a squashing."""

    def __init__(self, n_inputs: int, width: int) -> None:
        super().__init__()
        self.left, self.right = nn.Linear(n_inputs, width), nn.Linear(n_inputs, width)

    def forward(self, x: Tensor) -> Tensor:
        """Return the products (..., width) for x (..., n_inputs)."""
        product: Tensor = self.left(x) * self.right(x)
        return product


class RandomWaves(nn.Module):
    """cos(2 pi B x) and sin(2 pi B x), the frequencies B drawn once from a normal law and never trained.

    The sd of a frequency is `scale` over the root of the number of inputs: standardised rows of any length turn alike.
    """

    def __init__(self, n_inputs: int, n_waves: int, scale: float) -> None:
        super().__init__()
        self.frequencies: Tensor
        self.register_buffer("frequencies", torch.randn(n_inputs, n_waves) * scale / math.sqrt(n_inputs))

    def forward(self, x: Tensor) -> Tensor:
        """Return the waves (..., 2 n_waves) of x (..., n_inputs)."""
        phase = 2 * math.pi * (x @ self.frequencies)
        return torch.cat([torch.cos(phase), torch.sin(phase)], dim=-1)

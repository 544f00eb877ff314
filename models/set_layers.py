"""Layers for rows that are sets. Imports torch, so a model's file imports it inside its factory."""

from torch import Tensor, nn


class SumOverElements(nn.Module):
    """Sums over the elements of a set: (batch, n_elements, width) to (batch, width)."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the sum (batch, width) of x (batch, n_elements, width)."""
        return x.sum(dim=-2)

"""Layers for rows that are sets. Imports torch, so a model's file imports it inside its factory."""

from torch import Tensor, nn


class SumOverElements(nn.Module):
    """Sums over the elements of a set: (batch, n_elements, width) to (batch, width)."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the sum (batch, width) of x (batch, n_elements, width)."""
        return x.sum(dim=-2)


class ColumnsOfElements(nn.Module):
    """Turns elements from rows into columns: (batch, n_elements, features) to (batch, features, n_elements)."""

    def forward(self, x: Tensor) -> Tensor:
        """Return x (batch, n_elements, features) as (batch, features, n_elements)."""
        return x.transpose(-1, -2)


class SumPooling(nn.Module):
    """Sums over columns as average pooling times their number: (batch, features, n) to (batch, features)."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the sum (batch, features) of x (batch, features, n)."""
        n: int = x.shape[-1]
        return nn.functional.avg_pool1d(x, n).squeeze(-1) * n


class ScaledSquares(nn.Module):
    """The mean of lambda(x_i) x_i^2 with lambda(x) = a + b x: (batch, n_elements) to (batch,)."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Linear(1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return the means (batch,) of x (batch, n_elements)."""
        scale: Tensor = self.scale(x.unsqueeze(-1)).squeeze(-1)
        return (scale * x.square()).mean(dim=-1)

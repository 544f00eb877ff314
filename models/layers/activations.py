"""Activations that torch does not have, and the ones whose bits depend on where a number lies in memory."""

import torch
from torch import Tensor, nn


def sigmoid(x: Tensor) -> Tensor:
    """Return 1 / (1 + exp(-x)).

    torch's own rounds the last numbers of an array otherwise than the others: a seed's bits would depend on its slot.
    """
    return 0.5 + 0.5 * torch.tanh(0.5 * x)


def silu(x: Tensor) -> Tensor:
    """Return x / (1 + exp(-x)): Hendrycks and Gimpel (2016), "Gaussian error linear units"."""
    return x * sigmoid(x)


class Sine(nn.Module):
    """sin(w0 x)."""

    def __init__(self, w0: float = 1.0) -> None:
        super().__init__()
        self.w0 = w0

    def forward(self, x: Tensor) -> Tensor:
        """Return sin(w0 x), of x's shape."""
        return torch.sin(x if self.w0 == 1 else self.w0 * x)


class Snake(nn.Module):
    """x + sin(a x)^2 / a, with an a for each unit that is trained and starts at 1.

    Ziyin, Hartwig and Ueda (2020), "Neural networks fail to learn periodic functions and how to fix it", equation 3.
    """

    # Where a passes 0, the limit is x.
    _LEAST = 1e-9

    def __init__(self, width: int) -> None:
        super().__init__()
        self.a = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        """Return x (..., width) with its ripples."""
        return x + torch.sin(self.a * x).square() / (self.a + self._LEAST)


class Rational(nn.Module):
    """P(x) / Q(x) of degrees 3 and 2, whose coefficients are trained: the same for all units of a layer.

    Boulle, Nakatsukasa and Townsend (2020), "Rational neural networks": it starts as the best approximation of ReLU
    on [-1, 1], with the coefficients of their code.
    """

    NUMERATOR = (0.0218, 0.5, 1.5957, 1.1915)
    DENOMINATOR = (1.0, 0.0, 2.383)

    def __init__(self) -> None:
        super().__init__()
        self.numerator = nn.Parameter(torch.tensor(self.NUMERATOR))
        self.denominator = nn.Parameter(torch.tensor(self.DENOMINATOR))

    def forward(self, x: Tensor) -> Tensor:
        """Return P(x) / Q(x), of x's shape."""
        a, b = self.numerator, self.denominator
        return (a[0] + x * (a[1] + x * (a[2] + x * a[3]))) / (b[0] + x * (b[1] + x * b[2]))

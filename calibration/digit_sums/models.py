"""The network of the Deep Sets notebook: a vector for each digit, tanh, a sum over the digits, a weighted sum."""

from typing import TYPE_CHECKING, Any

from calibration.sources import DEEP_SETS
from models.base import Model, Problem
from models.training import network

if TYPE_CHECKING:
    from torch import nn


def digit_vectors(problem: Problem) -> "nn.Module":
    """Return sum_i w tanh(A e(d_i) + b) + c with a vector e of 100 numbers for each digit, empty places left out."""
    import torch
    from torch import Tensor, nn

    class DigitVectors(nn.Module):
        digits: Tensor

        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("digits", torch.arange(1.0, 10.0))
            # A vector for each digit is a linear layer of the digit's indicator; started as Keras's embedding is.
            self.vectors = nn.Linear(9, 100, bias=False)
            nn.init.uniform_(self.vectors.weight, -0.05, 0.05)
            self.inner, self.outer = nn.Linear(100, 30), nn.Linear(30, 1)
            for each in (self.inner, self.outer):
                nn.init.xavier_uniform_(each.weight)
                nn.init.zeros_(each.bias)

        def forward(self, x: Tensor) -> Tensor:
            # Of a digit everything up to the sum is one of nine values.
            values = torch.tanh(self.inner(self.vectors(torch.eye(9, dtype=x.dtype))))
            counts = (x.unsqueeze(-1) == self.digits).to(x.dtype).sum(dim=1)
            output: Tensor = self.outer(counts @ values)
            return output

    return DigitVectors()


_RECIPE: dict[str, Any] = {
    "steps": 7_710,
    "batch_size": 128,
    "learning_rate": 1e-4,
    "loss": "mae",
    "divisors": (1.0, 1.0),
}
MODELS = (
    Model(
        name="digit-vectors",
        title="A vector for each digit, 30 tanh, summed: the Deep Sets notebook's, 10 epochs",
        source=f"{DEEP_SETS.url}: DigitSum/text_sum.ipynb",
        build=network(digit_vectors, schedule="constant", **_RECIPE),
        tags=("control",),
    ),
    Model(
        name="digit-vectors-cosine",
        title="A vector for each digit, 30 tanh, summed: with a rate that falls to 0",
        source=f"{DEEP_SETS.url}: DigitSum/text_sum.ipynb",
        build=network(digit_vectors, **_RECIPE),
        tags=("control",),
    ),
)

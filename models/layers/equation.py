"""A network whose units are what formulas are made of, and which keeps few weights: it can be read."""

import torch
from torch import Tensor, nn

from models.layers.written import ONE, ZERO, product, weighted_sum


class EquationLayer(nn.Module):
    """A linear map, then `n_each` units of each kind: identity, sine, cosine, and products of two."""

    def __init__(self, n_inputs: int, n_each: int) -> None:
        super().__init__()
        self.n_each = n_each
        self.linear = nn.Linear(n_inputs, 5 * n_each)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs (batch, 4 n_each) for x (batch, n_inputs)."""
        same, angle, other, left, right = self.linear(x).split(self.n_each, dim=-1)
        return torch.cat([same, torch.sin(angle), torch.cos(other), left * right], dim=-1)

    def expressions(self, inputs: list[str]) -> list[str]:
        """Return the outputs as formulas of the inputs."""
        n, rows, constants = self.n_each, self.linear.weight.tolist(), self.linear.bias.tolist()
        sums = [weighted_sum(row, inputs, constant) for row, constant in zip(rows, constants, strict=True)]
        same, angle, other, left, right = (sums[start : start + n] for start in range(0, 5 * n, n))
        return [
            *same,
            *(each if each == ZERO else f"sin({each})" for each in angle),
            *(ONE if each == ZERO else f"cos({each})" for each in other),
            *(product(pair) for pair in zip(left, right, strict=True)),
        ]


class EquationLearner(nn.Module):
    """Layers of units of formulas and a linear sum, trained in three phases.

    Martius and Lampert (2016), "Extrapolation and learning equations": at first without a regulariser, then with the
    sum of the weights' absolute values, and at last without it and with all small weights held at 0.
    """

    def __init__(self, n_inputs: int, *, n_layers: int, n_each: int, strength: float) -> None:
        super().__init__()
        self.strength = strength
        widths = [n_inputs, *[4 * n_each] * n_layers]
        self.layers = nn.Sequential(*(EquationLayer(width, n_each) for width in widths[:-1]))
        self.sum = nn.Linear(widths[-1], 1)

    # Sparse from a quarter on as in the paper; the last phase is longer, for the rate falls to 0 in it.
    SPARSE_FROM, HELD_FROM = 0.25, 0.7
    # Many times a step of the last phase: a weight that is held cannot leave in one.
    SMALL = 0.01

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs (batch, 1) for x (batch, n_inputs)."""
        output: Tensor = self.sum(self.layers(x))
        return output

    def _weights(self) -> list[Tensor]:
        linears = [layer.linear for layer in self.layers if isinstance(layer, EquationLayer)]
        return [linear.weight for linear in (*linears, self.sum)]

    def penalty(self, progress: Tensor) -> Tensor:
        """Return the sum of absolute weights () times its strength in this phase."""
        now = (progress >= self.SPARSE_FROM) & (progress < self.HELD_FROM)
        return self.strength * now * torch.stack([weight.abs().sum() for weight in self._weights()]).sum()

    def constrain(self, progress: Tensor) -> None:
        """Hold small weights at 0 in the last phase."""
        for weight in self._weights():
            weight.mul_((weight.abs() >= self.SMALL) | (progress < self.HELD_FROM))

    def expression(self, inputs: list[str]) -> str:
        """Return the output as a formula of the inputs."""
        terms = inputs
        for layer in self.layers:
            assert isinstance(layer, EquationLayer)
            terms = layer.expressions(terms)
        return weighted_sum(self.sum.weight[0].tolist(), terms, self.sum.bias.item())

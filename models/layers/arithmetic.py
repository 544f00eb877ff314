"""Units that add and multiply exactly once their weights are whole numbers; and the gated kind before them."""

import torch
from torch import Tensor, nn

from models.layers.activations import sigmoid
from models.layers.written import product, weighted_sum


def product_of_all(factors: Tensor) -> Tensor:
    """Return the product (batch, width) over the middle of factors (batch, n, width), by halves.

    torch's own has a gradient that branches on zeros.
    """
    while (n := factors.shape[-2]) > 1:
        left, right, *rest = torch.split(factors, n // 2, dim=-2)
        factors = torch.cat([left * right, *rest], dim=-2) if rest else left * right
    return factors.squeeze(-2)


class Addition(nn.Module):
    """The neural addition unit: W x with weights held in [-1, 1].

    Madsen and Johansen (2020), "Neural arithmetic units", equations 7 and 8, with their start.
    """

    def __init__(self, n_inputs: int, n_outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(n_outputs, n_inputs))
        reach = min(0.5, (6 / (n_inputs + n_outputs)) ** 0.5)
        nn.init.uniform_(self.weight, -reach, reach)

    def forward(self, x: Tensor) -> Tensor:
        """Return sums (batch, n_outputs) of x (batch, n_inputs)."""
        return x @ self.weight.clamp(-1, 1).t()

    def distance(self) -> Tensor:
        """Return how far the weights are from -1, 0 and 1 on average: what their regulariser is."""
        size = self.weight.abs()
        return torch.minimum(size, (1 - size).abs()).mean()

    def expressions(self, inputs: list[str]) -> list[str]:
        """Return the outputs as formulas of the inputs."""
        return [weighted_sum(row, inputs) for row in self.weight.detach().clamp(-1, 1).tolist()]


class Multiplication(nn.Module):
    """The neural multiplication unit: prod_i (w_i x_i + 1 - w_i) with weights held in [0, 1].

    Madsen and Johansen (2020), "Neural arithmetic units", equations 9 and 10, with their start.
    """

    def __init__(self, n_inputs: int, n_outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(n_inputs, n_outputs))
        nn.init.uniform_(self.weight, 0.25, 0.75)

    def forward(self, x: Tensor) -> Tensor:
        """Return products (batch, n_outputs) of x (batch, n_inputs)."""
        weight = self.weight.clamp(0, 1)
        return product_of_all(weight * x.unsqueeze(-1) + (1 - weight))

    def distance(self) -> Tensor:
        """Return how far the weights are from 0 and 1 on average: what their regulariser is."""
        return torch.minimum(self.weight.abs(), (1 - self.weight).abs()).mean()

    def expressions(self, inputs: list[str]) -> list[str]:
        """Return the outputs as formulas of the inputs."""
        columns = self.weight.detach().clamp(0, 1).t().tolist()
        return [
            product([weighted_sum([w], [x], 1 - w) for w, x in zip(column, inputs, strict=True)]) for column in columns
        ]


class ArithmeticUnits(nn.Module):
    """A layer of additions, one of multiplications, and a linear sum that takes the scaling of rows back.

    The regulariser is 0 at first and grows in the middle of training. Weights are held in their ranges after every
    step. In a last phase of our own there is no regulariser, and weights that are nearly whole are held so: the others
    and the sum are then what fits best.
    """

    # The paper trains for millions of steps, a fifth of them before the regulariser begins.
    RISES_FROM, RISES_TO, WHOLE_FROM = 0.2, 0.5, 0.8
    # Many times a step of the last phase: a weight that is held cannot leave in one.
    NEAR = 0.02

    def __init__(self, n_inputs: int, width: int, strength: float) -> None:
        super().__init__()
        self.strength = strength
        self.addition, self.multiplication = Addition(n_inputs, width), Multiplication(width, width)
        self.sum = nn.Linear(width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs (batch, 1) for x (batch, n_inputs)."""
        output: Tensor = self.sum(self.multiplication(self.addition(x)))
        return output

    def penalty(self, progress: Tensor) -> Tensor:
        """Return the regulariser towards whole weights ()."""
        share = ((progress - self.RISES_FROM) / (self.RISES_TO - self.RISES_FROM)).clamp(0, 1)
        strength = self.strength * share * (progress < self.WHOLE_FROM)
        return strength * (self.addition.distance() + self.multiplication.distance())

    def constrain(self, progress: Tensor) -> None:
        """Take weights back into their ranges, and in the last phase to the whole numbers that they are near."""
        # `clamp_` has no rule for many seeds at once.
        for weight, least in ((self.addition.weight, -1), (self.multiplication.weight, 0)):
            inside = weight.clamp(least, 1)
            whole = inside.round()
            held = (progress >= self.WHOLE_FROM) & ((inside - whole).abs() < self.NEAR)
            weight.copy_(torch.where(held, whole, inside))

    def expression(self, inputs: list[str]) -> str:
        """Return the output as a formula of the inputs."""
        terms = self.multiplication.expressions(self.addition.expressions(inputs))
        return weighted_sum(self.sum.weight[0].tolist(), terms, self.sum.bias.item())


class LogicUnit(nn.Module):
    """The neural arithmetic logic unit: g * (W x) + (1 - g) * exp(W log(|x| + eps)), W = tanh(W') sigmoid(M').

    Trask et al. (2018), "Neural arithmetic logic units", section 3.
    """

    EPSILON = 1e-7

    def __init__(self, n_inputs: int, n_outputs: int) -> None:
        super().__init__()
        shape = (n_outputs, n_inputs)
        self.size, self.mask, self.gate = (nn.Parameter(torch.empty(shape)) for _ in range(3))
        for each in (self.size, self.mask, self.gate):
            nn.init.xavier_uniform_(each)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs (batch, n_outputs) for x (batch, n_inputs)."""
        weight = (torch.tanh(self.size) * sigmoid(self.mask)).t()
        gate = sigmoid(x @ self.gate.t())
        return gate * (x @ weight) + (1 - gate) * torch.exp(torch.log(x.abs() + self.EPSILON) @ weight)

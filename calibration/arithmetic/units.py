"""Two layers of units, 100-2-1, as Madsen and Johansen have them; imported where they are trained, for torch."""

from torch import Tensor, nn

from models.layers.arithmetic import Addition, LogicUnit, Multiplication


class TwoUnits(nn.Module):
    """A layer of two additions, and one addition or multiplication of these.

    The regulariser is 0 at first, rises over the second fifth of the training, and stays: in the paper over the steps
    from 1,000,000 to 2,000,000 of 5,000,000.
    """

    RISES_FROM, RISES_TO = 0.2, 0.4

    def __init__(self, n_inputs: int, last: type[Addition] | type[Multiplication], strength: float) -> None:
        super().__init__()
        self.strength = strength
        self.first, self.last = Addition(n_inputs, 2), last(2, 1)
        self.least = 0.0 if last is Multiplication else -1.0

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs (batch, 1) for x (batch, n_inputs)."""
        output: Tensor = self.last(self.first(x))
        return output

    def penalty(self, progress: Tensor) -> Tensor:
        """Return the regulariser towards whole weights ()."""
        share = ((progress - self.RISES_FROM) / (self.RISES_TO - self.RISES_FROM)).clamp(0, 1)
        return self.strength * share * (self.first.distance() + self.last.distance())

    def constrain(self, progress: Tensor) -> None:
        """Take weights back into their ranges."""
        # `clamp_` has no rule for many seeds at once.
        self.first.weight.copy_(self.first.weight.clamp(-1, 1))
        self.last.weight.copy_(self.last.weight.clamp(self.least, 1))


class ProductOfSums(nn.Module):
    """The product of two sums: what units of addition and multiplication come to, without ranges and regulariser."""

    def __init__(self, n_inputs: int) -> None:
        super().__init__()
        self.weight = Addition(n_inputs, 2).weight

    def forward(self, x: Tensor) -> Tensor:
        """Return products (batch, 1) for x (batch, n_inputs)."""
        sums = x @ self.weight.t()
        return sums[:, :1] * sums[:, 1:]


def logic_units(n_inputs: int) -> nn.Module:
    """Return two layers of gated logic units."""
    return nn.Sequential(LogicUnit(n_inputs, 2), LogicUnit(2, 1))


def linear_units(n_inputs: int) -> nn.Module:
    """Return two layers of linear units, with biases, as torch starts them."""
    return nn.Sequential(nn.Linear(n_inputs, 2), nn.Linear(2, 1))


def capped_units(n_inputs: int) -> nn.Module:
    """Return two ReLU6 and a linear unit, as torch starts them."""
    return nn.Sequential(nn.Linear(n_inputs, 2), nn.ReLU6(), nn.Linear(2, 1))

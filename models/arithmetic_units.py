"""Networks of units that add and multiply exactly."""

from typing import TYPE_CHECKING

from models.base import Model, Problem
from models.training import network

if TYPE_CHECKING:
    from torch import nn


def nau_nmu(problem: Problem) -> "nn.Module":
    """Return 16 additions, 16 multiplications of them, and a linear sum.

    The sum takes back that rows and targets are standardised. The elements of a set have one scale: with two of them a
    sum of elements would have no whole weights.
    """
    from models.layers.arithmetic import ArithmeticUnits

    return ArithmeticUnits(problem.n_features, 16, strength=0.01)


def nalu(problem: Problem) -> "nn.Module":
    """Return two layers of 16 logic units, and a linear sum that takes the scaling of the target back."""
    from torch import nn

    from models.layers.arithmetic import LogicUnit

    return nn.Sequential(LogicUnit(problem.n_features, 16), LogicUnit(16, 16), nn.Linear(16, 1))


MODELS = (
    Model(
        name="nau-nmu",
        title="Neural addition and multiplication units, 16 each",
        source="Madsen and Johansen (2020), Neural arithmetic units: start, regulariser and clipping",
        # Phases need their length, and few weights are what keeps it from learning noise: no steps are chosen.
        # Its weights are read: single precision would end them at seven digits.
        build=network(nau_nmu, steps=20_000, learning_rate=1e-2, dtype="float64", share_scaling=True),
        tags=("network",),
    ),
    Model(
        name="nalu",
        title="Neural arithmetic logic units, 16-16",
        source="Trask et al. (2018), Neural arithmetic logic units: W = tanh(W') sigmoid(M'), one gate a unit; "
        "rate 1e-3 as Madsen and Johansen (2020)",
        # At the usual 1e-2 the logarithm of what is nearly 0 makes much of last digits: 30 steps differ by 8 % between
        # processors, at this rate by 1e-5.
        build=network(nalu, learning_rate=1e-3, validation=0.2),
        tags=("network",),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
)

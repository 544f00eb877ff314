"""Networks whose weights can be read as a formula."""

from typing import TYPE_CHECKING

from models.base import Model, Problem
from models.training import network

if TYPE_CHECKING:
    from torch import nn


def eql(problem: Problem) -> "nn.Module":
    """Return two layers of 4 units of each kind (identity, sine, cosine, products of two) and a linear sum.

    The regulariser is 3e-4: with 1e-4 so many weights were left that what was learned did not hold outside.
    """
    from models.layers.equation import EquationLearner

    return EquationLearner(problem.n_features, n_layers=2, n_each=4, strength=3e-4)


MODELS = (
    Model(
        name="eql",
        title="Equation learner, two layers",
        source="Martius and Lampert (2016), Extrapolation and learning equations; "
        "cosines as in Sahoo, Lampert and Martius (2018), Learning equations for extrapolation and control",
        # Phases need their length, and few weights are what keeps it from learning noise: no steps are chosen.
        # Its weights are read: single precision would end them at seven digits.
        build=network(eql, steps=20_000, learning_rate=1e-2, dtype="float64"),
        tags=("network",),
    ),
)

"""Networks of products of linear maps: polynomials of a low degree."""

from typing import TYPE_CHECKING

from models.base import Model, Problem
from models.training import network

if TYPE_CHECKING:
    from torch import nn


def bilinear(problem: Problem) -> "nn.Module":
    """Return two layers of 64 products of two linear maps, and a linear sum: a polynomial of degree 4."""
    from torch import nn

    from models.layers.blocks import Bilinear

    return nn.Sequential(Bilinear(problem.n_features, 64), Bilinear(64, 64), nn.Linear(64, 1))


MODELS = (
    Model(
        name="bilinear",
        title="Bilinear network, 64-64",
        source="Dauphin et al. (2017), Language modeling with gated convolutional networks: the gate without a sigmoid",
        build=network(bilinear, learning_rate=1e-2, validation=0.2),
        tags=("network",),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
)

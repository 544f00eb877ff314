"""Residual networks: every block adds a change to what it was given."""

from typing import TYPE_CHECKING

from models.base import Model, Problem
from models.training import network

if TYPE_CHECKING:
    from torch import nn


def gelu_resnet(problem: Problem) -> "nn.Module":
    """Return three residual blocks of width 64 with layer norm and GELU between two linear maps.

    Nothing is normalised at the end: a way without a kink leads from the rows to the output, so that lines go on.
    """
    from torch import nn

    from models.layers.blocks import Residual

    return nn.Sequential(nn.Linear(problem.n_features, 64), *(Residual(64) for _ in range(3)), nn.Linear(64, 1))


MODELS = (
    Model(
        name="gelu-resnet",
        title="Residual network with GELU, three blocks of width 64",
        source="He et al. (2016), Deep residual learning; the block of Xiong et al. (2020), "
        "On layer normalization in the transformer: norm first, rate 1e-3",
        build=network(gelu_resnet, learning_rate=1e-3, validation=0.2),
        tags=("network",),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
)

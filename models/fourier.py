"""Networks that see a row as random waves."""

from typing import TYPE_CHECKING

from models.base import Model, Problem
from models.training import network

if TYPE_CHECKING:
    from torch import nn


def fourier_features(problem: Problem) -> "nn.Module":
    """Return 64 fixed random waves as features, each with sine and cosine, and a 64-64 network with ReLU on them.

    Frequencies of d inputs are drawn with sd 0.5 / sqrt(d): the range of standardised rows then holds one or two waves
    of most of them.
    """
    from torch import nn

    from models.layers.blocks import RandomWaves

    return nn.Sequential(
        RandomWaves(problem.n_features, 64, scale=0.5),
        nn.Linear(128, 64),
        nn.ReLU(),
        nn.Linear(64, 64),
        nn.ReLU(),
        nn.Linear(64, 1),
    )


MODELS = (
    Model(
        name="fourier-features",
        title="Random Fourier features, then a ReLU network, 64-64",
        source="Tancik et al. (2020), "
        "Fourier features let networks learn high frequency functions: a Gaussian B, rate 1e-3",
        build=network(fourier_features, learning_rate=1e-3, validation=0.2),
        tags=("network",),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
)

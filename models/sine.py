"""Networks of waves: a plain sine, SIREN, and Snake."""

from typing import TYPE_CHECKING

from models.base import Model, Problem
from models.training import network

if TYPE_CHECKING:
    from torch import nn


def sine_mlp(problem: Problem) -> "nn.Module":
    """Return a 64-64 network with sin, started as torch starts any other."""
    from torch import nn

    from models.layers.activations import Sine

    n = problem.n_features
    return nn.Sequential(nn.Linear(n, 64), Sine(), nn.Linear(64, 64), Sine(), nn.Linear(64, 1))


def siren(problem: Problem) -> "nn.Module":
    """Return SIREN of three layers of 64 with sin(30 x), and its own start.

    Frequency, start and rate are the paper's; the width is that of the other networks here.
    """
    import math
    from itertools import pairwise

    from torch import nn

    from models.layers.activations import Sine

    w0, widths = 30.0, (problem.n_features, 64, 64, 64, 1)
    linears = [nn.Linear(n, m) for n, m in pairwise(widths)]
    for layer in linears:
        reach = 1 / layer.in_features if layer is linears[0] else math.sqrt(6 / layer.in_features) / w0
        nn.init.uniform_(layer.weight, -reach, reach)
    waves = [each for layer in linears[:-1] for each in (layer, Sine(w0))]
    return nn.Sequential(*waves, linears[-1])


def snake(problem: Problem) -> "nn.Module":
    """Return a 64-64 network with x + sin(a x)^2 / a, each unit's a trained from 1 on."""
    from torch import nn

    from models.layers.activations import Snake

    return nn.Sequential(nn.Linear(problem.n_features, 64), Snake(64), nn.Linear(64, 64), Snake(64), nn.Linear(64, 1))


MODELS = (
    Model(
        name="sine-mlp",
        title="Sine network, 64-64",
        source="Parascandolo et al. (2017), Taming the waves: sine as activation function, with torch's own start",
        build=network(sine_mlp, validation=0.2),
        tags=("network",),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
    Model(
        name="siren",
        title="SIREN, three layers of 64",
        source="Sitzmann et al. (2020), "
        "Implicit neural representations with periodic activation functions: w0 = 30, rate 1e-4",
        build=network(siren, learning_rate=1e-4, validation=0.2),
        tags=("network",),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
    Model(
        name="snake",
        title="Snake network, 64-64",
        source="Ziyin, Hartwig and Ueda (2020), Neural networks fail to learn periodic functions and how to fix it: "
        "a trained a for each unit",
        build=network(snake, validation=0.2),
        tags=("network",),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
)

"""Networks that learn a function on every edge."""

from typing import TYPE_CHECKING

from models.base import Model, Problem
from models.training import network

if TYPE_CHECKING:
    from torch import nn


def kan(problem: Problem) -> "nn.Module":
    """Return Kolmogorov-Arnold layers d-16-16-1: cubic splines on a grid of 10 intervals, and a SiLU beside them.

    The grid reaches to 2 on both sides: standardised rows of a uniform law end at 1.73.
    """
    from itertools import pairwise

    from torch import nn

    from models.layers.kolmogorov_arnold import SplineLayer

    widths = (problem.n_features, 16, 16, 1)
    return nn.Sequential(*(SplineLayer(n, m, n_intervals=10, reach=2.0) for n, m in pairwise(widths)))


def radial_kan(problem: Problem) -> "nn.Module":
    """Return Kolmogorov-Arnold layers d-16-16-1 with 8 Gaussian bumps on a grid up to 2, normalised inside.

    Rows are not normalised again: that would leave one number nothing, and two their order alone.
    """
    from torch import nn

    from models.layers.kolmogorov_arnold import RadialLayer

    return nn.Sequential(
        RadialLayer(problem.n_features, 16, norm=False), RadialLayer(16, 16, norm=True), RadialLayer(16, 1, norm=True)
    )


MODELS = (
    Model(
        name="kan",
        title="Kolmogorov-Arnold network, cubic splines",
        source="Liu et al. (2024), KAN: Kolmogorov-Arnold networks: degree 3, a SiLU base, start 0.1",
        build=network(kan, learning_rate=1e-2, validation=0.2),
        tags=("network",),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
    Model(
        name="radial-kan",
        title="Kolmogorov-Arnold network, Gaussian bumps",
        source="Li (2024), Kolmogorov-Arnold networks are radial basis function networks: FastKAN's grid and start",
        build=network(radial_kan, learning_rate=1e-2, validation=0.2),
        tags=("network",),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
)

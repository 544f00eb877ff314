"""A network whose elements look at each other."""

from typing import TYPE_CHECKING

from models.base import Model, NotApplicable, Problem, Regressor
from models.training import network

if TYPE_CHECKING:
    from torch import nn


def set_transformer(problem: Problem) -> "nn.Module":
    """Return a layer of attention of width 32 with 2 heads, pooling by attention, and a linear sum.

    The paper's is four times as wide and has two layers, and others here train for twice as many steps: attention costs
    several times as much as all else.
    """
    from torch import nn

    from models.layers.attention import AmongThemselves, PoolingByAttention

    return nn.Sequential(
        nn.Unflatten(-1, (problem.n_elements, problem.n_element_features)),
        nn.Linear(problem.n_element_features, 32),
        AmongThemselves(32, 2),
        PoolingByAttention(32, 2),
        nn.Linear(32, 1),
    )


_build = network(set_transformer, steps=2_000, learning_rate=1e-3, share_scaling=True, validation=0.2)


def _of_sets(problem: Problem, seed: int) -> Regressor:
    """Return the network of a set with more than one element.

    Raises:
        NotApplicable: there is one element, and nothing to attend to.
    """
    if problem.n_elements == 1:
        raise NotApplicable("a row is a single element, and attention is between elements")
    return _build(problem, seed)


MODELS = (
    Model(
        name="set-transformer",
        title="Set Transformer of width 32",
        source="Lee et al. (2019), Set Transformer: SAB, PMA with one seed vector; rate 1e-3",
        build=_of_sets,
        tags=("network",),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
)

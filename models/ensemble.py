"""Many networks as one, whose disagreement says how sure they are."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Self, overload

import numpy as np

from models.base import FloatArray, Model, Problem, Regressor
from models.mlp import relu_mlp, tanh_mlp
from models.training import network

if TYPE_CHECKING:
    from torch import nn

    from models.training.network import NetworkRegressor

_N_MEMBERS = 10


class EnsembleRegressor:
    """The mean of networks that differ in their seeds alone; all learn from the same rows, at once.

    `fit_info_` is that of the first member, and says how many there are.
    """

    def __init__(self, members: list["NetworkRegressor"]) -> None:
        self.members = members
        self.fit_info_: Mapping[str, str] = {}

    def get_params(self, deep: bool = False) -> dict[str, Any]:
        """Return the number of members and the settings of each."""
        return {"n_members": len(self.members), **self.members[0].get_params()}

    def briefly(self) -> Self:
        """Return the same ensemble, unfitted, of members that train for a few steps."""
        return type(self)([member.briefly() for member in self.members])

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Train all members on X (n, n_features) and y (n,)."""
        type(self.members[0]).fit_many(self.members, [(X, y)] * len(self.members))
        self.fit_info_ = {**self.members[0].fit_info_, "n_members": str(len(self.members))}
        return self

    @overload
    def predict(self, X: FloatArray, return_std: Literal[False] = False) -> FloatArray: ...

    @overload
    def predict(self, X: FloatArray, return_std: Literal[True]) -> tuple[FloatArray, FloatArray]: ...

    def predict(self, X: FloatArray, return_std: bool = False) -> FloatArray | tuple[FloatArray, FloatArray]:
        """Return the members' mean (n,) for X (n, n_features), and where asked their sd (n,) about it too.

        Raises:
            Diverged: the training of a member ended in NaN or infinity.
        """
        said = np.stack([member.predict(X) for member in self.members])
        mean: FloatArray = said.mean(axis=0)
        return (mean, said.std(axis=0)) if return_std else mean

    def parameters(self) -> int:
        """Return how many numbers were trained, in all members."""
        return sum(member.parameters() for member in self.members)


_SOURCE = (
    "Lakshminarayanan, Pritzel and Blundell (2017), Simple and scalable predictive uncertainty: "
    "members of other starts and batches on all rows, without adversarial examples"
)


def ensemble_of(make_module: Callable[[Problem], "nn.Module"]) -> Callable[[Problem, int], Regressor]:
    """Return what builds ten networks of one make, of seeds of their own.

    The paper takes five and finds little more in ten; here ten cost what two or three would one after another.
    """
    member = network(make_module, validation=0.2)

    def build(problem: Problem, seed: int) -> Regressor:
        members = [member(problem, _N_MEMBERS * seed + number) for number in range(_N_MEMBERS)]
        return EnsembleRegressor(members)  # type: ignore[arg-type]

    return build


MODELS = (
    Model(
        name="tanh-ensemble",
        title="Mean of ten tanh networks, 64-64, with its sd",
        source=_SOURCE,
        build=ensemble_of(tanh_mlp),
        tags=("network", "uncertainty"),
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
    Model(
        name="relu-ensemble",
        title="Mean of ten ReLU networks, 64-64, with its sd",
        source=_SOURCE,
        build=ensemble_of(relu_mlp),
        tags=("network", "uncertainty"),
        timed_by="task",
    ),
)

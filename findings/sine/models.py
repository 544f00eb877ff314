"""Networks that were asked to go on with a sine; and the one of several that rows held back choose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from findings.keras import asked, stack
from findings.sources import LINEAR_OUTSIDE, SINE_BEYOND, SINE_WAVES
from models.base import FloatArray, Model, Problem, Regressor
from models.fourier import fourier_features
from models.mlp import relu_mlp, tanh_mlp
from models.sine import sine_mlp, snake
from models.training import Factory
from models.training.network import NetworkRegressor
from models.training.recipe import Recipe
from models.training.scaling import parted

if TYPE_CHECKING:
    from torch import nn

Rows = tuple[FloatArray, FloatArray]
# Keras's activations for hidden layers, by their names in torch.
ACTIVATIONS = ("ReLU", "ELU", "SELU", "Softplus", "Softsign", "Tanh", "Sigmoid")
_RAW = (1.0, 1.0)
# 500 epochs of 500 rows in batches of 32.
_STEPS = 500 * (500 // 32)


def tanh_100_100(problem: Problem) -> "nn.Module":
    """Return a network 100-100-1 with tanh."""
    from torch import nn

    return stack(problem.n_features, (100, 100), (nn.Tanh(), nn.Tanh()))


def _ratio() -> "nn.Module":
    """Return the layer that divides the first of two numbers (batch, 2) by the second."""
    from torch import Tensor, nn

    class Ratio(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x[..., :1] / x[..., 1:]

    return Ratio()


def tanh_ratio(problem: Problem) -> "nn.Module":
    """Return a network 100-100-2 with tanh in every layer, whose answer is the first output over the second."""
    from torch import nn

    hidden = stack(problem.n_features, (100, 100), (nn.Tanh(), nn.Tanh()))
    pair = nn.Linear(100, 2)
    nn.init.xavier_uniform_(pair.weight)
    nn.init.zeros_(pair.bias)
    return nn.Sequential(*list(hidden.children())[:-1], pair, nn.Tanh(), _ratio())


def three_of_16(activation: str) -> Factory:
    """Return what makes three layers of 16 with an activation, by its name in torch, or with Sine."""

    def three_layers(problem: Problem) -> "nn.Module":
        from torch import nn

        from models.layers.activations import Sine

        kind = Sine if activation == "Sine" else getattr(nn, activation)
        return stack(problem.n_features, (16, 16, 16), tuple(kind() for _ in range(3)))

    three_layers.__name__ = f"three_of_16_{activation.lower()}"
    return three_layers


# Networks of the board, each with its own rate.
CANDIDATES: Mapping[str, tuple[Factory, float]] = {
    "relu-mlp": (relu_mlp, 1e-2),
    "tanh-mlp": (tanh_mlp, 1e-2),
    "sine-mlp": (sine_mlp, 1e-2),
    "snake": (snake, 1e-2),
    "fourier-features": (fourier_features, 1e-3),
}


@dataclass
class Chosen:
    """The network of several kinds that does best on a fifth of the rows, held back, and is trained again on all.

    `rows` says which are held back: as `Recipe.validation_rows`. A kind may be trained for few `steps`.
    """

    problem: Problem
    seed: int
    rows: Literal["random", "edge"]
    steps: int
    _network: NetworkRegressor = field(init=False, repr=False)
    fit_info_: dict[str, str] = field(init=False, repr=False, default_factory=dict)

    def get_params(self, deep: bool = False) -> dict[str, Any]:
        """Return the settings that the record keeps."""
        return {
            "candidates": ", ".join(CANDIDATES),
            "held_back": 0.2,
            "validation_rows": self.rows,
            "steps": self.steps,
        }

    def briefly(self) -> Self:
        """Return the same, unfitted, trained for so few steps that rounding has no time to grow."""
        return type(self)(self.problem, self.seed, self.rows, min(self.steps, 30))

    def _candidate(self, kind: str) -> NetworkRegressor:
        factory, rate = CANDIDATES[kind]
        return NetworkRegressor(factory, self.problem, self.seed, Recipe(steps=self.steps, learning_rate=rate))

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Choose and train on X (n, n_features) and y (n,); the same result as in the company of other seeds."""
        self.fit_many([self], [(X, y)])
        return self

    @classmethod
    def fit_many(cls, regressors: Sequence[Self], data: Sequence[Rows]) -> None:
        """Choose and train regressors[i] on data[i], all of one problem."""
        split = Recipe(validation=0.2, validation_rows=regressors[0].rows)
        parts = [parted(split, X, each.seed) for each, (X, _) in zip(regressors, data, strict=True)]
        kept = [(X[part.kept], y[part.kept]) for part, (X, y) in zip(parts, data, strict=True)]
        errors: list[dict[str, float]] = [{} for _ in regressors]
        for kind in CANDIDATES:
            trials = [each._candidate(kind) for each in regressors]
            NetworkRegressor.fit_many(trials, kept)
            for found, trial, part, (X, y) in zip(errors, trials, parts, data, strict=True):
                away = trial.predict(X[part.held_back]) - y[part.held_back]
                found[kind] = float(np.sqrt(np.mean(away**2)))
        best = [min(found, key=found.__getitem__) for found in errors]
        for kind in sorted(set(best)):
            group = [i for i, chosen in enumerate(best) if chosen == kind]
            networks = [regressors[i]._candidate(kind) for i in group]
            NetworkRegressor.fit_many(networks, [data[i] for i in group])
            for i, network in zip(group, networks, strict=True):
                regressors[i]._network = network
        for each, kind, found in zip(regressors, best, errors, strict=True):
            noted = {f"held_back_error_{name}": f"{error:.3g}" for name, error in found.items()}
            each.fit_info_ = {"chosen": kind, **noted}

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, n_features)."""
        return self._network.predict(X)


@dataclass
class OneWave:
    """Least squares on a constant, cos(w x) and sin(w x), with the w that fits best: a Fourier transform's best wave.

    Of `n_tried` values of w, from a twentieth of a wave in the range of the rows to twenty, the best is refined.
    """

    n_tried: int = 1_000
    _w: float = field(init=False, repr=False)
    _coefficients: FloatArray = field(init=False, repr=False)
    fit_info_: dict[str, str] = field(init=False, repr=False, default_factory=dict)

    def get_params(self, deep: bool = False) -> dict[str, Any]:
        """Return the settings that the record keeps."""
        return {"n_tried": self.n_tried}

    @staticmethod
    def _waves(x: FloatArray, w: float) -> FloatArray:
        return np.column_stack([np.ones_like(x), np.cos(w * x), np.sin(w * x)])

    def _fitted(self, x: FloatArray, y: FloatArray, w: float) -> tuple[FloatArray, float]:
        A = self._waves(x, w)
        coefficients = np.linalg.lstsq(A, y, rcond=None)[0].astype(np.float64)
        return coefficients, float(np.mean((A @ coefficients - y) ** 2))

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit X (n, 1) and y (n,)."""
        from scipy.optimize import minimize_scalar

        x = X[:, 0]
        one = 2 * np.pi / float(np.ptp(x))
        tried = one * np.geomspace(1 / 20, 20, self.n_tried)
        best = int(np.argmin([self._fitted(x, y, w)[1] for w in tried]))
        low, high = tried[max(0, best - 1)], tried[min(len(tried) - 1, best + 1)]
        found = minimize_scalar(
            lambda w: self._fitted(x, y, w)[1], bounds=(low, high), method="bounded", options={"xatol": 1e-12}
        )
        self._w = float(found.x)
        self._coefficients, _ = self._fitted(x, y, self._w)
        self.fit_info_ = {"period": f"{2 * np.pi / self._w:.6g}"}
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, 1)."""
        predicted: FloatArray = self._waves(X[:, 0], self._w) @ self._coefficients
        return predicted


def one_wave(problem: Problem, seed: int) -> Regressor:
    """Return the best wave; the seed changes nothing."""
    return OneWave()


def chosen_by(rows: Literal["random", "edge"]) -> Callable[[Problem, int], Regressor]:
    """Return the `build` of what rows choose that are held back at random, or at the edge."""

    def build(problem: Problem, seed: int) -> Regressor:
        return Chosen(problem, seed, rows, 200 if problem.quick else 2_000)

    return build


_HELD_BACK: Mapping[Literal["random", "edge"], str] = {
    "random": "a fifth held back at random",
    "edge": "the outermost fifth, held back",
}


def _asked(name: str, title: str, factory: Factory, source: str) -> Model:
    return asked(
        name,
        f"{title}, 500 epochs, nothing scaled",
        factory,
        source,
        batch_size=32,
        steps=_STEPS,
        divisors=_RAW,
    )


MODELS = (
    _asked("asked-sine-ratio", "tanh network 100-100-2, the answer a ratio", tanh_ratio, SINE_WAVES.url),
    _asked("asked-sine-tanh-100", "tanh network 100-100", tanh_100_100, SINE_WAVES.url),
    *(
        _asked(f"asked-sine-{each.lower()}", f"Three layers of 16 with {each}", three_of_16(each), LINEAR_OUTSIDE.url)
        for each in (*ACTIVATIONS, "Sine")
    ),
    Model(
        name="one-wave",
        title="Least squares on a constant and one wave, whose period is looked for",
        source=f"{SINE_WAVES.url}: an answer's Fourier transform",
        build=one_wave,
        tags=("control",),
    ),
    *(
        Model(
            name=f"chosen-by-{rows}-rows",
            title=f"The best of five networks on {words}",
            source=f"{SINE_BEYOND.url}: may the validation loss steer training?",
            build=chosen_by(rows),
            tags=("control",),
        )
        for rows, words in _HELD_BACK.items()
    ),
)

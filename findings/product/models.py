"""Networks for a product and a ratio as the threads have them, and the same with one thing changed at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self, cast

import numpy as np

from findings.keras import asked, relu, stack
from findings.sources import ONE_HIDDEN, PRODUCT, RATIO
from models.base import FloatArray, Model, NotApplicable, Problem, Regressor
from models.settings import generator
from models.training import Factory, network
from models.training.network import NetworkRegressor

if TYPE_CHECKING:
    from torch import nn

Rows = tuple[FloatArray, FloatArray]
_RAW, _BY_LARGEST = (1.0, 1.0), (100.0, 10_000.0)
# 6,500 rows in batches of 100: 200 epochs, and 100 of the other thread.
_ONE_HIDDEN: dict[str, Any] = {"steps": 13_000, "optimizer": "sgd", "momentum": 0.0, "learning_rate": 0.005}
_DEEP: dict[str, Any] = {"steps": 6_500}
# Rows of the network for squares: on [-50, 50], and more of them on [0, 10].
_WIDE, _NEAR = 10_000, 500
_SQUARES: dict[str, Any] = {
    "steps": 100 * ((_WIDE + _NEAR) // 32),
    "batch_size": 32,
    "learning_rate": 1e-3,
    "schedule": "constant",
    "divisors": (1.0, 1.0),
}


def sigmoid(width: int) -> Factory:
    """Return what makes one hidden layer of sigmoid units whose weights and biases start within 0.1 of 0."""

    def sigmoid_stack(problem: Problem) -> "nn.Module":
        from torch import nn

        made = stack(problem.n_features, (width,), (nn.Sigmoid(),))
        for parameter in made.parameters():
            nn.init.uniform_(parameter, -0.1, 0.1)
        return made

    sigmoid_stack.__name__ = f"sigmoid_{width}"
    return sigmoid_stack


def elu_8_8(problem: Problem) -> "nn.Module":
    """Return two hidden layers of 8 ELU."""
    from torch import nn

    return stack(problem.n_features, (8, 8), (nn.ELU(), nn.ELU()))


@dataclass
class InLogarithms:
    """A network that sees the logarithms of inputs and target: a product is a sum there."""

    network: NetworkRegressor

    def get_params(self, deep: bool = False) -> dict[str, Any]:
        """Return the settings of the network, and that it sees logarithms."""
        return {"sees": "logarithms", **self.network.get_params(deep)}

    def briefly(self) -> "InLogarithms":
        """Return the same, unfitted, whose network trains for a few steps."""
        return InLogarithms(self.network.briefly())

    @classmethod
    def fit_many(cls, regressors: Sequence[Self], data: Sequence[Rows]) -> None:
        """Fit regressors[i] on data[i] = (X, y), in place.

        Raises:
            NotApplicable: an input or a target is not above zero.
        """
        least = min(min(float(X.min()), float(y.min())) for X, y in data)
        if least <= 0:
            raise NotApplicable(f"a training row holds {least:.3g}, which has no logarithm")
        logs = [(np.log(X), np.log(y)) for X, y in data]
        NetworkRegressor.fit_many([each.network for each in regressors], logs)

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit X (n, d) and y (n,), all above zero."""
        self.fit_many([self], [(X, y)])
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d), all above zero."""
        predicted: FloatArray = np.exp(self.network.predict(np.log(X)))
        return predicted


@dataclass
class ProductBySquares:
    """x1 / x2 as x1 r with r = 1 / x2, where x1 r = (s(x1 + r) - s(x1) - s(r)) / 2 and a network is s, the square.

    The network learns squares of its own numbers of [-50, 50] and sees none of the task's rows. With the reciprocal
    "whole" r is that of two whole numbers in numpy, which is 0 from 2 on.
    """

    reciprocal: Literal["whole", "exact"]
    squares: NetworkRegressor
    seed: int

    def get_params(self, deep: bool = False) -> dict[str, Any]:
        """Return the kind of the reciprocal, and the settings of the network."""
        return {"reciprocal": self.reciprocal, **self.squares.get_params(deep)}

    def briefly(self) -> "ProductBySquares":
        """Return the same, unfitted, whose network trains for a few steps."""
        return ProductBySquares(self.reciprocal, self.squares.briefly(), self.seed)

    def _rows(self) -> Rows:
        rng = generator(self.seed)
        x = np.concatenate([rng.uniform(-50, 50, _WIDE), rng.uniform(0, 10, _NEAR)])
        return x[:, np.newaxis], x**2

    @classmethod
    def fit_many(cls, regressors: Sequence[Self], data: Sequence[Rows]) -> None:
        """Train the networks for squares; `data` is not looked at."""
        NetworkRegressor.fit_many([each.squares for each in regressors], [each._rows() for each in regressors])

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Train the network for squares; X (n, 2) and y (n,) are not looked at."""
        self.fit_many([self], [(X, y)])
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, 2)."""
        x1 = X[:, 0]
        r = 1 / X[:, 1]
        if self.reciprocal == "whole":
            r = np.trunc(r)
        s = [self.squares.predict(values[:, np.newaxis]) for values in (x1 + r, x1, r)]
        predicted: FloatArray = (s[0] - s[1] - s[2]) / 2
        return predicted


def _in_logarithms(factory: Factory, **recipe: Any) -> Callable[[Problem, int], Regressor]:
    build = network(factory, **recipe)
    return lambda problem, seed: InLogarithms(cast("NetworkRegressor", build(problem, seed)))


def _by_squares(reciprocal: Literal["whole", "exact"], **recipe: Any) -> Callable[[Problem, int], Regressor]:
    build = network(elu_8_8, **(_SQUARES | recipe))

    def built(problem: Problem, seed: int) -> Regressor:
        if problem.n_features != 2:
            raise NotApplicable(f"it divides one number by another, got {problem.n_features} inputs")
        one = Problem(n_features=1, n_elements=1, n_element_features=1, n_train=_WIDE + _NEAR, quick=problem.quick)
        return ProductBySquares(reciprocal, cast("NetworkRegressor", build(one, seed)), seed)

    return built


def _division(name: str, title: str, reciprocal: Literal["whole", "exact"], tag: str, **recipe: Any) -> Model:
    build = _by_squares(reciprocal, **recipe)
    return Model(name=name, title=title, source=RATIO.url, build=build, tags=(tag,))


_LAYER = "One hidden layer of {} sigmoid units, SGD at 0.005, 200 epochs, {}"
MODELS = (
    *(
        asked(
            f"asked-sigmoid-{width}",
            _LAYER.format(width, "nothing scaled"),
            sigmoid(width),
            ONE_HIDDEN.url,
            **_ONE_HIDDEN,
            divisors=_RAW,
        )
        for width in (5, 30, 100)
    ),
    asked(
        "asked-sigmoid-100-divided",
        _LAYER.format(100, "x divided by 100 and y by 10,000"),
        sigmoid(100),
        ONE_HIDDEN.url,
        **_ONE_HIDDEN,
        divisors=_BY_LARGEST,
    ),
    asked(
        "asked-sigmoid-100-adam",
        "One hidden layer of 100 sigmoid units, Adam at 0.005, 200 epochs, nothing scaled",
        sigmoid(100),
        ONE_HIDDEN.url,
        steps=13_000,
        learning_rate=0.005,
        divisors=_RAW,
    ),
    asked(
        "asked-sigmoid-100-divided-adam",
        "One hidden layer of 100 sigmoid units, Adam at 0.005, 200 epochs, x divided by 100 and y by 10,000",
        sigmoid(100),
        ONE_HIDDEN.url,
        steps=13_000,
        learning_rate=0.005,
        divisors=_BY_LARGEST,
    ),
    asked(
        "asked-sigmoid-100-falling",
        "One hidden layer of 100 sigmoid units, Adam from 0.005 to 0, 200 epochs, x divided by 100 and y by 10,000",
        sigmoid(100),
        ONE_HIDDEN.url,
        steps=13_000,
        learning_rate=0.005,
        schedule="cosine",
        divisors=_BY_LARGEST,
    ),
    asked(
        "asked-relu-100-divided-adam",
        "One hidden layer of 100 ReLU, Adam at 0.005, 200 epochs, x divided by 100 and y by 10,000",
        relu(100),
        ONE_HIDDEN.url,
        steps=13_000,
        learning_rate=0.005,
        divisors=_BY_LARGEST,
    ),
    asked(
        "asked-product",
        "ReLU network 64-64, 100 epochs, nothing scaled",
        relu(64, 64),
        PRODUCT.url,
        **_DEEP,
        divisors=_RAW,
    ),
    asked(
        "asked-product-divided",
        "ReLU network 64-64, 100 epochs, x divided by 100 and y by 10,000",
        relu(64, 64),
        PRODUCT.url,
        **_DEEP,
        divisors=_BY_LARGEST,
    ),
    Model(
        name="asked-product-logarithms",
        title="ReLU network 64-64, 100 epochs, on logarithms of x and y",
        source=f"{PRODUCT.url}: as asked",
        build=_in_logarithms(
            relu(64, 64), **_DEEP, batch_size=100, learning_rate=1e-3, schedule="constant", divisors=_RAW
        ),
        tags=("as-asked",),
    ),
    _division(
        "asked-division",
        "Division by a network for squares, reciprocals of whole numbers",
        "whole",
        "as-asked",
        weight_decay=0.002,
    ),
    _division(
        "division-exact-reciprocal",
        "Division by a network for squares, exact reciprocals",
        "exact",
        "control",
        weight_decay=0.002,
    ),
    _division(
        "division-without-decay",
        "Division by a network for squares, exact reciprocals, no weight decay",
        "exact",
        "control",
    ),
)

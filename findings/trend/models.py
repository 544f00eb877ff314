"""Trees helped by a line in two ways, and Gaussian processes with the thread's kernel and with others."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import numpy as np

from findings.sources import KERNELS, TREES
from models.base import FloatArray, Model, Problem, Regressor
from models.boosting import gradient_boosting
from models.settings import Settings
from models.trees import random_forest

Build = Callable[[Problem, int], Regressor]
# The variance that the thread gives to noise which its rows do not have, and the least that keeps a matrix regular.
_ASKED_NOISE, _NO_NOISE = 0.1, 1e-6
Kernel = Literal["matern", "rbf", "matern + constant", "matern + linear"]


@dataclass
class HelpedByLine(Settings):
    """Trees beside a least-squares line: on what the line leaves, or with the line's prediction as one input more."""

    how: Literal["residual", "feature"]
    trees: Regressor
    _line: Any = field(init=False, repr=False)

    def get_params(self, deep: bool = False) -> dict[str, Any]:
        """Return how the line helps, and the settings of the trees."""
        trees: Any = self.trees
        return {"how": self.how, **trees.get_params(deep)}

    def _inputs(self, X: FloatArray) -> FloatArray:
        return X if self.how == "residual" else np.column_stack([X, self._line.predict(X)])

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit X (n, d) and y (n,)."""
        from sklearn.linear_model import LinearRegression

        self._line = LinearRegression().fit(X, y)
        # In single precision: where splits are equally good, trees choose by digits that depend on the processor.
        targets = (y - self._line.predict(X)).astype(np.float32) if self.how == "residual" else y
        self.trees.fit(self._inputs(X), targets)
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d)."""
        predicted: FloatArray = self.trees.predict(self._inputs(X))
        return predicted + self._line.predict(X) if self.how == "residual" else predicted


@dataclass
class FixedProcess(Settings):
    """A Gaussian process whose kernel has length and size 1 and is not fitted: `noise` is the variance given to noise.

    The prior mean is zero, or with `centred` the mean of the training targets. To a Matern 5/2 or a squared exponential
    kernel a constant of size 1 or the product of two inputs may be added: Rasmussen and Williams (2006), chapter 4.
    """

    kernel: Kernel
    noise: float
    centred: bool
    _mean: float = field(init=False, repr=False)
    _process: Any = field(init=False, repr=False)

    def _kernel(self) -> Any:
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, Matern

        kernel = RBF(1.0) if self.kernel == "rbf" else Matern(1.0, nu=2.5)
        if self.kernel == "matern + constant":
            return kernel + ConstantKernel(1.0)
        # DotProduct(1) is 1 + x x': a line with a constant.
        return kernel + DotProduct(1.0) if self.kernel == "matern + linear" else kernel

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit X (n, d) and y (n,)."""
        from sklearn.gaussian_process import GaussianProcessRegressor

        self._mean = float(y.mean()) if self.centred else 0.0
        self._process = GaussianProcessRegressor(self._kernel(), alpha=self.noise, optimizer=None)
        self._process.fit(X, y - self._mean)
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d)."""
        predicted: FloatArray = self._mean + self._process.predict(X)
        return predicted


def _helped(how: Literal["residual", "feature"], trees: Build) -> Build:
    return lambda problem, seed: HelpedByLine(how, trees(problem, seed))


def _process(kernel: Kernel, noise: float = _ASKED_NOISE, *, centred: bool = False) -> Build:
    return lambda problem, seed: FixedProcess(kernel, noise, centred)


def _control(name: str, title: str, source: str, build: Build, *, version: int = 1) -> Model:
    return Model(name=name, title=title, source=source, build=build, tags=("control",), version=version)


_ZERO = "mean zero, noise variance 0.1"
MODELS = (
    _control(
        "line-then-forest",
        "A line, then a forest on its residuals",
        TREES.url,
        _helped("residual", random_forest),
        version=2,
    ),
    _control("line-in-forest", "A forest with a line as one input more", TREES.url, _helped("feature", random_forest)),
    _control(
        "line-in-boosting",
        "Boosted trees with a line as one input more",
        TREES.url,
        _helped("feature", gradient_boosting),
    ),
    Model(
        name="asked-matern",
        title=f"Gaussian process, Matern 5/2 of length 1, {_ZERO}",
        source=f"{KERNELS.url}: as asked",
        build=_process("matern"),
        tags=("as-asked",),
    ),
    _control(
        "matern-without-noise", "Gaussian process, Matern 5/2, mean zero", KERNELS.url, _process("matern", _NO_NOISE)
    ),
    _control(
        "matern-centred", "Gaussian process, Matern 5/2, mean of y", KERNELS.url, _process("matern", centred=True)
    ),
    _control("squared-exponential", f"Gaussian process, squared exponential, {_ZERO}", KERNELS.url, _process("rbf")),
    _control(
        "matern-and-constant",
        f"Gaussian process, Matern 5/2 and a constant, {_ZERO}",
        KERNELS.url,
        _process("matern + constant"),
    ),
    _control(
        "matern-and-line",
        f"Gaussian process, Matern 5/2 and a line, {_ZERO}",
        KERNELS.url,
        _process("matern + linear"),
    ),
)

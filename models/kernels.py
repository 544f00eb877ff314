"""Kernel methods: Gaussian processes, kernel ridge, support vectors, and random features of a kernel."""

import warnings
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

import numpy as np

from models.base import FloatArray, Model, NotApplicable, Problem, Regressor
from models.settings import Settings, generator, require_rows, some_rows

# With more inputs one length each takes longer to fit than it gains: all inputs share one.
_MOST_LENGTHS = 10
# As written: a power that is computed may round otherwise on another processor.
_ALPHAS = (1e-8, 1e-6, 1e-4, 1e-2, 1.0, 100.0)
_LENGTHS = (0.3, 1.0, 3.0)


@dataclass
class GaussianProcess(Settings):
    """A Gaussian process on standardised rows, at most `most_rows` of them: the effort grows with their cube.

    The kernel is a squared exponential, plus a line, plus noise; with `periodic` a periodic one stands beside. Each
    input has a length of its own, or all have one where they are more than ten. The parameters maximise the marginal
    likelihood (Rasmussen and Williams 2006, Gaussian processes for machine learning, chapter 5), as found from
    `n_starts` starts; from none they stay as they begin.
    """

    most_rows: int
    kernel: Literal["rbf + linear", "periodic + rbf + linear"]
    n_starts: int
    seed: int
    _scaler: Any = field(init=False, repr=False)
    _process: Any = field(init=False, repr=False)
    fit_info_: dict[str, str] = field(init=False, repr=False, default_factory=dict)

    def briefly(self) -> Self:
        """Return this process of this seed, unfitted, that searches for no parameters.

        Where a likelihood is flat, rounding decides where a search ends.
        """
        return replace(self, n_starts=0)

    def _kernel(self, n_features: int) -> Any:
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, ExpSineSquared, WhiteKernel

        lengths = np.ones(n_features) if n_features <= _MOST_LENGTHS else 1.0
        kernel = ConstantKernel(1.0, (1e-4, 1e6)) * RBF(lengths, (1e-2, 1e3))
        kernel += ConstantKernel(1.0, (1e-6, 1e4)) * DotProduct(1.0, (1e-3, 1e3))
        if self.kernel.startswith("periodic"):
            kernel += ConstantKernel(1.0, (1e-4, 1e6)) * ExpSineSquared(1.0, 1.0, (1e-2, 1e2), (1e-1, 1e1))
        return kernel + WhiteKernel(1e-6, (1e-12, 1e1))

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit X (n, d) and y (n,)."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.preprocessing import StandardScaler

        rng = generator(self.seed)
        self._scaler = StandardScaler().fit(X)
        X, y = some_rows(self._scaler.transform(X), y, self.most_rows, rng)
        self._process = GaussianProcessRegressor(
            self._kernel(X.shape[1]),
            optimizer="fmin_l_bfgs_b" if self.n_starts else None,
            n_restarts_optimizer=max(0, self.n_starts - 1),
            normalize_y=True,
            random_state=self.seed,
        )
        with warnings.catch_warnings():
            # A parameter at its bound, as where there is no noise, is no trouble.
            warnings.simplefilter("ignore", ConvergenceWarning)
            self._process.fit(X, y)
        self.fit_info_ = {"kernel_found": str(self._process.kernel_)}
        return self

    def predict(self, X: FloatArray, return_std: bool = False) -> Any:
        """Return predictions (n,) for X (n, d), and with `return_std` their standard deviations (n,)."""
        with warnings.catch_warnings():
            # A variance that rounding takes below zero is set to zero, with a warning.
            warnings.simplefilter("ignore")
            return self._process.predict(self._scaler.transform(X), return_std=return_std)


@dataclass
class RandomFeatures(Settings):
    """Ridge regression on random cosines, whose products approximate a squared exponential kernel.

    Rahimi and Recht (2007), Random features for large-scale kernel machines. Of three lengths the one with the least
    leave-one-out error is taken. Its unit is the inputs' standard deviation times the square root of their number.
    """

    n_features: int
    lengths: tuple[float, ...]
    alphas: tuple[float, ...]
    seed: int
    _best: Any = field(init=False, repr=False)
    fit_info_: dict[str, str] = field(init=False, repr=False, default_factory=dict)

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit X (n, d) and y (n,)."""
        from sklearn.kernel_approximation import RBFSampler
        from sklearn.linear_model import RidgeCV
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        d = X.shape[1]
        tried = []
        for length in self.lengths:
            sampler = RBFSampler(gamma=1 / (2 * d * length**2), n_components=self.n_features, random_state=self.seed)
            tried.append(make_pipeline(StandardScaler(), sampler, RidgeCV(self.alphas)).fit(X, y))
        best = int(np.argmax([each[-1].best_score_ for each in tried]))
        self._best = tried[best]
        self.fit_info_ = {"length_chosen": str(self.lengths[best])}
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d)."""
        predicted: FloatArray = self._best.predict(X)
        return predicted

    def parameters(self) -> int:
        """Return how many coefficients there are, the constant among them."""
        return self.n_features + 1


@dataclass
class KernelRidge(Settings):
    """Ridge regression with a squared exponential kernel on at most `most_rows` standardised rows.

    Length and strength are chosen on three folds, among those that are given; the length as in `RandomFeatures`.
    """

    most_rows: int
    lengths: tuple[float, ...]
    alphas: tuple[float, ...]
    seed: int
    _chosen: Any = field(init=False, repr=False)
    fit_info_: dict[str, str] = field(init=False, repr=False, default_factory=dict)

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit X (n, d) and y (n,)."""
        from scipy.linalg import LinAlgWarning
        from sklearn.compose import TransformedTargetRegressor
        from sklearn.kernel_ridge import KernelRidge as Ridge
        from sklearn.model_selection import GridSearchCV, KFold
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        X, y = some_rows(X, y, self.most_rows, generator(self.seed))
        gammas = [1 / (2 * X.shape[1] * length**2) for length in self.lengths]
        ridge = make_pipeline(StandardScaler(), Ridge(kernel="rbf"))
        grid = {
            "regressor__kernelridge__gamma": gammas,
            "regressor__kernelridge__alpha": list(self.alphas),
        }
        whole = TransformedTargetRegressor(ridge, transformer=StandardScaler())
        parts = KFold(3, shuffle=True, random_state=self.seed)
        search = GridSearchCV(whole, grid, scoring="neg_mean_squared_error", cv=parts)
        with warnings.catch_warnings():
            # A kernel matrix that is singular to rounding is solved by least squares, with a warning.
            warnings.simplefilter("ignore", LinAlgWarning)
            warnings.simplefilter("ignore", UserWarning)
            self._chosen = search.fit(X, y).best_estimator_
        length = self.lengths[gammas.index(search.best_params_["regressor__kernelridge__gamma"])]
        alpha = search.best_params_["regressor__kernelridge__alpha"]
        self.fit_info_ = {"length_chosen": str(length), "alpha_chosen": f"{alpha:.3g}"}
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d)."""
        predicted: FloatArray = self._chosen.predict(X)
        return predicted


def gaussian_process(problem: Problem, seed: int) -> Regressor:
    """Return a process on 500 rows (100 when quick): more take minutes and gain little in these dimensions."""
    return GaussianProcess(100 if problem.quick else 500, "rbf + linear", 1 if problem.quick else 2, seed)


def periodic_process(problem: Problem, seed: int) -> Regressor:
    """Return a process with a periodic kernel of one input; the period is looked for from five starts.

    Raises:
        NotApplicable: there are several inputs, and no period of all of them.
    """
    if problem.n_features > 1:
        raise NotApplicable(f"its period is one of a single input, got {problem.n_features}")
    rows, n_starts = (100, 2) if problem.quick else (300, 5)
    return GaussianProcess(rows, "periodic + rbf + linear", n_starts, seed)


def kernel_ridge(problem: Problem, seed: int) -> Regressor:
    """Return kernel ridge regression on 2,000 rows (200 when quick), whose cube is the effort.

    Raises:
        NotApplicable: there are fewer than three rows, one for each fold.
    """
    require_rows(problem, 3)
    return KernelRidge(200 if problem.quick else 2000, _LENGTHS, _ALPHAS, seed)


def random_features(problem: Problem, seed: int) -> Regressor:
    """Return ridge regression on 500 random features (100 when quick).

    Raises:
        NotApplicable: there is one row.
    """
    require_rows(problem, 2)
    return RandomFeatures(100 if problem.quick else 500, _LENGTHS, _ALPHAS, seed)


def support_vectors(problem: Problem, seed: int) -> Regressor:
    """Return scikit-learn's SVR at its defaults on standardised inputs, as its guide advises, and target."""
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVR

    regressor: Regressor = TransformedTargetRegressor(
        make_pipeline(StandardScaler(), SVR()), transformer=StandardScaler()
    )
    return regressor


MODELS = (
    Model(
        name="gaussian-process",
        title="Gaussian process, squared exponential and line, on at most 500 rows, with its standard deviation",
        source="Rasmussen and Williams (2006), Gaussian processes for machine learning",
        build=gaussian_process,
        tags=("kernel", "uncertainty"),
        timed_by="task",
    ),
    Model(
        name="gaussian-process-periodic",
        title="Gaussian process with a periodic kernel, of one input, on at most 300 rows",
        source="MacKay (1998), Introduction to Gaussian processes; Duvenaud (2014), chapter 2",
        build=periodic_process,
        tags=("kernel", "uncertainty"),
        timed_by="task",
    ),
    Model(
        name="kernel-ridge",
        title="Kernel ridge regression, squared exponential, on at most 2,000 rows",
        source="Saunders, Gammerman and Vovk (1998), Ridge regression learning algorithm in dual variables",
        build=kernel_ridge,
        tags=("kernel",),
    ),
    Model(
        name="random-features",
        title="Ridge regression on 500 random Fourier features",
        source="Rahimi and Recht (2007), Random features for large-scale kernel machines",
        build=random_features,
        tags=("kernel",),
    ),
    Model(
        name="svr",
        title="Support vector regression at scikit-learn's defaults, inputs and target standardised",
        source="Smola and Schoelkopf (2004), A tutorial on support vector regression",
        build=support_vectors,
        tags=("kernel",),
        timed_by="task",
    ),
)

"""Splines: one curve an input and their sum, a product of curves, and a thin plate."""

from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from models.base import FloatArray, Model, NotApplicable, Problem, Regressor
from models.settings import Settings, folds, generator, require_rows, some_rows

# As written: a power that is computed may round otherwise on another processor.
_SHRINKAGES = (1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0)
# By how many inputs there are: as many knots as make some hundred functions in all.
_KNOTS = {1: 30, 2: 12, 3: 6}
_SMOOTHINGS = (0.0, 1e-4, 1e-2, 1.0, 100.0)


@dataclass
class TensorSpline(Settings):
    """Ridge regression on the products of cubic B-splines of every input; the strength by leave-one-out errors."""

    n_knots: int
    shrinkages: tuple[float, ...] = _SHRINKAGES
    _bases: dict[int, Any] = field(init=False, repr=False)
    _line: Any = field(init=False, repr=False)

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit X (n, d) and y (n,)."""
        from sklearn.linear_model import RidgeCV
        from sklearn.preprocessing import SplineTransformer

        # A column of one number has no room for knots, and would make every product 0.
        self._bases = {
            j: SplineTransformer(self.n_knots, knots="uniform", extrapolation="linear").fit(column[:, None])
            for j, column in enumerate(X.T)
            if column.min() < column.max()
        }
        self._line = RidgeCV(self.shrinkages).fit(self._products(X), y)
        return self

    def _products(self, X: FloatArray) -> FloatArray:
        """Return the product (n, k) of one function of each input, for all choices of them."""
        found = np.ones((len(X), 1))
        for j, basis in self._bases.items():
            values = basis.transform(X[:, j, None])
            found = (found[:, :, None] * values[:, None, :]).reshape(len(X), -1)
        return found

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d); beyond the rows every curve goes on as its tangent."""
        # Some rows at a time: a thousand functions of 10,000 rows are 80 MB.
        parts = np.array_split(X, max(1, len(X) // 2000))
        return np.concatenate([self._line.predict(self._products(part)) for part in parts])

    def parameters(self) -> int:
        """Return how many coefficients there are, the constant among them."""
        return len(self._line.coef_) + 1


@dataclass
class ThinPlate(Settings):
    """The smoothest function through the rows, or near them: a thin-plate spline on standardised inputs.

    How near is chosen on a fifth of the rows, held back. The rows are at most `most_rows`, drawn at random: the
    effort grows with their cube.
    """

    most_rows: int
    smoothings: tuple[float, ...]
    seed: int
    _scaler: Any = field(init=False, repr=False)
    _columns: Any = field(init=False, repr=False)
    _surface: Any = field(init=False, repr=False)
    fit_info_: dict[str, str] = field(init=False, repr=False, default_factory=dict)

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        """Fit X (n, d) and y (n,).

        Raises:
            NotApplicable: there are too few different rows, or they lie on a plane.
        """
        from sklearn.preprocessing import StandardScaler

        rng = generator(self.seed)
        self._scaler = StandardScaler().fit(X)
        # A column of one number leaves the plane through the rows open.
        self._columns = np.flatnonzero(X.min(axis=0) < X.max(axis=0))
        X, y = some_rows(self._scaler.transform(X)[:, self._columns], y, self.most_rows, rng)
        # Rows that stand twice leave no one surface through them.
        X, first = np.unique(X, axis=0, return_index=True)
        y = y[first]
        if len(y) <= X.shape[1] + 1:
            raise NotApplicable(f"its plane alone needs more than {X.shape[1] + 1} different rows, got {len(y)}")
        smoothing = self._chosen(X, y, rng)
        try:
            self._surface = self._through(X, y, smoothing)
        except np.linalg.LinAlgError:
            raise NotApplicable("its training rows lie on a plane: an input follows from the others") from None
        self.fit_info_ = {"smoothing_chosen": str(smoothing)}
        return self

    def _through(self, X: FloatArray, y: FloatArray, smoothing: float) -> Any:
        from scipy.interpolate import RBFInterpolator

        return RBFInterpolator(X, y, kernel="thin_plate_spline", smoothing=smoothing)

    def _chosen(self, X: FloatArray, y: FloatArray, rng: np.random.Generator) -> float:
        kept, held = folds(len(y), 5, rng)[0]
        if len(kept) <= X.shape[1]:
            return self.smoothings[0]
        errors = []
        for smoothing in self.smoothings:
            try:
                errors.append(float(np.mean((self._through(X[kept], y[kept], smoothing)(X[held]) - y[held]) ** 2)))
            except np.linalg.LinAlgError:
                errors.append(np.inf)
        return self.smoothings[int(np.argmin(errors))]

    def predict(self, X: FloatArray) -> FloatArray:
        """Return predictions (n,) for X (n, d)."""
        predicted: FloatArray = self._surface(self._scaler.transform(X)[:, self._columns])
        return predicted


def additive_spline(problem: Problem, seed: int) -> Regressor:
    """Return ridge regression on cubic B-splines of each input with straight tails; 20 rows a knot, 4 to 20 knots.

    Raises:
        NotApplicable: there is one row.
    """
    require_rows(problem, 2)
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import SplineTransformer

    n_knots = min(20, max(4, problem.n_train // 20))
    curves = SplineTransformer(n_knots, knots="quantile", extrapolation="linear")
    regressor: Regressor = make_pipeline(curves, RidgeCV(_SHRINKAGES))
    return regressor


def tensor_spline(problem: Problem, seed: int) -> Regressor:
    """Return a tensor-product spline of up to three inputs: with a fourth there would be thousands of products.

    Raises:
        NotApplicable: there are more inputs, or there is one row.
    """
    require_rows(problem, 2)
    if problem.n_features > max(_KNOTS):
        raise NotApplicable(
            f"a product of splines has {_KNOTS[3] + 2} functions an input, too many for {problem.n_features} inputs"
        )
    return TensorSpline(_KNOTS[problem.n_features])


def thin_plate(problem: Problem, seed: int) -> Regressor:
    """Return a thin-plate spline on at most 2,000 rows (300 when quick).

    Raises:
        NotApplicable: there are no more rows than inputs and one.
    """
    if problem.n_train <= problem.n_features + 1:
        raise NotApplicable(f"its plane alone needs more than {problem.n_features + 1} rows, got {problem.n_train}")
    return ThinPlate(300 if problem.quick else 2000, _SMOOTHINGS, seed)


MODELS = (
    Model(
        name="additive-spline",
        title="Additive cubic splines with straight tails",
        source="Hastie and Tibshirani (1986), Generalized additive models; scikit-learn's SplineTransformer",
        build=additive_spline,
        tags=("spline",),
    ),
    Model(
        name="tensor-spline",
        title="Tensor product of cubic splines, up to three inputs",
        source="Eilers and Marx (2003), Multivariate calibration with temperature interaction",
        build=tensor_spline,
        tags=("spline",),
    ),
    Model(
        name="thin-plate",
        title="Thin-plate spline on at most 2,000 rows",
        source="Duchon (1977), Splines minimizing rotation-invariant semi-norms; scipy's RBFInterpolator",
        build=thin_plate,
        tags=("spline", "kernel"),
    ),
)

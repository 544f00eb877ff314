"""scikit-learn's network, as people use it."""

from models.base import Model, Problem, Regressor

_MAX_ITER = 1_000


def _perceptron(problem: Problem, seed: int) -> Regressor:
    """Return standardised inputs and `MLPRegressor` with the library's defaults, but for its longest training.

    Its 200 epochs end in a warning on most problems, and what people do then is to raise `max_iter`. It stops by
    itself where the loss stands still. A warning says no more than that the last epoch was reached.
    """
    # Imported here so that listing the models costs no second of scikit-learn.
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPRegressor
    from sklearn.pipeline import Pipeline, make_pipeline
    from sklearn.preprocessing import StandardScaler

    class Quiet(Pipeline):  # type: ignore[misc]
        """A pipeline that does not warn of the last epoch, and says how large its network is."""

        def fit(self, X: object, y: object = None, **given: object) -> "Quiet":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                super().fit(X, y, **given)
            return self

        def parameters(self) -> int:
            """Return how many numbers were trained."""
            net = self[-1]
            return sum(each.size for each in (*net.coefs_, *net.intercepts_))

    steps = make_pipeline(
        StandardScaler(), MLPRegressor(random_state=seed, max_iter=_MAX_ITER // 20 if problem.quick else _MAX_ITER)
    ).steps
    regressor: Regressor = Quiet(steps)
    return regressor


def sklearn_mlp(problem: Problem, seed: int) -> Regressor:
    """Return scikit-learn's network on standardised inputs, the target as it is."""
    return _perceptron(problem, seed)


def sklearn_mlp_scaled(problem: Problem, seed: int) -> Regressor:
    """Return scikit-learn's network on standardised inputs and a standardised target."""
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.preprocessing import StandardScaler

    class Scaled(TransformedTargetRegressor):  # type: ignore[misc]
        """A network on a standardised target, which says how large it is."""

        def parameters(self) -> int:
            """Return how many numbers were trained."""
            return int(self.regressor_.parameters())

    regressor: Regressor = Scaled(_perceptron(problem, seed), transformer=StandardScaler())
    return regressor


MODELS = (
    Model(
        name="sklearn-mlp",
        title="scikit-learn's network with its defaults, target not scaled",
        source="scikit-learn, MLPRegressor: 100 ReLU units, Adam 1e-3, batches of 200; max_iter 1,000",
        build=sklearn_mlp,
        tags=("network",),
        # It ends where its loss stands still.
        timed_by="task",
    ),
    Model(
        name="sklearn-mlp-scaled",
        title="scikit-learn's network with its defaults, target standardised",
        source="scikit-learn, MLPRegressor: 100 ReLU units, Adam 1e-3, batches of 200; max_iter 1,000",
        build=sklearn_mlp_scaled,
        tags=("network",),
        # It ends where its loss stands still.
        timed_by="task",
    ),
)

"""The models of the examples, with the settings that the examples give."""

from typing import TYPE_CHECKING

from calibration.sources import GPLEARN, SCIKIT_LEARN
from models.base import Model, Problem, Regressor

if TYPE_CHECKING:
    from collections.abc import Callable


def stumps(problem: Problem, seed: int) -> Regressor:
    """Return 100 boosted trees of depth 1 at a rate of 0.1."""
    from sklearn.ensemble import GradientBoostingRegressor

    regressor: Regressor = GradientBoostingRegressor(
        n_estimators=100, learning_rate=0.1, max_depth=1, random_state=seed, loss="squared_error"
    )
    return regressor


def linear_process(problem: Problem, seed: int) -> Regressor:
    """Return a Gaussian process with a linear kernel and white noise, parameters by maximum likelihood."""
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import DotProduct, WhiteKernel

    regressor: Regressor = GaussianProcessRegressor(kernel=DotProduct() + WhiteKernel(), random_state=seed)
    return regressor


def quadratic_process(problem: Problem, seed: int) -> Regressor:
    """Return a Gaussian process with the square of a rational quadratic kernel and a noise of 5."""
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import Exponentiation, RationalQuadratic

    kernel = Exponentiation(RationalQuadratic(), exponent=2)
    regressor: Regressor = GaussianProcessRegressor(kernel=kernel, alpha=5, random_state=seed)
    return regressor


def boosted_trees(problem: Problem, seed: int) -> Regressor:
    """Return AdaBoost's trees, 100 of them."""
    from sklearn.ensemble import AdaBoostRegressor

    regressor: Regressor = AdaBoostRegressor(random_state=seed, n_estimators=100)
    return regressor


def perceptron(problem: Problem, seed: int) -> Regressor:
    """Return the library's network, for 2,000 epochs at most and with a tolerance of 0.1."""
    from sklearn.neural_network import MLPRegressor

    regressor: Regressor = MLPRegressor(random_state=seed, max_iter=2_000, tol=0.1)
    return regressor


def gplearn_example(problem: Problem, seed: int) -> Regressor:
    """Return 5,000 formulas for 20 generations at most (3 when quick), with the rates of gplearn's example."""
    from gplearn.genetic import SymbolicRegressor

    class Example(SymbolicRegressor):  # type: ignore[misc]
        def briefly(self) -> "Example":
            return Example(**{**self.get_params(), "population_size": 500, "generations": 2})

    regressor: Regressor = Example(
        population_size=5_000,
        generations=3 if problem.quick else 20,
        stopping_criteria=0.01,
        p_crossover=0.7,
        p_subtree_mutation=0.1,
        p_hoist_mutation=0.05,
        p_point_mutation=0.1,
        max_samples=0.9,
        parsimony_coefficient=0.01,
        random_state=seed,
    )
    return regressor


def _of_scikit_learn(name: str, title: str, path: str, build: "Callable[[Problem, int], Regressor]") -> Model:
    source = f"{SCIKIT_LEARN.url}: {path}"
    return Model(name=name, title=title, source=source, build=build, tags=("control",))


MODELS = (
    _of_scikit_learn(
        "scikit-learn-stumps", "100 boosted trees of depth 1, as in scikit-learn's guide", "doc/modules", stumps
    ),
    _of_scikit_learn(
        "scikit-learn-linear-process",
        "Gaussian process, linear kernel and noise, as in scikit-learn's docstring",
        "sklearn/gaussian_process/_gpr.py",
        linear_process,
    ),
    _of_scikit_learn(
        "scikit-learn-quadratic-process",
        "Gaussian process, squared rational quadratic kernel, as in scikit-learn's docstring",
        "sklearn/gaussian_process/kernels.py",
        quadratic_process,
    ),
    _of_scikit_learn(
        "scikit-learn-adaboost",
        "AdaBoost, 100 trees, as in scikit-learn's docstring",
        "sklearn/ensemble/_weight_boosting.py",
        boosted_trees,
    ),
    _of_scikit_learn(
        "scikit-learn-network",
        "scikit-learn's network as in its docstring",
        "sklearn/neural_network/_multilayer_perceptron.py",
        perceptron,
    ),
    Model(
        name="gplearn-example",
        title="gplearn with the settings of its example",
        source=f"{GPLEARN.url}: gplearn/tests/test_examples.py",
        build=gplearn_example,
        tags=("control",),
        group="symbolic",
    ),
)

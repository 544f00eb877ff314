"""What scikit-learn and gplearn print of their own examples. xgboost's documentation prints no figure on a formula."""

from benchmark.store.record import CellId
from calibration.comparison import Comparison, Printed, Study
from calibration.libraries.tasks import MSE, R2
from calibration.sources import GPLEARN, SCIKIT_LEARN
from findings.figures import Limit, Unit, quantity

SCIKIT_LEARN_STUDY = Study(
    name="scikit-learn's own examples",
    source=SCIKIT_LEARN,
    place="doc/modules/ensemble.rst and the docstrings of GaussianProcessRegressor, Exponentiation, AdaBoostRegressor "
    "and MLPRegressor, as in 1.9",
    protocol="Rows of the library's generators with the seed that the example gives, and its settings. A docstring is "
    "run by the library's tests, to the digits that it prints. One run.",
    differs="The same rows, in an order that is drawn by the seed, and with that seed for what the model draws.",
)
GPLEARN_STUDY = Study(
    name="gplearn's own example",
    source=GPLEARN,
    place="gplearn/tests/test_examples.py, test_symbolic_regressor, at 0390aea",
    protocol="50 rows of [-1, 1]^2 and 50 test rows, of RandomState(0). 5,000 trees for up to 20 generations, until "
    "the mean absolute error is below 0.01. One run with seed 0, which ends after 7 with x1^2 - x2^2 + x2 - 0.999.",
    differs="The same rows in an order that is drawn by the seed, and five seeds of the search.",
)
DIGITS = Unit(show=lambda value: f"{value:.4f}")
GPLEARN_SEEDS = 5


def _example(name: str, what: str, task: str, error: str, value: float, band: Limit, why: str) -> Comparison:
    return Comparison(
        name=name,
        what=what,
        study=SCIKIT_LEARN_STUDY,
        published=Printed(value=value, runs=1),
        ours=quantity(task, name, error, "R^2" if error == R2 else "mean squared error", unit=DIGITS),
        band=band,
        why_band=why,
        reason="The order of the rows decides what is drawn from them.",
    )


_PRINTED = "The digits that are printed: the order of the rows changes no more."
COMPARISONS = (
    _example(
        "scikit-learn-stumps",
        "Mean squared error of 100 boosted stumps on Friedman-1",
        "scikit-learn-friedman-1",
        MSE,
        5.00,
        Limit(5.0, 5.01),
        _PRINTED,
    ),
    _example(
        "scikit-learn-linear-process",
        "R^2 of a linear Gaussian process on Friedman-2, its own rows",
        "scikit-learn-friedman-2",
        R2,
        0.3680,
        Limit(0.368, 0.3681),
        _PRINTED,
    ),
    _example(
        "scikit-learn-quadratic-process",
        "R^2 of a Gaussian process with a squared kernel on Friedman-2, its own rows",
        "scikit-learn-friedman-2",
        R2,
        0.419,
        Limit(0.419, 0.42),
        _PRINTED,
    ),
    _example(
        "scikit-learn-adaboost",
        "R^2 of AdaBoost on a weighted sum, its own rows",
        "scikit-learn-regression-4",
        R2,
        0.9771,
        Limit(0.9721, 0.9821),
        "Half a hundredth both ways: which rows its trees see is drawn.",
    ),
    _example(
        "scikit-learn-network",
        "R^2 of scikit-learn's network on a weighted sum",
        "scikit-learn-regression-20",
        R2,
        0.98,
        Limit(0.97, 0.99),
        "One hundredth both ways: start and batches are drawn.",
    ),
    Comparison(
        name="gplearn-example",
        what="R^2 of gplearn on a quadratic form",
        study=GPLEARN_STUDY,
        published=Printed(value=0.99999, runs=1),
        ours=quantity("gplearn-quadratic", "gplearn-example", R2, "R^2", unit=Unit(show=lambda value: f"{value:.5f}")),
        band=Limit(0.9995, 1.0),
        why_band="It stops at a mean error of 0.01, a fiftieth of the function's spread or less: an R^2 of 0.9995.",
        reason="A search that never comes below 0.01 ends after 20 generations.",
        seeds={CellId("gplearn-quadratic", "gplearn-example"): GPLEARN_SEEDS},
    ),
)

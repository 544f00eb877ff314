"""What a model offers besides predictions: what is wrong with it becomes a sentence, and its errors are kept."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmark.cell.dataset import ASKED_HOW_SURE, SCORED, Block
from benchmark.cell.fitting import fit_and_predict
from benchmark.cell.offering import offered_by
from benchmark.cell.outcome import Said, problem_of
from benchmark.cell.scoring import Scorer
from benchmark.store.record import Offer
from models.base import FloatArray, Model
from tasks.core import TASKS
from tests.test_pipeline import run

SQUARE = next(task for task in TASKS if task.name == "square")
BLOCKS = [Block(where, np.linspace(0, 1, 5)[:, None]) for where in SCORED]


class Square:
    """Predicts the truth, and offers what a test gives it."""

    def __init__(self, **offers: Any) -> None:
        for name, given in offers.items():
            setattr(self, name, given)

    def fit(self, X: FloatArray, y: FloatArray) -> None:
        pass

    def predict(self, X: FloatArray) -> FloatArray:
        return X[:, 0] ** 2


class Sure(Square):
    """Says a standard deviation, too: what a test gives it."""

    sd: Any = 1.0

    def predict(self, X: FloatArray, return_std: bool = False) -> Any:
        y = super().predict(X)
        return (y, self.sd(X) if callable(self.sd) else np.full(len(y), self.sd)) if return_std else y


def said_by(regressor: Square) -> Offer | None:
    """Return what is kept of an offer on the square, by the real way from the model to its score."""
    scorer, kept = Scorer(SQUARE), []

    class Here:
        problem = staticmethod(lambda: problem_of(SQUARE, quick=True))
        training, blocks, inside = scorer.training_rows, scorer.blocks, scorer.inside

        def together(self) -> None:
            pass

        def score(self, seed: int, said: Said, predictions: Any = ()) -> None:
            assert said.status == "ok", said.reason
            n = len(scorer.blocks(seed))
            kept.append(scorer.offer(seed, said, predictions=predictions[:n], sd=predictions[n:]))
            assert scorer.scores(seed, predictions[:n])["extrapolation_rmse"] == 0

    model = Model(name="m", build=lambda problem, seed: regressor)
    fit_and_predict(model, Here.problem(), seeds=[0], rows=Here())
    (offer,) = kept
    return offer


def test_what_offers_nothing_has_no_offer() -> None:
    assert said_by(Square()) is None


def test_a_formula_a_count_and_a_standard_deviation_are_kept_with_what_they_are_worth() -> None:
    offer = said_by(Sure(expression=lambda: "x1*x1", parameters=lambda: np.int64(3)))
    assert offer == Offer(
        expression="x1*x1",
        shown="x1**2",
        recovery="exact",
        n_parameters=3,
        coverage=(1.0, 1.0),
        shell_coverage=(1.0,) * (len(SQUARE.ladder) - 1),
        sd=(1.0, 1.0),
    )


def raises() -> None:
    raise ValueError("no formula yet")


@pytest.mark.parametrize(
    ("offers", "remark"),
    [
        ({"expression": raises}, "its expression() raised ValueError: no formula yet"),
        ({"expression": lambda: 3}, "its expression() returned a int; return a text over x1, x2, ..."),
        (
            {"expression": lambda: "x1 + " * 20_000 + "x1"},
            "its expression has 100,002 letters, and 20,000 are allowed; return a simpler one, or None",
        ),
        ({"expression": lambda: "x1 +"}, "its expression cannot be read: formula 'x1 +', character 5: a value is"),
        ({"expression": lambda: "z**2"}, "its expression cannot be read: formula 'z**2', character 1: 'z' is unknown"),
        ({"expression": lambda: "x1**3"}, "its expression is no expression of its predictions: inside they are"),
        ({"parameters": lambda: -1}, "its parameters() returned '-1'; return a whole number of at least 0"),
        ({"parameters": lambda: 2.5}, "its parameters() returned '2.5'; return a whole number of at least 0"),
        ({"parameters": lambda: True}, "its parameters() returned 'True'; return a whole number of at least 0"),
        ({"expression": lambda: None, "parameters": raises}, "its parameters() raised ValueError: no formula yet"),
    ],
)
def test_what_is_wrong_with_an_offer_is_a_sentence(offers: dict[str, Any], remark: str) -> None:
    offer = said_by(Square(**offers))
    assert offer is not None
    assert offer.remark.startswith(remark)
    assert (offer.recovery, offer.n_parameters) == (None, None)


@pytest.mark.parametrize(
    ("sd", "remark"),
    [
        (-1.0, "its standard deviation on the ladder rows is negative, down to -1"),
        (np.nan, "its standard deviation on the ladder rows has 1,000 numbers that are NaN or infinite"),
        (
            lambda X: np.ones((len(X), 1)),
            "its standard deviation on the ladder rows has shape (1000, 1), expected (1000,)",
        ),
        (lambda X: ["a"] * len(X), "its standard deviation on the ladder rows has dtype <U1, expected real"),
        (lambda X: raises(), "its predict(X, return_std=True) raised ValueError: no formula yet"),
    ],
)
def test_a_wrong_standard_deviation_is_a_sentence(sd: Any, remark: str) -> None:
    offer = said_by(Sure(sd=sd))
    assert offer is not None
    assert offer.remark.startswith(remark)
    assert (offer.coverage, offer.sd) == (None, None)


def test_a_standard_deviation_without_predictions_beside_it_is_told() -> None:
    class Alone(Sure):
        def predict(self, X: FloatArray, return_std: bool = False) -> Any:
            return np.ones(len(X)) if return_std else X[:, 0] ** 2

    (remark,) = offered_by(Alone(), BLOCKS).remarks
    assert remark == "its predict(X, return_std=True) returned a ndarray; return (predictions, sd), each (n,)"


def test_coverage_counts_the_rows_within_1_96_standard_deviations() -> None:
    class Off(Sure):
        def predict(self, X: FloatArray, return_std: bool = False) -> Any:
            # Every second row is off by 2, of which a standard deviation of 1 covers none.
            y = X[:, 0] ** 2 + 2.0 * (np.arange(len(X)) % 2)
            return (y, np.ones(len(X))) if return_std else y

    scorer = Scorer(SQUARE)
    predictions = [Off().predict(block.X) for block in scorer.blocks(0)]
    n_shells = len(SQUARE.ladder) - 1
    # In all shells but the last it is unsure enough to cover all.
    sd = [np.full(SQUARE.n_shell, 2.0)] * (n_shells - 1) + [np.full(SQUARE.n_shell, 0.5)] + [np.ones(SQUARE.n_test)] * 2
    offer = scorer.offer(0, Said(status="ok", sd=True), predictions=predictions, sd=sd)
    assert offer is not None
    assert offer.coverage == (0.5, 0.5)
    assert offer.shell_coverage == (1.0,) * (n_shells - 1) + (0.5,)


def test_the_signs_of_a_seed_are_over_its_shells_and_as_many_rows_inside() -> None:
    class Tangent(Sure):
        def predict(self, X: FloatArray, return_std: bool = False) -> Any:
            # Right inside, and wrong from a distance of about 1.12 on.
            x = X[:, 0]
            y = np.where(x <= 1000, x**2, 1000.0**2 + 2000 * (x - 1000))
            return (y, np.maximum(x - 1000, 0)) if return_std else y

    scorer = Scorer(SQUARE)
    blocks = scorer.blocks(0)
    predictions = [Tangent().predict(block.X) for block in blocks]
    sd = [Tangent().predict(block.X, return_std=True)[1] for block in blocks if block.where in ASKED_HOW_SURE]
    found = scorer.signs(0, predictions=predictions, sd=sd)
    # Of eight blocks as large the last four are wrong, and a third of the one before.
    assert 4.5 / 8 < found["wrong"] < 5 / 8
    assert {found[name] for name in ("box", "nearest-1", "nearest-5", "sd")} == {1.0}
    assert found["sd missed"] == 0.0
    assert "sd" not in scorer.signs(0, predictions=predictions)
    assert "sd" not in scorer.signs(0, predictions=predictions, sd=[np.full(len(each), np.nan) for each in sd])


def test_what_a_plugin_offers_is_kept_with_its_errors(tmp_path: Path) -> None:
    plugin = tmp_path / "offers.py"
    plugin.write_text(
        "from types import SimpleNamespace\nimport numpy as np\n"
        "class Sum:\n"
        "    def fit(self, X, y):\n        pass\n"
        "    def predict(self, X, return_std=False):\n"
        "        y = X.sum(axis=1)\n        return (y, np.full(len(y), -1.0)) if return_std else y\n"
        "    def expression(self):\n        return 'x2 + x1'\n"
        "MODELS = (SimpleNamespace(name='offers', build=lambda problem, seed: Sum()),)\n",
        encoding="utf-8",
    )
    _, contents = run(tmp_path / "r", plugins=(plugin,), tasks=("sum",), models=("offers",))
    outcomes = contents.records["sum", "offers"].seeds
    assert {outcome.status for outcome in outcomes} == {"ok"}
    assert {outcome.extrapolation_rmse for outcome in outcomes} == {0.0}
    for outcome in outcomes:
        assert outcome.offer is not None
        assert (outcome.offer.shown, outcome.offer.recovery) == ("x1 + x2", "exact")
        assert outcome.offer.remark == "its standard deviation on the ladder rows is negative, down to -1"

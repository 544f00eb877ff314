"""Which rows each figure is made on, with numbers that can be told by hand."""

import numpy as np
import pytest

from benchmark.cell.dataset import draw
from benchmark.cell.metrics import NotFiniteError
from benchmark.cell.references import N_SLICE
from benchmark.cell.scoring import Scorer
from tasks.base import LADDER, FloatArray, Quantity, Task
from tasks.domains import Box

N_TRAIN, N_TEST, N_SHELL = 20, 50, 10
SHELLS = len(LADDER) - 1


def shell(X: FloatArray) -> FloatArray:
    """Return 0 inside the training range, and outside the number of the ladder's shell, from 1 on."""
    return np.searchsorted(np.array(LADDER), np.abs(X[:, 0])).astype(float)


def sizes(rows: FloatArray, predictions: FloatArray) -> dict[str, float]:
    return {"rows": float(len(rows)), "largest": float(np.abs(rows).max()), "sum": float(predictions.sum())}


def task(**changes: object) -> Task:
    fields = {
        "name": "steps",
        "title": "The number of the shell",
        "formula": "the number of the shell",
        "source": "made for the tests",
        "function": shell,
        "domain": Box(n_features=1),
        "n_train": N_TRAIN,
        "n_test": N_TEST,
        "n_shell": N_SHELL,
        "set_shape": (1, 1),
        "quantities": (Quantity(error="rows", title="", rows=lambda X: X / 10, measure=sizes),),
    }
    return Task(**fields | changes)  # type: ignore[arg-type]


def zero(scorer: Scorer, seed: int = 0) -> list[FloatArray]:
    return [np.zeros(len(block.X)) for block in scorer.blocks(seed)]


def test_each_shell_of_the_ladder_has_its_own_error() -> None:
    # Zero is off by the number of the shell in every row of a shell.
    scorer = Scorer(task())
    scores = scorer.scores(0, zero(scorer))
    assert scores["shell_rmse"] == [float(number + 1) for number in range(SHELLS)]
    assert scores["interpolation_rmse"] == scores["training_rmse"] == 0
    outside = draw(task(), 0).extrapolation.y
    assert scores["extrapolation_rmse"] == pytest.approx(np.sqrt((outside**2).mean()), rel=1e-12)
    assert len(set(outside)) > 1


def test_blocks_come_in_the_order_in_which_they_are_scored() -> None:
    scorer = Scorer(task())
    names = [*["ladder"] * SHELLS, "training", "interpolation", "extrapolation", "quantity", "slice"]
    assert [block.where for block in scorer.blocks(0)] == names
    counts = [*[N_SHELL] * SHELLS, N_TRAIN, N_TEST, N_TEST, N_TEST, N_SLICE]
    assert [len(block.X) for block in scorer.blocks(0)] == counts


@pytest.mark.parametrize("wrong", range(SHELLS + 3))
def test_predictions_of_a_block_are_scored_against_its_own_truth(wrong: int) -> None:
    # Right everywhere but in one block: only the figure of that block says so.
    scorer = Scorer(task())
    predictions = [shell(block.X) for block in scorer.blocks(0)]
    predictions[wrong] = predictions[wrong] + 3
    scores = scorer.scores(0, predictions)
    shells = scores["shell_rmse"]
    assert isinstance(shells, list)
    found = [*shells, scores["training_rmse"], scores["interpolation_rmse"], scores["extrapolation_rmse"]]
    assert found == [3.0 if place == wrong else 0.0 for place in range(SHELLS + 3)]


def test_noise_is_on_the_training_rows_and_on_no_others() -> None:
    scorer = Scorer(task(noise_std=0.5))
    X, y = scorer.training_rows(0)
    scores = scorer.scores(0, [shell(block.X) for block in scorer.blocks(0)])
    assert scores["training_rmse"] == pytest.approx(np.sqrt(((y - shell(X)) ** 2).mean()), rel=1e-12)
    assert scores["training_rmse"] != 0
    assert scores["interpolation_rmse"] == scores["extrapolation_rmse"] == 0


def test_a_quantity_is_measured_on_its_rows_of_the_interpolation_rows() -> None:
    scorer = Scorer(task())
    predictions = zero(scorer)
    predictions[-2] = np.full(N_TEST, 2.0)
    largest = float(np.abs(draw(task(), 0).interpolation.X).max()) / 10
    assert scorer.scores(0, predictions)["quantities"] == {"rows": N_TEST, "largest": largest, "sum": 2.0 * N_TEST}


def test_the_slice_is_kept_as_it_was_predicted() -> None:
    scorer = Scorer(task())
    predictions = zero(scorer)
    predictions[-1] = np.arange(N_SLICE) / 3
    assert scorer.scores(0, predictions)["slice"] == [float(f"{i / 3:.7g}") for i in range(N_SLICE)]


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_line_with_a_gap_is_not_drawn_and_costs_no_score(value: float) -> None:
    scorer = Scorer(task())
    predictions = zero(scorer)
    whole = scorer.scores(0, predictions)
    predictions[-1] = predictions[-1].copy()
    predictions[-1][7] = value
    assert scorer.scores(0, predictions) == whole | {"slice": []}


def test_a_seed_has_its_own_rows() -> None:
    scorer = Scorer(task())
    blocks = [scorer.blocks(seed) for seed in (0, 1)]
    assert not np.array_equal(blocks[0][0].X, blocks[1][0].X)
    # What is scored is forgotten, and drawn again when somebody asks.
    scorer.scores(0, zero(scorer))
    assert np.array_equal(scorer.blocks(0)[0].X, blocks[0][0].X)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_predictions_that_are_no_numbers_have_no_scores(value: float) -> None:
    scorer = Scorer(task())
    predictions = zero(scorer)
    predictions[3][2] = value
    with pytest.raises(NotFiniteError, match=r"^predict returned NaN or infinity for 1 of 10 sent rows$"):
        scorer.scores(0, predictions)


@pytest.mark.parametrize(("tags", "has_signs"), [((), True), (("periodic",), True), (("control",), False)])
def test_signs_are_looked_at_on_tasks_of_the_board(tags: tuple[str, ...], has_signs: bool) -> None:
    scorer = Scorer(task(tags=tags))
    assert bool(scorer.signs(0, predictions=zero(scorer))) == has_signs

"""A function that cannot be scored on its range is refused when its card is made, with the row that shows it."""

from typing import Any

import numpy as np
import pytest

from benchmark.catalogue.registry import describe, load_task, rooms
from benchmark.cell.card import task_card
from benchmark.cell.dataset import population
from benchmark.cell.soundness import check_sound
from tasks.base import FloatArray, Task
from tasks.domains import Box
from tasks.widening import WideningBox

ROOM = {entry.name: entry for origin in rooms() for entry in describe(origin) if entry.kind == "task"}
ONE = WideningBox(((0.0, 2.0),), ((0.0, 4.0),))


def task(function: Any, domain: Any = ONE, **fields: Any) -> Task:
    known: dict[str, Any] = {
        "name": "made",
        "title": "Made",
        "formula": "x1",
        "source": "me",
        "function": function,
        "domain": domain,
        "n_train": 20,
        "set_shape": (1, domain.n_features),
        "ladder_end": 2.0,
    }
    return Task(**(known | fields))


def look(made: Task, n: int = 2**13) -> None:
    """Look at a task as its card does, at fewer rows."""
    inside, outside = (population(made, inner=a, outer=b, n=n) for a, b in ((0.0, 1.0), (1.0, made.reach)))
    check_sound(made, inside=inside, outside=outside)


def first(X: FloatArray) -> FloatArray:
    column: FloatArray = X[:, 0]
    return column


def logarithm(X: FloatArray) -> FloatArray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.log(first(X)))


def mutual_information(X: FloatArray) -> FloatArray:
    a, b = X[:, ::2], X[:, 1::2]
    covariance = (a * b).mean(axis=1) - a.mean(axis=1) * b.mean(axis=1)
    information: FloatArray = -np.log(1 - covariance**2 / (a.var(axis=1) * b.var(axis=1))) / 2
    return information


def spike(X: FloatArray) -> FloatArray:
    return 1 / (first(X) - 1.0001)


THREE = WideningBox(((0.0, 1.0),) * 3, ((0.0, 1.5),) * 3)
SQUARE = WideningBox(((0.0, 1.0), (0.0, 1.0)), ((0.0, 2.0), (0.0, 2.0)))


@pytest.mark.parametrize(
    ("function", "domain", "said"),
    [
        (
            lambda X: np.full(len(X), 3.0),
            ONE,
            "task 'made': the function is constant on the training law; there is nothing to learn; it is 3 at [",
        ),
        (
            lambda X: 1e9 + 1e-5 * np.sin(first(X)),
            ONE,
            "task 'made': the function is constant on the training law; there is nothing to learn; it is 1e+09 at [",
        ),
        (spike, ONE, "task 'made': inside one row in a thousand carries 100.0 % of the squared error, and 90 % is "),
        (
            lambda X: 1 / (first(X) - 3.0001),
            ONE,
            "task 'made': outside one row in a thousand carries 100.0 % of the squared error, and 90 % is allowed, "
            "since the score is of their luck; y is ",
        ),
        (
            # The pole is at a corner that no row comes near: among 2^13 of them some are 0.01 away.
            lambda X: 1e-6 / (first(X) + X[:, 1]) + X[:, 0],
            SQUARE,
            "task 'made': the function has a pole at the corner [0, 0] of its box at a distance factor of 1, and none "
            "is allowed; it is ",
        ),
        (
            lambda X: 1e-6 / (4 - first(X) - X[:, 1]) + X[:, 0],
            SQUARE,
            "task 'made': the function has a pole at the corner [2, 2] of its box at a distance factor of 2",
        ),
        (
            # Real only up to a hair from the corner.
            lambda X: np.sqrt(3.9999 - first(X) - X[:, 1]),
            SQUARE,
            "task 'made': the function has a pole at the corner [2, 2] of its box at a distance factor of 2, and none "
            "is allowed; it is nan at [",
        ),
    ],
)
def test_a_function_that_cannot_be_scored_is_refused(function: Any, domain: Any, said: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the words are compared
        look(task(function, domain))
    assert str(refused.value).startswith(said)
    assert str(refused.value).endswith(("take a range where it moves", "keeps away from there", "keep away from there"))


def test_the_row_that_shows_it_is_the_worst() -> None:
    with pytest.raises(ValueError, match="y is") as refused:
        look(task(spike))
    x = float(str(refused.value).rsplit("[", 1)[1].split("]")[0])
    assert x == pytest.approx(1.0001, abs=1e-3)


@pytest.mark.parametrize(
    ("function", "domain"),
    [
        # No value at 0, where no row is.
        (logarithm, ONE),
        (lambda X: np.where(first(X) == 0, np.nan, np.sinc(first(X))), ONE),
        (lambda X: np.exp(2 * first(X)), ONE),
        # Near the corners where all pairs are alike all of it is rounding.
        (mutual_information, WideningBox(((-1.0, 1.0),) * 8, ((-2.0, 2.0),) * 8)),
        # No value on the whole diagonal, along which the middle of the box lies as seen from two corners.
        (lambda X: 0.1 * np.log(np.abs(first(X) - X[:, 1])), SQUARE),
        (lambda X: first(X) ** 2, Box(n_features=1)),
        # A tail that the literature uses: a thousandth of the rows carry half of the squared error.
        (lambda X: 1 / (first(X) + X[:, 1] + 0.02) ** 2, SQUARE),
    ],
)
def test_a_function_that_can_be_scored_is_left_alone(function: Any, domain: Any) -> None:
    look(task(function, domain))


def test_few_rows_are_all_scored() -> None:
    # Of 40 whole numbers one row is more than a thousandth, and every one of them is scored.
    whole = WideningBox(((1.0, 20.0),), ((1.0, 40.0),), whole=True)
    look(task(lambda X: np.where(first(X) == 7, 1e6, first(X)), whole))


def test_what_is_not_finite_is_refused_with_its_row_and_what_to_do() -> None:
    with pytest.raises(ValueError, match=r"^task 'made': function is not finite at \[-[0-9.]+\], and must be"):
        look(task(logarithm, Box(n_features=1, low=0, high=2)))


def test_a_card_is_not_made_of_a_pole() -> None:
    with pytest.raises(ValueError, match="one row in a thousand carries"):
        task_card(task(spike))


def test_a_pole_of_the_ladder_beyond_the_scored_region_is_refused() -> None:
    far = task(lambda X: 1 / (first(X) - 5.0001), ladder_end=4.0, n_reference=2**14)
    with pytest.raises(ValueError, match="up to a distance factor of 3 one row in a thousand carries"):
        task_card(far)
    task_card(task(lambda X: 1 / (first(X) - 5.0001), n_reference=2**12))


def test_a_steep_end_of_the_ladder_is_no_pole() -> None:
    # Between factors of 3 and 4 a thousandth of the rows carry 93 % of the squares, and make no score.
    steep = task(lambda X: np.exp(X.sum(axis=1) ** 2 / 1.9), THREE, ladder_end=4.0)
    shell = population(steep, inner=3, outer=4, n=2**14)
    squares = np.sort(shell.y**2)
    assert 0.9 < squares[-16:].sum() / squares.sum() < 0.95
    inside, outside = (population(steep, inner=a, outer=b, n=2**13) for a, b in ((0.0, 1.0), (1.0, 2.0)))
    shells = [
        population(steep, inner=a, outer=b, n=2**14) for a, b in zip(steep.ladder, steep.ladder[1:], strict=False)
    ]
    check_sound(steep, inside=inside, outside=outside, shells=shells)


def test_a_card_of_a_box_with_a_logarithm_at_its_side_is_made() -> None:
    card = task_card(task(logarithm, n_train=20))
    assert card["training_range"] == "U[0, 2]"
    assert card["extrapolation_range"] == "uniform on [0, 4] beyond [0, 2]"
    assert card["horizon_unit"] == "times the width of the range"
    assert card["ladder"] == [1.0, 1.05, 1.1, 1.25, 1.5, 2.0]
    errors = {each["name"]: each["extrapolation_rmse"] for each in card["references"]}  # type: ignore[attr-defined]
    # The clamp is ln 2 on [2, 4]: the mean of (ln x - ln 2)^2 is 2 ln^2 2 - 4 ln 2 + 2.
    assert errors["clamp"] == pytest.approx(np.sqrt(2 * np.log(2) ** 2 - 4 * np.log(2) + 2), rel=1e-4)
    # The mean is ln 2 - 1.
    assert errors["constant"] == pytest.approx(
        np.sqrt(2 * np.log(2) ** 2 - 4 * np.log(2) + 2 + 2 * (2 * np.log(2) - 1) + 1), rel=1e-3
    )


@pytest.mark.parametrize("name", ROOM)
def test_every_registered_task_is_sound(name: str) -> None:
    look(load_task(ROOM[name].origin, name), n=2**12)

"""A box with sides of its own for every variable: factors, nearest points, slices, training rows, refusals."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmark.cell.card import task_card
from benchmark.cell.conformance import task_checks
from benchmark.cell.dataset import draw, training_rows
from tasks.base import FloatArray, Task, WithCorners, WithGaps, WithTraining, WithUnit
from tasks.domains import Box, IntegerBox
from tasks.training_law import Blocks, FixedRows, Grid
from tasks.widening import WideningBox
from tests.ranges import PAIRS, Pair

LOPSIDED = WideningBox(((0.0, 1.0), (-1.0, 3.0)), ((-1.0, 1.5), (-1.0, 5.0)))


def box_of(pair: Pair) -> WideningBox:
    law: Any = "all outside" if pair.all_outside else "ring"
    return WideningBox.read(pair.training, pair.outer, law=law, whole=pair.whole)


def task(domain: WideningBox, **fields: Any) -> Task:
    known: dict[str, Any] = {
        "name": "made",
        "title": "Made",
        "formula": "x1",
        "source": "me",
        "function": lambda X: X[:, 0],
        "domain": domain,
        "n_train": 20,
        "set_shape": (1, domain.n_features),
        "n_test": 50,
        "n_shell": 30,
    }
    return Task(**(known | fields))


@pytest.mark.parametrize(
    ("row", "factor"),
    [
        # Of x1 the lower side moves by 1 and the upper one by 0.5, of x2 the upper one alone by 2.
        ([0.5, 0.0], 0.25),
        ([1.0, 3.0], 1.0),
        ([0.0, -1.0], 1.0),
        ([1.5, 3.0], 2.0),
        ([-1.0, 0.0], 2.0),
        ([-0.25, 0.0], 1.25),
        ([1.25, 3.5], 1.5),
        ([0.5, 4.0], 1.5),
        ([2.5, 0.0], 4.0),
        # Inside, x1 shrinks to 2/3, x2 to -1.
        ([2 / 3, 1.0], 0.5),
        ([1 / 3, -1.0], 0.5),
        ([2 / 3, -1.0], 1e-12),
        # The lower side of x2 stays for good.
        ([0.5, -1.1], np.inf),
    ],
)
def test_the_factor_is_that_of_the_smallest_box_that_holds_a_row(row: list[float], factor: float) -> None:
    assert LOPSIDED.distance(np.array([row])) == pytest.approx([factor], rel=1e-9)


def test_a_doubled_box_has_the_factors_of_a_plain_one() -> None:
    X = np.random.default_rng(0).uniform(-5, 7, size=(200, 3))
    doubled = WideningBox(((0.0, 4.0),) * 3, ((-2.0, 6.0),) * 3)
    assert doubled.distance(X) == pytest.approx(Box(n_features=3, low=0, high=4).distance(X), abs=1e-11)


def test_the_sides_at_factors_1_and_2_are_those_that_were_given() -> None:
    # 0.7 + (0.1 - 0.7) is less than 0.1, and beyond a side there may be no function.
    box = WideningBox(((0.3, 4.0), (0.7, 0.9)), ((-1.55, 5.85), (0.1, 1.1)))
    assert np.array_equal(box.corners(factor=2.0, most=4), [[-1.55, 0.1], [-1.55, 1.1], [5.85, 0.1], [5.85, 1.1]])
    assert np.array_equal(box.corners(factor=1.0, most=4), [[0.3, 0.7], [0.3, 0.9], [4.0, 0.7], [4.0, 0.9]])


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.training} {pair.outer}"[:60])
def test_every_range_of_the_literature_is_a_domain(pair: Pair) -> None:
    box = box_of(pair)
    low, high = np.array(box.training).T
    # The nearest point: nothing inside is nearer to a row outside.
    X = box.draw(20, np.random.default_rng(0), inner=1.0, outer=2.0).X
    near = box.nearest_inside(X)
    assert (box.distance(near) <= 1).all()
    others = box.draw(200, np.random.default_rng(1)).X
    assert all(np.linalg.norm(others - x, axis=1).min() >= np.linalg.norm(x - n) for x, n in zip(X, near, strict=True))
    # The corners.
    for factor in (1.0, 1.5, 2.0, 3.0):
        corners = box.corners(factor=factor, most=32)
        assert corners.shape == (min(32, 2**box.n_features), box.n_features)
        assert len(np.unique(corners, axis=0)) == len(corners)
        assert (box.distance(corners) <= factor).all()
        assert box.whole or box.distance(corners).max() == factor
    assert len(box.describe(inner=1.0, outer=2.0)) < 500
    assert isinstance(box, WithUnit) and isinstance(box, WithTraining)  # noqa: PT018 - one promise
    assert isinstance(box, WithGaps) and isinstance(box, WithCorners)  # noqa: PT018
    # The slice: it crosses the training range and ends at the outer corner.
    cut = box.slice(41, outer=2.0)
    factors = box.distance(cut.X)
    assert len(cut.position) == len(cut.X) <= 41
    assert (np.diff(cut.position) > 0).all()
    assert factors.max() == pytest.approx(2.0)
    first, last = cut.inside
    within = (cut.position >= first - 1e-9) & (cut.position <= last + 1e-9)
    assert np.array_equal(within, factors <= 1)
    assert within.any()
    room = 1e-12 * np.abs([low, high]).max(axis=0)
    assert ((cut.X[within] >= low - room) & (cut.X[within] <= high + room)).all()


@pytest.mark.parametrize(
    ("box", "label", "position", "rows", "inside"),
    [
        (WideningBox(((1.0, 5.0),), ((0.0, 12.0),)), "x", [0, 6, 12], [[0], [6], [12]], (1, 5)),
        # A side that stays may be where the function ends: the line begins a step after it.
        (WideningBox(((1.0, 5.0),), ((1.0, 9.0),)), "x", [11 / 3, 19 / 3, 9], [[11 / 3], [19 / 3], [9]], (1, 5)),
        (WideningBox(((1.0, 5.0),), ((-2.0, 5.0),)), "x", [-2, 1 / 3, 8 / 3], [[-2], [1 / 3], [8 / 3]], (1, 5)),
        (WideningBox(((-1.0, 1.0),) * 2, ((-2.0, 2.0),) * 2), "x1 = x2", [-2, 0, 2], [[-2] * 2, [0] * 2, [2] * 2],
         (-1, 1)),
        (
            LOPSIDED,
            "distance factor along the diagonal",
            [-2, 0, 2],
            [[-1, -1], [2 / 3, -1], [1.5, 5]],
            (-1, 1),
        ),
        # x2 stays, and goes from side to side.
        (
            WideningBox(((0.0, 1.0), (0.0, 6.0)), ((0.0, 2.0), (0.0, 6.0))),
            "distance factor along the diagonal",
            [2 / 3, 4 / 3, 2],
            [[2 / 3, 4], [4 / 3, 6], [2, 6]],
            (0, 1),
        ),
        (
            WideningBox(((-1.0, 1.0), (0.0, 6.0)), ((-2.0, 2.0), (0.0, 9.0)), held=(None, 2.5)),
            "x1, x2 = 2.5",
            [-2, 0, 2],
            [[-2, 2.5], [0, 2.5], [2, 2.5]],
            (-1, 1),
        ),
    ],
)  # fmt: skip
def test_the_slice_goes_where_the_box_widens(
    box: WideningBox, label: str, position: list[float], rows: list[list[float]], inside: tuple[float, float]
) -> None:
    cut = box.slice(3, outer=2.0)
    assert (cut.label, cut.inside) == (label, inside)
    np.testing.assert_allclose(cut.position, position, atol=1e-12)
    np.testing.assert_allclose(cut.X, rows, atol=1e-12)


@pytest.mark.parametrize(
    ("box", "inside", "outside", "unit"),
    [
        (
            WideningBox(((-1.0, 1.0),) * 2, ((-2.0, 2.0),) * 2),
            "U[-1, 1]^2",
            "uniform on [-2, 2]^2 with at least one coordinate beyond [-1, 1]^2",
            "times the half-width of the range",
        ),
        (
            WideningBox(((1.0, 5.0),), ((1.0, 9.0),)),
            "U[1, 5]",
            "uniform on [1, 9] beyond [1, 5]",
            "times the width of the range",
        ),
        (
            LOPSIDED,
            "U[0, 1] x [-1, 3]",
            "uniform on [-1, 1.5] x [-1, 5] with at least one coordinate beyond [0, 1] x [-1, 3]",
            "steps out, 1 the training range and 2 the outer box",
        ),
        (
            WideningBox.read("(1:2)^100", "(2:6)^100", law="all outside"),
            "U[1, 2]^100",
            "uniform on [1, 6]^100 with every coordinate beyond [1, 2]^100",
            "steps out, 1 the training range and 2 the outer box",
        ),
        (
            WideningBox.read("(0:99)^5", "(0:199)^5", whole=True),
            "integers U{0..99}^5",
            "integers {0..199}^5 with at least one coordinate beyond {0..99}^5",
            "steps out, 1 the training range and 2 the outer box",
        ),
        (
            WideningBox.read("1:50", "1:120", whole=True, training_law=Grid.of_numbers(1, 50)),
            "integers U{1..50}; trained on the 50 points of a grid",
            "integers {1..120} beyond {1..50}",
            "steps out, 1 the training range and 2 the outer box",
        ),
    ],
)
def test_a_box_says_in_words_where_it_is(box: WideningBox, inside: str, outside: str, unit: str) -> None:
    assert box.describe(inner=0.0, outer=1.0) == inside
    assert box.describe(inner=1.0, outer=2.0) == outside
    assert box.horizon_unit == unit


def test_whole_numbers_are_those_of_the_integer_box() -> None:
    # Two ways to the same rows: the core's sum, and the core's square.
    for ours, n in (("(1:20)^2", 2), ("1:20", 1)):
        mine = WideningBox.read(ours, ours.replace("20", "40"), whole=True)
        other = IntegerBox(n_features=n, high=20)
        for inner, outer in ((0.0, 1.0), (1.0, 2.0), (1.5, 2.0)):
            a, b = mine.every_row(inner=inner, outer=outer), other.every_row(inner=inner, outer=outer)
            assert a is not None
            assert b is not None
            assert np.array_equal(np.unique(a, axis=0), np.unique(b, axis=0))
    beyond = WideningBox.read("(1:20)^2", "(21:40)^2", law="all outside", whole=True)
    assert beyond.outer == ((1.0, 40.0),) * 2
    rows = beyond.every_row(inner=1.0, outer=2.0)
    assert rows is not None
    assert len(rows) == 400 == len(np.unique(rows, axis=0))
    assert (rows.min(), rows.max()) == (21, 40)


def test_what_is_not_whole_or_too_much_is_not_listed() -> None:
    assert LOPSIDED.every_row(inner=0.0, outer=1.0) is None
    assert WideningBox.read("(0:99)^5", "(0:199)^5", whole=True).every_row(inner=0.0, outer=1.0) is None


def test_shells_without_whole_numbers_are_one_with_the_next() -> None:
    # One to ten steps of ten: no number lies in (1, 1.05], and one in (1.05, 1.1].
    box = WideningBox.read("(0:9)^2", "(0:19)^2", whole=True)
    assert not box.has_rows(inner=1.0, outer=1.05)
    assert box.has_rows(inner=1.05, outer=1.1)
    made = task(box, ladder_end=2.0, function=lambda X: X.sum(axis=1))
    assert made.ladder == (1.0, 1.1, 1.25, 1.5, 2.0)
    assert [len(shell.X) for shell in draw(made, 0).shells] == [30] * 4
    # What has rows everywhere has every edge, and so has a domain that does not say.
    assert task(LOPSIDED, ladder_end=2.0).ladder == (1.0, 1.05, 1.1, 1.25, 1.5, 2.0)
    # Beyond the last number there is none: the last shell goes on to the end.
    assert task(WideningBox.read("0:2", "0:4", whole=True), ladder_end=2.4).ladder == (1.0, 1.5, 2.4)
    with pytest.raises(ValueError, match=r"no whole number of \{0\.\.19\}\^2 has a distance factor in \(1, 1\.05\]"):
        box.draw(5, np.random.default_rng(0), inner=1.0, outer=1.05)


def test_a_grid_is_trained_on_whole_and_scored_between_its_points() -> None:
    grid = Grid.read("grid E[0.05,10,0.1] x E[0.05,10.05,2]")
    box = WideningBox.read("0.05:10;0.05:10.05", "0.05:20;-4.95:15.05", training_law=grid)
    made = task(box, n_train=600)
    a, b = training_rows(made, 0), training_rows(made, 1)
    assert not np.array_equal(a.X, b.X)
    assert np.array_equal(np.unique(a.X, axis=0), np.unique(b.X, axis=0))
    assert len(np.unique(a.X, axis=0)) == 600
    assert (a.distance <= 1).all()
    data = draw(made, 0)
    assert np.array_equal(data.train.X, a.X)
    assert len(np.unique(data.interpolation.X[:, 1])) == 50
    # `draw` never guesses: independent rows of the inside are no training rows.
    assert len(np.unique(box.draw(600, np.random.default_rng(0)).X[:, 1])) == 600


def test_the_points_of_a_grid_of_whole_numbers_are_floats() -> None:
    points = Grid.of_numbers(1, 50).rows(50, np.random.default_rng(0))
    assert points.dtype == np.float64
    assert sorted(points[:, 0]) == list(range(1, 51))


def harmonic(X: FloatArray) -> FloatArray:
    sums: FloatArray = np.cumsum(1 / np.arange(1, 121))[X[:, 0].astype(int) - 1]
    return sums


def test_the_best_known_grid_task_has_its_known_references() -> None:
    # Keijzer-6: trained on 1..50, each once, and asked for 51..120.
    box = WideningBox.read("1:50", "1:120", whole=True, training_law=Grid.of_numbers(1, 50))
    made = task(box, function=harmonic, n_train=50, ladder_end=2.0)
    for _, check in task_checks(made):
        check()
    card = task_card(made)
    outside = {each["name"]: each["extrapolation_rmse"] for each in card["references"]}  # type: ignore[attr-defined]
    # A parabola on 1..50 is far off at 120.
    assert outside.pop("quadratic") == pytest.approx(4.77, abs=0.05)
    assert outside == pytest.approx({"truth": 0, "constant": 1.4343, "line": 1.9264, "clamp": 0.5597}, abs=5e-5)
    # At every seed the rows at hand are the grid, so that they know what the law knows.
    lines = [each["line"][1] for each in card["samples"]]  # type: ignore[attr-defined]
    assert lines == pytest.approx([1.9264] * 10, abs=5e-5)


def test_rows_of_a_grid_of_whole_numbers_are_floats_as_all_rows() -> None:
    assert Grid.of_numbers(1, 50).rows(50, np.random.default_rng(0)).dtype == np.float64


def test_a_domain_without_training_rows_of_its_own_draws_them() -> None:
    made = replace(task(LOPSIDED), domain=Box(n_features=2))
    assert not isinstance(made.domain, WithTraining)
    assert training_rows(made, 0).X.shape == (20, 2)
    assert training_rows(task(LOPSIDED), 0).X.shape == (20, 2)


def test_blocks_leave_the_gap_between_them() -> None:
    snake = Blocks((((-15.0, -5.0),), ((5.0, 15.0),)))
    box = WideningBox.read("-15:15", "-30:30", training_law=snake)
    rows = training_rows(task(box, n_train=65), 0).X
    assert ((np.abs(rows) >= 5) & (np.abs(rows) <= 15)).all()
    assert sorted(((rows < 0).sum(), (rows > 0).sum())) == [32, 33]
    assert box.describe(inner=0.0, outer=1.0) == "U[-15, 15]; trained on [-15, -5] and [5, 15]"
    assert np.abs(draw(task(box), 0).interpolation.X).min() < 5


def test_fixed_rows_are_each_trained_on_once() -> None:
    box = WideningBox.read("0:1;0:1", "0:2;0:2", training_law=FixedRows(((0.0, 1.0), (0.5, 0.25), (1.0, 0.0))))
    assert sorted(map(tuple, training_rows(task(box, n_train=3), 0).X)) == [(0, 1), (0.5, 0.25), (1, 0)]


@pytest.mark.parametrize(
    ("law", "n_train", "said"),
    [
        (Grid.of_numbers(1, 5), 4, "task 'made': n_train=4, and its domain has 5 fixed training rows; give n_train=5"),
        (FixedRows(((1.0,),)), 20, "task 'made': n_train=20, and its domain has 1 fixed training rows; give n_train=1"),
    ],
)
def test_n_train_is_the_number_of_fixed_rows(law: Any, n_train: int, said: str) -> None:
    box = WideningBox.read("1:5", "1:9", training_law=law)
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the words are compared
        task(box, n_train=n_train)
    assert str(refused.value) == said
    with pytest.raises(ValueError, match=f"asked for 7 training rows, and there are {law.n_rows}: each is taken once"):
        box.training_rows(7, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Grid(()), "a grid needs an axis for each variable and a point on each, got none"),
        (lambda: Grid(((1.0,), ())), "a grid needs an axis for each variable and a point on each, got 1 x 0"),
        (lambda: Grid(((1.0, 1.0),)), "a grid needs finite points in rising order, and those of x1 are not"),
        (lambda: Grid(((1.0,), (1.0, np.nan))), "a grid needs finite points in rising order, and those of x2 are not"),
        (
            lambda: Grid.read("E[1,1000,1]^3"),
            "a grid of 1,000 x 1,000 x 1,000 points has 1,000,000,000 rows and 3,000,000,000 numbers, and 67,108,864 "
            "are allowed; take longer steps, or draw the rows",
        ),
        (lambda: FixedRows(()), "fixed rows need one length of at least 1, got no row"),
        (lambda: FixedRows(((1.0,), (1.0, 2.0))), "fixed rows need one length of at least 1, got [1, 2]"),
        (lambda: FixedRows(((1.0,), (np.inf,))), "fixed rows need finite numbers, and row 1 is [inf]; leave it out"),
        (lambda: Blocks(()), "blocks need one number of variables of at least 1, got no box"),
        (lambda: Blocks((((0.0, 1.0),), ((3.0, 2.0),))), "a block needs finite low < high, and x1 has 3:2"),
        (
            lambda: WideningBox.read("0:1;0:1", "0:2;0:2", training_law=Grid.of_numbers(0, 1)),
            "the training rows have 1 columns and the training box has 2 variables; give both the same",
        ),
        (
            lambda: WideningBox.read("0:1", "0:2", training_law=Grid.of_numbers(0, 3)),
            "the training rows have x1 in 0:3, and its training range is 0:1; widen the range, or leave these rows out",
        ),
        (
            lambda: WideningBox.read("0:1", "0:2;0:3"),
            "the training box has 1 variables and the outer box 2; give both the same, one at least",
        ),
        (lambda: WideningBox((), ()), "the training box has 0 variables and the outer box 0; give both the same, one"),
        (
            lambda: WideningBox.read("0:1;5:1", "0:2;1:9"),
            "the training range 5:1 of x2 is upside down or empty; give low:high",
        ),
        (lambda: WideningBox.read("1:1", "0:2"), "the training range 1:1 of x1 is upside down or empty; give low:high"),
        (lambda: WideningBox.read("0:1", "2:0"), "the outer range 2:0 of x1 is upside down or empty; give low:high"),
        (
            lambda: WideningBox.read("0:1", "0.5:2"),
            "the outer range 0.5:2 of x1 does not hold its training range 0:1; give a low of at most 0 and a high of "
            "at least 1",
        ),
        (
            lambda: WideningBox.read("0:1", "-1:0.5"),
            "the outer range -1:0.5 of x1 does not hold its training range 0:1",
        ),
        (
            lambda: WideningBox(((0.0, np.inf),), ((0.0, np.inf),)),
            "the training range 0:inf of x1 is not finite; give numbers of at most 1e+100",
        ),
        (lambda: WideningBox(((0.0, 1.0),), ((np.nan, 1.0),)), "the outer range nan:1 of x1 is not finite"),
        (lambda: WideningBox.read("0:1", "0:1e200"), "the outer range 0:1e+200 of x1 is not finite"),
        (
            lambda: WideningBox.read("(0:1)^3", "(0:1)^3"),
            "the outer box is the training box, so that there is no outside; widen a side of a variable",
        ),
        (
            lambda: WideningBox.read("0:1", "0:1.0000000001"),
            "the side 1.0 of x1 moves by 1e-10 only; leave it, or move it more",
        ),
        (
            lambda: WideningBox.read("0:1.5", "0:4", whole=True),
            "the training range 0:1.5 of x1 has sides that are not whole; give whole ones",
        ),
        (
            lambda: WideningBox.read("1:2;0:1", "2:6;0:1", law="all outside"),
            "all variables are to lie outside, and the outer range 0:1 of x2 does not begin where its training range "
            "0:1 ends; give 1 as its low or 0 as its high",
        ),
        (
            lambda: WideningBox.read("1:5", "5:9", law="all outside", whole=True),
            "all variables are to lie outside, and the outer range 5:9 of x1 does not begin where its training range "
            "1:5 ends; give 6 as its low or 0 as its high",
        ),
        (
            lambda: WideningBox(((0.0, 1.0), (0.0, 1.0)), ((0.0, 2.0), (0.0, 1.0)), all_outside=True),
            "all variables are to lie outside, and x2 stays in 0:1; widen it, or let one be enough",
        ),
        (
            lambda: WideningBox(((0.0, 1.0),), ((0.0, 2.0),), held=(None, None)),
            "held needs an entry for each variable (1), got 2",
        ),
        (
            lambda: WideningBox(((0.0, 1.0), (0.0, 1.0)), ((0.0, 2.0), (0.0, 1.0)), held=(0.5, None)),
            "held=(0.5, None) leaves no variable to move outside; put None for one that widens",
        ),
        (
            lambda: WideningBox.read("0:1", "0..2", task="mine"),
            "task 'mine': '0..2' is no range: it is read up to '0..2'; write 'low:high' for each variable",
        ),
        (
            lambda: WideningBox.read("2:1", "0:2", task="mine"),
            "task 'mine': the training range 2:1 of x1 is upside down",
        ),
    ],
)
def test_what_is_no_box_is_refused(make: Any, said: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the words are compared
        make()
    assert str(refused.value).startswith(said)

"""The tasks of the literature: each can be drawn and scored, has the values of its sources, and is of its family."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

import tasks
from benchmark.cell.dataset import draw, noise_std, population, training_rows
from benchmark.cell.references import N_SLICE, measured_quantities, references
from benchmark.cell.soundness import check_sound
from tasks.base import FloatArray, Task
from tasks.suites import SUITES
from tasks.table import PUBLISHED_ERROR, read_rows, rows_of_test, tasks_of
from tasks.widening import WideningBox


def _every_task() -> Iterator[Task]:
    for module in pkgutil.iter_modules(tasks.__path__):
        if not module.ispkg and module.name != "core":
            yield from getattr(importlib.import_module(f"tasks.{module.name}"), "TASKS", ())


TASKS = {task.name: task for task in _every_task()}
# The suites whose own tasks stand in tables.
OWN = sorted(name for name in SUITES if name not in ("core", "standard", "all", "neat"))


def of_suite(name: str) -> list[Task]:
    module = importlib.import_module(f"tasks.{name.replace('-', '_')}")
    return list(module.TASKS)


@pytest.mark.parametrize("suite", OWN)
def test_the_rows_of_every_task_lie_where_they_belong_and_can_be_scored(suite: str) -> None:
    for task in of_suite(suite):
        data = draw(task, 0)
        bounds = [(data.train, 0.0, 1.0), (data.interpolation, 0.0, 1.0), (data.extrapolation, 1.0, task.reach)]
        bounds += [(shell, a, b) for shell, (a, b) in zip(data.shells, pairwise(task.ladder), strict=True)]
        for rows, inner, outer in bounds:
            assert ((rows.distance > inner) & (rows.distance <= outer)).all(), task.name
        assert len(data.train.X) == task.n_train, task.name
        check_sound(task, inside=data.interpolation, outside=data.extrapolation)
        # What is not finite on the line for pictures is refused here.
        task.targets(task.domain.slice(N_SLICE, outer=task.ladder_end).X)


def test_a_name_is_that_of_one_task() -> None:
    names = [task.name for task in _every_task()]
    assert len(names) == len(set(names)) == 451 - 7


def test_what_is_published_with_few_rows_is_a_variant_of_its_family() -> None:
    assert TASKS["nguyen-1-20-rows"].n_train == 20
    assert TASKS["nguyen-1-20-rows"].family == "nguyen-1"
    assert TASKS["nguyen-4"].family == TASKS["nguyen-4-20-rows"].family == "nguyen-1"
    for name, task in TASKS.items():
        if found := re.fullmatch(r"(.+)-(\d+)-rows", name):
            whole = TASKS[found[1]]
            assert (task.formula, task.n_train) == (whole.formula, int(found[2])), name
            assert (whole.family or whole.name) == task.family, name
            assert "few-rows" in task.tags


def test_a_published_grid_is_trained_on_as_it_is() -> None:
    assert sorted(training_rows(TASKS["keijzer-6-50-rows"], 3).X[:, 0]) == [*range(1, 51)]
    grid = np.sort(training_rows(TASKS["rational-1-20-rows"], 0).X[:, 0])
    assert grid == pytest.approx(np.linspace(-1, 1, 20))


def test_noise_is_of_the_size_that_the_source_says() -> None:
    assert [noise_std(TASKS[f"friedman-{k}"]) for k in (1, 2, 3)] == [1.0, 125.0, 0.1]
    noisy, plain = TASKS["physics-rocket-fuel-noisy"], TASKS["physics-rocket-fuel"]
    sd = population(plain, inner=0.0, outer=1.0, n=2**14).y.std()
    assert noise_std(noisy) == pytest.approx(0.05 * sd, rel=0.01)
    rows = training_rows(noisy, 0)
    assert (rows.y - noisy.targets(rows.X)).std() == pytest.approx(0.05 * sd, rel=0.1)
    assert noise_std(plain) == 0


# Of the functions over their training laws, by integration.
FRIEDMAN_1 = 23.82646


def test_the_variance_of_friedmans_first_function_is_the_exact_one() -> None:
    y = population(TASKS["friedman-1"], inner=0.0, outer=1.0, n=2**17).y
    assert y.var() == pytest.approx(FRIEDMAN_1, rel=0.015)


# Blocks of 25 of 100 inputs that share 12, trained on U[1,2], tested on U[2,6]: the best line's and the constant's
# mean squares inside and outside, in closed form where there is one.
ARITHMETIC = {
    "nalu-mul": (5.240278, 15_762_959.7, 8677.12, 7.509858e7),
    "nalu-square": (8.472222, 16_026_908.5, 11727.2, 7.572613e7),
}


@pytest.mark.parametrize("name", ARITHMETIC)
def test_lines_and_constants_of_the_arithmetic_tasks_are_the_exact_ones(name: str) -> None:
    task = TASKS[name]
    train, outside = (population(task, inner=a, outer=b, n=2**14) for a, b in ((0.0, 1.0), (1.0, 2.0)))
    known = references(task, train)
    found = [
        float(np.mean((known[which][1](rows.X) - rows.y) ** 2))
        for which in ("line", "constant")
        for rows in (train, outside)
    ]
    assert found == pytest.approx(ARITHMETIC[name], rel=0.04)


# Errors of the mean, of the best line and of the clamp on the test rows of the sources.
PUBLISHED = {
    "keijzer-6": (1.217, 1.485, 0.4274),
    "vladislavleva-1": (0.206, 0.194, 0.0484),
    "vladislavleva-2": (0.303, 0.302, 0.0061),
    "vladislavleva-3": (1.005, 1.005, 0.0494),
    "vladislavleva-4": (0.199, 0.199, 0.0121),
    "vladislavleva-5": (0.839, 0.840, 0.0874),
    "vladislavleva-7": (3.997, 3.997, 0.248),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_references_on_the_published_test_rows_are_near_those_that_are_known(name: str) -> None:
    task = TASKS[name]
    train = population(task, inner=0.0, outer=1.0, n=2**14)
    known = references(task, train)
    found = [
        measured_quantities(task, known[which][1], train.X)[PUBLISHED_ERROR] for which in ("constant", "line", "clamp")
    ]
    # Those that are known were made from the sources' few rows, medians over twenty draws.
    assert found[:2] == pytest.approx(PUBLISHED[name][:2], rel=0.02)
    assert found[2] == pytest.approx(PUBLISHED[name][2], rel=0.1)


def test_a_published_test_has_the_rows_of_its_source() -> None:
    assert rows_of_test("E[-0.5,10.5,0.05]xE[-0.5,10.5,0.5]").shape == (5083, 2)
    X = rows_of_test("U[-0.25,6.35,1000]^2")
    assert X.shape == (1000, 2)
    assert (X.min(), X.max()) == pytest.approx((-0.25, 6.35), abs=0.01)
    assert np.array_equal(X, rows_of_test("U[-0.25,6.35,1000]^2"))


def digit_sums(x: FloatArray) -> FloatArray:
    """Return 1 + 1/2 + ... + 1/x (n,) for whole x (n,)."""
    return np.array([sum(1 / i for i in range(1, int(k) + 1)) for k in x])


def test_values_at_points_that_were_checked_by_hand() -> None:
    x = np.arange(1.0, 51.0)
    assert TASKS["keijzer-6"].targets(x[:, None]) == pytest.approx(digit_sums(x), abs=1e-12)
    # pagie-1 is written there with x^-4, which has no value at 0.
    assert TASKS["pagie-1"].targets(np.array([[2.0, 0.5]])) == pytest.approx([1 / (1 + 2**-4) + 1 / (1 + 2**4)])
    assert TASKS["vladislavleva-4"].targets(np.full((1, 5), 3.0)) == pytest.approx([2.0])
    assert TASKS["vladislavleva-4"].targets(np.full((1, 5), 4.0)) == pytest.approx([1.0])
    assert TASKS["special-jv"].targets(np.array([[0.0, 2.404825557695773]])) == pytest.approx([0], abs=1e-12)
    assert TASKS["special-lpmv-2"].targets(np.array([[2.0, 0.5]])) == pytest.approx([3 * 0.75])
    assert TASKS["special-ellipeinc"].targets(np.array([[0.7, 0.0]])) == pytest.approx([0.7])
    assert TASKS["janossy-unique-count"].targets(np.array([[1, 1, 2, 3, 5, 8, 8, 8, 0, 9.0]])) == pytest.approx([7])


HEAD = "name | formula | trained on | outer box | rows | more | remarks\n"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("a | sin(x1 | 0:1 | 0:2 | 20 | |", "task 'a': formula 'sin(x1'"),
        ("a | x2 | 0:1 | 0:2 | 20 | |", "task 'a': formula 'x2'"),
        (
            "a | x1 | 1:0 | 0:2 | 20 | |",
            "task 'a': the training range 1:0 of x1 is upside down or empty; give low:high",
        ),
        ("a | x1 | 0:2 | 0:1 | 20 | |", "task 'a': the outer range 0:1 of x1 does not hold its training range 0:2"),
        ("a | x1 | 0-2 | 0:1 | 20 | |", "task 'a': '0-2' is no range: it is read up to '0-2'; write 'low:high'"),
        ("a | x1 | 0:1 | 0:2 | many | |", "task 'a': invalid literal"),
        ("a | x1/x2 | 1:2;-1:1 | 1:3;-2:2 | 20 | |", "task 'a': the formula divides by x2, whose range -4:4 holds 0"),
        (
            "a | 3/(x1*x2)**2 | 1:2;1:2 | -1:4;1:3 | 20 | |",
            "task 'a': the formula divides by x1, whose range -5:8 holds",
        ),
        ("a | x1**(-1) | -1:1 | -2:2 | 20 | |", "task 'a': the formula divides by x1, whose range -4:4 holds 0"),
        ("a | x1 | 0:1 | 0:2 | 20 | wide |", "task 'a': 'wide' is no word; write one of whole, all-outside"),
        ("a | x1 | 0:1 | 0:2 | 20 | seeds=3 |", "task 'a': 'seeds=3' is no setting; write one of ladder, noise"),
        ("a | x1 | 0:1 | 0:2 | 20 | whole whole |", "task 'a': 'whole' stands there twice; take one away"),
        ("a | x1 | 0:1 | 0:2 | 20 | whole", "task 'a' has 6 columns in its table, and there are 7: name | formula"),
        ("a | x1 | 0:1 | 0:2 | 20 | published=E[0,1,1e-9] |", "has more than 10,000,000 points"),
        ("a | x1 | 0:1 | 0:2 | 20 | noise=1 noise=5% |", "task 'a': 'noise' stands there twice; take one away"),
        ("a | x1 | 0:1 | 0:2 | 0 | |", "task 'a': n_train must be a whole number >= 1, got 0"),
        ("a | x1 | 0:1 | 0:2 | 20 | set=2x1 |", "task 'a': set_shape (2, 1) has 2 numbers"),
        ("a | x1 | 0:1 | 0:2 | 20 | ladder=1.5 |", "task 'a': needs 1 < reach <= ladder_end"),
    ],
)
def test_a_wrong_row_is_refused_with_its_name_and_what_to_do(row: str, sentence: str) -> None:
    def made() -> list[object]:
        return [(each.task(), *each.as_published()) for each in read_rows(HEAD + row, source="a test")]

    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the words are compared
        made()
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    "row",
    [
        "a | x1/x2 | 1:2;1:2 | 1:3;1:3 | 20 | |",
        "a | sin(x1)/x1 | -1:1 | -2:2 | 20 | |",
        "a | x1*sin(1/x2) | (-1:1)^2 | (-2:2)^2 | 20 | |",
    ],
)
def test_a_division_by_what_is_never_0_or_that_has_a_limit_is_none_of_these(row: str) -> None:
    assert len(tasks_of(read_rows(HEAD + row, source="a test"))) == 1


def test_a_table_without_its_columns_is_refused() -> None:
    with pytest.raises(ValueError, match=r"the columns of a table are name \| formula"):
        read_rows("name | text\na | b", source="")


def test_a_row_is_a_task_of_its_range() -> None:
    rows = read_rows(
        HEAD + "a-1 | x1*x2 | (1:5)^2 | (1:9)^2 | 50 | whole ladder=3 set=2x1 held=,2 family=products noise=5% | said",
        source="a book",
    )
    (task,) = tasks_of(rows)
    assert (task.title, task.source, task.family, task.tags) == ("A 1", "a book; said", "products", ("sets",))
    assert (task.n_train, task.set_shape, task.ladder_end, task.noise) == (50, (2, 1), 3.0, 0.05)
    assert task.domain == WideningBox(((1, 5), (1, 5)), ((1, 9), (1, 9)), whole=True, held=(None, 2.0))
    assert TASKS["feynman-i-6-2a"].title == "Feynman I.6.2a"
    assert TASKS["feynman-bonus-3"].title == "Feynman bonus 3"

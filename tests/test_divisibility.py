"""Digits are digits, and a line, a table and their figures are what their findings take them for."""

import numpy as np
import pytest

from benchmark.cell.conformance import task_checks
from benchmark.cell.dataset import draw
from findings.divisibility.models import ResidueTable, RowByRow
from findings.divisibility.tasks import DIGITS, TASKS, BinaryDigits
from models.base import NotApplicable

BY_NAME = {task.name: task for task in TASKS}
HUNDRED = np.arange(1.0, 101.0)[:, np.newaxis]


def test_digits_stand_with_the_largest_first_and_give_back_their_number() -> None:
    domain = BinaryDigits(high=20)
    assert domain.n_features == 7
    assert domain.digits(np.array([1.0, 6.0, 80.0])).tolist() == [
        [0, 0, 0, 0, 0, 0, 1],
        [0, 0, 0, 0, 1, 1, 0],
        [1, 0, 1, 0, 0, 0, 0],
    ]
    numbers = np.arange(1.0, 81.0)
    assert np.array_equal(domain.numbers(domain.digits(numbers)), numbers)
    line = domain.slice(50, outer=4.0)
    assert np.array_equal(domain.numbers(line.X), line.position)
    with pytest.raises(ValueError, match="high >= 20"):
        BinaryDigits(high=19)


def test_rows_of_digits_are_those_of_the_numbers_of_their_region() -> None:
    domain = BinaryDigits(high=20)
    inside, outside = (domain.every_row(inner=a, outer=b) for a, b in ((0.0, 1.0), (1.0, 4.0)))
    assert inside is not None
    assert outside is not None
    assert domain.numbers(inside).tolist() == [*range(1, 21)]
    assert domain.numbers(outside).tolist() == [*range(21, 81)]
    drawn = domain.draw(500, np.random.default_rng(0), inner=1.0, outer=2.0)
    assert set(domain.numbers(drawn.X)) == {*range(21, 41)}
    assert np.allclose(drawn.distance, domain.numbers(drawn.X) / 20)


@pytest.mark.parametrize("name", ["divisible-by-3", "even-or-odd"])
def test_the_tasks_keep_the_contract(name: str) -> None:
    for _, check in task_checks(BY_NAME[name]):
        check()


@pytest.mark.parametrize("m", range(2, 17))
def test_the_target_is_one_where_the_number_is_divided(m: int) -> None:
    numbers = np.arange(1.0, 4001.0)
    assert np.array_equal(BY_NAME[f"divisible-by-{m}"].targets(DIGITS.digits(numbers)), numbers % m == 0)


def test_wrong_answers_count_for_both_classes_alike() -> None:
    (quantity,) = BY_NAME["divisible-by-4"].quantities
    rows = quantity.rows(DIGITS.digits(np.array([1.0])))
    numbers = DIGITS.numbers(rows)
    assert (numbers.min(), numbers.max(), len(numbers)) == (1001, 4000, 3000)
    said = {
        "truth": numbers % 4 == 0,
        "always no": np.zeros(3000),
        "always yes": np.ones(3000),
        "even": numbers % 2 == 0,
    }
    wrong = {name: quantity.measure(rows, 1.0 * answer)["wrong_outside"] for name, answer in said.items()}
    assert wrong == pytest.approx({"truth": 0, "always no": 0.5, "always yes": 0.5, "even": 1 / 6}, abs=1e-3)


@pytest.mark.parametrize("m", [2, 3, 7, 16])
def test_a_table_of_residues_finds_the_period_in_numbers_and_in_digits(m: int) -> None:
    numbers = np.random.default_rng(0).permutation(np.arange(1.0, 301.0))
    y = 1.0 * (numbers % m == 0)
    far = np.arange(2000.0, 2100.0)
    for of in (lambda n: n[:, np.newaxis], DIGITS.digits):
        made = ResidueTable(32).fit(of(numbers), y)
        assert made.fit_info_["period"] == f"{m}"
        assert np.array_equal(made.predict(of(far)), far % m == 0)


def test_a_table_says_the_mean_where_a_residue_was_not_seen() -> None:
    made = ResidueTable(3).fit(np.array([[3.0], [4.0], [6.0]]), np.array([1.0, 0.0, 1.0]))
    assert made.predict(np.array([[9.0], [10.0], [11.0]])) == pytest.approx([1, 0, 2 / 3])


@pytest.mark.parametrize("X", [np.array([[0.5], [1.0]]), np.array([[2.0, 3.0], [1.0, 0.0]])])
def test_what_is_no_number_has_no_residue(X: np.ndarray) -> None:
    with pytest.raises(NotApplicable, match=r"no number|not whole"):
        ResidueTable(8).fit(X, np.zeros(2))


def test_row_by_row_is_stochastic_gradient_descent() -> None:
    made = RowByRow(0.01, 3).fit(np.array([[2.0]]), np.array([5.0]))
    start = float(np.random.default_rng(3).uniform(-(3**0.5), 3**0.5, 1)[0])
    # Each of five epochs of the one row multiplies its error by 1 - 2 rate (x^2 + 1) = 0.9.
    assert made.predict(np.array([[2.0]]))[0] - 5 == pytest.approx((2 * start - 5) * 0.9**5, rel=1e-4)
    assert made.fit_info_ == {"lost_after": "inf"}


def test_a_rate_that_is_too_large_is_lost_within_a_hundred_rows_and_a_small_one_never() -> None:
    y = HUNDRED[:, 0] % 2
    lost = RowByRow(0.1, 0).fit(HUNDRED, y)
    assert 5 < float(lost.fit_info_["lost_after"]) < 100
    assert np.isfinite(lost.predict(HUNDRED)).all()
    assert np.abs(lost.predict(HUNDRED)).max() > 1e30
    slow = RowByRow(5e-5, 0).fit(HUNDRED, y)
    assert slow.fit_info_["lost_after"] == "inf"
    assert np.abs(slow.predict(HUNDRED)).max() < 10


def test_even_or_odd_is_asked_of_each_number_once() -> None:
    train = draw(BY_NAME["even-or-odd"], 0).train
    assert sorted(train.X[:, 0]) == [*range(1, 101)]
    assert np.array_equal(train.y, train.X[:, 0] % 2)

"""What the page holds of numbers, lines and formulas can be read back, to the digits that it promises."""

import csv
import math
import random
from typing import Any

import numpy as np
import pytest

from benchmark.board.curves import Band
from benchmark.show.page.coding import DIGITS, POINTS, banded, brief, line, number, packed, places, short, whole
from benchmark.show.page.mathml import typeset
from tests import page_reader as reader
from tests.conftest import ROOT

SIZES = [0.0, 1e-320, 5e-324, 1.5e-16, 0.09999, 0.099999, 1.0, 9.9996, 12345.678, 1e29, 1e145, 3.3e200, 1.7e308]


@pytest.mark.parametrize("value", [*SIZES, *(-size for size in SIZES[1:])])
def test_a_number_keeps_four_digits_and_its_sign(value: float) -> None:
    assert len(number(value)) == 4
    assert reader.number(number(value)) == pytest.approx(float(f"{value:.3e}"), rel=1e-15)


@pytest.mark.parametrize("value", SIZES)
def test_a_brief_number_keeps_three_digits_and_a_short_one_two(value: float) -> None:
    kept = 0.0 if value < 1e-145 else math.inf if value >= 1e145 else float(f"{value:.2e}")
    assert reader.brief(brief(value)) == pytest.approx(kept, rel=1e-15)
    kept = 0.0 if value < 1e-15 else math.inf if value >= 9.95e29 else float(f"{value:.1e}")
    assert reader.short(short(value)) == pytest.approx(kept, rel=1e-15)


def test_nothing_and_a_failure_have_texts_of_their_own() -> None:
    for coded, read in ((number, reader.number), (brief, reader.brief), (short, reader.short)):
        assert math.isnan(read(coded(math.nan)))
        assert read(coded(math.inf)) == math.inf


def test_a_whole_number_that_does_not_fit_is_refused() -> None:
    assert whole(4095, 2) == "__"
    with pytest.raises(ValueError, match="a number of 2 digits must be from 0 to 4095, got 4096"):
        whole(4096, 2)
    with pytest.raises(ValueError, match="got -1"):
        whole(-1, 2)


def test_no_digit_is_markup_or_needs_an_escape() -> None:
    assert len({*DIGITS}) == 64
    assert not {*DIGITS} & {*"<>&\"'\\."}


@pytest.mark.parametrize("n", [0, 1, 2, 40, 61, 161, 1000])
def test_positions_are_drawn_from_the_first_to_the_last(n: int) -> None:
    drawn = places(n)
    assert drawn == sorted({*drawn})
    assert len(drawn) == min(n, POINTS)
    assert not n or (drawn[0], drawn[-1]) == (0, n - 1)


def test_any_line_is_read_back_to_a_level() -> None:
    rng = random.Random(0)  # noqa: S311 - figures for a test
    for _ in range(50):
        low = rng.uniform(-5, 5)
        window = (low, low + 10 ** rng.uniform(-9, 9))
        height = window[1] - window[0]
        values = [low + height * rng.choice([rng.uniform(0, 1), rng.uniform(-3, 4)]) for _ in range(61)]
        kept = np.clip(values, low - height, low + 2 * height)
        assert reader.line(line(values, window), window) == pytest.approx(kept.tolist(), abs=0.51 * height * 3 / 1536)


def test_a_line_that_leaves_all_numbers_stays_at_the_edge() -> None:
    assert reader.line(line([-1e308, 0.5, 1e308], (0.0, 1.0)), (0.0, 1.0)) == [-1.0, 0.5, 2.0]
    wide = (-1e308, 7e307)
    assert reader.line(line([0.0], wide), wide)[0] == pytest.approx(0.0, abs=1e306)


def test_a_band_is_finer_near_its_line() -> None:
    zero = np.zeros(61)
    band = Band(zero, zero - 0.001, zero + 1.0)
    first, _, steps = reader.unpacked(banded(band, range(61), (-1.0, 1.0))).partition(".")
    assert reader.line(first, (-1.0, 1.0)) == [0.0] * 61
    far = [(DIGITS.index(step) / 63) ** 2 * 6 for step in steps]
    assert far[0] == pytest.approx(0.001, abs=0.0015)
    assert far[61] == pytest.approx(1.0, rel=0.03)
    assert "." not in banded(Band(zero, zero, zero), range(61), (-1.0, 1.0))


@pytest.mark.parametrize("n", [1, 3, 4, 5, 66, 67, 68, 135, 200])
def test_digits_that_repeat_stand_once_and_are_read_again(n: int) -> None:
    text = "ab" + n * "-" + "." + n * "A" + "bb"
    assert reader.unpacked(packed(text)) == text
    assert len(packed(text)) <= len(text)
    assert len(packed(200 * "A")) == 9


@pytest.mark.parametrize(
    ("formula", "tree"),
    [
        ("x^2", ["p", ["i", "x"], ["n", "2"]]),
        ("x1**3", ["p", ["b", ["i", "x"], ["n", "1"]], ["n", "3"]]),
        ("1/(a + b)", ["f", ["n", "1"], ["r", ["i", "a"], ["o", "+"], ["i", "b"]]]),
        ("sqrt(x)", ["q", ["i", "x"]]),
        ("2*3", ["r", ["n", "2"], ["o", "·"], ["n", "3"]]),
        ("-x", ["r", ["o", "\u2212"], ["i", "x"]]),
        ("lambda_i", ["b", ["i", "λ"], ["i", "i"]]),
        ("exp(-x)", ["p", ["i", "e"], ["r", ["o", "\u2212"], ["i", "x"]]]),
        ("2**-x", ["p", ["n", "2"], ["r", ["o", "\u2212"], ["i", "x"]]]),
        ("a/b/c", ["f", ["f", ["i", "a"], ["i", "b"]], ["i", "c"]]),
        ("a^b^c", ["p", ["i", "a"], ["p", ["i", "b"], ["i", "c"]]]),
    ],
)
def test_a_formula_is_typeset(formula: str, tree: object) -> None:
    assert typeset(formula) == tree


def test_cases_stand_below_each_other() -> None:
    for formula in ("where(x1 >= 0, 1, 0)", "1 if x1 >= 0, else 0"):
        tree: Any = typeset(formula)
        brace, table = tree[1:]
        assert brace == ["o", "{"]
        assert [row[0] for row in table[1:]] == ["w", "w"]
        assert table[1][1] == ["d", ["n", "1"]]
        assert table[2][2] == ["d", ["t", "else"]]


@pytest.mark.parametrize(
    "words",
    [
        "",
        "K(order x1, x2)",
        "unrelated to x: a hash",
        "(x",
        "x)",
        "x +",
        "* x",
        "x1 ? 2",
        "f(",
        "(" * 500 + "x",
        "-" * 5000 + "x",
    ],
)
def test_what_is_no_formula_stays_text(words: str) -> None:
    assert typeset(words) is None


def test_every_formula_of_the_literature_is_typeset() -> None:
    with (ROOT / "tests" / "formulas.csv").open(encoding="utf-8", newline="") as file:
        formulas = [row["formula"] for row in csv.DictReader(file)]
    assert len(formulas) > 300
    assert [formula for formula in formulas if typeset(formula) is None] == []

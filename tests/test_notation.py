"""Ranges and grids as tables write them: every notation of the literature is read, and what is none is refused."""

import pytest

from tasks.notation import even_axis, read_box, read_grid
from tests.ranges import PAIRS, RANGES


def written(sides: tuple[tuple[float, float], ...]) -> str:
    """Return the shortest text of a range, by a way of its own."""
    pairs = [f"{low:.12g}:{high:.12g}" for low, high in sides]
    return f"({pairs[0]})^{len(pairs)}" if len(pairs) > 1 and len(set(pairs)) == 1 else ";".join(pairs)


def test_the_list_is_whole() -> None:
    assert len({pair.training for pair in PAIRS}) == 156
    assert len({pair.outer for pair in PAIRS}) == 174
    assert len(RANGES) == 318


def test_what_is_read_is_what_was_written() -> None:
    read = {text: read_box(text) for text in RANGES}
    assert {text: written(sides) for text, sides in read.items()} == {text: text for text in RANGES}
    assert [text for text, sides in read.items() if any(low >= high for low, high in sides)] == []


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("-1:1", ((-1.0, 1.0),)),
        ("(1:5)^3", ((1.0, 5.0),) * 3),
        ("0.05:10; -4.95:1e2", ((0.05, 10.0), (-4.95, 100.0))),
        (" (0:1;2:3)^2 ", ((0.0, 1.0), (2.0, 3.0)) * 2),
        ("(1:5)^2;0:1", ((1.0, 5.0), (1.0, 5.0), (0.0, 1.0))),
        ("5:1", ((5.0, 1.0),)),
        (".5:+2.", ((0.5, 2.0),)),
    ],
)
def test_a_range_is_read(text: str, sides: tuple[tuple[float, float], ...]) -> None:
    assert read_box(text) == sides


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' is no range: it is read up to ''; write 'low:high' for each variable with ';' between them, or "),
        ("1..5", "'1..5' is no range: it is read up to '1..5'; write 'low:high'"),
        ("0:1;2", "'0:1;2' is no range: it is read up to '2'; write"),
        ("0:1;", "'0:1;' is no range: it is read up to ''; write"),
        ("0:inf", "'0:inf' is no range: it is read up to '0:inf'"),
        ("0:nan", "'0:nan' is no range"),
        ("(0:1)", "'(0:1)' is no range: it is read up to '(0:1)'"),
        ("((0:1)^2)^2", "'((0:1)^2)^2' is no range: it is read up to '((0:1)^2)^2'"),
        ("(0:1;2", "'(0:1;2' is no range: it is read up to '(0:1'"),
        ("(0:1)^-2", "'(0:1)^-2' is no range"),
        ("(0:1)^0", "'(0:1)^0' has 0 variables, and 1 to 1,000 are allowed"),
        ("(0:1)^1000000", "'(0:1)^1000000' has 1000000 variables, and 1 to 1,000 are allowed"),
        ("0:pi", "'0:pi' is no range: it is read up to '0:pi'"),
    ],
)
def test_what_is_no_range_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the words are compared
        read_box(text)
    assert str(refused.value).startswith(said)


# Grids of the literature, with their sizes and the ends of their axes.
@pytest.mark.parametrize(
    ("text", "sizes", "last"),
    [
        ("grid E[-1,1,0.1]", (21,), (1.0,)),
        ("grid E[-2,2,0.1]", (41,), (2.0,)),
        ("grid E[-3,3,0.1]", (61,), (3.0,)),
        ("grid E[0,10,0.05]", (201,), (10.0,)),
        ("grid E[1,100,1]", (100,), (100.0,)),
        ("grid E[0,100,1]", (101,), (100.0,)),
        ("grid E[0,6.2,0.1]", (63,), (6.2,)),
        ("grid E[0.05,10,0.1]", (100,), (9.95,)),
        ("grid E[0.05,10,0.1] x E[0.05,10.05,2]", (100, 6), (9.95, 10.05)),
        ("grid E[-5,5,0.4]^2", (26, 26), (5.0, 5.0)),
        ("E[-5,5,0.1]^2", (101, 101), (5.0, 5.0)),
        ("E[-0.25,6.35,0.2]", (34,), (6.35,)),
    ],
)
def test_a_grid_is_read(text: str, sizes: tuple[int, ...], last: tuple[float, ...]) -> None:
    axes = read_grid(text)
    assert tuple(len(axis) for axis in axes) == sizes
    assert tuple(axis[-1] for axis in axes) == pytest.approx(last, abs=1e-12)
    # No point lies beyond its end, not even by rounding.
    assert all(axis[-1] <= end or end == 9.95 for axis, end in zip(axes, last, strict=True))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("E[0,1]", "'E[0,1]' is no grid: it is read up to 'E[0,1]'; write 'E[start,stop,step]' for each variable"),
        ("E[0,1,0.1] x 3", "'E[0,1,0.1] x 3' is no grid: it is read up to '3'"),
        ("E[0,1,0.1]^0", "'E[0,1,0.1]^0' has 0 variables, and 1 to 1,000 are allowed"),
        ("E[0,1,0]", "the axis E[0,1,0] has no points; give finite numbers, start <= stop and a step above 0"),
        ("E[1,0,0.1]", "the axis E[1,0,0.1] has no points"),
        ("E[0,1,-0.1]", "the axis E[0,1,-0.1] has no points"),
        ("E[0,1,1e-9]", "the axis E[0,1,1e-09] has more than 10,000,000 points; take a longer step"),
    ],
)
def test_what_is_no_grid_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the words are compared
        read_grid(text)
    assert str(refused.value).startswith(said)


def test_an_axis_has_its_steps() -> None:
    assert even_axis(0, 1, 0.3) == pytest.approx((0, 0.3, 0.6, 0.9))
    assert even_axis(2, 2, 1) == (2,)

"""Tables of markdown: what lines up, what does not, and that all say the same."""

import pytest

from benchmark.show.markdown import lined_up_table, narrow_table, table

HEADERS = ("place", "model", "RMSE")


def _rows(n: int) -> list[tuple[str, ...]]:
    return [(str(number), f"`model-{number}`", f"{number / 10:.1f}") for number in range(1, n + 1)]


def _read(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]


def test_a_short_table_lines_its_columns_up() -> None:
    lines = table(_rows(20), HEADERS, words=2).splitlines()
    assert len({len(line) for line in lines}) == 1


def test_a_long_table_for_a_terminal_lines_its_columns_up() -> None:
    lines = lined_up_table(_rows(60), HEADERS, words=2).splitlines()
    assert len(lines) == 62
    assert len({len(line) for line in lines}) == 1


def test_a_long_table_has_no_blanks() -> None:
    text = table(_rows(21), HEADERS, words=2)
    assert " " not in text
    assert text.splitlines()[:3] == ["|place|model|RMSE|", "|:--|:--|--:|", "|1|`model-1`|0.1|"]


@pytest.mark.parametrize("n", [1, 20, 21, 60])
@pytest.mark.parametrize("words", [1, 2])
def test_all_ways_say_the_same(n: int, words: int) -> None:
    rows = _rows(n)
    expected = [list(HEADERS), *map(list, rows)]
    for written in (table, lined_up_table, narrow_table):
        header, rule, *body = _read(written(rows, HEADERS, words=words))
        assert [header, *body] == expected
        assert [cell.endswith(":") for cell in rule] == [number >= words for number in range(len(HEADERS))]

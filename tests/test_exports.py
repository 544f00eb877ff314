"""The board for a paper and for other programs: the same figures in another form."""

import json
import re
from typing import Any

import pytest

from benchmark.board.boards import alone
from benchmark.show.exports import EXPORTS, render_json, render_tex
from tests.alone import render_csv
from tests.test_leaderboard import BOARDS, awkward_board, full_board, suite_board


def tables_of(tex: str) -> list[str]:
    return re.findall(r"\\begin\{tabular\}.*?\\end\{tabular\}", tex, flags=re.DOTALL)


@pytest.mark.parametrize("name", BOARDS)
def test_every_row_of_a_table_of_latex_has_as_many_cells(name: str) -> None:
    for table in tables_of(render_tex(alone(BOARDS[name]()))):
        rows = [line for line in table.splitlines() if line.endswith("\\\\")]
        assert len(rows) > 1
        assert len({len(re.findall(r"(?<!\\)&", row)) for row in rows}) == 1
        assert all(f"\\{rule}rule" in table for rule in ("top", "mid", "bottom"))


def test_tables_of_latex_have_the_models_as_they_stand_and_errors_in_sd() -> None:
    board = full_board()
    places, outside, inside = tables_of(render_tex(alone(board)))
    models = board.overall[board.overall["kind"] == "model"].sort_values("outside_order")["model"].tolist()
    for table in (places, outside, inside):
        assert [line.split("&")[0].strip() for line in table.splitlines() if "&" in line][1:] == models
    sd = board.cards[1].target_sd
    [holder] = [line for line in outside.splitlines() if line.strip().startswith("holder")]
    assert holder.split("&")[2].strip(" \\") == f"{0.006 / sd:.2g}"


def test_what_latex_would_read_is_escaped() -> None:
    tex = render_tex(alone(awkward_board()))
    # Of an unescaped one the rest of the line would be a comment.
    assert not re.search(r"(?<!\\)%", tex.partition("\n")[2])
    assert "5 \\%" in tex


def test_json_has_every_cell_and_the_standings_of_every_suite() -> None:
    board = suite_board()
    said: dict[str, Any] = json.loads(render_json(alone(board)), parse_constant=pytest.fail)
    assert len(said["cells"]) == len(board.cells)
    (suite,) = said["boards"].values()
    assert suite["tasks"] == ["square", "sum"]
    assert {row["model"] for row in suite["standings"] if row["kind"] == "model"} >= {"whole", "few", "guest"}
    lacking = {row["model"]: row["lacks"] for row in suite["standings"]}
    assert lacking["one-task"] == ["1 of 2 tasks"]


def test_the_other_forms_are_those_of_the_files() -> None:
    assert EXPORTS["csv"](alone(full_board())) == render_csv(full_board())
    assert {*EXPORTS} == {"md", "tex", "csv", "json"}

"""The page is one file that asks for nothing, and holds what the board holds."""

import base64
import hashlib
import json
import re
from typing import Any

from benchmark.report.aggregate import Board, board_of
from benchmark.report.page import render_page
from tests.synthetic import a_card, a_record, a_seed, keyed
from tests.test_leaderboard import awkward_board, full_board, one_model_board


def data(board: Board) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', render_page(board), re.DOTALL)
    assert found
    return json.loads(found[1])


def test_the_page_names_no_address_but_that_of_svg() -> None:
    assert set(re.findall(r"\w+://[^\"' ]+", render_page(full_board()))) == {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in render_page(full_board())


def test_only_our_script_and_style_may_run() -> None:
    page = render_page(full_board())
    for tag in ("script", "style"):
        [text] = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in page


def test_nothing_of_a_plugin_is_markup() -> None:
    page = render_page(awkward_board())
    assert "<script>alert" not in page
    assert page.count("</script>") == 2
    assert "<script>alert(1)</script>" in data(awkward_board())["tasks"][0]["title"]


def test_a_cell_holds_all_its_seeds_and_reasons() -> None:
    [cell] = [c for c in data(full_board())["cells"] if (c["task"], c["model"]) == ("square", "shaky")]
    assert [seed["status"] for seed in cell["seeds"]] == ["ok", "ok", "ok", "timeout"]
    assert cell["seeds"][3]["reason"] == "over 5 s"
    assert cell["settings"] == {"steps": "100"}
    assert cell["behaviour"] == "explodes"


def test_cells_stand_in_the_order_of_the_board() -> None:
    names = [cell["model"] for cell in data(full_board())["cells"] if cell["task"] == "square"]
    assert names == ["holder", "linear-net", "shaky", "picky", "truth", "clamp", "constant"]


def test_empty_and_extreme_boards_have_a_page() -> None:
    assert data(board_of({}, {}, {})) == {"cells": [], "models": [], "overall": [], "tasks": []}
    assert data(board_of({"square": a_card()}, {}, {}))["models"] == []
    assert data(one_model_board())["cells"][0]["outside"] == [1e300, 1e300, 1e300]


def test_settings_that_differ_between_seeds_are_all_named() -> None:
    seeds = [a_seed(i, 0.1, 1.0).model_copy(update={"settings": {"rate": 0.1 * (i + 1)}}) for i in range(2)]
    found = data(board_of({"square": a_card()}, keyed([a_record("square", "net", seeds)]), {}))
    assert found["cells"][0]["settings"] == {"rate": "0.1, 0.2"}

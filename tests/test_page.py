"""The page is one file that asks for nothing, and holds what the board holds."""

import base64
import hashlib
import json
import re
from typing import Any

from benchmark.board.aggregate import Board, board_of
from benchmark.board.solving import SOLVED_NRMSE
from tests.alone import render_page
from tests.synthetic import a_card, a_failure, a_record, a_seed, a_timing, keyed, timed, with_quantity
from tests.test_leaderboard import awkward_board, full_board, one_model_board, quick_board, suite_board


def data(board: Board) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', render_page(board), re.DOTALL)
    assert found
    return json.loads(found[1])


def first(board: Board) -> Any:
    """Return the board in front, as the page holds it."""
    return data(board)["boards"][0]


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


def test_the_overall_table_holds_seconds_ratio_and_cost() -> None:
    holder, measure = first(full_board())["overall"][:2]
    figures = ("fit", "ratio", "predict", "elsewhere")
    assert (holder["model"], *(holder[name] for name in figures)) == ("holder", 2.0, 4.0, 0.2, False)
    assert (measure["model"], measure["ratio"]) == ("linear-net", 1.0)
    # Its tasks have 100 rows of one feature, which is no cost and no growth.
    assert (holder["cost"], holder["growth"]) == (None, "")
    card = a_card().model_copy(update={"n_train": 1000, "set_shape": (2, 1)})
    record = a_record("square", "net", [a_seed(0, 0.1, 1.0)])
    found = board_of({"square": card}, keyed([record]), timed(a_timing("square", "net", 3.0, 0.1, card=card)))
    assert first(found)["overall"][0]["cost"] == 3.0


def test_cells_stand_in_the_order_of_the_board() -> None:
    names = [cell["model"] for cell in data(full_board())["cells"] if cell["task"] == "square"]
    assert names == ["holder", "linear-net", "shaky", "picky", "truth", "clamp", "constant"]


def test_empty_and_extreme_boards_have_a_page() -> None:
    nothing = ["No results yet: run nox -s bench."]
    empty = {"boards": [], "cells": [], "contenders": [], "figures": {}, "models": [], "notices": nothing}
    empty |= {"tasks": [], "words": []}
    always = {
        "band": "80 % of seeds",
        "levels": ["1 %", "5 %", "20 %"],
        "scale": {"solved": SOLVED_NRMSE, "lowest": 1e-5, "highest": 1e3, "worst": 1e300, "steps": 1000},
    }
    assert data(board_of({}, {}, {})) == empty | always
    assert data(board_of({"square": a_card()}, {}, {}))["models"] == []
    assert data(one_model_board())["cells"][0]["outside"] == [1e300, 1e300, 1e300]


def test_a_figure_of_a_failed_seed_is_a_word() -> None:
    card = with_quantity(a_card())
    good = a_seed(0, 0.01, 0.02).model_copy(update={"quantities": {"lambda_error": 0.001}})
    record = a_record("square", "net", [good, *(a_failure(i, "diverged") for i in range(1, 10))])
    [cell] = [c for c in data(board_of({"square": card}, keyed([record]), {}))["cells"] if c["kind"] == "model"]
    assert cell["inside"] == ["diverged", "diverged", "diverged"]
    assert cell["quantities"] == {"lambda_error": "diverged"}
    assert (cell["curve"], cell["horizon"], cell["spread"]) == (None, 0.0, "interval")
    assert cell["distance"]["median"] == [1e300] * 3
    assert cell["seeds"][0]["inside"] == 0.01


def test_figures_have_six_digits_and_curves_four() -> None:
    seed = a_seed(0, 1 / 3, 2 / 3, lambda x: x / 3).model_copy(update={"quantities": {"lambda_error": 1 / 7}})
    found = data(board_of({"square": with_quantity(a_card())}, keyed([a_record("square", "net", [seed])]), {}))
    [cell] = [c for c in found["cells"] if c["kind"] == "model"]
    assert cell["inside"] == [0.333333, 0.333333, 0.333333]
    assert (cell["scores"], cell["quantities"]) == ([-0.477121, -1.17609], {"lambda_error": 0.142857})
    assert cell["seeds"][0] | {"reason": ""} == {
        "seed": 0,
        "status": "ok",
        "reason": "",
        "inside": 0.333333,
        "outside": 0.666667,
        "shells": [0.333333, 0.666667],
        "quantities": {"lambda_error": 0.142857},
    }
    assert cell["curve"]["median"][0] == -0.6667


def test_a_quick_run_is_called_one_on_the_page() -> None:
    [notice] = data(quick_board())["notices"]
    assert notice.startswith("Quick run: 1 of 2 cells made with --quick")
    assert data(full_board())["notices"] == []


def test_the_page_names_the_suite_and_says_what_a_model_lacks_of_it() -> None:
    found = first(suite_board())
    assert found["order"] == "Suite core 1: 2 tasks, 2 seeds."
    places = {row["model"]: row["outside"]["place"] for row in found["overall"] if row["kind"] == "model"}
    assert places["whole"] == places["more"] == "1-2"
    assert (places["few"], places["one-task"]) == ("1 of 2 seeds", "1 of 2 tasks")


def test_a_cell_shows_the_seeds_that_its_figures_are_of() -> None:
    [cell] = [c for c in data(suite_board())["cells"] if (c["task"], c["model"]) == ("sum", "more")]
    assert [seed["seed"] for seed in cell["seeds"]] == [0, 1]
    assert cell["outside"] == [0.52, 0.02, 1.02]


def test_settings_that_differ_between_seeds_are_all_named() -> None:
    seeds = [a_seed(i, 0.1, 1.0).model_copy(update={"settings": {"rate": 0.1 * (i + 1)}}) for i in range(2)]
    found = data(board_of({"square": a_card()}, keyed([a_record("square", "net", seeds)]), {}))
    assert found["cells"][0]["settings"] == {"rate": "0.1, 0.2"}

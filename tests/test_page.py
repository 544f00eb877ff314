"""The page is one file that asks for nothing, and holds what the board holds."""

import base64
import hashlib
import math
import re
from typing import Any

import pytest

from benchmark.board.aggregate import Board, board_of
from benchmark.board.solving import SOLVED_NRMSE
from benchmark.show.findings import settle_all
from benchmark.show.page.answers import answers_data
from benchmark.show.page.rendering import SCRIPTS, WEB
from findings.claims import FINDINGS, SUBJECTS
from tests.alone import render_page
from tests.page_reader import cells_of, data_of
from tests.synthetic import a_card, a_failure, a_record, a_seed, a_timing, keyed, timed, with_quantity
from tests.test_leaderboard import awkward_board, failing_board, full_board, one_model_board, quick_board, suite_board


def data(board: Board) -> Any:
    return data_of(render_page(board))


def cells(board: Board) -> dict[tuple[str, str], dict[str, Any]]:
    return cells_of(data(board))


def first(board: Board) -> list[dict[str, Any]]:
    """Return the rows of the board in front, as the page holds them."""
    found = data(board)
    rows = found["boards"][0]["rows"]
    names, of_region = found["columns"]["row"], found["columns"]["region"]
    named = [dict(zip(names, row, strict=False)) for row in rows]
    for row, values in zip(named, rows, strict=True):
        row["model"] = found["contenders"][row["contender"]]["name"]
        for nth, region in enumerate(found["regions"]):
            start = len(names) + nth * len(of_region)
            row[region] = dict(zip(of_region, values[start : start + len(of_region)], strict=True))
    return named


def test_the_page_names_no_address_but_those_of_svg_and_mathml() -> None:
    named = {"http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML"}
    assert set(re.findall(r"\w+://[^\"' ]+", render_page(full_board()))) == named
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
    cell = cells(full_board())["square", "shaky"]
    assert [seed["status"] for seed in cell["seeds"]] == ["ok", "ok", "ok", "timeout"]
    assert cell["seeds"][3]["reason"] == "over 5 s"
    assert cell["facts"]["steps"] == "100"
    assert cell["behaviour"] == "explodes"
    assert cell["facts"]["machine"] == "Abacus, x86_64, Linux"


def test_a_row_of_the_board_holds_seconds_ratio_and_cost() -> None:
    holder, measure = first(full_board())[:2]
    figures = ("fit", "ratio", "predict", "elsewhere")
    assert (holder["model"], *(holder[name] for name in figures)) == ("holder", 2.0, 4.0, 0.2, 0)
    assert (measure["model"], measure["ratio"]) == ("linear-net", 1.0)
    # Its tasks have 100 rows of one feature, which is no cost and no growth.
    assert (holder["cost"], holder["growth"]) == (None, "")
    card = a_card().model_copy(update={"n_train": 1000, "set_shape": (2, 1)})
    record = a_record("square", "net", [a_seed(0, 0.1, 1.0)])
    found = board_of({"square": card}, keyed([record]), timed(a_timing("square", "net", 3.0, 0.1, card=card)))
    assert first(found)[0]["cost"] == 3.0


def test_cells_stand_in_the_order_of_the_board() -> None:
    names = [model for task, model in cells(full_board()) if task == "square"]
    assert names == ["holder", "linear-net", "shaky", "picky", "truth", "clamp", "constant"]


def test_empty_and_extreme_boards_have_a_page() -> None:
    empty = data(board_of({}, {}, {}))
    assert empty["notices"] == ["No results yet: run nox -s bench."]
    assert (empty["boards"], empty["tasks"], empty["contenders"], empty["answers"]) == ([], [], [], [])
    assert empty["scale"] == {"solved": SOLVED_NRMSE, "lowest": 1e-5, "highest": 1e3, "worst": 1e300}
    assert empty["levels"] == ["1 %", "5 %", "20 %"]
    assert data(board_of({"square": a_card()}, {}, {}))["tasks"][0]["name"] == "square"
    [extreme] = [cell for cell in cells(one_model_board()).values() if cell["kind"] == "model"]
    # The ends of an interval are shown to 1e145.
    assert extreme["outside"] == [1e300, math.inf, math.inf]


def test_a_figure_of_a_failed_seed_is_a_word() -> None:
    card = with_quantity(a_card())
    good = a_seed(0, 0.01, 0.02).model_copy(update={"quantities": {"lambda_error": 0.001}})
    record = a_record("square", "net", [good, *(a_failure(i, "diverged") for i in range(1, 10))])
    cell = cells(board_of({"square": card}, keyed([record]), {}))["square", "net"]
    assert (cell["inside"], cell["failure"]) == ([math.inf] * 3, "diverged")
    assert cell["facts"]["lambda_error"] == "diverged"
    assert (cell["curve"], cell["horizon"], cell["spread"]) == ([], 0.0, "interval")
    assert cell["distance"][0] == [math.inf] * 3
    assert cell["seeds"][0]["inside"] == 0.01


def test_an_error_has_four_digits_its_interval_and_its_seeds_three() -> None:
    seed = a_seed(0, 1 / 3, 2 / 3, lambda x: x / 3).model_copy(update={"quantities": {"lambda_error": 1 / 7}})
    board = board_of({"square": with_quantity(a_card())}, keyed([a_record("square", "net", [seed])]), {})
    cell = cells(board)["square", "net"]
    assert cell["inside"] == [0.3333, 0.333, 0.333]
    assert cell["scores"] == pytest.approx([-0.477121, -1.17609], abs=1 / 1600)
    assert cell["facts"]["lambda_error"] == "0.1429"
    assert cell["seeds"] == [{"seed": 0, "status": "ok", "inside": 0.333, "outside": 0.667, "edge": 0, "reason": ""}]
    assert cell["distance"] == [[0.33, 0.33, 0.67]] * 3


def test_a_curve_is_drawn_to_less_than_a_pixel() -> None:
    """Of 61 of its positions; the picture is some 340 pixels high."""
    board = board_of(
        {"square": a_card()}, keyed([a_record("square", "net", [a_seed(0, 0.1, 0.1, lambda x: x / 3)])]), {}
    )
    found = data(board)
    low, high = found["tasks"][0]["window"]
    curve = cells_of(found)["square", "net"]["curve"]
    assert len(curve) == 61
    xs = [-2 + 4 * round(i * 160 / 60) / 160 for i in range(61)]
    assert max(abs(y - x / 3) for x, y in zip(xs, curve, strict=True)) < (high - low) / 900
    # A line goes on where it led, so that each of its levels but the first two is a digit.
    assert len(cells_of(found)["square", "net"]["text"]) <= 61 + 4


def test_a_band_is_held_where_seeds_differ() -> None:
    seeds = [a_seed(i, 0.1, 0.1, lambda x, i=i: x + i) for i in range(3)]  # type: ignore[misc]
    found = cells(board_of({"square": a_card()}, keyed([a_record("square", "net", seeds)]), {}))
    line, _, steps = found["square", "net"]["text"].partition(".")
    assert line
    assert len(steps) == 2 * 61


def test_seeds_that_do_not_begin_at_0_keep_their_numbers() -> None:
    seeds = [a_seed(3, 0.1, 0.1), a_failure(7, "timeout", "over 5 s"), a_seed(8, 0.2, 0.1)]
    found = cells(board_of({"square": a_card()}, keyed([a_record("square", "net", seeds)]), {}))
    assert [seed["seed"] for seed in found["square", "net"]["seeds"]] == [3, 7, 8]
    assert found["square", "net"]["seeds"][1]["reason"] == "over 5 s"


def test_a_seed_says_how_far_it_holds() -> None:
    far = a_seed(0, 0.01, 0.05).model_copy(update={"shell_rmse": (0.04, 0.9)})
    found = cells(board_of({"square": a_card()}, keyed([a_record("square", "net", [far])]), {}))
    [seed] = found["square", "net"]["seeds"]
    # Of the edges 1, 1.5 and 2 the second, counted from 1.
    assert (seed["edge"], found["square", "net"]["horizon"]) == (2, 1.5)


def test_a_quick_run_is_called_one_on_the_page() -> None:
    [notice] = data(quick_board())["notices"]
    assert notice.startswith("Quick run: 1 of 2 cells made with --quick")
    assert data(full_board())["notices"] == []


def test_the_page_names_the_suite_and_says_what_a_model_lacks_of_it() -> None:
    assert data(suite_board())["boards"][0]["order"] == "Suite core 1: 2 tasks, 2 seeds."
    places = {row["model"]: row["outside"]["place"] for row in first(suite_board())}
    assert places["whole"] == places["more"] == "1-2"
    assert (places["few"], places["one-task"]) == ("1 of 2 seeds", "1 of 2 tasks")


def test_a_cell_shows_the_seeds_that_its_figures_are_of() -> None:
    cell = cells(suite_board())["sum", "more"]
    assert [seed["seed"] for seed in cell["seeds"]] == [0, 1]
    assert cell["outside"] == [0.52, 0.02, 1.02]


def test_settings_that_differ_between_seeds_are_all_named_and_what_cells_share_stands_once() -> None:
    seeds = [a_seed(i, 0.1, 1.0).model_copy(update={"settings": {"rate": 0.1 * (i + 1)}}) for i in range(2)]
    records = [a_record(task, "net", seeds) for task in ("sum", "sinc")] + [
        a_record("square", "net", [a_seed(0, 1, 1)])
    ]
    found = data(board_of({task: a_card(task) for task in ("sum", "sinc", "square")}, keyed(records), {}))
    assert cells_of(found)["sum", "net"]["facts"]["rate"] == "0.1, 0.2"
    assert "rate" not in cells_of(found)["square", "net"]["facts"]
    assert cells_of(found)["square", "net"]["facts"]["steps"] == "100"
    # What two of three share is said of the model, and of the third what it has besides and lacks.
    assert [made for [made] in found["cells"]["made"]][:1] == [""]


def test_numbers_that_seeds_noted_are_one_and_long_words_are_cut() -> None:
    noted = [{"held_back": str(i / 10), "said": "x" * 600, "kind": "net"} for i in range(1, 4)]
    seeds = [a_seed(i, 0.1, 1.0).model_copy(update={"notes": notes}) for i, notes in enumerate(noted)]
    facts = cells(board_of({"square": a_card()}, keyed([a_record("square", "net", seeds)]), {}))["square", "net"][
        "facts"
    ]
    assert (facts["held_back"], facts["kind"]) == ("about 0.2", "net")
    assert facts["said"].endswith("...")
    assert len(facts["said"]) < 240


def test_every_word_of_a_median_that_failed_is_on_the_page() -> None:
    found = cells(failing_board())
    assert found["square", "nine"]["inside"][0] == math.inf
    assert found["square", "nine"]["failure"] == "diverged"


def test_every_finding_has_a_subject_and_a_symptom() -> None:
    assert [finding for findings in SUBJECTS.values() for finding in findings] == list(FINDINGS)
    for finding in FINDINGS:
        assert finding.symptoms, finding.name
    said = answers_data(settle_all({}, {})[0], {})
    assert [each["name"] for each in said] == [finding.name for finding in FINDINGS]
    assert {each["subject"] for each in said} == {*SUBJECTS}
    # Nothing is known without records, and what is missing is named.
    assert all(each["missing"] and each["verdict"] == "no evidence" for each in said)


def test_no_name_is_declared_by_two_scripts() -> None:
    declared: dict[str, str] = {}
    for script in SCRIPTS:
        text = (WEB / f"{script}.js").read_text(encoding="utf-8")
        for name in re.findall(r"^(?:const|let|function|class) (\w+)", text, flags=re.MULTILINE):
            assert name not in declared, f"{name} is declared by {declared[name]}.js and by {script}.js"
            declared[name] = script
    assert len(declared) > 100

"""The page in a real browser, opened from disk with no network: every promise it makes to its reader.

Run by `nox -s page`. FNBENCH_CHROMIUM names the browser; the screenshots land in artefacts/.
"""

import csv
import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from benchmark.board.solving import SOLVED_NRMSE
from benchmark.show.figures.palette import GOOD, SHADE
from tests.browser.views import EVERY_VIEW, RESULTS, at, cells, column, view_of


@at("full", "board")
def test_a_click_on_a_heading_sorts_and_another_turns_it_round(opened: Page) -> None:
    heading = cells(opened).get_by_role("button", name="outside RMSE")
    heading.click()
    *errors, failed, nothing = column(opened, 4)
    numbers = [float(text.split()[0]) for text in errors]
    assert numbers == sorted(numbers)
    assert heading.locator("xpath=..").get_attribute("aria-sort") == "ascending"
    # A failure is worse than any error, and what has none stands last, either way.
    assert (failed, nothing) == ("failed", "")
    heading.click()
    failed, *errors, nothing = column(opened, 4)
    assert [float(text.split()[0]) for text in errors] == numbers[::-1]
    assert (failed, nothing) == ("failed", "")


@at("full", "board")
def test_searching_leaves_the_rows_with_all_words_and_stays_in_the_address(opened: Page) -> None:
    opened.get_by_label("Search").fill("square shaky")
    assert column(opened, 1) == ["shaky"]
    expect(opened.get_by_text("1 cell", exact=True)).to_be_visible()
    assert view_of(opened) == "board?words=square+shaky"
    opened.reload()
    assert column(opened, 1) == ["shaky"]
    opened.get_by_label("Search").fill("no such thing")
    assert column(opened, 1) == []
    opened.get_by_label("Search").fill("")
    opened.get_by_label("references too").check()
    assert "constant" in column(opened, 1)


@at("results", "task/sinc")
def test_another_task_shows_another_curve(opened: Page) -> None:
    def drawn() -> list[str | None]:
        return [line.get_attribute("d") for line in opened.locator("#curve path.line").all()]

    sinc = drawn()
    opened.get_by_label("Find a model, a task or an answer").fill("square")
    opened.keyboard.press("Enter")
    expect(opened.locator("#title")).to_have_text("square")
    assert len(sinc) == len(drawn()) == 4
    assert drawn() != sinc
    assert all(path and "NaN" not in path for path in [*sinc, *drawn()])


@at("full", "task/square")
def test_choosing_models_draws_them_alone_and_keeps_the_keyboard_where_it_was(opened: Page) -> None:
    for name in ("holder", "linear-net"):
        opened.get_by_role("checkbox", name=name).uncheck()
    assert [line.get_attribute("data-model") for line in opened.locator("#curve path.line").all()] == ["shaky"]
    opened.get_by_role("checkbox", name="picky").check()
    expect(opened.locator("#values")).to_contain_text("Nothing to draw for picky: not applicable")
    expect(opened.get_by_role("checkbox", name="picky")).to_be_focused()
    assert view_of(opened) == "task/square?models=shaky%2Cpicky"


@at("full", "task/square")
def test_the_training_range_is_shaded(opened: Page) -> None:
    box = opened.locator("#curve rect.shade").bounding_box()
    whole = opened.locator("#curve svg").bounding_box()
    assert box is not None
    assert whole is not None
    # From -1 to 1 of -2 to 2: half of the axes.
    assert 0.4 < box["width"] / whole["width"] < 0.55


@at("full", "task/square")
def test_hovering_shows_the_values(opened: Page) -> None:
    opened.locator("#curve svg").hover(position={"x": 300, "y": 100})
    expect(opened.locator("#values")).to_contain_text("holder")
    expect(opened.locator("#values")).to_contain_text("truth")
    opened.locator("#distance svg").hover(position={"x": 80, "y": 100})
    expect(opened.locator("#values")).to_contain_text("inside")


@at("full", "task/square")
def test_the_arrow_keys_read_the_curve(opened: Page) -> None:
    opened.locator("#curve svg").focus()
    opened.keyboard.press("Home")
    expect(opened.locator("#values strong")).to_have_text("x: -2")
    opened.keyboard.press("ArrowRight")
    expect(opened.locator("#values strong")).to_have_text("x: -1.925")
    # The truth is x^2, as near as a pixel.
    expect(opened.locator("#values")).to_contain_text("truth 3.7")


@at("full", "cell/square/shaky")
def test_a_cell_has_all_its_seeds_its_settings_and_what_it_was_made_with(opened: Page) -> None:
    seeds = opened.get_by_role("region", name="every seed").locator("tbody tr")
    assert seeds.count() == 4
    expect(seeds.nth(3)).to_contain_text("over 5 s")
    expect(opened.locator("#title")).to_have_text("shaky on square")
    expect(opened.locator("main")).to_contain_text("steps")
    expect(opened.locator("main")).to_contain_text("Abacus")
    expect(opened.locator("main")).to_contain_text("records/square/shaky.json")
    assert opened.locator("#curve path.line").count() == 1


@at("results", "cell/square/eql")
def test_a_published_cell_leads_to_its_record_and_its_source(opened: Page) -> None:
    links = [link.get_attribute("href") for link in opened.locator("main dl a").all()]
    assert "core/eql.csv" in links
    assert "../models/equation_learner.py" in links
    for path in ("core/eql.csv", "../models/equation_learner.py"):
        assert (RESULTS / path).exists()
    expect(opened.locator("main")).to_contain_text("x1**2 (exact)")
    assert opened.locator("math msup").count() == 1


@at("full", "board")
def test_the_keyboard_alone_goes_to_a_cell_and_back(opened: Page) -> None:
    link = cells(opened).get_by_role("link", name="holder").first
    link.focus()
    opened.keyboard.press("Enter")
    expect(opened.locator("#title")).to_contain_text("holder on")
    expect(opened.locator("#title")).to_be_focused()
    opened.go_back()
    expect(opened.locator("#title")).to_have_text("Board")
    cells(opened).locator("th button").first.focus()
    opened.keyboard.press("Enter")
    assert cells(opened).locator("th").first.get_attribute("aria-sort") == "ascending"


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_theme_can_be_chosen(opened: Page) -> None:
    light = ground(opened)
    opened.locator("#theme").click()
    expect(opened.locator("#theme")).to_have_text("Theme: dark")
    assert ground(opened) != light
    opened.locator("#theme").click()
    assert ground(opened) == light


@at("full", color_scheme="dark")
def test_a_dark_system_has_a_dark_page(opened: Page) -> None:
    assert ground(opened) == "rgb(20, 23, 26)"


@pytest.mark.parametrize(
    ("opened", "shade", "good"),
    [
        (("full", "task/square", {}), SHADE, GOOD),
        (("full", "task/square", {"color_scheme": "dark"}), "#252b31", "#5fd39a"),
    ],
    indirect=["opened"],
    ids=["light", "dark"],
)
def test_a_light_page_has_the_colours_of_the_pictures(opened: Page, shade: str, good: str) -> None:
    def colour(chosen: str, kind: str) -> str:
        found = opened.locator(chosen).first.evaluate(f"one => getComputedStyle(one).{kind}")
        return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", found))

    assert (colour("#distance .shade", "fill"), colour("#distance .limit", "stroke")) == (shade, good)


@at("full", "task/square")
def test_the_line_of_the_distances_is_where_a_region_is_solved(opened: Page) -> None:
    """On a logarithmic axis, between the ticks of 1e-3 and 0.1."""
    low, high = (
        float(opened.locator("#distance text", has_text=re.compile(f"^{tick}$")).get_attribute("y") or "nan") - 4
        for tick in ("0.001", "0.1")
    )
    drawn = opened.locator("#distance path.limit").get_attribute("d") or ""
    [height] = {float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", drawn)}
    share = (math.log10(SOLVED_NRMSE) + 3) / 2
    assert height == pytest.approx(low + share * (high - low), abs=0.1)


@pytest.mark.parametrize(
    "opened",
    [("results", view, {"viewport": {"width": width, "height": 740}}) for view in EVERY_VIEW for width in (360, 800)],
    indirect=True,
    ids=[f"{view or 'start'}-{width}" for view in EVERY_VIEW for width in (360, 800)],
)
def test_no_view_scrolls_sideways(opened: Page) -> None:
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@at("awkward", "board")
def test_markup_of_a_plugin_is_shown_as_text(opened: Page) -> None:
    cells(opened).locator("tbody tr").first.locator("a").first.click()
    expect(opened.locator("main")).to_contain_text("<script>alert(1)</script>")
    cells_of_task = opened.locator("main p a").first
    cells_of_task.click()
    expect(opened.locator("main")).to_contain_text("<script>alert(1)</script>")
    assert opened.locator("script").count() == 2


@at("failing", "board")
def test_a_median_that_failed_is_a_word_and_few_seeds_have_a_range(opened: Page) -> None:
    said = dict(zip(column(opened, 1), column(opened, 3), strict=True))
    assert said["few"] == "0.025 (0.01 to diverged)"
    assert said["one"] == "0.055 [0.03, 0.08]"
    assert said["six"] == "diverged [0.03, diverged]"
    assert (said["nine"], said["lone"], said["two-words"]) == ("diverged", "0.01", "failed (0.01 to failed)")
    expect(opened.locator("#notices")).to_have_text("")


@at("failing", "task/square?models=nine,one")
def test_a_failed_median_is_a_word_in_the_pictures_too(opened: Page) -> None:
    expect(opened.locator("#values")).to_contain_text("nine: diverged")
    opened.locator("#distance svg").focus()
    opened.keyboard.press("Home")
    expect(opened.locator("#values")).to_contain_text("nine diverged")
    expect(opened.locator("#values")).to_contain_text("one 0.055")


@at("suites", "board")
def test_choosing_a_suite_changes_the_standings_the_heat_map_and_the_cells(opened: Page) -> None:
    suite = opened.locator("#suite")
    expect(suite).to_have_value("standard")
    models = opened.get_by_role("region", name="standings outside").locator("tr.model td:nth-child(2)")
    assert models.all_inner_texts() == ["good", "bad", "part"]
    assert {*opened.locator("table.matrix tbody th").all_inner_texts()} == {"square", "sum", "duo-1", "duo-2"}
    suite.select_option("duo")
    assert view_of(opened) == "board/duo"
    assert models.all_inner_texts() == ["good", "bad"]
    assert {*opened.locator("table.matrix tbody th").all_inner_texts()} == {"duo-2", "duo-1"}
    assert {*column(opened, 2)} == {"duo-1", "duo-2"}
    expect(opened.locator("#order")).to_have_text("Suite duo 1: 2 tasks, 1 seed.")


@at("suites", "board/standard?kind=periodic")
def test_a_choice_of_tasks_has_no_places_and_says_so(opened: Page) -> None:
    expect(opened.locator("#order")).to_contain_text("Only tasks that are periodic: 2 of 4. Places are not computed")
    headings = opened.get_by_role("region", name="standings outside").locator("th[scope=col]").all_inner_texts()
    assert "place" not in headings
    assert "solved to 5 %" in headings
    expect(opened.locator("summary").first).to_contain_text("of 2 tasks of periodic tasks of standard")


@at("suites", "board")
def test_the_heat_map_shows_either_region_and_obeys_the_arrow_keys(opened: Page) -> None:
    def box(model: str) -> Locator:
        return opened.locator(f'table.matrix td[data-task="square"][data-model="{model}"]')

    assert box("good").get_attribute("class") == "heat h2"
    assert box("part").inner_text() == "!"
    opened.get_by_label("inside the training range").check()
    assert (box("good").get_attribute("class"), box("good").inner_text()) == ("heat h0", "\u2713")
    expect(opened.get_by_label("inside the training range")).to_be_focused()
    first = opened.locator("table.matrix td.heat").first
    first.focus()
    expect(opened.locator("p.reading")).to_contain_text("good on")
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowDown")
    expect(opened.locator("p.reading")).to_contain_text("bad on")
    opened.keyboard.press("Enter")
    expect(opened.locator("#title")).to_contain_text("bad on")


@at("suites", "compare/good/bad?suite=standard")
def test_two_models_are_compared_with_a_certainty(opened: Page) -> None:
    # Of four families all signs alike come up in 2 of 16 turns.
    inside = opened.locator("section", has_text="Inside the training range").locator("p.verdict")
    expect(inside).to_contain_text("neither is surely better; good has the better mean")
    expect(inside).to_contain_text("p = 0.125")
    opened.locator("#second").select_option("part")
    expect(opened.locator("p.verdict").first).to_contain_text("Over 2 families of tasks")


@at("results", "compare/gaussian-process/polynomial-5?suite=standard")
def test_a_comparison_can_be_turned_round(opened: Page) -> None:
    def said() -> str:
        return opened.locator("p.verdict").first.inner_text()

    before = said()
    opened.goto(opened.url.replace("gaussian-process/polynomial-5", "polynomial-5/gaussian-process"))
    assert re.findall(r"p = ([\d.]+|below [\d.]+)", said()) == re.findall(r"p = ([\d.]+|below [\d.]+)", before)


@at("full", "model/nobody")
def test_a_name_that_is_not_there_is_said_with_those_that_are(opened: Page) -> None:
    expect(opened.get_by_role("alert")).to_have_text(re.compile("There is no model nobody. There are .*holder"))
    opened.goto(opened.url.replace("model/nobody", "elsewhere"))
    expect(opened.get_by_role("alert")).to_contain_text("There is no view elsewhere.")
    opened.goto(opened.url.replace("elsewhere", "task/%E0%A4%A"))
    expect(opened.get_by_role("alert")).to_contain_text("There is no task")


@at("full", "board")
def test_what_is_shown_can_be_taken_home_as_csv(opened: Page) -> None:
    with opened.expect_download() as started:
        opened.get_by_role("button", name="Download as CSV").last.click()
    text = Path(started.value.path()).read_text(encoding="utf-8")
    assert started.value.suggested_filename == "cells.csv"
    rows = list(csv.reader(text.splitlines()))
    assert rows[0][:3] == ["model", "task", "inside RMSE"]
    assert [row[0] for row in rows[1:]] == column(opened, 1)


@at("large", "board/all", viewport={"width": 360, "height": 740})
def test_12_000_cells_are_shown_on_a_phone(opened: Page) -> None:
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert opened.evaluate("CELLS.flat().filter((cell) => cell.contender.kind === 'model').length") >= 12_000
    expect(opened.get_by_text("451 tasks, 30 models.")).to_be_visible()
    assert cells(opened).locator("tbody tr").count() == 200


def test_12_000_cells_weigh_less_than_6_mb(folder: Path) -> None:
    assert (folder / "large.html").stat().st_size < 6_000_000


@at("quick")
def test_a_quick_board_says_so_before_its_first_table(opened: Page) -> None:
    notice = opened.get_by_text("Quick run: 1 of 2 cells made with --quick")
    expect(notice).to_be_visible()
    above, table = notice.bounding_box(), opened.locator("table").first.bounding_box()
    assert above is not None
    assert table is not None
    assert above["y"] < table["y"]


@at("empty")
def test_where_nothing_was_run_the_page_says_so(opened: Page) -> None:
    expect(opened.locator("#notices")).to_contain_text("No results yet: run nox -s bench.")
    for view in ("choose", "board", "tasks", "compare", "answers"):
        opened.goto(f"{opened.url.split('#')[0]}#/{view}")
        expect(opened.locator("main")).not_to_be_empty()


@at("full", "task/square")
def test_the_truth_is_drawn_over_the_models(opened: Page) -> None:
    kinds = [path.get_attribute("class") for path in opened.locator("#curve path").all()]
    assert kinds.index("truth") > max(place for place, kind in enumerate(kinds) if kind and kind.startswith("line"))


@at("many", "board")
def test_a_large_board_shows_a_part_and_more_when_asked(opened: Page) -> None:
    assert len(column(opened, 1)) == 200
    opened.get_by_role("button", name="Show more").click()
    assert len(column(opened, 1)) == 600
    expect(opened.get_by_role("button", name="Show more")).to_have_count(0)


@at("results", "board/standard")
def test_shares_are_rounded_as_on_the_board_in_markdown(opened: Page) -> None:
    board = (RESULTS / "boards" / "standard.md").read_text(encoding="utf-8").partition("## Inside")[0]
    written = dict(re.findall(r"^\|[\d-]+ `([\w-]+)`\|[^|]*\|(\d+ % \[\d+, \d+)\]\|", board, re.MULTILINE))
    shown = dict(re.findall(r"\t([\w-]+)\t\d+ %\t(\d+ % \[\d+, \d+) %\]", opened.locator("main").inner_text()))
    assert len(written) >= 38
    assert written == {name: shown.get(name) for name in written}

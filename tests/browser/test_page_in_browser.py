"""The page in a real browser, opened from disk with no network: every promise it makes to its reader.

Run by `nox -s page`. FNBENCH_CHROMIUM names the browser; the screenshots land in artefacts/.
"""

import math
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmark.board.aggregate import board_of
from benchmark.board.solving import SOLVED_NRMSE
from benchmark.show.figures.palette import GOOD, SHADE
from benchmark.show.page import render_page as render_boards
from benchmark.store import archive
from tasks.suites import CORE
from tests.alone import render_page
from tests.conftest import ROOT
from tests.suites import many_boards, small_boards
from tests.synthetic import ManyRecords
from tests.test_leaderboard import awkward_board, failing_board, full_board, quick_board

ARTEFACTS = ROOT / "artefacts"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
RESULTS = Path(os.environ.get("FNBENCH_RESULTS", ROOT / "results"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("FNBENCH_CHROMIUM") or shutil.which("chromium")
    assert path, "no chromium: install Debian's, or name one in FNBENCH_CHROMIUM"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a small board, an awkward one, a large one, and the committed results."""
    made = tmp_path_factory.mktemp("pages")
    many = ManyRecords(30, 20, n_seeds=2)
    boards = {"full": full_board(), "awkward": awkward_board(), "many": board_of(many.cards(), many, {})}
    boards |= {"failing": failing_board(), "quick": quick_board()}
    (made / "suites.html").write_text(render_boards(small_boards()), encoding="utf-8")
    (made / "large.html").write_text(render_boards(many_boards(40)), encoding="utf-8")
    # What is published of the core, as a board of its own.
    contents = archive.read(RESULTS)
    cards = {task: contents.cards[task] for task in CORE.tasks}
    records = {cell_id: record for cell_id, record in contents.records.items() if cell_id[0] in cards}
    boards["results"] = board_of(cards, records, contents.timings)
    for name, board in boards.items():
        (made / f"{name}.html").write_text(render_page(board), encoding="utf-8")
    return made


class Opened:
    """A page, and what went wrong on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))


@pytest.fixture
def opened(browser: Browser, folder: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    name, settings = getattr(request, "param", ("full", {}))
    options: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "offline": True} | settings
    context = browser.new_context(**options)
    found = Opened(context.new_page())
    address = (folder / f"{name}.html").as_uri()
    found.page.goto(address)
    yield found.page
    assert found.complaints == []
    assert [url for url in found.requests if url != address and not url.startswith("data:")] == []
    context.close()


def column(page: Page, place: int) -> list[str]:
    return page.locator(f"#cells tbody tr > :nth-child({place})").all_inner_texts()


def board(name: str, **settings: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("opened", [(name, settings)], indirect=True, ids=[name])


def test_a_click_on_a_heading_sorts_and_another_turns_it_round(opened: Page) -> None:
    heading = opened.get_by_role("button", name="outside RMSE")
    heading.click()
    *errors, failed, nothing = column(opened, 4)
    numbers = [float(text.split()[0]) for text in errors]
    assert numbers == sorted(numbers)
    assert opened.locator('th[data-key="outside"]').get_attribute("aria-sort") == "ascending"
    # A failure is worse than any error, and what has none stands last, either way.
    assert (failed, nothing) == ("failed", "")
    heading.click()
    failed, *errors, nothing = column(opened, 4)
    assert [float(text.split()[0]) for text in errors] == numbers[::-1]
    assert (failed, nothing) == ("failed", "")


def test_searching_leaves_the_rows_with_all_words(opened: Page) -> None:
    opened.get_by_label("Search").fill("square timeout")
    assert column(opened, 1) == ["shaky"]
    expect(opened.locator("#count")).to_have_text("1 cells")
    opened.get_by_label("Search").fill("no such thing")
    assert column(opened, 1) == []
    opened.get_by_label("Search").fill("")
    opened.get_by_label("references too").check()
    assert "constant" in column(opened, 1)


@board("results")
def test_another_task_shows_another_curve(opened: Page) -> None:
    def drawn() -> list[str | None]:
        return [line.get_attribute("d") for line in opened.locator("#curve path.line").all()]

    opened.get_by_label("Task", exact=True).select_option("sinc")
    sinc = drawn()
    opened.get_by_label("Task", exact=True).select_option("square")
    assert drawn() != sinc
    assert all(path and "NaN" not in path for path in [*sinc, *drawn()])


def test_choosing_models_draws_them_alone(opened: Page) -> None:
    for name in ("holder", "linear-net", "picky"):
        opened.get_by_role("checkbox", name=name).uncheck()
    assert [line.get_attribute("data-model") for line in opened.locator("#curve path.line").all()] == ["shaky"]
    opened.get_by_role("checkbox", name="picky").check()
    expect(opened.locator("#values")).to_contain_text("Nothing to draw for picky")


def test_the_training_range_is_shaded(opened: Page) -> None:
    box = opened.locator("#curve rect.shade").bounding_box()
    whole = opened.locator("#curve svg").bounding_box()
    assert box is not None
    assert whole is not None
    # From -1 to 1 of -2 to 2: half of the axes.
    assert 0.4 < box["width"] / whole["width"] < 0.55


def test_hovering_shows_the_values(opened: Page) -> None:
    opened.locator("#curve svg").hover(position={"x": 300, "y": 100})
    expect(opened.locator("#values")).to_contain_text("holder")
    expect(opened.locator("#values")).to_contain_text("truth")
    opened.locator("#distance svg").hover(position={"x": 80, "y": 100})
    expect(opened.locator("#values")).to_contain_text("inside")


def test_the_arrow_keys_read_the_curve(opened: Page) -> None:
    opened.locator("#curve svg").focus()
    opened.keyboard.press("Home")
    expect(opened.locator("#values strong")).to_have_text("x: -2")
    opened.keyboard.press("ArrowRight")
    expect(opened.locator("#values strong")).to_have_text("x: -1.975")


def test_a_click_on_a_row_shows_its_cell(opened: Page) -> None:
    opened.locator('#cells tr[data-task="square"][data-model="shaky"]').click()
    dialog = opened.get_by_role("dialog")
    expect(dialog).to_contain_text("shaky on square")
    expect(dialog).to_contain_text("over 5 s")
    expect(dialog).to_contain_text("timeout")
    expect(dialog).to_contain_text("steps")
    expect(dialog).to_contain_text("Abacus")
    assert dialog.locator("tbody tr").count() == 4
    opened.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


def test_the_keyboard_alone_opens_and_closes_a_cell(opened: Page) -> None:
    row = opened.locator('#cells tr[data-task="square"][data-model="holder"]')
    row.focus()
    opened.keyboard.press("Enter")
    expect(opened.get_by_role("dialog")).to_contain_text("holder on square")
    opened.keyboard.press("Escape")
    expect(opened.get_by_role("dialog")).to_be_hidden()
    expect(row).to_be_focused()
    opened.locator("th button").first.focus()
    opened.keyboard.press("Enter")
    assert opened.locator('th[data-key="model"]').get_attribute("aria-sort") == "ascending"


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_theme_can_be_chosen(opened: Page) -> None:
    light = ground(opened)
    opened.locator("#theme").click()
    expect(opened.locator("#theme")).to_have_text("Theme: dark")
    assert ground(opened) != light
    opened.locator("#theme").click()
    assert ground(opened) == light


@board("full", color_scheme="dark")
def test_a_dark_system_has_a_dark_page(opened: Page) -> None:
    assert ground(opened) == "rgb(20, 23, 26)"


@pytest.mark.parametrize(
    ("opened", "shade", "good"),
    [
        (("full", {}), SHADE, GOOD),
        (("full", {"color_scheme": "dark"}), "#252b31", "#5fd39a"),
    ],
    indirect=["opened"],
    ids=["light", "dark"],
)
def test_a_light_page_has_the_colours_of_the_pictures(opened: Page, shade: str, good: str) -> None:
    def colour(chosen: str, kind: str) -> str:
        found = opened.locator(chosen).first.evaluate(f"one => getComputedStyle(one).{kind}")
        return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", found))

    assert (colour("#distance .shade", "fill"), colour("#distance .limit", "stroke")) == (shade, good)


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


@board("results", viewport={"width": 360, "height": 740})
def test_a_phone_has_no_sideways_scrolling(opened: Page) -> None:
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    chart = opened.locator("#curve svg").bounding_box()
    assert chart is not None
    assert chart["width"] <= 360


@board("awkward")
def test_markup_of_a_plugin_is_shown_as_text(opened: Page) -> None:
    expect(opened.locator("#facts")).to_contain_text("<script>alert(1)</script>")
    opened.locator("#cells tbody tr").first.click()
    expect(opened.get_by_role("dialog")).to_contain_text("<script>alert(1)</script>")
    assert opened.locator("script").count() == 2


@board("failing")
def test_a_median_that_failed_is_a_word_and_few_seeds_have_a_range(opened: Page) -> None:
    said = dict(zip(column(opened, 1), column(opened, 3), strict=True))
    assert said["few"] == "0.025 (0.01 to diverged)"
    assert said["one"] == "0.055 [0.03, 0.08]"
    assert said["six"] == "diverged [0.03, diverged]"
    assert (said["nine"], said["lone"], said["two-words"]) == ("diverged", "0.01", "failed (0.01 to failed)")
    opened.get_by_role("checkbox", name="nine").check()
    expect(opened.locator("#values")).to_contain_text("nine: diverged")
    opened.locator("#distance svg").focus()
    opened.keyboard.press("Home")
    expect(opened.locator("#values")).to_contain_text("nine diverged")
    expect(opened.locator("#values")).to_contain_text("one 0.055")
    opened.locator('#cells tr[data-model="nine"]').click()
    expect(opened.get_by_role("dialog")).to_contain_text("diverged")
    expect(opened.locator("#notices")).to_have_text("")


@board("suites")
def test_choosing_a_suite_changes_the_boards_the_matrix_the_curves_and_the_cells(opened: Page) -> None:
    suite = opened.get_by_label("Suite")
    expect(suite).to_have_value("standard")
    models = opened.locator("#outside-board tr.model td:nth-child(2)")
    assert models.all_inner_texts() == ["good", "bad", "part"]
    assert opened.locator("#matrix tbody th").all_inner_texts() == ["square", "sum", "duo-1", "duo-2"]
    suite.select_option("duo")
    assert models.all_inner_texts() == ["good", "bad"]
    assert opened.locator("#matrix tbody th").all_inner_texts() == ["duo-2", "duo-1"]
    assert opened.locator("#task option").all_inner_texts() == [
        f"{task}: Square of a number" for task in ("duo-2", "duo-1")
    ]
    assert {*column(opened, 2)} == {"duo-1", "duo-2"}
    expect(opened.locator("#order")).to_have_text("Suite duo 1: 2 tasks, 1 seed.")
    # Two of three figures of a packed cell: its line is drawn, and its dialog says where the rest stands.
    assert opened.locator("#curve path.line").count() == 2
    opened.locator('#matrix td[data-task="duo-1"][data-model="good"]').click()
    expect(opened.get_by_role("dialog")).to_contain_text("in good.csv and good.json")


@board("suites")
def test_the_matrix_shows_either_region_and_obeys_the_arrow_keys(opened: Page) -> None:
    def text(model: str) -> str:
        return opened.locator(f'#matrix td[data-task="square"][data-model="{model}"]').inner_text()

    assert (text("good"), text("part")) == ("0.092", "diverged")
    opened.get_by_label("inside", exact=True).check()
    assert (text("good"), text("bad")) == ("0.01 \u2713", "0.9")
    opened.locator("#matrix td").first.focus()
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Enter")
    expect(opened.get_by_role("dialog")).to_contain_text("bad on sum")


def test_of_one_suite_there_is_nothing_to_choose(opened: Page) -> None:
    expect(opened.locator("#suites")).to_be_hidden()


@board("large", viewport={"width": 360, "height": 740})
def test_400_tasks_and_40_models_are_shown_on_a_phone(opened: Page) -> None:
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    opened.get_by_label("Suite").select_option("all")
    expect(opened.locator("#matrix-count")).to_have_text("403 tasks, 40 models")
    assert opened.locator("#matrix tbody tr").count() == 60
    opened.locator("#more-tasks").click()
    assert opened.locator("#matrix tbody tr").count() == 360
    opened.get_by_label("Suite").select_option("feynman")
    expect(opened.locator("#facts")).to_contain_text("feynman-1")


@board("quick")
def test_a_quick_board_says_so_before_its_first_table(opened: Page) -> None:
    notice = opened.get_by_text("Quick run: 1 of 2 cells made with --quick")
    expect(notice).to_be_visible()
    above, table = notice.bounding_box(), opened.locator("#outside-board").bounding_box()
    assert above is not None
    assert table is not None
    assert above["y"] < table["y"]


def test_the_truth_is_drawn_over_the_models(opened: Page) -> None:
    kinds = [path.get_attribute("class") for path in opened.locator("#curve path").all()]
    assert kinds.index("truth") > max(place for place, kind in enumerate(kinds) if kind and kind.startswith("line"))


@board("many")
def test_a_large_board_shows_a_part_and_more_when_asked(opened: Page) -> None:
    assert len(column(opened, 1)) == 200
    opened.get_by_role("button", name="Show more").click()
    assert len(column(opened, 1)) == 600
    expect(opened.locator("#more")).to_be_hidden()


@pytest.mark.parametrize(
    "opened",
    [
        ("results", {}),
        ("results", {"color_scheme": "dark"}),
        ("results", {"viewport": {"width": 375, "height": 800}, "device_scale_factor": 2}),
    ],
    indirect=True,
    ids=["light", "dark", "phone"],
)
def test_a_screenshot_is_kept(opened: Page, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.id
    ARTEFACTS.mkdir(exist_ok=True)
    opened.get_by_label("Task", exact=True).select_option("sinc")
    opened.locator("#curve svg").hover(position={"x": 150, "y": 100})
    opened.screenshot(path=ARTEFACTS / f"page-{name}.png", full_page=True)
    opened.locator("#cells tbody tr").first.click()
    opened.screenshot(path=ARTEFACTS / f"cell-{name}.png")
    assert (ARTEFACTS / f"page-{name}.png").stat().st_size > 10_000


def test_the_committed_page_is_small() -> None:
    assert (RESULTS / "index.html").stat().st_size < 4_000_000

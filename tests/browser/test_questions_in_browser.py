"""What readers come to ask is answered within three clicks; and each view is reached, printed and kept as a picture."""

import re

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser.views import ARTEFACTS, EVERY_VIEW, RESULTS, at, view_of


@at("results")
def test_why_is_my_relu_net_wrong_beyond_10(opened: Page) -> None:
    """Two clicks: the answers, and the one about what lies outside."""
    opened.get_by_role("link", name="Why can my network not learn it?").click()
    opened.get_by_role("link", name="It is right inside the training range. What does it do outside?").click()
    expect(opened.locator("p.answer")).to_be_visible()
    assert opened.locator("img").first.evaluate("one => one.complete && one.naturalWidth > 0")
    expect(opened.locator("pre")).to_contain_text("python -m nox -s bench")


@at("results", "answers")
def test_answers_are_found_by_symptom_subject_and_words(opened: Page) -> None:
    every = opened.locator("article").count()
    opened.get_by_label("What you see").select_option("gradients explode")
    assert 0 < opened.locator("article").count() < every
    opened.reload()
    assert 0 < opened.locator("article").count() < every
    opened.get_by_label("What you see").select_option("")
    opened.get_by_label("Search").fill("relu line")
    assert 0 < opened.locator("article").count() < every


@at("results")
def test_what_do_i_take_for_six_smooth_inputs(opened: Page) -> None:
    """One click, and what is known of the function."""
    opened.get_by_role("link", name="Which model do I take?").click()
    opened.get_by_label("Inputs").fill("6")
    opened.get_by_label("Rows", exact=True).fill("300")
    opened.get_by_label("Noise").fill("5")
    opened.get_by_label("smooth: no jump, no kink").check()
    expect(opened.locator("#evidence")).to_contain_text(
        "6 inputs and more, 75 to 1200 rows, noise of 1 % to 20 % of sd(y)"
    )
    expect(opened.locator("#evidence")).to_contain_text("That is too thin, so the list is of")
    rows = opened.get_by_role("region", name="models that may do").locator("tbody tr")
    assert rows.count() > 5
    rows.first.locator("summary").click()
    assert rows.first.locator("p.evidence a").count() > 5
    assert view_of(opened) == "choose?inputs=6&rows=300&noise=5&known=smooth"


@at("results")
def test_the_share_of_periodic_tasks_that_anything_holds_on_can_be_cited(opened: Page) -> None:
    """Three clicks: the board, the tasks that are periodic, and the words to cite."""
    opened.get_by_role("link", name="Who stands where?").click()
    opened.locator("#kind").select_option("periodic")
    opened.locator("summary").first.click()
    words = re.compile(r"On \d+ of \d+ tasks of periodic tasks of standard some model holds")
    expect(opened.locator("details q").first).to_contain_text(words)


@at("results")
def test_how_good_is_my_forest(opened: Page) -> None:
    """A name in the field above."""
    opened.get_by_label("Find a model, a task or an answer").fill("random-forest")
    opened.keyboard.press("Enter")
    expect(opened.get_by_role("region", name="boards")).to_contain_text("standard")
    opened.get_by_role("link", name="Compare it with another model").click()
    expect(opened.locator("p.verdict").first).to_contain_text("random-forest")


@pytest.mark.parametrize(
    "opened",
    [
        ("results", "", {}),
        ("results", "", {"color_scheme": "dark"}),
        ("results", "", {"viewport": {"width": 375, "height": 800}, "device_scale_factor": 2}),
    ],
    indirect=True,
    ids=["light", "dark", "phone"],
)
def test_a_screenshot_of_every_view_is_kept(opened: Page, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.id
    ARTEFACTS.mkdir(exist_ok=True)
    for view in EVERY_VIEW:
        opened.goto(f"{opened.url.split('#')[0]}#/{view}")
        path = ARTEFACTS / f"{re.sub('[^a-z0-9-]+', '-', view) or 'start'}-{name}.png"
        opened.screenshot(path=path)
        assert path.stat().st_size > 10_000


def test_the_committed_page_is_small() -> None:
    """6 MB for 12,000 cells, and as much a cell where there are more."""
    n = (pd.read_csv(RESULTS / "leaderboard.csv")["kind"] == "model").sum()
    assert (RESULTS / "index.html").stat().st_size < 500 * max(n, 12_000)


@at("results")
@pytest.mark.parametrize("name", ["Which model?", "Board", "Tasks", "Compare", "Answers"])
def test_every_view_is_reached_by_the_keyboard_alone(opened: Page, name: str) -> None:
    link = opened.locator("nav").get_by_role("link", name=name)
    for _ in range(12):
        opened.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            break
    opened.keyboard.press("Enter")
    expect(opened.locator("#title")).to_be_focused()
    expect(link).to_have_attribute("aria-current", "page")
    # What comes next is in the view, and all that can be focused can be left again.
    seen = []
    for _ in range(60):
        opened.keyboard.press("Tab")
        seen.append(opened.evaluate("document.querySelector('main').contains(document.activeElement)"))
    assert any(seen)


@at("results", "task/sinc")
def test_a_printed_view_has_its_tables_whole_and_no_controls(opened: Page) -> None:
    opened.emulate_media(media="print")
    expect(opened.locator("header")).to_be_hidden()
    table = opened.get_by_role("region", name="cells")
    assert table.evaluate("one => getComputedStyle(one).overflow") == "visible"
    expect(opened.get_by_role("button", name="Download as CSV")).to_be_hidden()

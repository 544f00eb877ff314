"""The browser, the pages that it opens, and what went wrong on them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from benchmark.board.aggregate import board_of
from benchmark.show.page.rendering import render_page as render_boards
from tests.alone import render_page
from tests.browser.views import RESULTS
from tests.suites import as_published, small_boards
from tests.synthetic import ManyRecords
from tests.test_leaderboard import awkward_board, failing_board, full_board, quick_board

QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


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
    """The pages of a small board, an awkward one, a large one, and what is published."""
    made = tmp_path_factory.mktemp("pages")
    many = ManyRecords(30, 20, n_seeds=2)
    boards = {"full": full_board(), "awkward": awkward_board(), "many": board_of(many.cards(), many, {})}
    boards |= {"failing": failing_board(), "quick": quick_board(), "empty": board_of({}, {}, {})}
    for name, board in boards.items():
        (made / f"{name}.html").write_text(render_page(board), encoding="utf-8")
    (made / "suites.html").write_text(render_boards(small_boards()), encoding="utf-8")
    (made / "large.html").write_text(render_boards(as_published(RESULTS, 30)), encoding="utf-8")
    shutil.copy(RESULTS / "index.html", made / "results.html")
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
    name, view, settings = getattr(request, "param", ("full", "", {}))
    options: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "offline": True} | settings
    context = browser.new_context(**options)
    found = Opened(context.new_page())
    address = (folder / f"{name}.html").as_uri()
    found.page.goto(f"{address}#/{view}")
    yield found.page
    assert found.complaints == []
    assert [url for url in found.requests if url.split("#")[0] != address and not url.startswith("data:")] == []
    context.close()

"""Where the views of the page are, and how a test reads them."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.conftest import ROOT

ARTEFACTS = ROOT / "artefacts"
RESULTS = Path(os.environ.get("FNBENCH_RESULTS", ROOT / "results"))


EVERY_VIEW = (
    *("", "choose?inputs=6&rows=300&noise=5&known=smooth", "board", "board/all?kind=periodic", "tasks", "task/sinc"),
    *("cell/square/relu-mlp", "model/relu-mlp", "compare/relu-mlp/tanh-mlp", "answers", "answers/r-squared-hides-it"),
    "calibration",
)


def at(name: str, view: str = "", **settings: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("opened", [(name, view, settings)], indirect=True, ids=[f"{name}-{view}"[:40]])


def view_of(page: Page) -> str:
    return str(page.evaluate("location.hash")).removeprefix("#/")


def cells(page: Page) -> Locator:
    """The table with a row for each cell."""
    return page.get_by_role("region", name="cells").locator("table")


def column(page: Page, place: int) -> list[str]:
    return cells(page).locator(f"tbody tr > :nth-child({place})").all_inner_texts()

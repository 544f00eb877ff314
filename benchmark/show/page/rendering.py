"""Renders the page as one HTML text.

The figures travel as JSON and are set as text by the scripts in `web/`, so nothing that came from a plugin is ever
markup. A content security policy allows these scripts alone and no request at all.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from benchmark.board.boards import Boards
from benchmark.show.calibration import Compared
from benchmark.show.figures.palette import GOOD, SHADE
from benchmark.show.page.data import page_data

WEB = Path(__file__).parent / "web"
# In this order: each uses what stands in those before it.
SCRIPTS = (
    *("elements", "coding", "cells", "judging", "links", "chart", "tables", "matrix"),
    *("start", "choosing", "board", "task", "cell", "comparing", "answers", "calibration", "page"),
)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def render_page(
    boards: Boards,
    answers: Sequence[Mapping[str, Any]] = (),
    compared: Sequence[Compared] = (),
    *,
    published: bool = True,
) -> str:
    """Return the page of some boards, of what `answers_data` says of the findings, and of published figures.

    `published` says whether it lies in a folder that was published, where a model's records lie in one file.
    """
    held = page_data(boards, answers, compared, published=published)
    data = json.dumps(held, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    colours = f":root {{ --picture-shade: {SHADE}; --picture-good: {GOOD}; }}\n"
    style = colours + (WEB / "page.css").read_text(encoding="utf-8")
    script = "".join((WEB / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    return Template((WEB / "page.html").read_text(encoding="utf-8")).substitute(
        # No "<" at all: neither "</script" nor "<!--" can end or hide the rest.
        data=data.replace("<", "\\u003c"),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
    )

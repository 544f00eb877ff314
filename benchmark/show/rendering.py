"""Everything that is rendered of the boards."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmark.board.boards import Boards
from benchmark.show.calibration import Compared, render_calibration
from benchmark.show.every_cell import render_csv
from benchmark.show.exports import render_tex
from benchmark.show.figures.drawings import Shelf, draw_all
from benchmark.show.leaderboard import render_markdown
from benchmark.show.page.rendering import render_page
from benchmark.show.suite_page import render_suites


def render_all(
    boards: Boards,
    answers: Sequence[Mapping[str, Any]] = (),
    compared: Sequence[Compared] = (),
    *,
    published: bool = True,
    shelf: Shelf | None = None,
) -> dict[str, str]:
    """Return the text of every rendered file by its path: the same boards, answers and comparisons give the
    same bytes.

    `published` says whether the files lie beside what is published. Pictures that are on the shelf are not drawn again.
    """
    return {
        "leaderboard.md": render_markdown(boards),
        "leaderboard.csv": render_csv(boards),
        "leaderboard.tex": render_tex(boards),
        "index.html": render_page(boards, answers, compared, published=published),
        **render_calibration(compared),
        **render_suites(boards),
        **draw_all(boards, shelf),
    }

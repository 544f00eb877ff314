"""Everything that is rendered of a board."""

from benchmark.report.aggregate import Board
from benchmark.report.leaderboard import render_csv, render_markdown
from benchmark.report.page import render_page
from benchmark.report.plots import draw_all


def render_all(board: Board) -> dict[str, str]:
    """Return the text of every rendered file by its place: the same board gives the same bytes."""
    return {
        "leaderboard.md": render_markdown(board),
        "leaderboard.csv": render_csv(board),
        "index.html": render_page(board),
        **draw_all(board),
    }

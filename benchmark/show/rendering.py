"""Everything that is rendered of a board."""

from benchmark.board.aggregate import Board
from benchmark.show.figures.curves import draw_all
from benchmark.show.leaderboard import render_csv, render_markdown
from benchmark.show.page import render_page


def render_all(board: Board) -> dict[str, str]:
    """Return the text of every rendered file by its path: the same board gives the same bytes."""
    return {
        "leaderboard.md": render_markdown(board),
        "leaderboard.csv": render_csv(board),
        "index.html": render_page(board),
        **draw_all(board),
    }

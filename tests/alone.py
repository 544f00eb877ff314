"""What is rendered of one board alone, for tests of what stands in it."""

from typing import Any

from benchmark.board.aggregate import Board
from benchmark.board.boards import alone
from benchmark.show import every_cell, leaderboard, rendering
from benchmark.show.figures import drawings, gallery
from benchmark.show.figures.gallery import Gallery
from benchmark.show.page import data
from benchmark.show.page import rendering as page


def render_markdown(board: Board) -> str:
    return leaderboard.render_markdown(alone(board))


def render_top(board: Board) -> str:
    return leaderboard.render_top(alone(board))


def render_csv(board: Board) -> str:
    return every_cell.render_csv(alone(board))


def render_page(board: Board) -> str:
    return page.render_page(alone(board))


def page_data(board: Board) -> dict[str, Any]:
    return data.page_data(alone(board))


def render_all(board: Board) -> dict[str, str]:
    return rendering.render_all(alone(board))


def draw_all(board: Board) -> dict[str, str]:
    return drawings.draw_all(alone(board))


def gallery_of(board: Board) -> Gallery:
    return gallery.gallery_of(alone(board))

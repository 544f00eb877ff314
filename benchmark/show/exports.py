"""The board for other programs: tables of LaTeX for a paper, and JSON with everything in it."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from tabulate import tabulate

from benchmark.board.aggregate import Board
from benchmark.board.boards import Boards, met
from benchmark.board.scores import SHARES
from benchmark.board.solving import ERRORS, Region
from benchmark.board.tolerance import Tolerance
from benchmark.show.cells import Row, rows_of, score, share
from benchmark.show.digits import significant
from benchmark.show.every_cell import render_csv
from benchmark.show.leaderboard import in_front, render_markdown
from benchmark.show.standings import SHOWN
from benchmark.words import visible

_HEADER = "% Rendered from the records of fnbench; \\usepackage{booktabs}.\n"


def _table(rows: list[list[str]], headers: list[str], caption: str, label: str) -> str:
    columns = ("left", *("right",) * (len(headers) - 1))
    # Every cell is text already, and tabulate escapes what LaTeX would read otherwise.
    body = tabulate(rows, headers=headers, tablefmt="latex_booktabs", disable_numparse=True, colalign=columns)
    return "\n".join(
        ("\\begin{table}", "\\centering", f"\\caption{{{caption}}}", f"\\label{{tab:{label}}}", body, "\\end{table}\n")
    )


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "%_&#$" else letter for letter in visible(text))


def _of_models(board: Board) -> list[dict[str, Any]]:
    """Return the models of a board as they stand outside."""
    return list(rows_of(board.overall[board.overall["kind"] == "model"].sort_values("outside_order")))


def _standings(board: Board, name: str) -> str:
    rows = [
        [
            row["model"],
            *(text for region in SHOWN for text in (row[f"{region}_rank"], *_figures(row, region))),
        ]
        for row in _of_models(board)
    ]
    headers = ["model"]
    for region in SHOWN:
        headers += [f"place {region}", f"solved to {board.tolerance.words}", "log score"]
    caption = (
        f"Models on {len(board.merit.tasks)} tasks of suite {name}: range of places, share of tasks solved to "
        f"{board.tolerance.words} of sd(y), and mean log score against a constant."
    )
    return _table(rows, headers, _escaped(caption), f"places-{name}")


def _figures(row: Row, region: Region) -> tuple[str, str]:
    return share(row[f"{region}_share_solved"]), score(row[f"{region}_score"])


def _errors(board: Board, name: str, region: Region) -> str:
    """Return the table of the median errors of every model on every task of a board, in sd of y."""
    column, cards = ERRORS[region], {card.task: card for card in board.cards if card.task in board.merit.tasks}
    cells = board.cells[board.cells["kind"] == "model"]
    medians = dict(zip(zip(cells["task"], cells["model"], strict=True), cells[column], strict=True))

    def shown(task: str, model: str) -> str:
        value = medians.get((task, model), math.nan) / cards[task].target_sd
        return "" if math.isnan(value) else "failed" if math.isinf(value) else f"{value:.2g}"

    rows = [[row["model"], *(shown(task, row["model"]) for task in cards)] for row in _of_models(board)]
    caption = f"Median RMSE {region} the training range over the seeds, in sd of y on the training law; suite {name}."
    return _table(rows, ["model", *cards], _escaped(caption), f"errors-{region}-{name}")


def render_tex(boards: Boards) -> str:
    """Return tables of LaTeX: the places of the boards in front, and the errors on the tasks of the main one."""
    parts = [_HEADER, *(_standings(board, _name(board)) for board in in_front(boards))]
    if met(boards.main):
        parts += [_errors(boards.main, _name(boards.main), region) for region in SHOWN]
    return "\n".join(parts)


def _name(board: Board) -> str:
    return board.merit.suite.name if board.merit.suite else "none"


def _plain(value: Any) -> Any:
    """Return a figure to six significant digits, None where there is none; anything else as it is."""
    if isinstance(value, float):
        return significant(value) if math.isfinite(value) else None
    return list(value) if isinstance(value, tuple) else value


def _plain_row(row: Row, tolerance: Tolerance) -> dict[str, Any]:
    """Return a row as JSON can hold it; its shares have the names of their levels, such as `inside_share_5`."""
    levels = zip(SHARES, (words.removesuffix(" %") for words in tolerance.level_words), strict=True)
    names = {
        f"{region}_{share}{end}": f"{region}_share_{level}{end}"
        for share, level in levels
        for region in SHOWN
        for end in ("", "_low", "_high")
    }
    found: dict[str, Any] = {}
    for key, value in row.items():
        # A plugin's quantity may bear the name of a column; the column stays what it is.
        found.setdefault(names.get(key, key), _plain(value))
    return found


def render_json(boards: Boards) -> str:
    """Return all boards as JSON: `boards`, by suite, with the standings of each, and `cells`, every cell once.

    `tolerance` is the NRMSE that counts as solved. Figures have six significant digits; what there is none of, and the
    figure of a failed seed, is null.
    """
    standings = {
        name: {
            "tasks": [*board.merit.tasks],
            "seeds": board.merit.seeds,
            "standings": [_plain_row(row, boards.tolerance) for row in rows_of(board.overall)],
        }
        for name, board in boards.by_suite.items()
    }
    said = {
        "tolerance": boards.tolerance.solved,
        "boards": standings,
        "cells": [_plain_row(row, boards.tolerance) for row in rows_of(boards.cells)],
    }
    return json.dumps(said, indent=1, allow_nan=False) + "\n"


EXPORTS: Mapping[str, Callable[[Boards], str]] = {
    "md": render_markdown,
    "tex": render_tex,
    "csv": render_csv,
    "json": render_json,
}

"""Renders the page of a suite: its standings, and every error on its tasks."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmark.board.aggregate import Board
from benchmark.board.boards import Boards
from benchmark.board.solving import Region
from benchmark.show.cells import rows_of
from benchmark.show.digits import short, significant
from benchmark.show.index import FOLDER, link_to, path_of
from benchmark.show.markdown import bar_escaped, listed, narrow_table, table
from benchmark.show.standings import (
    SHOWN,
    TITLES,
    board_table,
    class_tables,
    known_table,
    no_places,
    no_votes,
    signs_table,
)
from benchmark.show.verdicts import LEGEND, verdict_matrix
from benchmark.store.record import Reference, TaskCard
from benchmark.words import code, counted, ended, escaped

# GitHub shows no more than about 500 KiB of a page, and nobody reads a table of more rows.
MOST_TASKS, MOST_CELLS = 150, 8_000
_COLUMNS: Mapping[Region, str] = {"inside": "interpolation_rmse", "outside": "extrapolation_rmse"}
_MATRIX = (
    "The median RMSE over the seeds, divided by the standard deviation of y, to two digits. \u2713: more than half of "
    "the seeds solve it, which outside means the inside too. A word says why there is no error, n/a that the model "
    "does not apply to the task; a blank that it was not run."
)
_TASKS = (
    "Noise and errors are in units of the standard deviation of y on the training law; of each reference its error "
    "inside / outside."
)


def _figure(value: float) -> str:
    return short(significant(value, 2))


def _cell(row: Mapping[str, Any], sd: float, region: Region) -> str:
    error = row[_COLUMNS[region]]
    if not row["n_counted"]:
        return "n/a"
    if not math.isfinite(error):
        return str(row["failure"]) if math.isinf(error) else ""
    solved = " \u2713" if 2 * row[f"{region}_seeds"] > row["n_counted"] else ""
    return _figure(error / sd) + solved


def _matrix(board: Board, cards: Sequence[TaskCard], region: Region) -> str:
    models = board.overall.loc[board.overall["kind"] == "model"].sort_values(f"{region}_order")["model"].tolist()
    cells = {(row["task"], row["model"]): row for row in rows_of(board.cells[board.cells["kind"] == "model"])}

    def shown(card: TaskCard, model: str) -> str:
        row = cells.get((card.task, model))
        return _cell(row, card.target_sd, region) if row else ""

    rows = [[card.task, *(shown(card, model) for model in models)] for card in cards]
    return narrow_table(rows, ("task", *(f"`{model}`" for model in models)))


def _errors(card: TaskCard, reference: Reference | None) -> str:
    if reference is None:
        return ""
    inside, outside = reference.interpolation_rmse / card.target_sd, reference.extrapolation_rmse / card.target_sd
    return f"{_figure(inside)} / {_figure(outside)}"


def _tasks(cards: Sequence[TaskCard]) -> str:
    names = dict.fromkeys(r.name for card in cards for r in card.references if r.name != "truth")
    rows = []
    for card in cards:
        known = {reference.name: reference for reference in card.references}
        rows.append(
            [
                card.task,
                bar_escaped(code(card.formula)),
                escaped(card.training_range),
                escaped(card.extrapolation_range),
                f"{card.n_train:,}",
                _figure(card.noise_std / card.target_sd) if card.noise_std else "",
                *(_errors(card, known.get(name)) for name in names),
            ]
        )
    return narrow_table(rows, ("task", "formula", "trained on", "outside", "rows", "noise", *map(escaped, names)))


def _elsewhere(board: Board, boards: Boards, tasks: Sequence[str]) -> str:
    """Return which other pages show how many of some tasks."""
    rows = []
    for name, other in boards.by_suite.items():
        n = len({*tasks} & {*other.merit.tasks})
        if n and other is not board and len(other.merit.tasks) <= MOST_TASKS:
            link = "[core](../leaderboard.md#suite-core)" if other is boards.main else link_to(name, here=FOLDER)
            rows.append([link, escaped(other.merit.suite.title) if other.merit.suite else "", f"{n:,}"])
    return table(rows, ("page", "what it holds", "of these tasks"), words=2) if rows else ""


def too_large(n_tasks: int, n_models: int) -> bool:
    """Return whether so many tasks and models are too many for a table on a page."""
    return n_tasks > MOST_TASKS or n_tasks * n_models > MOST_CELLS


def _figures(cards: Sequence[TaskCard], board: Board) -> Iterator[str]:
    yield "## Verdicts"
    yield LEGEND
    yield verdict_matrix(board, cards)
    for number, region in enumerate(SHOWN):
        yield f"## Errors {region} the training range"
        yield from () if number else (_MATRIX,)
        yield _matrix(board, cards, region)
    yield "## Tasks"
    yield _TASKS
    yield _tasks(cards)


def _task_by_task(board: Board, boards: Boards) -> Iterator[str]:
    known = {card.task: card for card in board.cards}
    order = board.merit.suite.tasks if board.merit.suite else tuple(known)
    cards = [known[task] for task in order if task in known]
    n_models = int((board.overall["kind"] == "model").sum())
    if too_large(len(cards), n_models):
        yield "## Task by task"
        csv = "[leaderboard.csv](../leaderboard.csv) has every cell, a row each."
        yield f"{counted(len(cards), 'task')} are too many for one page. {csv}"
        yield _elsewhere(board, boards, [card.task for card in cards])
        name = board.merit.suite.name if board.merit.suite else ""
        small = {other for other, each in boards.by_suite.items() if len(each.merit.tasks) <= MOST_TASKS} - {name}
        cards = [card for card in cards if not small & {*boards.suites_of(card.task)}]
        if not cards or too_large(len(cards), n_models):
            return
        yield f"On no other page: {counted(len(cards), 'task')}."
    yield from _figures(cards, board)


def render_suite(board: Board, boards: Boards) -> str:
    """Return the page of a suite's board as markdown."""
    suite = board.merit.suite
    assert suite is not None
    title = f": {escaped(suite.title)}" if suite.title else ""
    source = suite.source
    classes = class_tables(board) if board.classes["class"].nunique() > 1 else []
    parts = [
        f"# Suite `{suite.name}`{title}",
        f"{board.merit.sentence} [How to read it](../leaderboard.md#how-to-read-it), "
        "[all boards](../leaderboard.md#all-boards).",
        *([ended(f"Source: {escaped(source)}")] if source else []),
        *(
            part
            for region in SHOWN
            for part in (f"## {TITLES[region]}", board_table(board, region, ["model", "reference"]))
        ),
        *listed([*no_votes(board), *no_places(board)]),
        *(("## What else is known", *known) if (known := known_table(board)) else ()),
        *(("## What tells that a row is wrong", *told) if (told := signs_table(board)) else ()),
        *classes,
        *filter(None, _task_by_task(board, boards)),
        *listed(board.remarks),
    ]
    return "\n\n".join(parts) + "\n"


def render_suites(boards: Boards) -> dict[str, str]:
    """Return the page of every suite but the main one by its path in the results folder."""
    return {path_of(name): render_suite(board, boards) for name, board in boards.others.items()}

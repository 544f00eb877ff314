"""Which pictures there are and what they say in words; drawing them is the business of `plots`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from benchmark.board.aggregate import Board
from benchmark.board.boards import Boards, complete, met
from benchmark.store.record import TaskCard

# More pictures of single tasks would take minutes, and nobody would look at them.
MOST_TASKS = 60
# More panels than this are too small to read: then each model has a row, with all its tasks.
MOST_PANELS = 15
# README.md and the findings link pictures of these: they are drawn before all others.
LINKED = ("piecewise", "sinc", "smooth", "square")
FOLDER = "plots"


@dataclass(frozen=True)
class Picture:
    """A picture: its path in the results folder, and what a reader who cannot see it is told."""

    path: str
    alt: str


@dataclass(frozen=True)
class Gallery:
    """The pictures of all tasks together, by name, and of each task: its curves and its errors by distance.

    `heat` are the maps of errors, by suite. `remarks` say in Markdown which tasks have no pictures.
    """

    overall: Mapping[str, Picture]
    curves: Mapping[str, Picture]
    distance: Mapping[str, Picture]
    remarks: tuple[str, ...] = ()
    heat: Mapping[str, Picture] = field(default_factory=dict)


def _said(cells: pd.DataFrame, column: str) -> str:
    groups: dict[str, list[str]] = {}
    for model, word in zip(cells["model"], cells[column], strict=True):
        if word:
            groups.setdefault(str(word), []).append(str(model))
    return "; ".join(f"{word}: {', '.join(models)}" for word, models in groups.items())


def _horizons(cells: pd.DataFrame, card: TaskCard) -> str:
    shown = cells.dropna(subset=["horizon"])
    words = [
        f"{model} {'at least ' if horizon >= card.ladder[-1] else ''}{horizon:g}"
        for model, horizon in zip(shown["model"], shown["horizon"], strict=True)
    ]
    return ", ".join(words)


def _sentence(start: str, rest: str) -> str:
    return f"{start}. {rest}." if rest else f"{start}."


def _drawn(cards: Sequence[TaskCard], compared: Collection[str]) -> tuple[TaskCard, ...]:
    """Return the tasks that have pictures, in the order of the cards: linked ones, compared ones, then by name."""
    first = sorted(cards, key=lambda card: (card.task not in LINKED, card.task not in compared, card.task))
    chosen = {card.task for card in first[:MOST_TASKS]}
    return tuple(card for card in cards if card.task in chosen)


def panels_of(board: Board) -> list[str]:
    """Return the tasks that have a panel each in the picture of all; of too many those compared, of these none."""
    titles = [card.task for card in board.cards]
    if len(titles) > MOST_PANELS:
        titles = [task for task in titles if task in board.merit.tasks]
    return titles if len(titles) <= MOST_PANELS else []


def _overall(board: Board) -> dict[str, Picture]:
    suite = f"Suite {board.merit.suite.name}. " if board.merit.suite and board.merit.suite.name != "core" else ""
    words = (
        "For every task, each model's RMSE inside the training range against its RMSE outside, both divided by "
        "the standard deviation of y; the tables below hold the numbers."
        if panels_of(board)
        else "For every model, its RMSE outside the training range and inside it on all tasks, divided by the standard "
        "deviation of y; the tables above hold the shares of tasks that it solves."
    )
    overall = {"overview": Picture(f"{FOLDER}/overview.svg", suite + words)}
    models = board.overall[board.overall["kind"] == "model"]
    if (models["fit_seconds"].notna() & models["outside_score"].notna()).any():
        overall["cost"] = Picture(
            f"{FOLDER}/cost.svg",
            "Each model's mean log score outside the training range against its median seconds to fit, with the "
            "models that no other beats in both joined by a line; the table above holds the numbers.",
        )
    return overall


def mapped(boards: Boards) -> dict[str, Board]:
    """Return the boards that have a map of errors, by suite: those in front, and that of every task there is."""
    whole = boards.by_suite.get("all")
    there = [boards.headline, boards.main, *([whole] if whole and complete(whole) else [])]
    return {board.merit.suite.name: board for board in there if board.merit.suite and board.merit.seeds and met(board)}


def _heat(suite: str) -> Picture:
    return Picture(
        f"{FOLDER}/heat-{suite}.svg",
        f"Suite {suite}: for every task and model the RMSE outside the training range, and beside it inside, divided "
        "by the standard deviation of y, with a mark where most seeds solve the task. Tasks stand by class and then "
        "from easy to hard, models by place outside; the matrix of verdicts has the words.",
    )


def gallery_of(boards: Boards) -> Gallery:
    """Return the pictures that there are: of the tasks in front together, and of as many single ones as are looked at.

    Single tasks are those of the main board: the others' figures stand on the pages of their suites.
    """
    overall = _overall(boards.headline) if met(boards.headline) else {}
    heat = {suite: _heat(suite) for suite in mapped(boards)}
    board = boards.main
    if not met(board):
        return Gallery(overall, {}, {}, heat=heat)
    cells = board.cells[board.cells["kind"] == "model"]
    of_task = dict(list(cells.groupby("task")))
    known = [card for card in board.cards if card.task in of_task]
    shown = _drawn(known, board.merit.tasks)
    remarks = (
        f"Pictures are drawn of {len(shown)} of the {len(known)} tasks: of those that README.md and the findings show, "
        "then of those that the order compares, then in the order of their names.",
    )
    curves = {
        card.task: Picture(
            f"{FOLDER}/{card.task}-curves.svg",
            _sentence(
                f"Predictions of each model along {card.slice.label} beside the true function, training range shaded",
                _said(of_task[card.task], "behaviour"),
            ),
        )
        for card in shown
        if card.slice.position
    }
    distance = {
        card.task: Picture(
            f"{FOLDER}/{card.task}-distance.svg",
            _sentence(
                f"RMSE of each model by distance from the training range, with the {board.tolerance.words} line",
                f"Horizons: {said}" if (said := _horizons(of_task[card.task], card)) else "",
            ),
        )
        for card in shown
    }
    return Gallery(overall, curves, distance, remarks if len(shown) < len(known) else (), heat)

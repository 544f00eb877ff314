"""Which pictures there are and what they say in words; drawing them is the business of `plots`."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from benchmark.record import TaskCard
from benchmark.report.aggregate import Board

# Beyond this the pictures of single tasks would take minutes and nobody would look at them.
MOST_TASKS = 60
FOLDER = "plots"


@dataclass(frozen=True)
class Picture:
    """A picture: its place in the results folder, and what a reader who cannot see it is told."""

    place: str
    alt: str


@dataclass(frozen=True)
class Gallery:
    """The pictures of all tasks together, by name, and of each task: its curves and its errors by distance."""

    overall: Mapping[str, Picture]
    curves: Mapping[str, Picture]
    distance: Mapping[str, Picture]


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


def gallery_of(board: Board) -> Gallery:
    """Return the pictures that a board has; none of single tasks where there are too many of them."""
    if board.overall.empty or not (board.overall["kind"] == "model").any():
        return Gallery({}, {}, {})
    overall = {
        "overview": Picture(
            f"{FOLDER}/overview.svg",
            "For every task, each model's RMSE inside the training range against its RMSE outside, both divided by "
            "the standard deviation of y; the tables below hold the numbers.",
        )
    }
    if board.overall.loc[board.overall["kind"] == "model", "fit_seconds"].notna().any():
        overall["cost"] = Picture(
            f"{FOLDER}/cost.svg",
            "Each model's median log score outside the training range against its median seconds to fit, with the "
            "models that no other beats in both joined by a line; the table above holds the numbers.",
        )
    if len(board.cards) > MOST_TASKS:
        return Gallery(overall, {}, {})
    cells = board.cells[board.cells["kind"] == "model"]
    of_task = dict(list(cells.groupby("task")))
    shown = [card for card in board.cards if card.task in of_task]
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
                "RMSE of each model by distance from the training range, with the 5 % line",
                f"Horizons: {said}" if (said := _horizons(of_task[card.task], card)) else "",
            ),
        )
        for card in shown
    }
    return Gallery(overall, curves, distance)

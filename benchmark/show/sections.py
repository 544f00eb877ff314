"""Renders the section of a task: its facts, a row for each contender, what failed and why, its pictures."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any

import numpy as np

from benchmark.board.aggregate import Board
from benchmark.board.solving import REGIONS, line_solves
from benchmark.board.statistics import median_over
from benchmark.show.cells import covered, name_of, number, recovered, rows_of, seconds, sure
from benchmark.show.figures.gallery import Gallery, Picture
from benchmark.show.markdown import table
from benchmark.store.record import TaskCard
from benchmark.words import code, escaped, plain

# A longer formula is cut on the board; the page has all of it.
_LONGEST_FORMULA = 60


def _spread(row: Mapping[str, Any], region: str) -> str:
    figures = [row[f"{region}_{name}"] for name in ("rmse", "low", "high")]
    value, low, high = (number(figure, row["failure"]) for figure in figures)
    # Where the best seed of them failed, all has been said.
    spread = "" if math.isinf(figures[1]) else row["spread"]
    return value + {"interval": f" [{low}, {high}]", "range": f" ({low} to {high})", "": ""}[spread]


def _horizon(value: float, card: TaskCard) -> str:
    if math.isnan(value):
        return ""
    return f">= {value:g}" if value >= card.ladder[-1] else f"{value:g}"


def _sampled(card: TaskCard) -> str:
    """Return what the training rows of a seed know, as medians over the card's seeds."""
    known = {
        "constant": [sample.constant for sample in card.samples],
        "line": [sample.line for sample in card.samples],
        "clamp": [sample.clamp for sample in card.samples if sample.clamp],
    }
    medians = {name: median_over(np.array(errors)) for name, errors in known.items() if errors}
    return "; ".join(f"{name} {plain(inside)} / {plain(outside)}" for name, (inside, outside) in medians.items())


def _facts(card: TaskCard, n_seeds: Sequence[int], board: Board) -> list[str]:
    merit, line = board.merit, line_solves(card, board.tolerance.solved)
    references = "; ".join(
        f"{r.name} {plain(r.interpolation_rmse)} / {plain(r.extrapolation_rmse)}" for r in card.references
    )
    noise = f", targets with noise of sd {card.noise_std:g}" if card.noise_std else ""
    return [
        f"- Formula: {code(card.formula)}",
        f"- Trained on: {escaped(card.training_range)}, {card.n_train:,} rows{noise}",
        f"- Outside: {escaped(card.extrapolation_range)}",
        f"- Standard deviation of y on the training law: {plain(card.target_sd)}",
        f"- References, inside / outside: {references or 'none'}",
        *([f"- Of the rows of a seed, median of {len(card.samples)}: {_sampled(card)}"] if card.samples else []),
        f"- Seeds: {' or '.join(map(str, n_seeds))}" if n_seeds else "- No model has been run on it yet",
        *(f"- A line solves it {region}" for region in REGIONS if line[region]),
        *([f"- Horizon: 2 means 2 {escaped(card.horizon_unit)}"] if card.horizon_unit else []),
        *([f"- Not in {merit.title}: it moves no place"] if merit.seeds and card.task not in merit.tasks else []),
        *(f"- {code(q.error)}: {escaped(q.title)}" for q in card.quantities),
        f"- Source: {escaped(card.source)}",
    ]


def embedded(picture: Picture | None) -> list[str]:
    """Return the Markdown of a picture, none of no picture."""
    return [f"![{escaped(picture.alt)}]({picture.path})"] if picture else []


def _found(row: Mapping[str, Any]) -> str:
    words = row["found"]
    if not isinstance(words, str):
        return ""
    return code(words if len(words) <= _LONGEST_FORMULA else f"{words[: _LONGEST_FORMULA - 3]}...")


def _parameters(row: Mapping[str, Any]) -> str:
    return "" if math.isnan(row["n_parameters"]) else f"{row['n_parameters']:,.0f}"


# Columns that a task has where one of its models offers what they show.
_OFFERED: Mapping[str, Callable[[Mapping[str, Any]], str]] = MappingProxyType(
    {
        "recovered": recovered,
        "formula found": _found,
        "parameters": _parameters,
        "95 % covers": covered,
        "where wrong it": sure,
    }
)


def _task_section(board: Board, card: TaskCard, cells: Sequence[dict[str, Any]], gallery: Gallery) -> str:
    names = [name for q in card.quantities for name in (q.estimate, q.error) if name in board.quantities]
    rows = [
        [
            name_of(row),
            _spread(row, "interpolation"),
            _spread(row, "extrapolation"),
            f"{row['inside_seeds']}, {row['outside_seeds']} of {row['n_counted']}" if row["n_counted"] else "",
            row["verdict_text"],
            row["behaviour"],
            _horizon(row["horizon"], card),
            *(number(row[name], row["failure"]) for name in names),
            seconds(row, "fit"),
            seconds(row, "predict"),
        ]
        for row in cells
    ]
    offered = {name: [show(row) for row in cells] for name, show in _OFFERED.items()}
    offered = {name: column for name, column in offered.items() if any(column)}
    for column in offered.values():
        rows = [[*row, words] for row, words in zip(rows, column, strict=True)]
    headers = ("model", "inside RMSE", "outside RMSE", "solved", "verdict", "outside it", "horizon")
    notes = [f"- {escaped(note)}" for note in board.notes.get(card.task, ())]
    n_seeds = sorted({row["n_seeds"] for row in cells if row["kind"] == "model"})
    parts = [
        f"## {card.task}: {escaped(card.title)}",
        "\n".join(_facts(card, n_seeds, board)),
        *([table(rows, (*headers, *map(escaped, names), "fit s", "predict s", *offered))] if rows else []),
        *(["\n".join(notes)] if notes else []),
        *embedded(gallery.curves.get(card.task)),
        *embedded(gallery.distance.get(card.task)),
    ]
    return "\n\n".join(parts)


def task_sections(board: Board, gallery: Gallery) -> list[str]:
    """Return the sections of all tasks of a board, in the order of its cards."""
    # No task of the first suite may be here, and none of no suite.
    place = {} if board.overall.empty else {model: i for i, model in enumerate(board.overall["model"])}
    # Models as they stand in the overall table, then the references.
    cells = board.cells.assign(is_reference=board.cells["kind"] == "reference", place=board.cells["model"].map(place))
    cells = cells.sort_values(["task", "is_reference", "place"], kind="stable")
    by_task = {task: list(rows) for task, rows in groupby(rows_of(cells), key=itemgetter("task"))}
    return [_task_section(board, card, by_task.get(card.task, []), gallery) for card in board.cards]

"""Renders the page: one file that needs no server and no network.

The figures travel as JSON and are set as text by the scripts in `web/`, so nothing that came from a
plugin is ever markup. A content security policy allows these scripts alone and no request at all.

Of the first cells the page holds everything, of many more the median prediction, and of all the figures.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

from benchmark.board.aggregate import Board
from benchmark.board.boards import Boards
from benchmark.board.curves import BAND_WORDS, WORST_DRAWN, Band, distance_band, slice_band
from benchmark.board.scores import SHARES
from benchmark.board.solving import REGIONS, Region
from benchmark.board.window import HIGHEST, LOWEST, window_of
from benchmark.show.cells import rows_of
from benchmark.show.digits import significant
from benchmark.show.figures.palette import GOOD, SHADE
from benchmark.show.notices import notices
from benchmark.show.page_cells import STEPS, STRIDE, Words, common, number, packed, shortened, thin_curve, whole_cell
from benchmark.store.record import TaskCard
from benchmark.words import visible

WEB = Path(__file__).parent / "web"
SCRIPTS = ("words.js", "chart.js", "cell.js", "table.js", "matrix.js", "page.js")
# Of so many cells everything is held, some 6 kB each; and of so many the median prediction, some 400 bytes each.
MOST_WHOLE, MOST_DRAWN = 400, 2_400
Rows = Sequence[Mapping[str, Any]]


def _window(card: TaskCard, curves: Sequence[Band | None]) -> tuple[float, float]:
    low, high = (significant(y, 9) for y in window_of(card.truth, curves))
    return low, high


def _task(card: TaskCard, curves: Sequence[Band | None] | None, *, stride: int = 1) -> dict[str, Any]:
    """Return what the page says of a task; `curves` are its models' predictions, None where none are drawn."""
    drawn: dict[str, Any] = {"position": [], "truth": None}
    if curves is not None:
        truth = shortened(card.truth[::stride]) or None
        drawn = {"position": shortened(card.slice.position[::stride]), "truth": truth, "window": _window(card, curves)}
    return drawn | {
        "name": card.task,
        "title": visible(card.title),
        "formula": visible(card.formula),
        "source": visible(card.source),
        "trained": visible(card.training_range),
        "outside": visible(card.extrapolation_range),
        "rows": card.n_train,
        "noise": card.noise_std,
        "ladder": card.ladder,
        "unit": visible(card.horizon_unit),
        "label": visible(card.slice.label),
        "shade": shortened(card.slice.inside),
        "sd": significant(card.target_sd),
    }


def _standing(row: Mapping[Any, Any], region: Region) -> dict[str, Any]:
    return {
        # What a model without a place lacks stands where its place would.
        "place": row[f"{region}_rank"] or ", ".join(row["lacks"]),
        "order": row[f"{region}_order"],
        "shares": [number(row[f"{region}_{name}"]) for name in SHARES],
        "score": number(row[f"{region}_score"]),
        "tasks": row[f"{region}_tasks"],
    }


def _overall(board: Board, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "model": row["model"],
            "title": titles.get(row["model"], "") if row["kind"] == "model" else "",
            "kind": row["kind"],
            **{region: _standing(row, region) for region in REGIONS},
            "fit": number(row["fit_seconds"]),
            "ratio": number(row["fit_ratio"]),
            "predict": number(row["predict_seconds"]),
            "cost": number(row["cost_seconds"]),
            "growth": row["growth"],
            "elsewhere": bool(row["other_machine"]),
        }
        for row in board.overall.to_dict("records")
    ]


def _bare(markdown: str) -> str:
    """Return a sentence without the signs of Markdown, which say nothing on a page."""
    return markdown.replace("`", "").replace("**", "")


@dataclass
class _Page:
    """What is gathered of all tasks: what each says, whole cells, packed ones by task, and the titles of contenders."""

    boards: Boards
    contenders: Mapping[tuple[str, str], int]
    words: Words = field(default_factory=Words)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    cells: list[dict[str, Any]] = field(default_factory=list)
    figures: dict[str, list[list[Any]]] = field(default_factory=dict)

    def add_whole(self, card: TaskCard, rows: Rows, board: Board) -> None:
        """Add a task with everything that is kept of its cells."""
        curves: list[Band | None] = []
        for row in rows:
            figures = common(row, [name for name in self.boards.quantities if name in board.quantities])
            if row["kind"] == "model":
                record = board.record(card.task, row["model"])
                curves.append(curve := slice_band(card, record))
                self.cells.append(whole_cell(figures, card, record, curve=curve))
            else:
                title = next(r.title for r in card.references if r.name == row["model"])
                self.cells.append(figures | {"title": visible(title), "source": "computed from the task", "origin": ""})
        self.tasks.append(_task(card, curves))

    def add_drawn(self, card: TaskCard, rows: Rows, board: Board) -> None:
        """Add a task with the figures of its cells, and the median of what they predict."""
        records = {row["model"]: board.record(card.task, row["model"]) for row in rows if row["kind"] == "model"}
        bands = {model: slice_band(card, record) for model, record in records.items()}
        window = _window(card, [*bands.values()])
        self.tasks.append(_task(card, [*bands.values()], stride=STRIDE))
        for row in rows:
            mine = packed(row, self.contenders[row["kind"], row["model"]], self.words)
            if row["kind"] == "model":
                band, distance = bands[row["model"]], distance_band(card, records[row["model"]])
                mine.append(thin_curve(band.median, window) if band else None)
                mine.append([significant(value, 4) for value in distance.median.tolist()] if distance else None)
            self.figures.setdefault(card.task, []).append(mine)

    def add_figures(self, card: TaskCard, rows: Rows) -> None:
        """Add a task with the figures of its cells alone."""
        self.tasks.append(_task(card, None))
        self.figures[card.task] = [packed(row, self.contenders[row["kind"], row["model"]], self.words) for row in rows]


def _first(boards: Boards, cards: Mapping[str, TaskCard]) -> dict[str, Board]:
    """Return the tasks that are drawn first, each with the board whose seeds it shows: compared ones before others."""
    main = {card.task: boards.main for card in boards.main.cards}
    compared = {task: board for task, board in main.items() if task in boards.main.merit.tasks}
    headline = {card.task: boards.headline for card in boards.headline.cards if card.task in cards}
    return compared | main | {task: board for task, board in headline.items() if task not in main}


def _gathered(boards: Boards, contenders: Mapping[tuple[str, str], int]) -> _Page:
    cards = {card.task: card for card in boards.cards}
    rows: dict[str, list[dict[str, Any]]] = {task: [] for task in cards}
    for row in rows_of(boards.cells):
        rows[row["task"]].append(row)
    page, n_whole, n_drawn, drawn = _Page(boards, contenders), 0, 0, _first(boards, cards)
    kinds: dict[str, str] = {}
    for task in drawn:
        n_models = sum(row["kind"] == "model" for row in rows[task])
        if drawn[task] is boards.main and n_whole + n_models <= MOST_WHOLE:
            n_whole, kinds[task] = n_whole + n_models, "whole"
        elif n_drawn + n_models <= MOST_DRAWN:
            n_drawn, kinds[task] = n_drawn + n_models, "drawn"
    for task, card in cards.items():
        mine = sorted(rows[task], key=lambda row: contenders[row["kind"], row["model"]])
        if kinds.get(task) == "whole":
            page.add_whole(card, mine, drawn[task])
        elif kinds.get(task) == "drawn":
            page.add_drawn(card, mine, drawn[task])
        else:
            page.add_figures(card, mine)
    return page


def _order(boards: Boards) -> list[tuple[str, str]]:
    """Return all contenders, as they stand on the board in front, the others by name."""
    first: dict[tuple[str, str], None] = {}
    for board in (boards.headline, boards.main):
        if not board.overall.empty:
            first |= dict.fromkeys(zip(board.overall["kind"], board.overall["model"], strict=True))
    every = sorted(set(zip(boards.cells["kind"], boards.cells["model"], strict=True)))
    known = [*first, *(each for each in every if each not in first)]
    return [each for each in known if each[0] == "model"] + [each for each in known if each[0] != "model"]


def _titles(boards: Boards) -> dict[tuple[str, str], str]:
    models = {("model", record.model): visible(record.model_title) for record in boards.main.records.values()}
    return models | {("reference", r.name): visible(r.title) for card in boards.cards for r in card.references}


def _board(board: Board, titles: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    suite = board.merit.suite
    there = {card.task for card in board.cards}
    compared = [task for task in (suite.tasks if suite else board.merit.tasks) if task in there]
    return {
        "name": suite.name if suite else "",
        "title": visible(suite.title) if suite else "",
        "order": _bare(board.merit.sentence),
        "votes": {region: len(votes) for region, votes in board.votes.items()},
        "tasks": [*compared, *(card.task for card in board.cards if card.task not in {*compared})],
        "overall": _overall(board, {model: title for (kind, model), title in titles.items() if kind == "model"}),
    }


def _shown(boards: Boards) -> Iterable[Board]:
    """Return the boards to choose from, the one in front first."""
    return [boards.headline, *(each for each in (boards.main, *boards.others.values()) if each is not boards.headline)]


def page_data(boards: Boards) -> dict[str, Any]:
    """Return all figures of the page as plain values, models and cells as they stand on the board in front."""
    order, titles, solved = _order(boards), _titles(boards), boards.tolerance.solved
    page = _gathered(boards, {contender: place for place, contender in enumerate(order)})
    return {
        "notices": [_bare(notice) for notice in notices(boards)],
        "scale": {"solved": solved, "lowest": LOWEST, "highest": HIGHEST, "worst": WORST_DRAWN, "steps": STEPS},
        "band": BAND_WORDS,
        "levels": [*boards.tolerance.level_words],
        "boards": [_board(board, titles) for board in _shown(boards) if not board.overall.empty],
        "tasks": page.tasks,
        "models": [{"name": model, "title": titles["model", model]} for kind, model in order if kind == "model"],
        "contenders": [{"kind": kind, "name": name, "title": titles[kind, name]} for kind, name in order],
        "words": [*page.words],
        "cells": page.cells,
        "figures": page.figures,
    }


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def render_page(boards: Boards) -> str:
    """Return the page as one HTML text."""
    data = json.dumps(page_data(boards), allow_nan=False, separators=(",", ":"), sort_keys=True)
    colours = f":root {{ --picture-shade: {SHADE}; --picture-good: {GOOD}; }}\n"
    style = colours + (WEB / "page.css").read_text(encoding="utf-8")
    script = "".join((WEB / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return Template((WEB / "page.html").read_text(encoding="utf-8")).substitute(
        # No "<" at all: neither "</script" nor "<!--" can end or hide the rest.
        data=data.replace("<", "\\u003c"),
        solved=boards.tolerance.words,
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
    )

"""Gathers everything that the page holds, as plain values: the same boards and findings give the same bytes."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from benchmark.board.aggregate import Board
from benchmark.board.boards import Boards
from benchmark.board.curves import BAND_WORDS, WORST_DRAWN
from benchmark.board.merit import first_seeds
from benchmark.board.solving import REGIONS
from benchmark.board.window import HIGHEST, LOWEST
from benchmark.show.calibration import Compared
from benchmark.show.cells import rows_of
from benchmark.show.notices import notices
from benchmark.show.page.boards import COLUMNS, OF_REGION, bare, board_data
from benchmark.show.page.calibration import calibration_data
from benchmark.show.page.cells import (
    SPREADS,
    STATUSES,
    Facts,
    Words,
    curve_bands,
    curve_text,
    distance_text,
    figures,
    seeds_text,
)
from benchmark.show.page.tasks import task_data, window
from benchmark.store.record import Record, TaskCard
from benchmark.words import visible

Contender = tuple[str, str]


def _order(boards: Boards) -> list[Contender]:
    """Return all contenders, models as they stand on the board in front, the others by name; then the references."""
    first: dict[Contender, None] = {}
    for board in (boards.headline, boards.main):
        if not board.overall.empty:
            first |= dict.fromkeys(zip(board.overall["kind"], board.overall["model"], strict=True))
    every = sorted(set(zip(boards.cells["kind"], boards.cells["model"], strict=True)))
    known = [*first, *(each for each in every if each not in first)]
    return [each for each in known if each[0] == "model"] + [each for each in known if each[0] != "model"]


def family_of(record: Record) -> str:
    """Return the family of a model: the file of the room of models that it stands in, or "plugin"."""
    path = PurePosixPath(record.model_origin)
    return path.stem.replace("_", " ") if path.parts[:1] == ("models",) else "plugin"


def _contenders(boards: Boards, order: Sequence[Contender]) -> list[dict[str, Any]]:
    records = {record.model: record for record in boards.main.records.values()}
    references = {reference.name: reference for card in boards.cards for reference in card.references}
    found = []
    for kind, name in order:
        if kind == "model":
            record = records[name]
            said = (record.model_title, family_of(record), record.model_source, record.model_origin)
        else:
            said = (references[name].title, "reference", "computed from the task", "")
        title, family, source, origin = map(visible, said)
        found.append({"kind": kind, "name": name, "title": title, "family": family, "source": source, "origin": origin})
    return found


class _Cells:
    """The cells of all tasks, as texts in lists of the same order: figures, seeds, distances and curves."""

    def __init__(self, boards: Boards, contenders: Mapping[Contender, int]) -> None:
        self._boards, self._contenders = boards, contenders
        self._records = boards.main.records
        self.words, self.verdicts, self.facts = Words(3), Words(2), Facts()
        self.tasks: list[dict[str, Any]] = []
        self.texts: dict[str, list[list[str]]] = {"figures": [], "seeds": [], "distances": [], "curves": []}
        self.places: list[list[tuple[str, str]]] = []

    def add(self, card: TaskCard, rows: Sequence[dict[str, Any]]) -> None:
        """Add a task with its cells."""
        rows = sorted(rows, key=lambda row: self._contenders[row["kind"], row["model"]])
        models = [row for row in rows if row["kind"] == "model"]
        # As many seeds as the figures are of.
        records = [self._counting(card.task, row) for row in models]
        bands = curve_bands(card, records)
        drawn = window(card, bands)
        self.tasks.append(task_data(card, drawn))
        n = len(card.slice.position)
        texts = {
            "figures": [
                figures(row, self._contenders[row["kind"], row["model"]], card.ladder, self.verdicts) for row in rows
            ],
            "seeds": [seeds_text(card, record.seeds, self._boards.tolerance.solved, self.words) for record in records],
            "distances": [distance_text(card, record) for record in records],
            "curves": [curve_text(band, n, drawn) for band in bands],
        }
        for name, mine in texts.items():
            self.texts[name].append(mine)
        self.places.append([(card.task, row["model"]) for row in models])
        quantities = [
            name for q in card.quantities for name in (q.estimate, q.error) if name in self._boards.quantities
        ]
        for row, record in zip(models, records, strict=True):
            self.facts.add(record, row, quantities)

    def _counting(self, task: str, row: Mapping[str, Any]) -> Record:
        record = self._records[task, row["model"]]
        return first_seeds(record, record.seeds[row["n_seeds"] - 1].seed + 1)

    def made(self) -> list[list[str]]:
        """Return how each cell was made, as the numbers of words."""
        own = {model: self.facts.own(model, self.words) for model in self.facts.models}
        return [[own[model][task] for task, model in mine] for mine in self.places]


def _gathered(boards: Boards, contenders: Mapping[Contender, int]) -> _Cells:
    rows: dict[str, list[dict[str, Any]]] = {card.task: [] for card in boards.cards}
    for row in rows_of(boards.cells):
        rows[row["task"]].append(row)
    cells = _Cells(boards, contenders)
    for card in boards.cards:
        cells.add(card, rows[card.task])
    return cells


def shown_boards(boards: Boards) -> list[Board]:
    """Return the boards to choose from, the one in front first."""
    rest = [each for each in (boards.main, *boards.others.values()) if each is not boards.headline]
    return [each for each in (boards.headline, *rest) if not each.overall.empty]


def page_data(
    boards: Boards,
    answers: Sequence[Mapping[str, Any]] = (),
    compared: Sequence[Compared] = (),
    *,
    published: bool = True,
) -> dict[str, Any]:
    """Return everything that the page holds; `published` says how the results folder is laid out."""
    order = _order(boards)
    contenders = {contender: place for place, contender in enumerate(order)}
    cells = _gathered(boards, contenders)
    tasks = {card.task: place for place, card in enumerate(boards.cards)}
    made, shared = cells.made(), cells.facts.shared(cells.words)
    main = boards.main.merit.suite
    return {
        "notices": [bare(notice) for notice in notices(boards)],
        "scale": {"solved": boards.tolerance.solved, "lowest": LOWEST, "highest": HIGHEST, "worst": WORST_DRAWN},
        "band": BAND_WORDS,
        "levels": [*boards.tolerance.level_words],
        "middle": boards.tolerance.levels.index(boards.tolerance.solved),
        "regions": REGIONS,
        "columns": {"row": COLUMNS, "region": OF_REGION},
        "statuses": STATUSES,
        "spreads": SPREADS,
        "published": published,
        "core": main.name if main else "",
        "boards": [board_data(board, contenders, tasks) for board in shown_boards(boards)],
        "tasks": cells.tasks,
        "contenders": _contenders(boards, order),
        "shared": shared,
        "words": [*cells.words],
        "verdicts": [*cells.verdicts],
        "cells": cells.texts | {"made": made},
        "answers": [*answers],
        "calibration": calibration_data(compared),
    }

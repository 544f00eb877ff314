"""The tables of all contenders: both boards, the classes of tasks, the costs; and who lacks a vote or a place."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from benchmark.board.aggregate import Board
from benchmark.board.costs import listed
from benchmark.board.scores import SHARES
from benchmark.board.solving import REGIONS, Region
from benchmark.show.cells import Row, cost, name_of, ratio, rows_of, score, seconds, share
from benchmark.show.markdown import table
from benchmark.store.record import BASELINE
from benchmark.words import counted

TITLES: Mapping[Region, str] = {"inside": "Inside the training range", "outside": "Outside the training range"}
# Whether it holds outside is what most people come to ask.
SHOWN = REGIONS[::-1]
# What the origin of a model begins with that is not the project's own.
GUESTS = ("plugin ", "installed module ")


def _named(row: Row, region: Region) -> str:
    lacking = f" ({', '.join(row['lacks'])})" if row["lacks"] else ""
    return f"{row[f'{region}_rank']} {name_of(row)}{lacking}".strip()


def _of(board: Board, region: Region, kinds: Sequence[str] = ("model",)) -> list[dict[str, Any]]:
    """Return the contenders of some kinds as they stand on a board."""
    mine: pd.DataFrame = board.overall[board.overall["kind"].isin(kinds)]
    return list(rows_of(mine.sort_values(f"{region}_order")))


def _in_front(board: Board, rows: list[dict[str, Any]], first: int | None) -> list[dict[str, Any]]:
    """Return the first rows; a model of a plugin is what its author looks for, and stays wherever it stands."""
    if first is None:
        return rows
    guests = {model for (_, model), record in board.records.items() if record.model_origin.startswith(GUESTS)}
    return [*rows[:first], *(row for row in rows[first:] if row["model"] in guests)]


def board_table(board: Board, region: Region, kinds: Sequence[str], *, first: int | None = None) -> str:
    """Return the table of a region, or its first rows."""
    voting = len(board.votes[region])
    rows = [
        [
            _named(row, region),
            *(share(row[f"{region}_{name}"]) for name in SHARES),
            score(row[f"{region}_score"]),
            f"{row[f'{region}_tasks']} of {voting}",
            seconds(row, "fit"),
        ]
        for row in _in_front(board, _of(board, region, kinds), first)
    ]
    levels = (f"solved to {level}" for level in board.tolerance.level_words)
    return table(rows, ("model", *levels, "log score", "tasks", "fit s"))


def brief_table(board: Board, *, first: int | None = None) -> str:
    """Return both regions in one table of few columns, or its first rows, in the order of the table outside."""
    level = f"solved to {board.tolerance.words}"
    rows = [
        [
            " ".join(filter(None, [name_of(row), f"({', '.join(row['lacks'])})" if row["lacks"] else ""])),
            *(shown for region in SHOWN for shown in (row[f"{region}_rank"], share(row[f"{region}_share_solved"]))),
            seconds(row, "fit"),
        ]
        for row in _in_front(board, _of(board, "outside"), first)
    ]
    headers = (text for region in SHOWN for text in (f"place {region}", level))
    return table(rows, ("model", *headers, "fit s"))


def cost_table(board: Board) -> str:
    """Return the table of what each model costs."""
    rows = [
        [
            name_of(row),
            *(shown(row, phase) for phase in ("fit", "predict") for shown in (seconds, ratio)),
            cost(row),
        ]
        for row in _of(board, "outside")
    ]
    return table(rows, ("model", "fit s", f"fit / {BASELINE}", "predict s", f"predict / {BASELINE}", "cost"))


def _class_table(board: Board, region: Region) -> str:
    mine = board.classes[(board.classes["region"] == region) & (board.classes["kind"] == "model")]
    cells = {(row["model"], row["class"]): row for row in rows_of(mine)}
    voting = dict(zip(mine["class"], mine["voting"], strict=True))

    def shown(model: str, name: str) -> str:
        row = cells[model, name]
        return ", ".join(filter(None, (share(row["share_solved"]), score(row["score"]))))

    rows = [[name_of(row), *(shown(row["model"], name) for name in voting)] for row in _of(board, region)]
    return table(rows, ("model", *(f"{name} ({counted(n, 'task')})" for name, n in voting.items())))


def class_tables(board: Board, *, named: bool = False) -> list[str]:
    """Return the tables by class of task, none where no task has a class; `named` says of which suite."""
    if board.classes.empty:
        return []
    suite = f"Of {board.merit.title}: the" if named and board.merit.title else "The"
    said = f"{suite} share of seeds that solve a task, and the log score, averaged over the tasks of a class that vote."
    tables = (part for region in SHOWN for part in (f"### {TITLES[region]}", _class_table(board, region)))
    return ["## By class of task", said, *tables]


def no_votes(board: Board) -> list[str]:
    """Return a sentence for each region in which tasks of the board have no vote."""
    words = {"inside": "inside the training range", "outside": "outside it"}
    found = []
    for region in REGIONS:
        voting = board.votes[region].tasks
        quiet = [card.task for card in board.cards if card.task in board.merit.tasks and card.task not in voting]
        if quiet:
            verb, which = ("has", "it") if len(quiet) == 1 else ("have", "them")
            found.append(f"{listed(quiet)} {verb} no vote {words[region]}: a line solves {which}.")
    return found


def no_places(board: Board) -> list[str]:
    """Return a sentence for each thing that models lack to have a place, with all that lack the same."""
    models: dict[tuple[str, ...], list[str]] = {}
    for row in rows_of(board.overall[board.overall["lacks"].map(bool)]):
        models.setdefault(row["lacks"], []).append(row["model"])
    return [
        f"{listed(names)} {'has no place: it was' if len(names) == 1 else 'have no place: each was'} "
        f"run on {' and '.join(lacks)}."
        for lacks, names in models.items()
    ]

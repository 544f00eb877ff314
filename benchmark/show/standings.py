"""The tables of all contenders: both boards, the classes of tasks, the costs; and who lacks a vote or a place."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from benchmark.board.aggregate import Board
from benchmark.board.costs import listed
from benchmark.board.scores import SHARES
from benchmark.board.solving import REGIONS, Region
from benchmark.board.sureness import MISSED
from benchmark.show.cells import (
    SIGN_WORDS,
    Row,
    cost,
    covered,
    name_of,
    ratio,
    recovered,
    rows_of,
    score,
    seconds,
    share,
    share_within,
    warns,
)
from benchmark.show.markdown import narrow_table, table
from benchmark.store.record import BASELINE
from benchmark.words import counted

TITLES: Mapping[Region, str] = {"inside": "Inside the training range", "outside": "Outside the training range"}
# Whether it holds outside is what most people come to ask.
SHOWN = REGIONS[::-1]
_SOLVED = "share_solved"
_SIGNS = (
    "The share of wrong rows, inside and in all shells, of which a sign does not warn where it warns of 5 % of the "
    "right rows; the mean over the tasks that have it."
)
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


def _bare(row: Row, name: str) -> str:
    return share(row[name])


def board_table(board: Board, region: Region, kinds: Sequence[str], *, first: int | None = None) -> str:
    """Return the table of a region, or its first rows."""
    voting = len(board.votes[region])
    rows = [
        [
            _named(row, region),
            *((share_within if name == _SOLVED else _bare)(row, f"{region}_{name}") for name in SHARES),
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


def _horizon(board: Board, row: Row) -> str:
    value = row["median_horizon"]
    ends = [card.ladder[-1] for card in board.cards if card.task in board.votes["outside"].tasks]
    return "" if math.isnan(value) else f"{'>= ' if value >= max(ends) else ''}{value:g}"


def known_table(board: Board) -> list[str]:
    """Return the table of what is known of the models besides their scores, with columns that have something."""
    rows = _of(board, "outside")
    shown = {
        "median horizon": [_horizon(board, row) for row in rows],
        "95 % covers": [covered(row) for row in rows],
        "warns": [warns(row) for row in rows],
        "recovered": [recovered(row) for row in rows],
        "cost": [cost(row) for row in rows],
    }
    shown = {name: column for name, column in shown.items() if any(column)}
    if not shown:
        return []
    cells = zip(map(name_of, rows), *shown.values(), strict=True)
    return [table([row for row in cells if any(row[1:])], ("model", *shown))]


def signs_table(board: Board) -> list[str]:
    """Return the table of the wrong rows that each sign leaves without a warning, nothing where no model has one."""
    rows = [[name_of(row), *(share(row[column]) for column in MISSED)] for row in _of(board, "outside")]
    rows = [row for row in rows if any(row[1:])]
    return [_SIGNS, table(rows, ("model", *SIGN_WORDS.values()))] if rows else []


def cost_table(board: Board) -> str:
    """Return the table of the seconds of each model."""
    rows = [
        [name_of(row), *(shown(row, phase) for phase in ("fit", "predict") for shown in (seconds, ratio))]
        for row in _of(board, "outside")
    ]
    return table(rows, ("model", "fit s", f"fit / {BASELINE}", "predict s", f"predict / {BASELINE}"))


def _class_cell(row: Row) -> str:
    """Return a cell of two lines: the share with its interval; places and log score."""
    if math.isnan(row["score"]):
        return ""
    if not row["tasks"]:
        return "n/a"
    lines = share_within(row, _SOLVED), ", ".join(filter(None, (row["rank"], score(row["score"]))))
    return "<br>".join(line.replace(" ", "\u00a0") for line in lines)


def _class_table(board: Board, region: Region) -> str:
    mine = board.classes[(board.classes["region"] == region) & (board.classes["kind"] == "model")]
    cells = {(row["model"], row["class"]): _class_cell(row) for row in rows_of(mine)}
    voting = dict(zip(mine["class"], mine["voting"], strict=True))
    rows = [[name_of(row), *(cells[row["model"], name] for name in voting)] for row in _of(board, region)]
    return narrow_table(rows, ("model", *(f"{name} ({counted(n, 'task')})" for name, n in voting.items())))


def class_tables(board: Board, *, named: bool = False) -> list[str]:
    """Return the tables by class of task, none where no task has a class; `named` says of which suite."""
    if board.classes.empty:
        return []
    suite = f"Of {board.merit.title}: the" if named and board.merit.title else "The"
    said = (
        f"{suite} share of seeds that solve a task, with its interval; below it the places that a model may hold among "
        "those of the class alone, and the log score. All are of the tasks of a class that vote. n/a: the model "
        "applies to none of them."
    )
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

"""Renders the page: one file that needs no server and no network.

The figures travel as JSON and are set as text by the scripts in `web/`, so nothing that came from a
plugin is ever markup. A content security policy allows these scripts alone and no request at all.
"""

import base64
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from benchmark.board.aggregate import Board
from benchmark.board.curves import BAND_WORDS, WORST_DRAWN, Band, distance_band, slice_band
from benchmark.board.scores import SHARES
from benchmark.board.solving import LEVELS, REGIONS, SOLVED_NRMSE, Region
from benchmark.board.window import HIGHEST, LOWEST, window_of
from benchmark.show.digits import significant
from benchmark.show.figures.palette import GOOD, SHADE
from benchmark.show.leaderboard import notices
from benchmark.store.record import Record, TaskCard
from benchmark.words import percent, visible

WEB = Path(__file__).parent / "web"
SCRIPTS = ("words.js", "chart.js", "cell.js", "table.js", "page.js")


# A figure as JSON can hold it: null where there is none, a word where it is that of a failed seed.
Shown = float | str | None


def _number(value: float, failure: str = "") -> Shown:
    return None if math.isnan(value) else failure if math.isinf(value) else significant(float(value))


def _short(values: Sequence[float] | np.ndarray) -> list[float]:
    """Return numbers for a picture, to five significant digits."""
    return [significant(float(value), 5) for value in values]


def _error(value: float | None) -> float | None:
    return None if value is None else significant(value)


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {visible(name): significant(value) for name, value in values.items()}


def _drawn(band: Band | None) -> dict[str, list[float]] | None:
    return None if band is None else {name: _short(values) for name, values in vars(band).items()}


def _task(card: TaskCard, curves: Sequence[Band | None]) -> dict[str, Any]:
    return {
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
        "position": _short(card.slice.position),
        "shade": _short(card.slice.inside),
        "truth": _short(card.truth) or None,
        "window": [significant(y, 9) for y in window_of(card.truth, curves)],
    }


def _common(row: Mapping[str, Any], board: Board) -> dict[str, Any]:
    def figures(region: str) -> list[Shown] | None:
        values = [_number(row[f"{region}_{name}"], row["failure"]) for name in ("rmse", "low", "high")]
        return None if values[0] is None else values

    return {
        "task": row["task"],
        "model": row["model"],
        "kind": row["kind"],
        "inside": figures("interpolation"),
        "outside": figures("extrapolation"),
        "verdict": row["verdict_text"],
        "solved": [row["inside_seeds"], row["outside_seeds"], row["n_counted"]] if row["n_counted"] else None,
        "behaviour": row["behaviour"],
        "spread": row["spread"],
        "failure": row["failure"],
        "scores": [_number(row["inside_score"]), _number(row["outside_score"])],
        "horizon": _number(row["horizon"]),
        "fit": _number(row["fit_seconds"]),
        "predict": _number(row["predict_seconds"]),
        "elsewhere": bool(row["other_machine"]),
        "quantities": {
            visible(name): _number(row[name], row["failure"]) for name in board.quantities if not math.isnan(row[name])
        },
    }


def _settings(record: Record) -> dict[str, Any]:
    """Return the settings of the good seeds; where seeds differ, all their values."""
    names = {name: None for outcome in record.seeds for name in outcome.settings}
    values = {
        name: list(dict.fromkeys(str(o.settings[name]) for o in record.seeds if name in o.settings)) for name in names
    }
    return {visible(name): visible(", ".join(each)) for name, each in values.items()}


def _cell(
    row: Mapping[str, Any], board: Board, card: TaskCard, record: Record, *, curve: Band | None
) -> dict[str, Any]:
    notes: dict[str, list[str]] = {}
    for outcome in record.seeds:
        for name, words in outcome.notes.items():
            notes.setdefault(name, []).append(words)
    return _common(row, board) | {
        "title": visible(record.model_title),
        "source": visible(record.model_source),
        "origin": visible(record.model_origin),
        "curve": _drawn(curve),
        "distance": _drawn(distance_band(card, record)),
        "settings": _settings(record),
        "notes": {visible(name): visible(", ".join(dict.fromkeys(words))) for name, words in notes.items()},
        "machine": visible(record.environment.machine),
        "commit": record.environment.commit,
        "versions": [record.task_version, record.model_version],
        "packages": record.environment.versions,
        "seeds": [
            {
                "seed": outcome.seed,
                "status": outcome.status,
                "reason": visible(outcome.reason),
                "inside": _error(outcome.interpolation_rmse),
                "outside": _error(outcome.extrapolation_rmse),
                "shells": [significant(error) for error in outcome.shell_rmse],
                "quantities": _rounded(outcome.quantities),
            }
            for outcome in record.seeds
        ],
    }


def _standing(row: Mapping[Any, Any], region: Region) -> dict[str, Any]:
    return {
        # What a model without a place lacks stands where its place would.
        "place": row[f"{region}_rank"] or ", ".join(row["lacks"]),
        "order": row[f"{region}_order"],
        "shares": [_number(row[f"{region}_{name}"]) for name in SHARES],
        "score": _number(row[f"{region}_score"]),
        "tasks": row[f"{region}_tasks"],
    }


def _overall(board: Board, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "model": row["model"],
            "title": titles.get(row["model"], "") if row["kind"] == "model" else "",
            "kind": row["kind"],
            **{region: _standing(row, region) for region in REGIONS},
            "fit": _number(row["fit_seconds"]),
            "ratio": _number(row["fit_ratio"]),
            "predict": _number(row["predict_seconds"]),
            "cost": _number(row["cost_seconds"]),
            "growth": row["growth"],
            "elsewhere": bool(row["other_machine"]),
        }
        for row in board.overall.to_dict("records")
    ]


def _bare(markdown: str) -> str:
    """Return a sentence without the signs of Markdown, which say nothing on a page."""
    return markdown.replace("`", "").replace("**", "")


def page_data(board: Board) -> dict[str, Any]:
    """Return all figures of the page as plain values, models and cells as they stand in the overall table."""
    cards = {card.task: card for card in board.cards}
    place = {(row["kind"], row["model"]): i for i, row in enumerate(board.overall.to_dict("records"))}
    rows: list[dict[Any, Any]] = board.cells.to_dict("records")
    rows.sort(key=lambda row: (row["task"], place[row["kind"], row["model"]]))
    curves: dict[str, list[Band | None]] = {}
    titles: dict[str, str] = {}
    cells = []
    for row in rows:
        card = cards[row["task"]]
        if row["kind"] == "model":
            record = board.record(row["task"], row["model"])
            curves.setdefault(card.task, []).append(curve := slice_band(card, record))
            titles[record.model] = visible(record.model_title)
            cells.append(_cell(row, board, card, record, curve=curve))
        else:
            title = next(r.title for r in card.references if r.name == row["model"])
            own = {"title": visible(title), "source": "computed from the task", "origin": ""}
            cells.append(_common(row, board) | own)
    return {
        "notices": [_bare(notice) for notice in notices(board)],
        "scale": {"solved": SOLVED_NRMSE, "lowest": LOWEST, "highest": HIGHEST, "worst": WORST_DRAWN},
        "band": BAND_WORDS,
        "order": _bare(board.merit.sentence),
        "levels": [percent(level) for level in LEVELS],
        "votes": {region: len(votes) for region, votes in board.votes.items()},
        "tasks": [_task(card, curves.get(card.task, [])) for card in board.cards],
        "models": [{"name": model, "title": titles[model]} for kind, model in place if kind == "model"],
        "overall": _overall(board, titles),
        "cells": cells,
    }


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def render_page(board: Board) -> str:
    """Return the page as one HTML text."""
    data = json.dumps(page_data(board), allow_nan=False, separators=(",", ":"), sort_keys=True)
    colours = f":root {{ --picture-shade: {SHADE}; --picture-good: {GOOD}; }}\n"
    style = colours + (WEB / "page.css").read_text(encoding="utf-8")
    script = "".join((WEB / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return Template((WEB / "page.html").read_text(encoding="utf-8")).substitute(
        # No "<" at all: neither "</script" nor "<!--" can end or hide the rest.
        data=data.replace("<", "\\u003c"),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
    )

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

from benchmark.record import Record, TaskCard
from benchmark.report.aggregate import Board
from benchmark.report.curves import Band, distance_band, slice_band
from benchmark.report.window import window_of

WEB = Path(__file__).parent / "web"
SCRIPTS = ("words.js", "chart.js", "cell.js", "table.js", "page.js")


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _short(values: Sequence[float] | np.ndarray) -> list[float]:
    """Return numbers for a picture, to five significant digits."""
    return [float(f"{value:.5g}") for value in values]


def _drawn(band: Band | None) -> dict[str, list[float]] | None:
    return None if band is None else {name: _short(values) for name, values in vars(band).items()}


def _task(card: TaskCard, records: Sequence[Record]) -> dict[str, Any]:
    n = len(card.slice.position)
    truth = next((r.slice for r in card.references if r.name == "truth" and n and len(r.slice) == n), None)
    return {
        "name": card.task,
        "title": card.title,
        "formula": card.formula,
        "source": card.source,
        "trained": card.training_range,
        "outside": card.extrapolation_range,
        "rows": card.n_train,
        "noise": card.noise_std,
        "ladder": card.ladder,
        "label": card.slice.label,
        "position": _short(card.slice.position),
        "shade": card.slice.inside,
        "truth": truth and _short(truth),
        "window": window_of(truth or (), [slice_band(card, record) for record in records]),
    }


def _common(row: Mapping[str, Any], board: Board) -> dict[str, Any]:
    def figures(region: str) -> list[float | None] | None:
        values = [_number(row[f"{region}_{name}"]) for name in ("rmse", "low", "high")]
        return None if values[0] is None else values

    return {
        "task": row["task"],
        "model": row["model"],
        "kind": row["kind"],
        "inside": figures("interpolation"),
        "outside": figures("extrapolation"),
        "verdict": row["verdict_text"],
        "behaviour": row["behaviour"],
        "score": row["score"],
        "horizon": _number(row["horizon"]),
        "fit": _number(row["fit_seconds"]),
        "predict": _number(row["predict_seconds"]),
        "quantities": {name: row[name] for name in board.quantities if not math.isnan(row[name])},
    }


def _settings(record: Record) -> dict[str, Any]:
    """Return the settings of the good seeds; where seeds differ, all their values."""
    names = {name: None for outcome in record.seeds for name in outcome.settings}
    values = {
        name: list(dict.fromkeys(str(o.settings[name]) for o in record.seeds if name in o.settings)) for name in names
    }
    return {name: ", ".join(each) for name, each in values.items()}


def _cell(row: Mapping[str, Any], board: Board, card: TaskCard, record: Record) -> dict[str, Any]:
    notes: dict[str, list[str]] = {}
    for outcome in record.seeds:
        for name, words in outcome.notes.items():
            notes.setdefault(name, []).append(words)
    return _common(row, board) | {
        "title": record.model_title,
        "source": record.model_source,
        "origin": record.model_origin,
        "curve": _drawn(slice_band(card, record)),
        "distance": _drawn(distance_band(card, record)),
        "settings": _settings(record),
        "notes": {name: ", ".join(dict.fromkeys(words)) for name, words in notes.items()},
        "machine": record.environment.machine,
        "commit": record.environment.commit,
        "versions": [record.task_version, record.model_version],
        "packages": record.environment.versions,
        "seeds": [
            {
                "seed": outcome.seed,
                "status": outcome.status,
                "reason": outcome.reason,
                "inside": outcome.interpolation_rmse,
                "outside": outcome.extrapolation_rmse,
                "shells": outcome.shell_rmse,
                "quantities": outcome.quantities,
            }
            for outcome in record.seeds
        ],
    }


def _overall(board: Board, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "place": row["rank"],
            "model": row["model"],
            "title": titles.get(row["model"], "") if row["kind"] == "model" else "",
            "kind": row["kind"],
            "holds": row["holds_outside"],
            "learned": row["learned_inside"],
            "tasks": row["n_tasks"],
            "score": row["shown_score"],
            "fit": _number(row["fit_seconds"]),
            "predict": _number(row["predict_seconds"]),
        }
        for row in board.overall.to_dict("records")
    ]


def page_data(board: Board) -> dict[str, Any]:
    """Return all figures of the page as plain values, models and cells as they stand in the overall table."""
    cards = {card.task: card for card in board.cards}
    place = {(row["kind"], row["model"]): i for i, row in enumerate(board.overall.to_dict("records"))}
    rows: list[dict[Any, Any]] = board.cells.to_dict("records")
    rows.sort(key=lambda row: (row["task"], place[row["kind"], row["model"]]))
    by_task: dict[str, list[Record]] = {}
    titles: dict[str, str] = {}
    cells = []
    for row in rows:
        card = cards[row["task"]]
        if row["kind"] == "model":
            record = board.records[row["task"], row["model"]]
            by_task.setdefault(card.task, []).append(record)
            titles[record.model] = record.model_title
            cells.append(_cell(row, board, card, record))
        else:
            title = next(r.title for r in card.references if r.name == row["model"])
            cells.append(_common(row, board) | {"title": title, "source": "computed from the task", "origin": ""})
    return {
        "tasks": [_task(card, by_task.get(card.task, [])) for card in board.cards],
        "models": [{"name": model, "title": titles[model]} for kind, model in place if kind == "model"],
        "overall": _overall(board, titles),
        "cells": cells,
    }


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def render_page(board: Board) -> str:
    """Return the page as one HTML text."""
    data = json.dumps(page_data(board), allow_nan=False, separators=(",", ":"), sort_keys=True)
    style = (WEB / "page.css").read_text(encoding="utf-8")
    script = "".join((WEB / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return Template((WEB / "page.html").read_text(encoding="utf-8")).substitute(
        # No "<" at all: neither "</script" nor "<!--" can end or hide the rest.
        data=data.replace("<", "\\u003c"),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
    )

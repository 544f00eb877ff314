"""Renders the board as markdown for people and as csv for pandas."""

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from benchmark.board.aggregate import Board
from benchmark.board.merit import Merit
from benchmark.board.solving import REGIONS, line_solves
from benchmark.board.statistics import median_over
from benchmark.show.cells import name_of, number, rows_of, seconds
from benchmark.show.digits import significant
from benchmark.show.figures.gallery import Gallery, Picture, gallery_of
from benchmark.show.markdown import table
from benchmark.show.reading import ORDER, READING
from benchmark.show.standings import SHOWN, TITLES, board_table, class_tables, cost_table, no_places, no_votes
from benchmark.store.record import TaskCard
from benchmark.words import code, counted, escaped, plain, visible

CSV_COLUMNS = (
    *("task", "model", "kind", "seeds"),
    *("interpolation_rmse", "interpolation_low", "interpolation_high"),
    *("extrapolation_rmse", "extrapolation_low", "extrapolation_high"),
    *("inside_seeds", "outside_seeds", "n_counted", "inside_score", "outside_score"),
    *("verdict", "horizon", "fit_seconds", "predict_seconds", "other_machine"),
)


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


def _listed(remarks: Sequence[str]) -> list[str]:
    return ["\n".join(f"- {remark}" for remark in remarks)] if remarks else []


# So many models the README shows of each board.
_TOP = 10


def _sampled(card: TaskCard) -> str:
    """Return what the training rows of a seed know, as medians over the card's seeds."""
    known = {
        "constant": [sample.constant for sample in card.samples],
        "line": [sample.line for sample in card.samples],
        "clamp": [sample.clamp for sample in card.samples if sample.clamp],
    }
    medians = {name: median_over(np.array(errors)) for name, errors in known.items() if errors}
    return "; ".join(f"{name} {plain(inside)} / {plain(outside)}" for name, (inside, outside) in medians.items())


def _facts(card: TaskCard, n_seeds: Sequence[int], merit: Merit) -> list[str]:
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
        *(f"- A line solves it {region}" for region in REGIONS if line_solves(card)[region]),
        *([f"- Horizon: 2 means 2 {escaped(card.horizon_unit)}"] if card.horizon_unit else []),
        *([f"- Not in {merit.title}: it moves no place"] if merit.seeds and card.task not in merit.tasks else []),
        *(f"- {code(q.error)}: {escaped(q.title)}" for q in card.quantities),
        f"- Source: {escaped(card.source)}",
    ]


def _embedded(picture: Picture | None) -> list[str]:
    return [f"![{escaped(picture.alt)}]({picture.path})"] if picture else []


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
    headers = ("model", "inside RMSE", "outside RMSE", "solved", "verdict", "outside it", "horizon")
    notes = [f"- {escaped(note)}" for note in board.notes.get(card.task, ())]
    n_seeds = sorted({row["n_seeds"] for row in cells if row["kind"] == "model"})
    parts = [
        f"## {card.task}: {escaped(card.title)}",
        "\n".join(_facts(card, n_seeds, board.merit)),
        *([table(rows, (*headers, *map(escaped, names), "fit s", "predict s"))] if rows else []),
        *(["\n".join(notes)] if notes else []),
        *_embedded(gallery.curves.get(card.task)),
        *_embedded(gallery.distance.get(card.task)),
    ]
    return "\n\n".join(parts)


def _task_sections(board: Board, gallery: Gallery) -> list[str]:
    place = {model: i for i, model in enumerate(board.overall["model"])}
    # Models as they stand in the overall table, then the references.
    cells = board.cells.assign(is_reference=board.cells["kind"] == "reference", place=board.cells["model"].map(place))
    cells = cells.sort_values(["task", "is_reference", "place"], kind="stable")
    by_task = {task: list(rows) for task, rows in groupby(rows_of(cells), key=itemgetter("task"))}
    return [_task_section(board, card, by_task.get(card.task, []), gallery) for card in board.cards]


def notices(board: Board) -> list[str]:
    """Return what a reader must know before the first figure, as markdown: that there are none, or are quick ones."""
    n_cells = 0 if board.cells.empty else int((board.cells["kind"] == "model").sum())
    if n_cells == 0 and board.n_off_board == 0:
        return ["No results yet: run `nox -s bench`."]
    if n_cells == 0:
        return [
            "No results on the main board yet: run `nox -s bench`. What was run, "
            f"{counted(board.n_off_board, 'cell')}, is of tasks or models that stay off the main "
            "board: see `records/`, and `findings.md` where a finding has all of its cells."
        ]
    if board.n_quick:
        return [
            f"**Quick run:** {board.n_quick:,} of {counted(n_cells, 'cell')} made with `--quick`, few seeds and a "
            "tenth of the training steps. It shows that everything runs, not how well a model does."
        ]
    return []


def render_top(board: Board) -> str:
    """Return the models of the overall table, as markdown, with what a reader must know first."""
    parts = notices(board)
    n_models = 0 if board.overall.empty else int((board.overall["kind"] == "model").sum())
    if n_models:
        for region in SHOWN:
            parts += [f"**{TITLES[region]}**", board_table(board, region, ["model"], first=_TOP)]
        rest = [f"The first {_TOP} of {n_models} models."] if n_models > _TOP else []
        parts += [" ".join(filter(None, [*rest, board.merit.sentence]))]
    return "\n\n".join(filter(None, parts))


def render_markdown(board: Board) -> str:
    """Return the whole leaderboard as markdown."""
    title = "# Leaderboard"
    if board.overall.empty:
        return "\n\n".join([title, *notices(board)]) + "\n"
    gallery = gallery_of(board)
    places = [*no_votes(board), *no_places(board)]
    remarks = [*board.remarks, *gallery.remarks]
    parts = [
        title,
        *notices(board),
        "Which model learns which simple function, how far outside the training range it holds, and what it costs.",
        f"{board.merit.sentence} {ORDER}".strip(),
        *(
            part
            for region in SHOWN
            for part in (f"## {TITLES[region]}", board_table(board, region, ["model", "reference"]))
        ),
        *_listed(places),
        *class_tables(board),
        "## What it costs",
        cost_table(board),
        *_listed(remarks),
        *(part for picture in gallery.overall.values() for part in _embedded(picture)),
        READING.strip(),
        *_task_sections(board, gallery),
    ]
    return "\n\n".join(parts) + "\n"


def render_csv(board: Board) -> str:
    """Return a row for each (task, model or reference), numbers to six significant digits.

    What there is none of is empty, and so is a figure of a failed seed.
    """
    errors = [q.error for card in board.cards for q in card.quantities if q.error in board.quantities]
    frame = board.cells.assign(verdict=board.cells["verdict_text"])
    frame = frame.sort_values(["task", "kind", "model"])[[*CSV_COLUMNS, *dict.fromkeys(errors)]]
    for name in frame.columns[frame.dtypes == "float64"]:
        frame[name] = [significant(value) if math.isfinite(value) else math.nan for value in frame[name].tolist()]
    return str(frame.rename(columns=visible).to_csv(index=False, lineterminator="\n"))

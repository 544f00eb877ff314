"""Renders the board as markdown for people and as csv for pandas."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd

from benchmark.board.aggregate import Board
from benchmark.board.costs import listed
from benchmark.board.growth import FEATURES, ROWS
from benchmark.board.merit import Merit
from benchmark.board.ranks import RESAMPLES, SURE
from benchmark.board.statistics import FEWEST, SCORE_CEILING, SCORE_FLOOR, SOLVED_NRMSE
from benchmark.show.digits import significant
from benchmark.show.figures.gallery import Gallery, Picture, gallery_of
from benchmark.show.markdown import table
from benchmark.store.record import BASELINE, TaskCard
from benchmark.words import code, counted, escaped, percent, plain, visible

ORDER = (
    "Order: the number of tasks that hold outside the training range, then the number learned inside it, "
    "then the median log score outside (lower is better). The places in front of a name are those it may hold: tasks "
    f"and seeds were drawn again {RESAMPLES:,} times, and a model is placed behind another only if it came out behind "
    f"in {100 * SURE:g} % of the draws. Neighbours that share a letter under *ties* cannot be told apart."
)
CSV_COLUMNS = (
    *("task", "model", "kind", "seeds"),
    *("interpolation_rmse", "interpolation_low", "interpolation_high"),
    *("extrapolation_rmse", "extrapolation_low", "extrapolation_high"),
    *("verdict", "horizon", "fit_seconds", "predict_seconds", "other_machine"),
)
_SOLVED, _CLIPPED = percent(SOLVED_NRMSE), f"[{SCORE_FLOOR:g}, {SCORE_CEILING:g}]"
_READING = f"""\
## How to read it

- **Inside** (interpolation) is scored on fresh rows of the training law, **outside** (extrapolation) on rows beyond
  the training range; both without rounding, in the task's own units, and never on training rows.
- RMSE is the median over the seeds, with its bootstrap 95 % interval in brackets: 2 [1, 3]. Fewer than {FEWEST} seeds
  are too few for an interval; then their range stands there, the lowest to the highest: 2 (1 to 3).
- A seed that failed counts as worse than all others in every median, interval and range. Where one of these is such a
  seed, a word for what went wrong stands in place of the number: `failed`, `diverged`, `timeout`, `crashed`,
  `out of memory`. Seeds to which a model does not apply do not count.
- NRMSE is RMSE divided by the standard deviation of y on the training law. A seed *solves* a region with
  NRMSE <= {SOLVED_NRMSE:g}.
- Verdict: `holds outside` - every seed solves both regions; `inside only` - every seed solves the inside;
  `unstable k/n` - only k of n seeds solve the inside; `does not learn` - none does; `failed`, `not applicable` - the
  reason stands below the table.
- Outside it: what the median prediction does along the slice of the pictures. `follows` the function \
(RMSE <= {_SOLVED} of
  the standard deviation of y); goes `flat`; is `linear`; `explodes` (off by more than ten times the function's range);
  `oscillates`; is `clipped` (never leaves the range of the training targets); or `drifts`, none of these.
- Horizon: the distance factor up to which NRMSE stays <= {SOLVED_NRMSE:g}, the median seed's. 1 is the edge of the
  training range, 0 fails inside, and `>=` holds to the end of the ladder.
- Log score outside: log10(RMSE / RMSE of the constant), clipped to {_CLIPPED}; the median over seeds, then over tasks.
  A seed that failed scores {SCORE_CEILING:g}. A task to which a model does not apply scores 0, as the constant does.
- Seconds: one seed, one thread, warm, alone on the machine; predict is for all interpolation rows. A model sees the
  sizes of a task and nothing else: it is timed once for all tasks of a shape (rows, features, set), on the first of
  them by name. A model whose time depends on the values is timed on each task. In the overall table the median over
  tasks; the ratio to `{BASELINE}` on the same machine is taken task by task. A star marks what was timed on another
  machine: its seconds do not compare with the others, its ratio is to `{BASELINE}` on that machine.
- Cost: the seconds of a fit to {ROWS:,} rows of {FEATURES} features, as measured, and how seconds grow: `rows^1.0` is
  twice the time for twice the rows. The powers are fitted to the shapes that were timed, by least squares of the
  logarithms. One is left out where it is 0.0, where these shapes do not determine it, or where the seconds of one shape
  vary, or are off the fit, by more than it explains.
- Rows in *italics* are references computed from the task itself, no models: the true function, the constant (the
  training mean), the line (the best linear predictor) and the clamp (the truth inside; outside, its value at the
  nearest point inside).
"""


def _number(value: float, failure: str) -> str:
    """Return a figure in words; an infinite one is that of a failed seed, which has a word."""
    return "" if math.isnan(value) else failure if math.isinf(value) else plain(value)


def _seconds(row: Mapping[str, Any], phase: str) -> str:
    value = row[f"{phase}_seconds"]
    mark = "*" if row["other_machine"] else ""
    return "" if math.isnan(value) else f"{value:.2g}{mark}" if value < 10 else f"{value:.0f}{mark}"


def _ratio(row: Mapping[str, Any], phase: str) -> str:
    value = row[f"{phase}_ratio"]
    mark = "*" if row["other_machine"] else ""
    return "" if math.isnan(value) else f"{value:.2g}x{mark}" if value < 10 else f"{value:,.0f}x{mark}"


def _cost(row: Mapping[str, Any]) -> str:
    seconds = _seconds(row, "cost")
    growth = row["growth"] and code(row["growth"])
    return ", ".join(filter(None, (seconds and f"{seconds} s", growth)))


def _spread(row: Mapping[str, Any], region: str) -> str:
    figures = [row[f"{region}_{name}"] for name in ("rmse", "low", "high")]
    value, low, high = (_number(figure, row["failure"]) for figure in figures)
    # Where the best seed of them failed, all has been said.
    spread = "" if math.isinf(figures[1]) else row["spread"]
    return value + {"interval": f" [{low}, {high}]", "range": f" ({low} to {high})", "": ""}[spread]


def _horizon(value: float, card: TaskCard) -> str:
    if math.isnan(value):
        return ""
    return f">= {value:g}" if value >= card.ladder[-1] else f"{value:g}"


def _name(row: Mapping[str, Any]) -> str:
    return f"*{row['model']}*" if row["kind"] == "reference" else f"`{row['model']}`"


def _rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Return the rows as plain mappings; far faster than one Series a row."""
    columns = list(frame.columns)
    values = zip(*(frame[column].tolist() for column in columns), strict=True)
    yield from (dict(zip(columns, row, strict=True)) for row in values)


def _overall_rows(overall: pd.DataFrame) -> Iterator[list[str]]:
    for row in _rows(overall):
        lacking = f" ({', '.join(row['lacks'])})" if row["lacks"] else ""
        yield [
            f"{row['rank']} {_name(row)}{lacking}".strip(),
            row["ties"],
            f"{row['holds_outside']} of {row['n_tasks']}",
            f"{row['learned_inside']} of {row['n_tasks']}",
            f"{row['shown_score']:.2f}",
            _seconds(row, "fit"),
            _ratio(row, "fit"),
            _seconds(row, "predict"),
            _ratio(row, "predict"),
            _cost(row),
        ]


_OVERALL_HEADERS = (
    *("model", "ties", "holds outside", "learned inside", "log score outside"),
    *("fit s", f"fit / {BASELINE}", "predict s", f"predict / {BASELINE}", "cost"),
)


def _overall_table(board: Board, kinds: Sequence[str]) -> str:
    overall = board.overall[board.overall["kind"].isin(kinds)]
    return table(list(_overall_rows(overall)), _OVERALL_HEADERS)


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
        f"- Seeds: {' or '.join(map(str, n_seeds))}" if n_seeds else "- No model has been run on it yet",
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
            _name(row),
            _spread(row, "interpolation"),
            _spread(row, "extrapolation"),
            row["verdict_text"],
            row["behaviour"],
            _horizon(row["horizon"], card),
            *(_number(row[name], row["failure"]) for name in names),
            _seconds(row, "fit"),
            _seconds(row, "predict"),
        ]
        for row in cells
    ]
    headers = ("model", "inside RMSE", "outside RMSE", "verdict", "outside it", "horizon")
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
    by_task = {task: list(rows) for task, rows in groupby(_rows(cells), key=itemgetter("task"))}
    return [_task_section(board, card, by_task.get(card.task, []), gallery) for card in board.cards]


def _incomplete(board: Board) -> list[str]:
    """Return a sentence for each thing that models lack to have a place, with all that lack the same."""
    models: dict[tuple[str, ...], list[str]] = {}
    for row in _rows(board.overall[board.overall["incomplete"]]):
        models.setdefault(row["lacks"], []).append(row["model"])
    return [
        f"{listed(names)} {'has no place: it was' if len(names) == 1 else 'have no place: each was'} "
        f"run on {' and '.join(lacks)}."
        for lacks, names in models.items()
    ]


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
    if not board.overall.empty and (board.overall["kind"] == "model").any():
        said = [board.merit.sentence] if board.merit.sentence else []
        parts += [_overall_table(board, ["model"]), *said]
    return "\n\n".join(parts)


def render_markdown(board: Board) -> str:
    """Return the whole leaderboard as markdown."""
    title = "# Leaderboard"
    if board.overall.empty:
        return "\n\n".join([title, *notices(board)]) + "\n"
    gallery = gallery_of(board)
    remarks = [*_incomplete(board), *board.remarks, *gallery.remarks]
    parts = [
        title,
        *notices(board),
        "Which model learns which simple function, how far outside the training range it holds, and what it costs.",
        f"{board.merit.sentence} {ORDER}".strip(),
        _overall_table(board, ["model", "reference"]),
        *(["\n".join(f"- {remark}" for remark in remarks)] if remarks else []),
        *(part for picture in gallery.overall.values() for part in _embedded(picture)),
        _READING.strip(),
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

"""Renders the board as markdown for people and as csv for pandas."""

import math
from collections.abc import Iterable, Sequence

import pandas as pd
from tabulate import tabulate

from benchmark.record import TaskCard
from benchmark.report.aggregate import BASELINE, Board
from benchmark.report.statistics import SOLVED_NRMSE

ORDER = (
    "Order: the number of tasks that hold outside the training range, then the number learned inside it, "
    "then the median log score outside (lower is better); equal figures are a tie, marked `=`."
)
CSV_COLUMNS = (
    *("task", "model", "kind", "seeds"),
    *("interpolation_rmse", "interpolation_low", "interpolation_high"),
    *("extrapolation_rmse", "extrapolation_low", "extrapolation_high"),
    *("verdict", "horizon", "fit_seconds", "predict_seconds"),
)
_READING = f"""\
## How to read it

- **Inside** (interpolation) is scored on fresh rows of the training law, **outside** (extrapolation) on rows beyond
  the training range; both without rounding, in the task's own units, and never on training rows.
- RMSE is the median over the seeds, with its bootstrap 95 % interval in brackets.
- NRMSE is RMSE divided by the standard deviation of y on the training law. A seed *solves* a region with
  NRMSE <= {SOLVED_NRMSE:g}.
- Verdict: `holds outside` - every seed solves both regions; `inside only` - every seed solves the inside;
  `unstable k/n` - only k of n seeds solve the inside; `does not learn` - none does; `failed`, `not applicable` - the
  reason stands below the table.
- Horizon: the distance factor up to which NRMSE stays <= {SOLVED_NRMSE:g}, the median seed's. 1 is the edge of the
  training range, 0 fails inside, and `>=` holds to the end of the ladder.
- Log score outside: log10(RMSE / RMSE of the constant), clipped to [-6, 3]; the median over seeds, then over tasks.
  A seed that failed scores 3. A task to which a model does not apply scores 0, as the constant does.
- Seconds: one seed, one thread, warm, alone on the machine; predict is for all interpolation rows. In the overall
  table the median over tasks; the ratio to `{BASELINE}` is taken task by task.
- Rows in *italics* are references computed from the task itself, no models: the true function, the constant (the
  training mean), the line (the best linear predictor) and the clamp (the truth inside; outside, its value at the
  nearest point inside).
"""


def _escaped(text: str) -> str:
    for character in "\\`*_[]<>|":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())


def _plain(value: float) -> str:
    """Return a number to four significant digits, 1.234e6 where it is large or small."""
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        return f"{value:.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    mantissa, exponent = f"{value:.3e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def _number(value: float) -> str:
    return "" if math.isnan(value) else _plain(value)


def _seconds(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.2g}" if value < 10 else f"{value:.0f}"


def _ratio(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.2g}x" if value < 10 else f"{value:,.0f}x"


def _spread(row: pd.Series, region: str) -> str:
    value, low, high = (row[f"{region}_{name}"] for name in ("rmse", "low", "high"))
    interval = "" if math.isnan(low) else f" [{_plain(low)}, {_plain(high)}]"
    return f"{_number(value)}{interval}"


def _horizon(value: float, card: TaskCard) -> str:
    if math.isnan(value):
        return ""
    return f">= {value:g}" if value >= card.ladder[-1] else f"{value:g}"


def _name(row: pd.Series) -> str:
    return f"*{row['model']}*" if row["kind"] == "reference" else f"`{row['model']}`"


def _table(rows: Sequence[Sequence[str]], headers: Sequence[str]) -> str:
    # Every cell is text already: tabulate must not read numbers into it again.
    columns = ("left", *("right",) * (len(headers) - 1))
    return tabulate(rows, headers=headers, tablefmt="github", disable_numparse=True, colalign=columns)


def _overall_rows(overall: pd.DataFrame, n_tasks: int) -> Iterable[list[str]]:
    for _, row in overall.iterrows():
        counted = n_tasks if row["kind"] == "model" and row["complete"] else row["n_tasks"]
        yield [
            f"{row['rank']} {_name(row)}".strip(),
            f"{row['holds_outside']} of {counted}",
            f"{row['learned_inside']} of {counted}",
            f"{row['shown_score']:.2f}",
            _seconds(row["fit_seconds"]),
            _ratio(row["fit_ratio"]),
            _seconds(row["predict_seconds"]),
            _ratio(row["predict_ratio"]),
        ]


_OVERALL_HEADERS = (
    *("model", "holds outside", "learned inside", "log score outside"),
    *("fit s", f"fit / {BASELINE}", "predict s", f"predict / {BASELINE}"),
)


def _overall_table(board: Board, kinds: Sequence[str]) -> str:
    overall = board.overall[board.overall["kind"].isin(kinds)]
    return _table(list(_overall_rows(overall, len(board.cards))), _OVERALL_HEADERS)


def _task_section(board: Board, card: TaskCard) -> str:
    cells = board.cells[board.cells["task"] == card.task]
    names = [name for q in card.quantities for name in (q.estimate, q.error) if name]
    ranked = list(board.overall["model"])
    cells = cells.sort_values("model", key=lambda column: column.map(ranked.index), kind="stable")
    cells = pd.concat([cells[cells["kind"] == "model"], cells[cells["kind"] == "reference"]])
    rows = [
        [
            _name(row),
            _spread(row, "interpolation"),
            _spread(row, "extrapolation"),
            row["verdict_text"],
            _horizon(row["horizon"], card),
            *(_number(row[name]) for name in names),
            _seconds(row["fit_seconds"]),
            _seconds(row["predict_seconds"]),
        ]
        for _, row in cells.iterrows()
    ]
    headers = ("model", "inside RMSE", "outside RMSE", "verdict", "horizon", *names, "fit s", "predict s")
    references = "; ".join(
        f"{r.name} {_plain(r.interpolation_rmse)} / {_plain(r.extrapolation_rmse)}" for r in card.references
    )
    noise = f", targets with noise of sd {card.noise_std:g}" if card.noise_std else ""
    seeds = sorted(set(cells.loc[cells["kind"] == "model", "n_seeds"]))
    facts = [
        f"- Formula: `{card.formula}`",
        f"- Trained on: {_escaped(card.training_range)}, {card.n_train:,} rows{noise}",
        f"- Outside: {_escaped(card.extrapolation_range)}",
        f"- Standard deviation of y on the training law: {_plain(card.target_sd)}",
        f"- References, inside / outside: {references}",
        *([f"- Seeds: {' or '.join(map(str, seeds))}"] if seeds else []),
        *(f"- `{q.error}`: {_escaped(q.title)}" for q in card.quantities),
        f"- Source: {_escaped(card.source)}",
    ]
    notes = [f"- {_escaped(note)}" for note in board.notes.get(card.task, ())]
    parts = [f"## {card.task}: {_escaped(card.title)}", "\n".join(facts), _table(rows, headers)]
    return "\n\n".join([*parts, *(["\n".join(notes)] if notes else [])])


def _incomplete(board: Board) -> list[str]:
    short = board.overall[board.overall["incomplete"]]
    return [
        f"`{row['model']}` has no rank: it was run on {row['n_tasks']} of {len(board.cards)} tasks."
        for _, row in short.iterrows()
    ]


def render_top(board: Board) -> str:
    """Return the models of the overall table, as markdown."""
    if board.overall.empty or not (board.overall["kind"] == "model").any():
        return "No results yet: run `nox -s bench`."
    return f"{_overall_table(board, ['model'])}\n"


def render_markdown(board: Board) -> str:
    """Return the whole leaderboard as markdown."""
    title = "# Leaderboard"
    if board.overall.empty:
        return f"{title}\n\nNo results yet: run `nox -s bench`.\n"
    remarks = [*_incomplete(board), *map(_escaped, board.remarks)]
    parts = [
        title,
        "Which model learns which simple function, how far outside the training range it holds, and what it costs.",
        ORDER,
        _overall_table(board, ["model", "reference"]),
        *(["\n".join(f"- {remark}" for remark in remarks)] if remarks else []),
        _READING.strip(),
        *(_task_section(board, card) for card in board.cards),
    ]
    return "\n\n".join(parts) + "\n"


def render_csv(board: Board) -> str:
    """Return a row for each (task, model or reference), numbers in full precision, empty where there is none."""
    errors = [q.error for card in board.cards for q in card.quantities]
    frame = board.cells.assign(verdict=board.cells["verdict_text"])
    frame = frame.sort_values(["task", "kind", "model"])[[*CSV_COLUMNS, *dict.fromkeys(errors)]]
    return str(frame.to_csv(index=False, lineterminator="\n"))

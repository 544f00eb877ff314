"""Draws the errors of all models on many tasks: a row a model, a stroke a task, and what share of them is solved."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from benchmark.board.aggregate import Board
from benchmark.board.solving import Region
from benchmark.board.statistics import FloatArray
from benchmark.show.cells import rows_of, share
from benchmark.show.figures.axes import SHORT
from benchmark.show.figures.palette import GOOD, INK, MODEL, SHADE

# Errors beyond these stand at the edge, and so do those of what failed.
LOWEST, HIGHEST = 1e-4, 1e2
_ERRORS: dict[Region, str] = {"inside": "interpolation_rmse", "outside": "extrapolation_rmse"}
_SHOWN: tuple[Region, Region] = ("outside", "inside")


def _errors(board: Board, model: str, region: Region) -> FloatArray:
    """Return RMSE / sd of y on all tasks that a model was run on and applies to, sorted."""
    sd = {card.task: card.target_sd for card in board.cards}
    cells = board.cells[(board.cells["kind"] == "model") & (board.cells["model"] == model)]
    cells = cells[cells[_ERRORS[region]].notna()]
    with np.errstate(over="ignore"):
        errors = np.array([row[_ERRORS[region]] / sd[row["task"]] for row in rows_of(cells)], dtype=np.float64)
    return np.sort(np.clip(errors, LOWEST, HIGHEST))


def _strokes(axis: Axes, errors: FloatArray, height: float) -> None:
    # One line with gaps: a line each would fill megabytes.
    xs = np.repeat(errors, 3)
    ys = np.tile([height - 0.32, height + 0.32, np.nan], len(errors))
    (drawn,) = axis.plot(xs, ys, color=MODEL, alpha=0.45, linewidth=0.8, solid_capstyle="butt")
    drawn.get_path().should_simplify = False


def _row(axis: Axes, errors: FloatArray, height: float, solved: float) -> None:
    if not len(errors):
        axis.text(1.0, height, "no errors", ha="center", va="center", color=INK, style="italic")
        return
    low, middle, high = (errors[round(part * (len(errors) - 1))] for part in (0.25, 0.5, 0.75))
    axis.plot([low, high], [height, height], color=MODEL, alpha=0.3, linewidth=7.0, solid_capstyle="butt")
    _strokes(axis, errors, height)
    axis.plot([middle], [height], "o", color=INK, markersize=3.6)
    axis.text(1.02, height, share(solved), transform=axis.get_yaxis_transform(), va="center", color=INK, fontsize=8)


def _panel(axis: Axes, board: Board, region: Region, models: Sequence[str]) -> None:
    rows = {row["model"]: row for row in rows_of(_of_models(board))}
    axis.set_xscale("log")
    axis.set_xlim(LOWEST / 1.5, HIGHEST * 1.5)
    axis.xaxis.set_major_locator(FixedLocator([1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0]))
    axis.xaxis.set_minor_locator(NullLocator())
    axis.xaxis.set_major_formatter(SHORT)
    axis.axvspan(LOWEST / 1.5, board.tolerance.solved, color=GOOD, alpha=0.08, linewidth=0)
    axis.axvline(board.tolerance.solved, color=GOOD, linewidth=0.9, linestyle=(0, (4, 2)))
    for height, model in enumerate(models):
        axis.axhline(height, color=SHADE, linewidth=0.6, zorder=0)
        _row(axis, _errors(board, model, region), height, rows[model][f"{region}_share_solved"])
    axis.set_title(f"{region} the training range", loc="left", color=INK, fontsize=9)
    axis.text(1.02, -0.95, "solved", transform=axis.get_yaxis_transform(), va="center", color=INK, fontsize=8)


def _of_models(board: Board) -> pd.DataFrame:
    models: pd.DataFrame = board.overall[board.overall["kind"] == "model"].sort_values("outside_order")
    return models


def draw_rows(board: Board) -> Figure:
    """Return the picture of RMSE / sd on all tasks: a panel a region, a row a model, in the order of the table outside.

    Beside each row stands the share of seeds that solve a task, averaged over the tasks that vote.
    """
    models = _of_models(board)["model"].tolist()
    figure = Figure(figsize=(9.2, 0.24 * len(models) + 1.5), facecolor="white", layout="constrained")
    suite = f"Suite {board.merit.suite.name}, {len(board.cards)} tasks" if board.merit.suite else "All tasks"
    figure.suptitle(f"{suite}: each model's errors", fontsize=10, color=INK)
    figure.supxlabel(
        f"RMSE / sd of y: a stroke a task, bar the middle half, dot the median (dashed: {board.tolerance.words};\n"
        "what failed or is beyond the scale stands at its edge). Solved: share of seeds, averaged over tasks that vote",
        fontsize=8,
        color=INK,
    )
    axes = figure.subplots(1, len(_SHOWN), sharey=True)
    for axis, region in zip(axes, _SHOWN, strict=True):
        _panel(axis, board, region, models)
    axes[0].set_yticks(range(len(models)), models, parse_math=False)
    axes[0].set_ylim(len(models) - 0.5, -1.3)
    for axis in axes:
        axis.spines["left"].set_visible(False)
        axis.tick_params(axis="y", length=0)
    return figure

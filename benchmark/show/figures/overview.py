"""Draws the picture of all tasks together: inside against outside."""

import math
from collections.abc import Sequence
from itertools import cycle, islice
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator

from benchmark.board.aggregate import Board
from benchmark.show.figures.axes import SHORT
from benchmark.show.figures.gallery import panels_of
from benchmark.show.figures.palette import COLOURS, GOOD, INK
from benchmark.show.figures.rows import draw_rows

# Shapes change at another pace than colours, so that 72 models have a sign of their own.
SHAPES = ("o", "s", "^", "D", "v", "P", "X", "<", ">")
HOLLOW: dict[str, Any] = {"markersize": 6.0, "markerfacecolor": "none", "markeredgewidth": 1.3}
# A panel has room for the names of so many models; those of more stand below all panels, so many to a line.
MOST_IN_A_PANEL, NAMES_TO_A_LINE = 24, 5
# Errors beyond these stand at the edge.
LOWEST, WORST_INSIDE, WORST_OUTSIDE = 1e-4, 10.0, 100.0


def signs_of(models: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return a colour and a shape for each model."""
    signs = islice(zip(cycle(COLOURS), cycle(SHAPES), strict=False), len(models))
    return dict(zip(models, signs, strict=True))


def _logarithmic(axis: Axes) -> None:
    axis.set_xscale("log")
    axis.set_yscale("log")
    for scale in (axis.xaxis, axis.yaxis):
        scale.set_major_locator(FixedLocator([1e-4, 1e-2, 1.0, 100.0]))
        scale.set_minor_locator(NullLocator())
        scale.set_major_formatter(SHORT)
    axis.set_xlim(LOWEST / 2, WORST_INSIDE * 2)
    axis.set_ylim(LOWEST / 2, WORST_OUTSIDE * 2)


def _nrmse(board: Board) -> pd.DataFrame:
    cells = board.cells[(board.cells["kind"] == "model") & board.cells["interpolation_rmse"].notna()]
    # Of no cells at all some versions of pandas make a column of texts, which nothing can be divided by.
    sd = cells["task"].map({card.task: card.target_sd for card in board.cards}).astype(float)
    with np.errstate(over="ignore"):
        return pd.DataFrame(
            {
                "task": cells["task"],
                "model": cells["model"],
                "inside": (cells["interpolation_rmse"] / sd).clip(LOWEST, WORST_INSIDE),
                "outside": (cells["extrapolation_rmse"] / sd).clip(LOWEST, WORST_OUTSIDE),
            }
        )


def _side_by_side(points: pd.DataFrame) -> pd.DataFrame:
    """Return the points with those that stand at one place of the edge moved beside each other, none out of sight."""
    nth = points.groupby(["task", "inside", "outside"]).cumcount()
    return points.assign(inside=points["inside"] * 1.9 ** nth.where(points["inside"] < WORST_INSIDE, -nth))


def _draw_panels(board: Board, titles: Sequence[str]) -> Figure:
    """Return the picture of RMSE / sd inside against outside: a panel a task, a sign a model."""
    models = board.overall.loc[board.overall["kind"] == "model", "model"].tolist()
    signs = signs_of(models)
    points = _nrmse(board)
    points = _side_by_side(points[points["task"].isin(titles)])
    is_long = len(models) > MOST_IN_A_PANEL
    n_panels = len(titles) + (not is_long)
    columns = min(4, n_panels)
    rows = math.ceil(n_panels / columns)
    below = 0.18 * math.ceil(len(models) / NAMES_TO_A_LINE) if is_long else 0.0
    figure = Figure(figsize=(2.3 * max(columns, 3), 2.2 * rows + 0.7 + below), facecolor="white", layout="constrained")
    figure.suptitle("Error inside the training range against error outside it", fontsize=10, color=INK)
    below_all = (
        f"inside: RMSE / sd of y (dashed: {board.tolerance.words}; "
        "what failed or is beyond the scale stands at its edge, side by side)"
    )
    figure.supylabel("outside: RMSE / sd of y", fontsize=8, color=INK)
    axes = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    for position, axis in enumerate(axes):
        if position >= len(titles):
            axis.set_axis_off()
            continue
        _logarithmic(axis)
        axis.axhspan(LOWEST / 2, board.tolerance.solved, color=GOOD, alpha=0.08, linewidth=0)
        axis.axvline(board.tolerance.solved, color=GOOD, linewidth=0.9, linestyle=(0, (4, 2)))
        axis.axhline(board.tolerance.solved, color=GOOD, linewidth=0.9, linestyle=(0, (4, 2)))
        mine = points[points["task"] == titles[position]]
        if mine.empty:
            axis.text(0.5, 0.5, "no errors", ha="center", transform=axis.transAxes, color=INK, style="italic")
        for _, point in mine.iterrows():
            colour, shape = signs[point["model"]]
            # Hollow, so that a sign under another is seen.
            axis.plot(point["inside"], point["outside"], shape, color=colour, **HOLLOW)
        axis.set_title(titles[position], loc="left", color=INK)
        axis.tick_params(labelbottom=position + columns >= len(titles))
    handles = [
        Line2D([], [], linestyle="", marker=shape, color=colour, label=model, **HOLLOW)
        for model, (colour, shape) in signs.items()
    ]
    if is_long:
        names: dict[str, Any] = {"handles": handles, "ncols": NAMES_TO_A_LINE, "frameon": False, "fontsize": 8}
        figure.legend(**names, loc="outside lower center", title=below_all, title_fontsize=8, labelcolor=INK)
    else:
        figure.supxlabel(below_all, fontsize=8, color=INK)
        n_columns = math.ceil(len(handles) / 12)
        axes[len(titles)].legend(handles=handles, loc="center left", frameon=False, ncols=n_columns, fontsize=8)
    return figure


def draw_overview(board: Board) -> Figure:
    """Return the picture of all errors inside and outside: a panel a task, or of many tasks a row a model."""
    titles = panels_of(board)
    return _draw_panels(board, titles) if titles else draw_rows(board)

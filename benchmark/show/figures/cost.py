"""Draws what holding outside the training range costs: a point a model, with its name, and the line of the best."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from benchmark.board.aggregate import Board
from benchmark.show.figures.axes import SHORT
from benchmark.show.figures.labels import Box, placed
from benchmark.show.figures.overview import signs_of
from benchmark.show.figures.palette import CONTEXT, EDGE, GOOD, INK

# Inches, and points, of which 72 are an inch: no layout that measures letters moves what is drawn.
_WIDTH, _LEAST_HEIGHT, _PER_POINT = 8.6, 4.4, 0.12
_LEFT, _RIGHT, _BELOW, _ABOVE = 0.62, 0.12, 0.5, 0.34
_LETTER, _LINE = 4.6, 10.0


def best(points: pd.DataFrame) -> pd.DataFrame:
    """Return the points that no other beats in seconds and score at once, fastest first."""
    ordered = points.sort_values(["fit_seconds", "score", "model"])
    return ordered[ordered["score"] < ordered["score"].cummin().shift(fill_value=np.inf)]


def _points(board: Board) -> pd.DataFrame:
    models = board.overall[(board.overall["kind"] == "model")]
    # Equal scores would stand in an order that depends on the processor.
    models = models.assign(score=models["outside_score"].round(2))
    shown = models["fit_seconds"].notna() & models["score"].notna() & ~models["other_machine"]
    points = models[shown].sort_values(["score", "model"])
    return points.assign(fit_seconds=points["fit_seconds"].clip(1e-9))


def _steps(points: Sequence[tuple[float, float]]) -> list[Box]:
    """Return the steps from each point to the next as thin rectangles: along, then down."""
    found = []
    for (x, y), (next_x, next_y) in pairwise(points):
        found += [Box(x, y - 1, next_x, y + 1), Box(next_x - 1, min(y, next_y), next_x + 1, max(y, next_y))]
    return found


def draw_cost(board: Board) -> Figure:
    """Return the picture of the mean log score outside against the median seconds to fit."""
    points = _points(board)
    signs = signs_of(board.overall.loc[board.overall["kind"] == "model", "model"].tolist())
    height = max(_LEAST_HEIGHT, _PER_POINT * len(points) + 1.2)
    figure = Figure(figsize=(_WIDTH, height), facecolor="white")
    axis = figure.add_axes(
        (_LEFT / _WIDTH, _BELOW / height, 1 - (_LEFT + _RIGHT) / _WIDTH, 1 - (_BELOW + _ABOVE) / height)
    )
    axis.set_xscale("log")
    ahead = best(points)
    axis.plot(ahead["fit_seconds"], ahead["score"], color=GOOD, linewidth=1.0, drawstyle="steps-post", zorder=1)
    axis.axhline(0, color=EDGE, linewidth=0.8, linestyle=(0, (4, 2)))
    logs = np.log10(points["fit_seconds"].to_numpy(dtype=np.float64))
    scores = points["score"].to_numpy(dtype=np.float64)
    low, high = min(scores.min(), 0.0), max(scores.max(), 0.0)
    margin = 0.12 * (high - low) or 0.5
    span = max(float(np.ptp(logs)), 0.5)
    bottom, top = low - margin, high + margin
    left, right = logs.min() - 0.08 * span, logs.max() + 0.28 * span
    # In points from the lower left corner of the panel, to a tenth.
    wide, tall = 72 * (_WIDTH - _LEFT - _RIGHT), 72 * (height - _BELOW - _ABOVE)
    xs = ((logs - left) / (right - left) * wide).round(1)
    ys = ((scores - bottom) / (top - bottom) * tall).round(1)
    widths = [_LETTER * len(model) for model in points["model"]]
    at_panel = dict(zip(points["model"], zip(xs.tolist(), ys.tolist(), strict=True), strict=True))
    lines = _steps([at_panel[model] for model in ahead["model"]])
    frame = Box(0, 0, wide, tall)
    labels = placed([*at_panel.values()], widths, height=_LINE, frame=frame, lines=lines)
    for (_, point), x, y, (at, middle), width in zip(points.iterrows(), xs, ys, labels, widths, strict=True):
        colour, shape = signs[point["model"]]
        nearest = min(max(x, at), at + width)
        inside = axis.transAxes
        if abs(nearest - x) + abs(middle - y) > 2 * _LINE:
            axis.plot(
                [x / wide, nearest / wide],
                [y / tall, middle / tall],
                color=CONTEXT,
                linewidth=0.6,
                zorder=0,
                transform=inside,
            )
        axis.plot(point["fit_seconds"], point["score"], shape, color=colour, markersize=7, markeredgecolor="white")
        axis.text(at / wide, middle / tall, point["model"], va="center", color=INK, fontsize=8, transform=inside)
    axis.set_ylim(bottom, top)
    axis.set_xlim(10**left, 10**right)
    axis.xaxis.set_major_formatter(SHORT)
    axis.xaxis.set_minor_formatter(NullFormatter())
    axis.set_xlabel("median seconds to fit, one thread (green: nothing is both faster and better)")
    axis.set_ylabel("mean log score outside (dashed: the constant)")
    axis.set_title("What holding outside the training range costs; lower is better", fontsize=10, color=INK)
    return figure

"""Draws the pictures: small multiples, one panel a model, so that any number of models can be told apart.

The same board gives the same bytes. Backgrounds are opaque, so that a picture is legible on a dark
page too. matplotlib is imported here only, and this module only where something is drawn.
"""

import io
import math
import textwrap
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from benchmark.board.curves import BAND_WORDS, Band, distance_band, slice_band
from benchmark.board.failures import mostly_failed
from benchmark.board.statistics import FloatArray
from benchmark.board.tolerance import Tolerance
from benchmark.board.window import HIGHEST, LOWEST, window_of
from benchmark.show.digits import tidy
from benchmark.show.figures.axes import SHORT
from benchmark.show.figures.palette import CONTEXT, EDGE, GOOD, INK, MODEL, SHADE, TRUTH
from benchmark.store.record import Record, TaskCard
from benchmark.words import visible

STYLE: dict[Any, Any] = {
    "svg.hashsalt": "fnbench",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 8.0,
    "axes.titlesize": 8.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": EDGE,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.formatter.use_mathtext": False,
    "path.simplify_threshold": 0.2,
}
# Inches: around the panels of a grid, for a row of them, for a line of the title, and around what stands at the edge.
_LEFT, _RIGHT, _BELOW, _ABOVE, _PANEL, _LINE, _EDGE = 0.72, 0.12, 0.55, 0.36, 1.7, 0.17, 0.08
# What tick labels that stand upright take below.
_UPRIGHT = 0.85
Panel = Callable[[Axes, int], None]


def svg(figure: Figure) -> str:
    """Return a figure as SVG; the same figure gives the same bytes, on any processor."""
    out = io.StringIO()
    canvas: Any = FigureCanvasSVG(figure)
    with warnings.catch_warnings():
        # The reader's own font draws the letters: that matplotlib's lacks one says nothing.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        canvas.print_svg(out, metadata={"Date": None, "Creator": None})
    # Trailing blanks would make every checkout that trims them differ.
    return "\n".join(line.rstrip() for line in visible(tidy(out.getvalue())).splitlines()) + "\n"


def grid(n: int, title: str, draw: Panel, *, labels: tuple[str, str], below: float = _BELOW) -> str:
    """Return small multiples as SVG: n panels with the same axes, with a title and labels for all.

    What stands below the lowest panels takes so many inches.
    """
    columns = min(4, n)
    rows = math.ceil(n / columns)
    with rc_context(STYLE):
        # Narrower than this the labels, which hold for all panels, would be cut.
        width = max(2.3 * columns, 7.0)
        heading = textwrap.wrap(visible(title), round(13 * width))
        above = _ABOVE + _LINE * len(heading)
        height = above + _PANEL * rows + below
        figure = Figure(figsize=(width, height), facecolor="white")
        # matplotlib cannot measure what is no character.
        figure.suptitle("\n".join(heading), y=1 - _EDGE / height, fontsize=10, color=INK, parse_math=False)
        figure.supxlabel(visible(labels[0]), y=_EDGE / height, fontsize=8, color=INK, parse_math=False)
        figure.supylabel(visible(labels[1]), x=_EDGE / width, fontsize=8, color=INK, parse_math=False)
        # Each panel sets its own limits, alike; matplotlib's sharing takes time with the square of their number.
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        # Measured once, by eye: matplotlib's own layout draws every letter twice to find the same.
        figure.subplots_adjust(_LEFT / width, below / height, 1 - _RIGHT / width, 1 - above / height, 0.09, 0.28)
        for position, axis in enumerate(axes):
            if position < n:
                draw(axis, position)
                # A column that ends early has its ticks where it ends.
                axis.tick_params(labelbottom=position + columns >= n, labelleft=position % columns == 0)
            else:
                axis.set_axis_off()
        return svg(figure)


def _named(axis: Axes, row: pd.Series, said: str) -> None:
    words = f"{row['model']}: {said}" if said else str(row["model"])
    axis.set_title(words, loc="left", color=INK, parse_math=False)


def _absent(axis: Axes, row: pd.Series, record: Record) -> None:
    some_went_well = row["failure"] if mostly_failed(record.seeds) else "nothing recorded"
    words = str(some_went_well if row["seeds"] else row["verdict_text"])
    axis.text(0.5, 0.5, words, ha="center", va="center", transform=axis.transAxes, color=INK, style="italic")


def draw_band(axis: Axes, card: TaskCard, band: Band | None, window: tuple[float, float]) -> None:
    """Draw the median prediction along a task's slice with its band, and the function, into this part of y."""
    position = np.asarray(card.slice.position)
    low, high = window
    axis.axvspan(*card.slice.inside, color=SHADE, linewidth=0)
    if band is not None:
        # Far beyond the window nothing is seen, and the renderer would overflow.
        near = [np.clip(part, low - 9 * (high - low), high + 9 * (high - low)) for part in vars(band).values()]
        axis.fill_between(position, near[1], near[2], color=MODEL, alpha=0.25, linewidth=0)
        axis.plot(position, near[0], color=MODEL, linewidth=2.0)
    # Over the models' lines: under one that follows it it could not be seen.
    if card.truth:
        axis.plot(position, card.truth, color=TRUTH, linewidth=1.0, linestyle=(0, (4, 3)))
    axis.set_ylim(low, high)
    axis.set_xlim(position[0], position[-1])
    axis.locator_params(axis="x", nbins=5)
    axis.yaxis.set_major_formatter(SHORT)


def draw_curves(card: TaskCard, cells: pd.DataFrame, records: Sequence[Record]) -> str:
    """Return the picture of each model's median prediction and its band beside the true function."""
    bands = [slice_band(card, record) for record in records]
    window = window_of(card.truth, bands)

    def draw(axis: Axes, which: int) -> None:
        row, band = cells.iloc[which], bands[which]
        draw_band(axis, card, band, window)
        if band is None:
            _absent(axis, row, records[which])
        _named(axis, row, str(row["behaviour"]))

    title = f"{card.title}: median prediction (blue, band: {BAND_WORDS}) and the function (dashed)"
    label = f"{card.slice.label} (shaded: training range)"
    return grid(len(cells), title, draw, labels=(label, "y"))


def _at(value: FloatArray) -> FloatArray:
    return np.clip(value, LOWEST, HIGHEST)


def draw_distance(card: TaskCard, cells: pd.DataFrame, records: Sequence[Record], tolerance: Tolerance) -> str:
    """Return the picture of each model's error by distance, the others in grey behind it."""
    bands = [distance_band(card, record) for record in records]
    steps = np.arange(len(card.ladder))
    names = ["inside", *(f"{edge:g}" for edge in card.ladder[1:])]

    def draw(axis: Axes, position: int) -> None:
        row, band = cells.iloc[position], bands[position]
        axis.set_yscale("log")
        # First: around a line at a power of ten alone matplotlib finds no limits.
        axis.set_ylim(LOWEST / 2, HIGHEST * 2)
        axis.axvspan(-0.5, 0.5, color=SHADE, linewidth=0)
        # One line with gaps: a line each would take most of the time.
        others = [np.append(_at(other.median), np.nan) for other in bands if other is not None and other is not band]
        if others:
            axis.plot(np.tile([*steps, np.nan], len(others)), np.concatenate(others), color=CONTEXT, linewidth=0.6)
        axis.axhline(tolerance.solved, color=GOOD, linewidth=0.9, linestyle=(0, (4, 2)))
        said = ""
        if band is None:
            _absent(axis, row, records[position])
        else:
            axis.fill_between(steps, _at(band.low), _at(band.high), color=MODEL, alpha=0.25, linewidth=0)
            axis.plot(steps, _at(band.median), color=MODEL, linewidth=1.4, marker="o", markersize=2.5)
            said = _horizon(axis, card, float(row["horizon"]))
        axis.set_xlim(-0.5, len(steps) - 0.5)
        axis.xaxis.set_major_locator(FixedLocator(steps.tolist()))
        axis.set_xticks(steps, names, rotation=90 if len(steps) > 5 else 0, parse_math=False)
        axis.yaxis.set_minor_locator(NullLocator())
        axis.yaxis.set_major_formatter(SHORT)
        _named(axis, row, said)

    title = f"{card.title}: error by distance (blue, band: {BAND_WORDS}; grey: the other models)"
    lines = f"shaded: inside; green line: {tolerance.words}; vertical: horizon"
    label = f"shell of the ladder, up to this distance factor ({lines})"
    below = _UPRIGHT if len(steps) > 5 else _BELOW
    return grid(len(cells), title, draw, labels=(label, "RMSE / sd of y"), below=below)


def _horizon(axis: Axes, card: TaskCard, horizon: float) -> str:
    """Mark how far a model holds, and return it in words."""
    if not horizon >= 1:
        return "fails inside"
    position = max(i for i, edge in enumerate(card.ladder) if edge <= horizon)
    axis.axvline(position + 0.5, color=GOOD, linewidth=1.2)
    return f"holds to {'>= ' if horizon >= card.ladder[-1] else ''}{horizon:g}"

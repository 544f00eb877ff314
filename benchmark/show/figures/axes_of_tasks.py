"""Draws how the errors of models go along an axis of a task: a panel a model."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullLocator

from benchmark.board.curves import BAND_WORDS
from benchmark.board.solving import REGIONS, Region
from benchmark.board.varied import Sweep
from benchmark.board.window import HIGHEST, LOWEST
from benchmark.show.digits import short
from benchmark.show.figures.axes import SHORT
from benchmark.show.figures.curves import grid
from benchmark.show.figures.palette import COLOURS, GOOD, INK

_COLOURS: dict[Region, str] = {"inside": COLOURS[0], "outside": COLOURS[1]}
_LABELS = {"rows": "training rows", "noise": "noise in training targets / sd(y)", "outside": "outside ends at, x range"}


def draw_sweep(sweep: Sweep) -> str:
    """Return the picture of a task along an axis, as SVG: median and band of both regions for each model."""
    models = [*sweep.points]
    # A value of 0 has no logarithm: values stand side by side.
    places = np.arange(len(sweep.values))

    def draw(axis: Axes, which: int) -> None:
        axis.set_yscale("log")
        # First: around a line at a power of ten alone matplotlib finds no limits.
        axis.set_ylim(LOWEST / 2, HIGHEST * 2)
        axis.axhline(sweep.tolerance.solved, color=GOOD, linewidth=0.9, linestyle=(0, (4, 2)))
        for region in REGIONS:
            points = sweep.points[models[which]][region]
            there = [i for i, point in enumerate(points) if point is not None and not math.isnan(point.median)]
            if not there:
                continue
            known = [point for point in points if point is not None and not math.isnan(point.median)]
            median, low, high = (
                np.clip([getattr(point, name) for point in known], LOWEST, HIGHEST)
                for name in ("median", "low", "high")
            )
            axis.fill_between(there, low, high, color=_COLOURS[region], alpha=0.2, linewidth=0)
            axis.plot(there, median, color=_COLOURS[region], linewidth=1.5, marker="o", markersize=2.5, label=region)
        axis.set_xlim(-0.3, len(places) - 0.7)
        axis.xaxis.set_major_locator(FixedLocator(places.tolist()))
        axis.set_xticks(places, [short(value) for value in sweep.values])
        axis.yaxis.set_minor_locator(NullLocator())
        axis.yaxis.set_major_formatter(SHORT)
        axis.set_title(models[which], loc="left", color=INK, parse_math=False)

    held = f", {sweep.held.words}" if sweep.held.suffix else ""
    title = (
        f"{sweep.task}{held}: median error inside (blue) and outside (orange), band: {BAND_WORDS}; "
        f"green: {sweep.tolerance.words}"
    )
    return grid(len(models), title, draw, labels=(_LABELS[sweep.axis], "RMSE / sd of y"))

"""Draws the pictures of the findings: every seed as a dot, errors over training rows, coverage over distance."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator, PercentFormatter

from benchmark.board.statistics import FloatArray
from benchmark.show.figures.axes import SHORT
from benchmark.show.figures.curves import STYLE, svg
from benchmark.show.figures.palette import GOOD, INK, MODEL, SHADE
from benchmark.store.record import CellId
from findings.evidence import Evidence
from findings.finding import Coverage, Dots, Picture, Sweep
from findings.sweeps import Curve

# What is smaller or larger is drawn there: a logarithm knows no 0, and a renderer no 1e300.
SMALLEST, LARGEST = 1e-17, 1e100
# More than these first seeds are a smear, and a large file.
MOST_DOTS = 100
CURVES = (("#0b62a8", "o"), ("#c2410c", "s"), ("#1b7f4b", "^"), ("#7c3aed", "D"), ("#555555", "v"))


def _within(values: FloatArray) -> FloatArray:
    return np.clip(np.nan_to_num(values, nan=LARGEST), SMALLEST, LARGEST)


def _dots(picture: Dots, evidence: Evidence) -> Figure:
    n = len(picture.figures)
    samples = [each.of(evidence) for each in picture.figures]
    labels = [f"{each.who}, {each.in_unit}" for each in picture.figures]
    # What all labels end in stands at the axis already.
    ends = {label.rpartition(", ")[2] for label in labels}
    if len(ends) == 1 and n > 1:
        labels = [label.rpartition(", ")[0] for label in labels]
    figure = Figure(figsize=(7.0, 0.24 * n + 0.9), facecolor="white", layout="constrained")
    axis = figure.subplots()
    for height, sample in enumerate(samples):
        values = _within(sample.values[:MOST_DOTS])
        axis.plot(values, np.full(len(values), height), "o", color=MODEL, alpha=0.45, markersize=3.5, markeredgewidth=0)
        axis.plot(_within(np.array([sample.median])), [height], "|", color=INK, markersize=10, markeredgewidth=1.4)
    if picture.line is not None:
        line = picture.line(evidence) if callable(picture.line) else picture.line
        axis.axvline(line, color=GOOD, linewidth=0.9, linestyle=(0, (4, 2)))
    every = _within(np.concatenate([sample.values for sample in samples]))
    # Within less than a decade a logarithmic axis would have one tick or none.
    if every.max() >= 10 * every.min():
        axis.set_xscale("log")
        axis.xaxis.set_minor_locator(NullLocator())
    axis.xaxis.set_major_formatter(SHORT)
    some = f" of the first {MOST_DOTS}" if any(len(sample.values) > MOST_DOTS for sample in samples) else ""
    axis.set_xlabel(f"{picture.axis} (dot: a seed{some}; bar: the median)", parse_math=False)
    axis.set_yticks(range(n), labels, parse_math=False)
    axis.set_ylim(n - 0.5, -0.5)
    axis.grid(axis="y", color=SHADE, linewidth=0.6)
    axis.set_axisbelow(True)
    return figure


def _curve(axis: Axes, curve: Curve, position: int, evidence: Evidence) -> None:
    color, marker = CURVES[position % len(CURVES)]
    samples = curve.of(evidence)
    sizes = [*samples]
    ends = _within(np.array([samples[n].interval for n in sizes]).T)
    axis.fill_between(sizes, ends[0], ends[1], color=color, alpha=0.15, linewidth=0)
    middle = _within(np.array([samples[n].median for n in sizes]))
    axis.plot(sizes, middle, color=color, marker=marker, markersize=3.5, linewidth=1.3, label=curve.who)


def _sweep(picture: Sweep, evidence: Evidence) -> Figure:
    figure = Figure(figsize=(7.0, 3.0), facecolor="white", layout="constrained")
    axis = figure.subplots()
    for position, curve in enumerate(picture.curves):
        _curve(axis, curve, position, evidence)
    if picture.line is not None:
        axis.axhline(picture.line, color=GOOD, linewidth=0.9, linestyle=(0, (4, 2)))
    axis.set_xscale("log")
    axis.set_yscale("log")
    sizes = sorted({n for curve in picture.curves for n in curve.figures})
    axis.xaxis.set_major_locator(FixedLocator(sizes))
    axis.set_xticks(sizes, [f"{n:,}" for n in sizes], parse_math=False)
    for each in (axis.xaxis, axis.yaxis):
        each.set_minor_locator(NullLocator())
    axis.yaxis.set_major_formatter(SHORT)
    axis.set_xlabel("training rows (band: 95 % interval of the median)", parse_math=False)
    axis.set_ylabel(picture.axis, parse_math=False)
    axis.legend(frameon=False, fontsize=8)
    return figure


def _coverages(cell: CellId, evidence: Evidence) -> FloatArray:
    """Return the median coverage inside and in each shell (1 + n_shells,)."""
    offers = [seed.offer for seed in evidence.outcomes(cell) if seed.offer and seed.offer.coverage]
    return np.median([[offer.coverage[0], *offer.shell_coverage] for offer in offers if offer.coverage], axis=0)


def _coverage(picture: Coverage, evidence: Evidence) -> Figure:
    tasks, models = ([*dict.fromkeys(cell[i] for cell in picture.cells)] for i in (0, 1))
    columns = min(3, len(tasks))
    rows = -(-len(tasks) // columns)
    figure = Figure(figsize=(7.0, 1.9 * rows + 0.7), facecolor="white", layout="constrained")
    panels = [*figure.subplots(rows, columns, sharey=True, squeeze=False).flat]
    for axis, task in zip(panels, tasks, strict=False):
        ladder = np.array(evidence.cards[task].ladder)
        for position, model in enumerate(models):
            if (cell := CellId(task, model)) not in picture.cells:
                continue
            color, marker = CURVES[position % len(CURVES)]
            values = _coverages(cell, evidence)
            if len(values) != len(ladder):
                # It was kept before shells were looked at.
                continue
            # Inside stands at the edge, a shell at its outer edge.
            axis.plot(ladder, values, color=color, marker=marker, markersize=3.5, linewidth=1.2)
        axis.axhline(0.95, color=GOOD, linewidth=0.9, linestyle=(0, (4, 2)))
        axis.set_xscale("log")
        axis.xaxis.set_major_locator(FixedLocator([ladder[0], float(f"{ladder[-1] ** 0.5:.2g}"), ladder[-1]]))
        axis.xaxis.set_minor_locator(NullLocator())
        axis.xaxis.set_major_formatter(SHORT)
        axis.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axis.set_ylim(-0.03, 1.03)
        axis.set_title(task, fontsize=9, color=INK, parse_math=False)
    for axis in panels[len(tasks) :]:
        axis.set_visible(False)
    for axis in panels[max(0, len(tasks) - columns) : len(tasks)]:
        axis.set_xlabel("distance factor", fontsize=8, parse_math=False)
    lines = [Line2D([], [], color=CURVES[i % len(CURVES)][0], marker=CURVES[i % len(CURVES)][1], markersize=3.5)
             for i in range(len(models))]  # fmt: skip
    figure.legend(lines, models, loc="outside lower center", ncols=len(models), frameon=False, fontsize=8)
    return figure


_KINDS: Mapping[type[Picture], Callable[..., Figure]] = MappingProxyType(
    {Dots: _dots, Sweep: _sweep, Coverage: _coverage}
)


def draw(picture: Picture, evidence: Evidence) -> str:
    """Return a picture of these records as SVG; the same values give the same bytes."""
    with rc_context(STYLE):
        figure = _KINDS[type(picture)](picture, evidence)
        figure.suptitle(picture.title, fontsize=10, color=INK, parse_math=False)
        return svg(figure)

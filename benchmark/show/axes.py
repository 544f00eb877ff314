"""Renders the variants of tasks along their axes: a table and a picture for each, and how many rows models need."""

import math
from collections.abc import Mapping, Sequence

from benchmark.board.solving import REGIONS
from benchmark.board.tolerance import PUBLISHED, Tolerance
from benchmark.board.varied import Point, Sweep, sweeps_of
from benchmark.show.markdown import table
from benchmark.store.record import CellKey, Record, TaskCard
from benchmark.words import code, escaped

PATH = "axes.md"
_TITLES = {"rows": "training rows", "noise": "noise in training targets, in sd(y)", "outside": "where the outside ends"}
_INTRODUCTION = (
    "How errors depend on the number of training rows, on the noise in their targets, and on how far the outside "
    "reaches. Each value is a variant of the task, with rows of its own, off the main board: `nox -s bench -- --task "
    "square --rows 30,100,1000`. Errors are medians over the seeds in sd of y on the training law, inside / outside."
)


def picture_path(sweep: Sweep) -> str:
    """Return where the picture of a sweep lies in the results folder."""
    return f"plots/axis-{sweep.name}.svg"


def _figure(point: Point | None) -> str:
    if point is None or math.isnan(point.median):
        return ""
    return "failed" if math.isinf(point.median) else f"{point.median:.2g}"


def _pair(sweep: Sweep, model: str, position: int) -> str:
    both = [_figure(sweep.points[model][region][position]) for region in REGIONS]
    return " / ".join(both) if any(both) else ""


def _section(sweep: Sweep, cards: Mapping[str, TaskCard]) -> list[str]:
    held = f", {sweep.held.words}" if sweep.held.suffix else ""
    title = cards[sweep.task].title if sweep.task in cards else ""
    rows = [[code(model), *(_pair(sweep, model, i) for i in range(len(sweep.values)))] for model in sweep.points]
    return [
        f"## {sweep.task}{held}, by {_TITLES[sweep.axis]}",
        *filter(None, [escaped(title)]),
        table(rows, ("model", *(f"{value:,g}" for value in sweep.values))),
        f"![Errors of each model by {_TITLES[sweep.axis]}]({picture_path(sweep)})",
    ]


def _needed(sweeps: Sequence[Sweep]) -> list[str]:
    """Return the table of the rows that each model needs, none where no rows were varied."""
    of_rows = [sweep for sweep in sweeps if sweep.axis == "rows"]
    if not of_rows:
        return []
    models = sorted({model for sweep in of_rows for model in sweep.points})

    def shown(sweep: Sweep, model: str) -> str:
        if model not in sweep.points:
            return ""
        found = [sweep.needed(model, region) for region in REGIONS]
        return " / ".join("-" if value is None else f"{value:,g}" for value in found)

    rows = [[code(model), *(shown(sweep, model) for sweep in of_rows)] for model in models]
    level = of_rows[0].tolerance.words
    return [
        "## Rows that are enough",
        f"The fewest training rows, of those tried, from which on the median error solves the task to {level}, "
        "inside / outside; `-` where none of them is enough.",
        table(rows, ("model", *(f"{sweep.task}{sweep.held.suffix}" for sweep in of_rows))),
    ]


def render_axes(
    cards: Mapping[str, TaskCard], records: Mapping[CellKey, Record], *, tolerance: Tolerance = PUBLISHED
) -> dict[str, str]:
    """Return the page of all axes and its pictures by their paths, nothing where no variant was run."""
    sweeps = sweeps_of(cards, records, tolerance=tolerance)
    if not sweeps:
        return {}
    # Here: a report without variants draws none of these.
    from benchmark.show.figures.axes_of_tasks import draw_sweep

    parts = ["# Along an axis", _INTRODUCTION, *_needed(sweeps)]
    parts += [part for sweep in sweeps for part in _section(sweep, cards)]
    return {PATH: "\n\n".join(parts) + "\n", **{picture_path(sweep): draw_sweep(sweep) for sweep in sweeps}}

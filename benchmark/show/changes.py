"""Renders a comparison of two results folders as markdown."""

import math
from collections.abc import Sequence

from benchmark.board.compare import Change, Comparison
from benchmark.show.markdown import table
from benchmark.store.record import CellKey
from benchmark.words import code, counted, escaped, plain

_HEADERS = ("cell", "region", "RMSE before", "RMSE after", "after / before", "p")


def _figure(value: float | None) -> str:
    return "none" if value is None else "failed" if math.isinf(value) else plain(value)


def _ratio(change: Change) -> str:
    if not change.before or change.after is None or math.inf in (change.before, change.after):
        return ""
    ratio = change.after / change.before
    return f"{ratio:.3g}x" if ratio < 1e6 else f"{ratio:.1e}x"


def _section(title: str, changes: Sequence[Change]) -> list[str]:
    if not changes:
        return []
    rows = [
        [
            f"{change.cell_id[0]} / {change.cell_id[1]}",
            change.region,
            _figure(change.before),
            _figure(change.after),
            _ratio(change),
            f"{change.p:.1e}",
        ]
        for change in changes
    ]
    return [f"## {title}", table(rows, _HEADERS)]


def _named(title: str, cell_ids: Sequence[CellKey]) -> list[str]:
    return [f"## {title}", "\n".join(f"- {task} / {model}" for task, model in cell_ids)] if cell_ids else []


def _power(found: Comparison) -> str:
    if not found.n_different:
        return "No region of a cell differs in any seed. " if found.n_compared else ""
    return (
        f"{counted(found.n_different, 'region')} of the cells compared differ in some seed: among so many a single "
        f"change shows from {found.least_seeds} paired seeds on; with fewer it shows only where others change too. "
    )


def render_comparison(found: Comparison, before: str, after: str) -> str:
    """Return a comparison as markdown; `before` and `after` are what the reader calls the two folders."""
    apart = [f"- {task} / {model}: {escaped(why)}" for (task, model), why in found.apart.items()]
    counted = len({change.cell_id for change in found.changes})
    parts = [
        f"# From {code(before)} to {code(after)}",
        f"{found.n_compared} cells compared: {len({c.cell_id for c in found.worse})} worse, "
        f"{len({c.cell_id for c in found.better})} better, {found.n_compared - counted} as they were; "
        f"{len(found.missing)} missing, {len(found.new)} new, {len(found.apart)} not comparable.",
        *_section("Worse", found.worse),
        *_section("Better", found.better),
        *_named("Missing", found.missing),
        *_named("New", found.new),
        *(["## Not comparable", "\n".join(apart)] if apart else []),
        "Seeds are paired by their number; one that only one side has is left out. A change is listed when the signed "
        "ranks of the pairs' log scores say so, or Mann-Whitney of both sides, with false alarms held to 5 % over all "
        "regions that differ. "
        f"{_power(found)}Seconds are not compared.",
    ]
    return "\n\n".join(parts) + "\n"

"""Renders a comparison of two results folders, or of two models, as markdown."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from benchmark.board.compare import Change, Comparison
from benchmark.show.markdown import lined_up_table
from benchmark.store.record import CellKey
from benchmark.words import code, counted, escaped, plain


@dataclass(frozen=True)
class _Words:
    """How two sides are called: the title, what one of the compared things is, both errors, what one side lacks."""

    title: str
    unit: str
    errors: tuple[str, str, str]
    lacks: tuple[str, str]


def _of_folders(before: str, after: str) -> _Words:
    title = f"From {code(before)} to {code(after)}"
    return _Words(title, "cell", ("RMSE before", "RMSE after", "after / before"), ("Missing", "New"))


def _of_models(first: str, second: str) -> _Words:
    errors = (f"RMSE of {first}", f"RMSE of {second}", "ratio")
    return _Words(f"{code(second)} against {code(first)}", "task", errors, (f"Only {first}", f"Only {second}"))


def _cell(cell_id: CellKey) -> str:
    """Return a cell in words; of two models that are compared only its task says which it is."""
    return " / ".join(filter(None, cell_id))


def figure(value: float | None) -> str:
    """Return a median RMSE in words."""
    return "none" if value is None else "failed" if math.isinf(value) else plain(value)


def _ratio(change: Change) -> str:
    if not change.before or change.after is None or math.inf in (change.before, change.after):
        return ""
    ratio = change.after / change.before
    return f"{ratio:.3g}x" if ratio < 1e6 else f"{ratio:.1e}x"


def _section(title: str, changes: Sequence[Change], words: _Words) -> list[str]:
    if not changes:
        return []
    rows = [
        [
            _cell(change.cell_id),
            change.region,
            figure(change.before),
            figure(change.after),
            _ratio(change),
            f"{change.p:.1e}",
        ]
        for change in changes
    ]
    return [f"## {title}", lined_up_table(rows, (words.unit, "region", *words.errors, "p"))]


def _named(title: str, cell_ids: Sequence[CellKey]) -> list[str]:
    return [f"## {title}", "\n".join(f"- {_cell(cell_id)}" for cell_id in cell_ids)] if cell_ids else []


def _power(found: Comparison) -> str:
    if not found.n_different:
        return "No region of a cell differs in any seed. " if found.n_compared else ""
    return (
        f"{counted(found.n_different, 'region')} of the cells compared differ in some seed: among so many a single "
        f"change shows from {found.least_seeds} paired seeds on; with fewer it shows only where others change too. "
    )


def render_comparison(found: Comparison, before: str, after: str, *, models: bool = False) -> str:
    """Return a comparison as markdown; `before` and `after` are what the reader calls both folders, or models."""
    words = _of_models(before, after) if models else _of_folders(before, after)
    apart = [f"- {_cell(cell_id)}: {escaped(why)}" for cell_id, why in found.apart.items()]
    missing, new = words.lacks
    changed = [len({change.cell_id for change in some}) for some in (found.worse, found.better, found.changes)]
    parts = [
        f"# {words.title}",
        f"{counted(found.n_compared, words.unit)} compared: {changed[0]} worse, {changed[1]} better, "
        f"{found.n_compared - changed[2]} {'equal' if models else 'as they were'}; {len(found.missing)} "
        f"{missing.lower()}, {len(found.new)} {new.lower()}, {len(found.apart)} not comparable.",
        *_section("Worse", found.worse, words),
        *_section("Better", found.better, words),
        *_named(missing, found.missing),
        *_named(new, found.new),
        *(["## Not comparable", "\n".join(apart)] if apart else []),
        "Seeds are paired by their number; one that only one side has is left out. A change is listed when the signed "
        "ranks of the pairs' log scores say so, or Mann-Whitney of both sides, with false alarms held to 5 % over all "
        "regions that differ. "
        f"{_power(found)}Seconds are not compared.",
    ]
    return "\n\n".join(parts) + "\n"

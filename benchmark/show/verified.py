"""Renders which published cells are others than before, and which of them came out as published, as markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmark.board.compare import median_rmse
from benchmark.board.places import Place
from benchmark.board.solving import REGIONS, Region
from benchmark.show.changes import figure
from benchmark.show.markdown import lined_up_table, listed
from benchmark.store.record import CellKey, Record
from benchmark.words import code, counted, escaped

HEADERS = ("task", "model", "verdict", "seed", "RMSE inside", "RMSE outside", "board", "place inside", "place outside")
REPRODUCED = "reproduced"


@dataclass(frozen=True)
class Side:
    """What is published at a time: the records by cell, and the places of those cells that are shown."""

    records: Mapping[CellKey, Record]
    places: Mapping[CellKey, Place]


@dataclass(frozen=True)
class Verified:
    """A cell that is new, changed or gone: the seed that was run again, None of none, and what was found, in words."""

    cell_id: CellKey
    seed: int | None
    wrong: Sequence[str] = ()


def _moved(before: str, after: str) -> str:
    return after if before == after else f"{before or 'none'} -> {after or 'none'}"


def _median(side: Side, cell_id: CellKey, region: Region) -> str:
    record = side.records.get(cell_id)
    return figure(median_rmse(record.seeds, region)) if record else ""


def _place(side: Side, cell_id: CellKey, region: Region) -> str:
    place = side.places.get(cell_id)
    return getattr(place, region) if place else ""


def _verdict(row: Verified) -> str:
    if row.wrong:
        return f"**not reproduced**: {'; '.join(map(escaped, row.wrong))}"
    return "no readable record any more" if row.seed is None else REPRODUCED


def _row(row: Verified, before: Side, after: Side) -> list[str]:
    place = after.places.get(row.cell_id) or before.places.get(row.cell_id)
    return [
        *map(code, row.cell_id),
        _verdict(row),
        "" if row.seed is None else str(row.seed),
        *(_moved(*(_median(side, row.cell_id, region) for side in (before, after))) for region in REGIONS),
        code(place.suite) if place else "",
        *(_moved(*(_place(side, row.cell_id, region) for side in (before, after))) for region in REGIONS),
    ]


def _counts(rows: Sequence[Verified], before: Side, *, against: str) -> str:
    """Return how many cells differ, and how many of them came out as published."""
    there = [row for row in rows if row.seed is not None]
    n_new = sum(row.cell_id not in before.records for row in there)
    since = f"Against {code(against)}: {n_new} new, {len(there) - n_new} changed, {len(rows) - len(there)} gone. "
    n_good = sum(not row.wrong for row in there)
    return f"{since if against else ''}{n_good} of {counted(len(there), 'cell')} came out as published"


def render_verified(
    rows: Sequence[Verified], before: Side, after: Side, *, against: str, commit: str, wrong: Sequence[str] = ()
) -> str:
    """Return what was found of the cells that differ from a revision, ready for a comment on a pull request.

    Without a revision, "", they are all cells. `wrong` says in sentences what else is not as it is published. The
    places are those on the board of the first suite that has the task: a range, as the board gives it.
    """
    if not rows and not wrong:
        since = f" differs from {code(against)}" if against else " is there"
        return f"No published figure{since}: there is nothing to run again.\n"
    parts = [
        "## Published figures, run again",
        f"{_counts(rows, before, against=against)}. The seed of each was drawn by the commit {code(commit)}. RMSE is "
        "the median over the seeds, and what moved is shown as before -> after.",
        *([lined_up_table([_row(row, before, after) for row in rows], HEADERS, words=3)] if rows else []),
        *(["Besides, this is not as it is published:", *listed([*map(escaped, wrong)])] if wrong else []),
    ]
    return "\n\n".join(parts) + "\n"

"""The places that models hold for single cells: on the board of the first suite that has the task."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from benchmark.board.aggregate import ledger_of
from benchmark.store.record import CellKey, Record, SuiteCard, TaskCard


@dataclass(frozen=True)
class Place:
    """The places that a model may hold on the board of a suite, inside and outside, in words: "" where it has none."""

    suite: str
    inside: str
    outside: str


def places_of(
    cell_ids: Collection[CellKey],
    cards: Mapping[str, TaskCard],
    records: Mapping[CellKey, Record],
    suites: Sequence[SuiteCard],
) -> dict[CellKey, Place]:
    """Return the places of the models of some cells; a cell of a task of no suite, or of a model off it, has none."""
    first = {task: suite for suite in reversed(suites) for task in suite.tasks}
    ledger = ledger_of(cards, records, {})
    found: dict[CellKey, Place] = {}
    for suite in {first[task].name: first[task] for task, _ in cell_ids if task in first}.values():
        overall = ledger.board(suite, among=suite.tasks).overall
        rows = {row["model"]: row for row in overall.to_dict("records") if row["kind"] == "model"}
        found |= {
            (task, model): Place(suite.name, rows[model]["inside_rank"], rows[model]["outside_rank"])
            for task, model in cell_ids
            if model in rows and first.get(task) is suite
        }
    return found

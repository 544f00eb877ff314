"""Verifies what is published: a drawn seed of each cell is run again, and held against what is kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from benchmark.board.places import places_of
from benchmark.catalogue.suites import cards
from benchmark.environment import CHECKOUT, RESULTS
from benchmark.errors import UsageError
from benchmark.run.aside import differing
from benchmark.run.choice import everything, with_variants_named
from benchmark.run.options import RunOptions
from benchmark.run.plan import Cell
from benchmark.run.work import Progress
from benchmark.show.verified import Side, Verified, render_verified
from benchmark.store import archive
from benchmark.store.audit import changed_since, contradicted, drawn_seed
from benchmark.store.local import Contents
from benchmark.store.record import CellKey
from benchmark.store.revision import base_of, head_of, results_of, uncommitted
from benchmark.words import first_of

# As many digits of a commit as are shown.
_SHORT = 12


@dataclass(frozen=True)
class Verification:
    """How many cells were run again, in words all that is not as it is published, and both as markdown."""

    n_cells: int
    wrong: tuple[str, ...]
    table: str


def _committed() -> str:
    """Return the commit that is checked out, which has what is published.

    Raises:
        UsageError: there is none, or something published is not in it.
    """
    commit = head_of(CHECKOUT)
    if files := uncommitted(RESULTS, CHECKOUT):
        raise UsageError(
            f"{first_of(files)} {'is' if len(files) == 1 else 'are'} not as committed, and what is verified is drawn "
            "by the commit of what is published; commit results/, or take the changes back by `git restore`"
        )
    return commit


def _side(contents: Contents, cell_ids: Collection[CellKey]) -> Side:
    there = [cell_id for cell_id in cell_ids if cell_id in contents.records]
    found = places_of(there, contents.cards, contents.records, cards()) if there else {}
    return Side(contents.records, found)


def _run_again(
    cell_ids: Sequence[CellKey], now: Contents, before: Contents, *, commit: str, jobs: int, progress: Progress
) -> list[Verified]:
    """Run the drawn seed of each cell again, and return what was found."""
    found = with_variants_named(everything(RunOptions()), [task for task, _ in cell_ids])
    cells, seeds = [], {}
    for task, model in cell_ids:
        record = now.records[task, model]
        seeds[task, model] = drawn_seed(record, by=commit, before=before.records.get((task, model)))
        if task in found.tasks and model in found.models:
            cells.append(Cell(found.tasks[task], found.models[model], (seeds[task, model],), "verify"))
    wrong: dict[CellKey, list[str]] = {}
    for each in differing(cells, now, options=RunOptions(jobs=jobs), progress=progress):
        wrong.setdefault(each.cell_id, []).append(each.words)
    for cell_id in seeds.keys() - {cell.id for cell in cells}:
        wrong[cell_id] = ["this checkout has no such task or model, so that nobody can make it again"]
    return [Verified(cell_id, seed, tuple(wrong.get(cell_id, ()))) for cell_id, seed in seeds.items()]


def verify(against: str | None, *, every: bool = False, jobs: int, progress: Progress) -> Verification:
    """Run one drawn seed of each published cell again whose figures are others than at a revision, or of `every` one.

    The revision is where the work here left the main line, unless one is named. The seed is drawn by the commit, of
    those that are others than before.

    Raises:
        UsageError: there is no such revision and nothing before HEAD, what is published is not committed, or a library
            is missing.
    """
    commit = _committed()
    now = archive.read(RESULTS)
    name, before = "", Contents({}, {}, {}, ())
    if not every:
        name = against or base_of(CHECKOUT)
        with results_of(name, RESULTS, CHECKOUT) as folder:
            before = archive.read(folder)
    differ = changed_since(now.records, before.records)
    rows = _run_again(differ, now, before, commit=commit, jobs=jobs, progress=progress)
    rows += [Verified(cell_id, None) for cell_id in sorted(before.records.keys() - now.records.keys())]
    others = [str(bad) for bad in now.bad]
    others += [
        f"{' / '.join(cell_id)}: what pages keep of it seed by seed says otherwise than its suite"
        for cell_id in contradicted(now.detailed, now.records)
    ]
    sides = [_side(contents, [row.cell_id for row in rows]) for contents in (before, now)]
    # A commit that was not named is shown as git shows one.
    shown = name if against else name[:_SHORT]
    table = render_verified(rows, *sides, against=shown, commit=commit[:_SHORT], wrong=others)
    of_cells = [f"{' / '.join(row.cell_id)}, seed {row.seed}: {words}" for row in rows for words in row.wrong]
    return Verification(len(differ), (*others, *of_cells), table)

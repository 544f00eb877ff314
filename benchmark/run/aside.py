"""Cells that are run into a folder of their own, which is removed: to see whether they come out as they are kept."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmark.catalogue.fingerprint import heavy_modules
from benchmark.run.choice import require_libraries
from benchmark.run.observed import Observed
from benchmark.run.options import RunOptions
from benchmark.run.passes import run_cells
from benchmark.run.plan import Cell
from benchmark.run.work import Progress
from benchmark.store.audit import Difference, differences
from benchmark.store.local import Contents, Store
from benchmark.store.record import CellKey, Record
from benchmark.store.stamp import Stamp
from benchmark.workers.server import preload, sweep


def differing(cells: list[Cell], kept: Contents, *, options: RunOptions, progress: Progress) -> list[Difference]:
    """Run kept cells again, beside everything that is kept; return what came out otherwise.

    Raises:
        UsageError: a library is missing.
    """
    again = _run(cells, options, progress) if cells else {}
    pairs = [(kept.records[cell_id], record) for cell_id, record in again.items() if cell_id[0] in kept.cards]
    return [each for old, new in pairs for each in differences(old, new, kept.cards[old.task])]


def _run(cells: list[Cell], options: RunOptions, progress: Progress) -> dict[CellKey, Record]:
    entries = [*dict.fromkeys(entry for cell in cells for entry in (cell.task, cell.model))]
    require_libraries(entries)
    sweep()
    preload(heavy_modules(entry for entry in entries if entry.kind == "model"))
    # Nothing is asked of these records but their seeds.
    unasked = dict.fromkeys(entries, Observed(stamp=Stamp(answers={})))
    with TemporaryDirectory() as folder:
        aside = Store(Path(folder) / "aside")
        aside.prepare()
        run_cells(cells, aside, options, observed=unasked, progress=progress)
        return aside.read().records

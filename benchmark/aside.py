"""Cells that are run into a folder of their own, which is removed: to see whether they come out as they are kept."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmark.choice import require_libraries
from benchmark.observed import Observed
from benchmark.options import RunOptions
from benchmark.passes import Progress, heavy_modules, run_cells
from benchmark.record import Record
from benchmark.run.plan import Cell, Place
from benchmark.run.server import preload, sweep
from benchmark.stamp import Stamp
from benchmark.store import Store


def run_aside(cells: list[Cell], options: RunOptions, progress: Progress) -> dict[Place, Record]:
    """Run cells beside everything that is kept, and return their records.

    Raises:
        UsageError: a library is missing.
    """
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

"""What a reader must know before the first figure."""

from benchmark.board.boards import Boards
from benchmark.board.tolerance import PUBLISHED, Tolerance
from benchmark.words import counted


def _other_tolerance(tolerance: Tolerance) -> list[str]:
    if tolerance.is_published:
        return []
    return [
        f"**Solved means {tolerance.words} here,** where the published board has {PUBLISHED.words} of sd(y): verdicts, "
        "horizons, shares and places are of the same records at this tolerance. Findings keep limits of their own."
    ]


def notices(boards: Boards) -> list[str]:
    """Return what a reader must know before the first figure, as markdown.

    That is that there are none, are quick ones, or have another tolerance than what is published.
    """
    cells, n_off_board = boards.cells, boards.main.n_off_board
    n_cells = 0 if cells.empty else int((cells["kind"] == "model").sum())
    n_quick = 0 if cells.empty else int(cells["quick"].sum())
    if n_cells == 0 and n_off_board == 0:
        return ["No results yet: run `nox -s bench`."]
    if n_cells == 0:
        return [
            "No results on the main board yet: run `nox -s bench`. What was run, "
            f"{counted(n_off_board, 'cell')}, is of tasks or models that stay off the main "
            "board: see `records/`, `findings.md` where a finding has all of its cells, and `calibration.md`."
        ]
    notes = _other_tolerance(boards.tolerance)
    if n_quick:
        notes += [
            f"**Quick run:** {n_quick:,} of {counted(n_cells, 'cell')} made with `--quick`, few seeds and a "
            "tenth of the training steps. It shows that everything runs, not how well a model does."
        ]
    return notes

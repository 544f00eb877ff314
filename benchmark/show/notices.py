"""What a reader must know before the first figure."""

from benchmark.board.boards import Boards
from benchmark.words import counted


def notices(boards: Boards) -> list[str]:
    """Return what a reader must know before the first figure, as markdown: that there are none, or are quick ones."""
    cells, n_off_board = boards.cells, boards.main.n_off_board
    n_cells = 0 if cells.empty else int((cells["kind"] == "model").sum())
    n_quick = 0 if cells.empty else int(cells["quick"].sum())
    if n_cells == 0 and n_off_board == 0:
        return ["No results yet: run `nox -s bench`."]
    if n_cells == 0:
        return [
            "No results on the main board yet: run `nox -s bench`. What was run, "
            f"{counted(n_off_board, 'cell')}, is of tasks or models that stay off the main "
            "board: see `records/`, and `findings.md` where a finding has all of its cells."
        ]
    if n_quick:
        return [
            f"**Quick run:** {n_quick:,} of {counted(n_cells, 'cell')} made with `--quick`, few seeds and a "
            "tenth of the training steps. It shows that everything runs, not how well a model does."
        ]
    return []

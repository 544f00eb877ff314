"""Where which board stands: one line for each, and the place of every model on each."""

from collections.abc import Iterator

from benchmark.board.aggregate import Board
from benchmark.board.boards import Boards, complete
from benchmark.board.solving import Region
from benchmark.show.cells import rows_of
from benchmark.show.markdown import narrow_table, table
from benchmark.show.standings import SHOWN, TITLES
from benchmark.words import escaped

FOLDER = "boards"
_PLACES = (
    "The places that each model may hold on each board, as ranges. A blank: it lacks some of the suite. A dash: it was "
    "run on none of it."
)


def path_of(suite: str) -> str:
    """Return the path of a suite's page in the results folder."""
    return f"{FOLDER}/{suite}.md"


def link_to(suite: str, *, here: str = "") -> str:
    """Return the link to a suite's page, from the results folder or from the folder `here` in it."""
    return f"[{suite}]({path_of(suite).removeprefix(f'{here}/')})"


def _best(board: Board, region: Region) -> str:
    placed = board.overall[board.overall["ranked"]].sort_values(f"{region}_order")
    return "" if placed.empty else f"`{placed['model'].iloc[0]}`"


def boards_index(boards: Boards) -> list[str]:
    """Return a table with a line for each board."""
    rows = []
    for name, board in boards.by_suite.items():
        suite = board.merit.suite
        rows.append(
            [
                f"[{name}](#suite-{name})" if board is boards.main else link_to(name),
                escaped(suite.title) if suite else "",
                str(len(board.merit.tasks)),
                str(board.merit.seeds),
                str(len(complete(board))),
                *(_best(board, region) for region in SHOWN),
            ]
        )
    headers = ("suite", "what it holds", "tasks", "seeds", "models with a place", "first outside", "first inside")
    return ["## All boards", table(rows, headers, words=2)]


def _places(board: Board, region: Region) -> dict[str, str]:
    if board.overall.empty:
        return {}
    models = board.overall[board.overall["kind"] == "model"]
    return {row["model"]: row[f"{region}_rank"] for row in rows_of(models)}


def places_tables(boards: Boards) -> Iterator[str]:
    """Yield the tables of the places of every model on every board, models as they stand on the board in front."""
    yield "## Places on all boards"
    yield _PLACES
    for region in SHOWN:
        of_suite = {name: _places(board, region) for name, board in boards.by_suite.items()}
        first = boards.headline.overall.sort_values(f"{region}_order")
        every = dict.fromkeys(first.loc[first["kind"] == "model", "model"])
        every |= dict.fromkeys(sorted({model for places in of_suite.values() for model in places}))
        rows = [[f"`{model}`", *(places.get(model, "-") for places in of_suite.values())] for model in every]
        yield f"### {TITLES[region]}"
        yield narrow_table(rows, ("model", *of_suite))

"""The matrix of verdicts of a suite: a sign and a word for each task and model, and how far the model holds."""

import math
from collections.abc import Mapping, Sequence

from benchmark.board.aggregate import Board
from benchmark.board.verdicts import Verdict
from benchmark.show.cells import Row, rows_of
from benchmark.show.markdown import narrow_table
from benchmark.store.record import TaskCard

# Signs that differ in shape, so that none needs a colour.
SIGNS: Mapping[Verdict, str] = {
    "holds outside": "\u2713 holds",
    "inside only": "\u25d0 in",
    "in part": "~",
    "does not learn": "\u2717 no",
    "failed": "!",
    "not applicable": "n/a",
}
LEGEND = (
    "\u2713 holds outside, or is exact there; \u25d0 in: inside only; ~ in 4/10: in part, of so many seeds inside; "
    "~ out 4/10: most inside, of so many seeds outside too; \u2717 no: does not learn; ! failed, with the word for it; "
    "n/a: not applicable; a blank: not run. The number is the horizon of the median seed: compare it along a task, "
    "since tasks have units of their own. Models stand by place outside."
)


def _horizon(row: Row, card: TaskCard) -> str:
    value = row["horizon"]
    beyond = "\u2265" if value >= card.ladder[-1] else ""
    return "" if math.isnan(value) else f"{beyond}{value:g}"


def _cell(row: Row, card: TaskCard) -> str:
    verdict: Verdict = row["verdict"]
    sign = SIGNS[verdict]
    if verdict == "failed":
        return f"{sign} {row['failure']}"
    if verdict == "in part":
        *outside, seeds = row["verdict_text"].removeprefix("in part ").split()
        return f"{sign} {'out' if outside else 'in'} {seeds}"
    if verdict in ("holds outside", "inside only"):
        exact = row["verdict_text"] == "holds outside, exact"
        return f"{sign.replace('holds', 'exact') if exact else sign} {_horizon(row, card)}"
    return sign


def _whole(cell: str) -> str:
    """Return a cell that takes one line."""
    return cell.replace(" ", "\u00a0")


def _broken(name: str) -> str:
    """Return a name that may take several lines, so that its column is narrow."""
    return name.replace("-", "-<br>")


def verdict_matrix(board: Board, cards: Sequence[TaskCard]) -> str:
    """Return the matrix of some tasks of a board; of tasks and models the more stand below each other."""
    known = {card.task: card for card in cards}
    of_models = board.cells[(board.cells["kind"] == "model") & board.cells["task"].isin(known)]
    cells = {(row["task"], row["model"]): _whole(_cell(row, known[row["task"]])) for row in rows_of(of_models)}
    met = {model for _, model in cells}
    models = [model for model in board.overall.sort_values("outside_order")["model"] if model in met]
    if len(models) > len(cards):
        rows = [[model, *(cells.get((task, model), "") for task in known)] for model in models]
        return narrow_table(rows, ("model", *map(_broken, known)))
    rows = [[task, *(cells.get((task, model), "") for model in models)] for task in known]
    return narrow_table(rows, ("task", *map(_broken, models)))

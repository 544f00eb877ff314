"""What the README shows of the boards: the best models of the one in front, and what some do on the core's tasks."""

from collections.abc import Iterator

from benchmark.board.aggregate import Board
from benchmark.board.boards import Boards, met
from benchmark.board.verdicts import Verdict
from benchmark.show.cells import Row, name_of, rows_of, seconds, share
from benchmark.show.markdown import table
from benchmark.show.notices import notices
from benchmark.show.standings import SHOWN
from benchmark.show.verdicts import SIGNS
from benchmark.store.record import TaskCard
from benchmark.words import code, escaped

# So many models are shown of the board in front; the matrix has them too.
FIRST = 5
# The tag of the models that run where none is named.
_CORE = "core"
LEGEND = (
    "\u2713 solved inside and outside, \u25d0 inside only, \u2717 not learned, ~ by some of the seeds, ! failed, "
    "n/a: the model does not apply."
)


def _models(board: Board) -> list[Row]:
    mine = board.overall[board.overall["kind"] == "model"]
    return list(rows_of(mine.sort_values("outside_order")))


def _title(board: Board) -> str:
    suite = board.merit.suite
    title = f"**{escaped(suite.title)}.**" if suite and suite.title else ""
    return f"{title} {board.merit.sentence}".strip()


def best_table(board: Board, first: int = FIRST) -> str:
    """Return the first models of a board as they stand outside: their places, what they solve, on how many tasks."""
    voting = len(board.votes["outside"])
    rows = [
        [
            name_of(row),
            *(text for region in SHOWN for text in (row[f"{region}_rank"], share(row[f"{region}_share_solved"]))),
            f"{row['outside_tasks']} of {voting}",
            seconds(row, "fit"),
        ]
        for row in _models(board)[:first]
    ]
    level = f"solved to {board.tolerance.words}"
    headers = (text for region in SHOWN for text in (f"place {region}", level))
    return table(rows, ("model", *headers, "tasks", "fit s"))


def _chosen(boards: Boards) -> list[str]:
    """Return the first models of the board in front and those of the core, as they stand there, the rest below."""
    main = boards.main
    there = [row["model"] for row in _models(main)]
    core = {model for (_, model), record in main.records.items() if _CORE in record.model_tags}
    ahead = [row["model"] for row in _models(boards.headline)]
    wanted = {*ahead[:FIRST], *core}
    return [model for model in dict.fromkeys([*ahead, *there]) if model in wanted and model in there]


def _cards(board: Board) -> list[TaskCard]:
    """Return the cards of the tasks that a board compares, in the order of its suite."""
    known = {card.task: card for card in board.cards}
    suite = board.merit.suite
    return [known[task] for task in (suite.tasks if suite else board.merit.tasks) if task in known]


def matrix(boards: Boards) -> str:
    """Return the matrix of some models, place down, by the tasks of the main suite, with a sign for each verdict."""
    board = boards.main
    tasks = [card.task for card in _cards(board)]
    verdicts = {(row["task"], row["model"]): row["verdict"] for row in rows_of(board.cells)}

    def sign(task: str, model: str) -> str:
        verdict: Verdict | None = verdicts.get((task, model))
        return "" if verdict is None else SIGNS[verdict].split()[0]

    rows = [[code(model), *(sign(task, model) for task in tasks)] for model in _chosen(boards)]
    return table(rows, ("model", *tasks))


def _tables(boards: Boards) -> Iterator[str]:
    front, main = boards.headline, boards.main
    if met(front):
        n_models = len(_models(front))
        yield f"{_title(front)} {f'The first {FIRST} of {n_models} models.' if n_models > FIRST else ''}".strip()
        yield best_table(front)
    if met(main) and _chosen(boards):
        yield _title(main) if main is not front else ""
        yield matrix(boards)
        yield f"{LEGEND} {'; '.join(f'{code(card.task)} is {code(card.formula)}' for card in _cards(main))}."


def render_front(boards: Boards) -> str:
    """Return what the README shows of the boards as markdown, with what a reader must know first."""
    return "\n\n".join(filter(None, [*notices(boards), *_tables(boards)]))

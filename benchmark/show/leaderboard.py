"""Renders the leaderboard as markdown: what most people come for in front, all boards, the costs, the sections."""

from collections.abc import Iterator

from benchmark.board.aggregate import Board
from benchmark.board.boards import Boards, complete, met
from benchmark.show.figures.gallery import Gallery, gallery_of
from benchmark.show.index import boards_index, link_to, places_tables
from benchmark.show.markdown import folded, listed
from benchmark.show.notices import notices
from benchmark.show.reading import ORDER, reading
from benchmark.show.sections import embedded, task_sections
from benchmark.show.standings import (
    SHOWN,
    TITLES,
    board_table,
    brief_table,
    class_tables,
    cost_table,
    known_table,
    no_places,
    no_votes,
    signs_table,
)
from benchmark.show.suite_page import too_large
from benchmark.show.verdicts import LEGEND, verdict_matrix
from benchmark.words import escaped

# So many models are shown of each board to who has run something.
_TOP = 10
# GitHub shows a page of this size at once.
MOST_BYTES = 300_000
# What stands around the matrices of verdicts: their title, the legend, and links to those that have no room.
_WORDS = 2_500
_TITLE = "# Leaderboard"
_INTRODUCTION = (
    "Which model learns which simple function, how far outside the training range it holds, and what it costs."
)


def _models(board: Board) -> int:
    return int((board.overall["kind"] == "model").sum()) if met(board) else 0


def _whole_top(board: Board) -> Iterator[str]:
    for region in SHOWN:
        yield f"**{TITLES[region]}**"
        yield board_table(board, region, ["model"], first=_TOP)


def _rest(board: Board) -> list[str]:
    n_models = _models(board)
    return [f"The first {_TOP} of {n_models} models."] if n_models > _TOP else []


def _brief_top(board: Board) -> Iterator[str]:
    suite = board.merit.suite
    title = f": {escaped(suite.title)}" if suite and suite.title else ""
    yield f"**S{board.merit.title.removeprefix('s')}{title}**"
    yield brief_table(board, first=_TOP)
    yield " ".join(filter(None, [*_rest(board), board.merit.sentence]))


def render_top(boards: Boards) -> str:
    """Return the models in front, as markdown, with what a reader must know first.

    Of one board alone these are both of its tables; of several a narrow one of each that stands in front.
    """
    parts = notices(boards)
    if not boards.others and met(boards.main):
        parts += [*_whole_top(boards.main), " ".join(filter(None, [*_rest(boards.main), boards.main.merit.sentence]))]
    else:
        parts += [part for board in in_front(boards) for part in _brief_top(board)]
    return "\n\n".join(filter(None, parts))


def in_front(boards: Boards) -> list[Board]:
    """Return the boards that stand in front with all of their rows."""
    both = [boards.headline, *([boards.main] if boards.headline is not boards.main else [])]
    return [board for board in both if met(board)]


def _board(board: Board, level: str) -> Iterator[str]:
    for region in SHOWN:
        yield f"{level} {TITLES[region]}"
        yield board_table(board, region, ["model", "reference"])
    yield from listed([*no_votes(board), *no_places(board)])
    if known := known_table(board):
        yield f"{level} What else is known"
        yield from known
    if told := signs_table(board):
        yield f"{level} What tells that a row is wrong"
        yield from told


def _map_of(board: Board, gallery: Gallery) -> list[str]:
    suite = board.merit.suite
    return embedded(gallery.heat.get(suite.name)) if suite else []


def _suite_section(board: Board, boards: Boards, gallery: Gallery) -> Iterator[str]:
    suite = board.merit.suite
    if suite is None or board.merit.seeds is None:
        yield "## The tasks that are here"
    else:
        yield f"## Suite `{suite.name}`"
        more = [] if board is boards.main else [f"Task by task: {link_to(suite.name)}."]
        yield " ".join(filter(None, [suite.title and f"{escaped(suite.title)}.", board.merit.sentence, *more]))
    yield from _board(board, "###")
    yield from _map_of(board, gallery)
    yield from listed([remark for remark in board.remarks if remark not in boards.main.remarks])


def _in_short(board: Board, gallery: Gallery) -> Iterator[str]:
    suite = board.merit.suite
    assert suite is not None
    yield f"## Suite `{suite.name}`, in short"
    yield " ".join(filter(None, [suite.title and f"{escaped(suite.title)}.", board.merit.sentence, *_rest(board)]))
    yield brief_table(board, first=_TOP)
    yield f"The rest: {link_to(suite.name)}."
    yield from _map_of(board, gallery)


def _front(boards: Boards, gallery: Gallery) -> Iterator[str]:
    """Yield the tables in front: of one board alone its own, of several those that people come for, and the index."""
    if not boards.others:
        yield f"{boards.main.merit.sentence} {ORDER}".strip()
        yield from _board(boards.main, "##")
        yield from _map_of(boards.main, gallery)
        yield from class_tables(boards.main)
        return
    yield ORDER
    for board in in_front(boards):
        yield from _suite_section(board, boards, gallery)
    whole = boards.by_suite.get("all")
    if whole is not None and complete(whole) and whole is not boards.headline:
        yield from _in_short(whole, gallery)
    yield from boards_index(boards)
    yield from places_tables(boards)
    yield from class_tables(boards.widest, named=True)


def _matrix_of(board: Board) -> str:
    """Return the matrix of verdicts of a board, "" where it is too large for a page."""
    known = {card.task: card for card in board.cards}
    order = board.merit.suite.tasks if board.merit.seeds is not None and board.merit.suite else tuple(known)
    cards = [known[task] for task in order if task in known]
    return "" if too_large(len(cards), _models(board)) else verdict_matrix(board, cards)


def _verdicts(boards: Boards, room: int) -> Iterator[str]:
    """Yield the matrices of verdicts while they fit into so many bytes: of the boards in front first, others folded."""
    front = {board.merit.title: board for board in in_front(boards)}
    others = {board.merit.title: board for board in boards.others.values() if met(board)}
    parts, left = [], []
    for title, board in (front | others).items():
        suite, matrix = board.merit.suite, _matrix_of(board)
        part = matrix
        if suite and boards.others:
            words = f"Verdicts of suite `{suite.name}`"
            part = f"### {words}\n\n{matrix}" if title in front else folded(f"{words}: {suite.title}", matrix)
        if matrix and len(part.encode()) + 2 <= room:
            room -= len(part.encode()) + 2
            parts.append(part)
        elif suite and board is not boards.main:
            left.append(link_to(suite.name))
    if parts:
        yield "## Verdicts, task by task"
        yield LEGEND
        yield from parts
        yield from [f"On pages of their own: {', '.join(left)}."] if left else []


def render_markdown(boards: Boards) -> str:
    """Return the whole leaderboard as markdown."""
    if not any(not board.overall.empty for board in (boards.main, *boards.others.values())):
        return "\n\n".join([_TITLE, *notices(boards)]) + "\n"
    gallery = gallery_of(boards)
    costs = boards.headline
    of_suite = f"Medians over the tasks of {costs.merit.title}." if boards.others else ""
    remarks = [*boards.main.remarks, *gallery.remarks]
    first = [_TITLE, *notices(boards), _INTRODUCTION, *_front(boards, gallery)]
    last = [
        "## What it costs",
        *filter(None, [of_suite]),
        cost_table(costs),
        *listed(remarks),
        *(part for picture in gallery.overall.values() for part in embedded(picture)),
        reading(boards.tolerance).strip(),
        *task_sections(boards.main, gallery),
    ]
    size = sum(len(part.encode()) + 2 for part in (*first, *last))
    return "\n\n".join([*first, *_verdicts(boards, MOST_BYTES - size - _WORDS), *last]) + "\n"

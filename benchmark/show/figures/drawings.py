"""Every picture of the boards, none drawn again of which nothing changed."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure

from benchmark.board.aggregate import Board
from benchmark.board.boards import Boards
from benchmark.show.figures.cost import draw_cost
from benchmark.show.figures.curves import STYLE, draw_curves, draw_distance, svg
from benchmark.show.figures.gallery import Gallery, gallery_of, mapped
from benchmark.show.figures.heat import draw_heat
from benchmark.show.figures.overview import draw_overview
from benchmark.store.record import Record, TaskCard


@dataclass(frozen=True)
class Shelf:
    """Pictures that were drawn before by the same code: texts by the digest of all that decides them.

    `used` are the digests of those that were asked for since, by path.
    """

    known: Mapping[str, str] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)

    def drawn(self, path: str, decides: Sequence[str], draw: Callable[[], str]) -> str:
        """Return a picture by its path, and draw it where it is not here; `decides` is all that decides its bytes."""
        whole = hashlib.sha256(path.encode())
        for part in decides:
            # A title may hold half a character.
            whole.update(hashlib.sha256(part.encode(errors="surrogatepass")).digest())
        key = self.used[path] = whole.hexdigest()
        return self.known[key] if key in self.known else draw()


def _styled(draw: Callable[[Board], Figure], board: Board) -> str:
    with rc_context(STYLE):
        return svg(draw(board))


def _of_all(boards: Boards, gallery: Gallery, shelf: Shelf) -> Iterator[tuple[str, str]]:
    """Yield the pictures of all tasks of the board in front, and the maps of errors, which take no time."""
    board = boards.headline
    if gallery.overall:
        decides = [board.overall.to_csv(), board.cells.to_csv(), repr(board.merit), repr(board.tolerance)]
        decides += [repr(card) for card in board.cards]
        for name, picture in gallery.overall.items():
            draw = draw_overview if name == "overview" else draw_cost
            yield picture.path, shelf.drawn(picture.path, decides, lambda draw=draw: _styled(draw, board))  # type: ignore[misc]
    yield from ((gallery.heat[suite].path, draw_heat(each)) for suite, each in mapped(boards).items())


def _words(record: Record) -> str:
    """Return all of a record that its pictures show."""
    # What is published keeps curves packed, and a packed curve cannot say itself.
    curve = (record.curve.median, record.curve.low, record.curve.high) if record.curve else ()
    return "\n".join([*(seed.model_dump_json() for seed in record.seeds), repr(curve)])


def _of_task(
    board: Board, card: TaskCard, cells: pd.DataFrame, gallery: Gallery, shelf: Shelf
) -> Iterator[tuple[str, str]]:
    records = [board.record(card.task, model) for model in cells["model"]]
    decides = [repr(card), cells.to_csv(index=False), repr(board.tolerance)]
    decides += map(_words, records)
    if card.task in gallery.curves:
        path = gallery.curves[card.task].path
        yield path, shelf.drawn(path, decides, lambda: draw_curves(card, cells, records))
    if card.task in gallery.distance:
        path = gallery.distance[card.task].path
        yield path, shelf.drawn(path, decides, lambda: draw_distance(card, cells, records, board.tolerance))


def draw_all(boards: Boards, shelf: Shelf | None = None) -> dict[str, str]:
    """Return every picture of the boards, as SVG by its path in the results folder."""
    gallery, board, shelf = gallery_of(boards), boards.main, shelf or Shelf()
    drawn = dict(_of_all(boards, gallery, shelf))
    order = {model: position for position, model in enumerate(board.overall["model"])} if gallery.distance else {}
    cells = board.cells[board.cells["kind"] == "model"]
    for card in board.cards:
        if card.task in gallery.distance:
            mine = cells[cells["task"] == card.task]
            mine = mine.sort_values("model", key=lambda column: column.map(order), kind="stable")
            drawn |= dict(_of_task(board, card, mine, gallery, shelf))
    return drawn

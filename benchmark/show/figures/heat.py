"""Draws the errors of a suite as a map: a square for each task and model, outside the training range and inside it.

It is written as text: of many thousand squares those of one colour are one path, which matplotlib has no way to say.
"""

import html
import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmark.board.aggregate import Board
from benchmark.board.boards import complete
from benchmark.board.solving import ERRORS, Region
from benchmark.show.cells import Row, rows_of
from benchmark.show.digits import short
from benchmark.show.figures.palette import EDGE, HEAT, INK
from benchmark.store.record import TaskCard
from benchmark.words import visible

# Where the colour changes, RMSE / sd of y: among them the three levels that a region is solved to.
EDGES = (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.05, 0.2, 1.0, 3.0, 10.0)
_REGIONS: tuple[Region, Region] = ("outside", "inside")
# Of more rows than this each is thin and has no name.
_NAMED = 130
_WIDTH, _HEIGHT, _THIN, _GAP, _SPACE = 16, 13, 4, 4, 28
# How wide a letter is drawn, about.
_LETTER = 5.4
_HATCH = (
    '<pattern id="na" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" fill="#eeeeee"/>'
    '<path d="M0 4L4 0" stroke="#999999" stroke-width="0.8"/></pattern>'
)
OTHER = "of no class"


@dataclass(frozen=True)
class _Axis:
    """What stands along one side: the names, where each begins, and groups of them with their first and last place."""

    names: tuple[str, ...]
    starts: tuple[int, ...]
    size: int
    groups: tuple[tuple[str, int, int], ...]

    @property
    def length(self) -> int:
        return self.starts[-1] + self.size if self.starts else 0


def _axis(groups: Sequence[tuple[str, Sequence[str]]], size: int) -> _Axis:
    names, starts, found, at = [], [], [], 0
    for title, mine in groups:
        found.append((title, at, at + size * len(mine)))
        for name in mine:
            names.append(name)
            starts.append(at)
            at += size
        at += _GAP
    return _Axis(tuple(names), tuple(starts), size, tuple(found))


def models_of(board: Board) -> list[str]:
    """Return the models of a map by place outside: those that have one; where none has, all."""
    rows = board.overall[board.overall["kind"] == "model"].sort_values("outside_order")
    return complete(board) or rows["model"].tolist()


def grouped(board: Board, cards: Sequence[TaskCard]) -> list[tuple[str, list[str]]]:
    """Return the tasks by their first class, in each the easiest first: by the mean log score outside of all models."""
    scores: dict[str, list[float]] = {}
    for row in rows_of(board.cells[board.cells["kind"] == "model"]):
        # What a model does not apply to scores as the constant.
        scores.setdefault(row["task"], []).append(row["outside_score"] if row["n_counted"] else 0.0)

    def difficulty(card: TaskCard) -> tuple[float, str]:
        mine = scores.get(card.task, [0.0])
        return round(math.fsum(mine) / len(mine), 6), card.task

    groups: dict[str, list[str]] = {}
    for card in sorted(cards, key=difficulty):
        groups.setdefault(card.classes[0] if card.classes else OTHER, []).append(card.task)
    return sorted(groups.items(), key=lambda group: (group[0] == OTHER, group[0]))


def _kind(row: Row, sd: float, region: Region) -> tuple[str, str]:
    """Return the fill of a square, and its mark: "solved", "failed" or ""."""
    if not row["n_counted"]:
        return "url(#na)", ""
    error = row[ERRORS[region]]
    if math.isnan(error):
        return "", ""
    solved = 2 * row[f"{region}_seeds"] > row["n_counted"]
    mark = "failed" if math.isinf(error) else "solved" if solved else ""
    return HEAT[bisect_left(EDGES, error / sd)], mark


def _text(x: float, y: float, words: str, *, size: float = 9, anchor: str = "start", turned: bool = False) -> str:
    rotation = f' transform="rotate(-90 {x:g} {y:g})"' if turned else ""
    said = html.escape(visible(words))
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" text-anchor="{anchor}"{rotation}>{said}</text>'


def _runs(starts: Sequence[int], size: int, fills: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Yield each run of squares of one fill that touch: fill, where it begins, and how long it is."""
    run: tuple[str, int, int] = ("", 0, 0)
    for start, fill in zip(starts, fills, strict=True):
        if fill == run[0] and start == run[1] + run[2]:
            run = (fill, run[1], run[2] + size)
            continue
        if run[0]:
            yield run
        run = (fill, start, size)
    if run[0]:
        yield run


def _panel(
    cells: Mapping[tuple[str, str], tuple[str, str]], down: _Axis, across: _Axis, left: int, top: int
) -> Iterator[str]:
    """Yield the squares of a region, those of one colour as one path, and the marks on them."""
    paths: dict[str, list[str]] = {}
    marks: dict[str, list[str]] = {"solved": [], "failed": []}
    for name, start in zip(down.names, down.starts, strict=True):
        row = [cells.get((name, other), ("", "")) for other in across.names]
        for fill, at, width in _runs(across.starts, across.size, [fill for fill, _ in row]):
            paths.setdefault(fill, []).append(f"M{left + at} {top + start}h{width}v{down.size}h-{width}z")
        for (_, mark), at in zip(row, across.starts, strict=True):
            x, y = left + at + across.size // 2, top + start + down.size // 2
            if mark == "solved":
                marks[mark].append(f"M{x - 1} {y - 1}h3v2h-3z")
            elif mark == "failed":
                marks[mark].append(f"M{x - 2} {y - 1}h4")
    yield from (f'<path d="{"".join(paths[fill])}" fill="{fill}"/>' for fill in sorted(paths))
    if marks["solved"]:
        yield f'<path d="{"".join(marks["solved"])}" fill="#ffffff"/>'
    if marks["failed"]:
        yield f'<path d="{"".join(marks["failed"])}" stroke="{INK}" stroke-width="1.4"/>'


def _legend(left: int, top: int) -> Iterator[str]:
    yield _text(left, top, "RMSE / sd of y:")
    for i, fill in enumerate(HEAT):
        x = left + 78 + 36 * i
        yield f'<rect x="{x}" y="{top - 9}" width="36" height="11" fill="{fill}"/>'
        if i < len(EDGES):
            yield _text(x + 36, top + 12, short(EDGES[i]), size=8, anchor="middle")
    y = top + 26
    yield f'<rect x="{left}" y="{y - 9}" width="16" height="11" fill="{HEAT[2]}"/>'
    yield f'<path d="M{left + 7} {y - 5}h3v2h-3z" fill="#ffffff"/>'
    yield _text(left + 20, y, "more than half of the seeds solve it")
    yield f'<rect x="{left + 190}" y="{y - 9}" width="16" height="11" fill="{HEAT[-1]}"/>'
    yield f'<path d="M{left + 196} {y - 4}h4" stroke="{INK}" stroke-width="1.4"/>'
    yield _text(left + 210, y, "failed")
    yield f'<rect x="{left + 260}" y="{y - 9}" width="16" height="11" fill="url(#na)"/>'
    yield _text(left + 280, y, "does not apply (blank: was not run)")


def _labels(down: _Axis, across: _Axis, left: int, tops: Sequence[int], lefts: Sequence[int]) -> Iterator[str]:
    top, named = tops[0], down.size > _THIN
    for title, start, end in down.groups if not named else ():
        yield _text(left - 5, top + (start + end) / 2 + 3, title, anchor="end")
    for name, start in zip(down.names, down.starts, strict=True) if named else ():
        yield _text(left - 5, top + start + down.size - 3, name, anchor="end")
    for at in lefts:
        for name, start in zip(across.names, across.starts, strict=True):
            yield _text(at + start + across.size - 5, top - 5, name, turned=True)
        for title, start, end in down.groups if named else ():
            if title and at == lefts[-1]:
                yield _text(at + across.length + 6, top + (start + end) / 2 + 3, title)


def draw_heat(board: Board) -> str:
    """Return the map of a suite's board as SVG: tasks by class, then from easy to hard, models by place outside.

    Of tasks and models the more stand below each other.
    """
    known = {card.task: card for card in board.cards if card.task in board.merit.tasks}
    models, tasks = models_of(board), grouped(board, [*known.values()])
    transposed = len(models) > len(known)
    groups = [("", models)] if transposed else tasks
    n_rows = sum(len(mine) for _, mine in groups)
    down = _axis(groups, _HEIGHT if n_rows <= _NAMED else _THIN)
    across = _axis(tasks if transposed else [("", models)], _WIDTH)
    row_words = down.names if down.size > _THIN else [title for title, _, _ in down.groups]
    left = 12 + math.ceil(_LETTER * max(map(len, row_words), default=0))
    top = 46 + math.ceil(_LETTER * max(map(len, across.names), default=0))
    lefts = [left, left + across.length + _SPACE]
    side = math.ceil(_LETTER * max((len(title) for title, _, _ in down.groups), default=0)) + 10
    width, height = max(lefts[1] + across.length + side, left + 490), top + down.length + 64
    rows = [row for row in rows_of(board.cells[board.cells["kind"] == "model"]) if row["task"] in known]
    suite = board.merit.suite
    title = f"Suite {suite.name}, {len(known)} tasks: error on each" if suite else "Error on each task"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" fill="{INK}">',
        f"<defs>{_HATCH}</defs>",
        f'<path d="M0 0h{width}v{height}h-{width}z" style="fill: #ffffff"/>',
        _text(12, 18, title, size=12),
    ]
    for region, at in zip(_REGIONS, lefts, strict=True):
        cells = {}
        for row in rows:
            place = (row["model"], row["task"]) if transposed else (row["task"], row["model"])
            cells[place] = _kind(row, known[row["task"]].target_sd, region)
        parts.append(_text(at, 36, f"{region} the training range", size=10))
        parts.append(
            f'<path d="M{at} {top}h{across.length}v{down.length}h-{across.length}z" fill="none" stroke="{EDGE}" '
            'stroke-width="0.5"/>'
        )
        parts += _panel(cells, down, across, at, top)
    parts += [*_labels(down, across, left, [top], lefts), *_legend(left, top + down.length + 24), "</svg>"]
    return "\n".join(parts) + "\n"

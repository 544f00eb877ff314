"""Seeds as rows of a table: one header for all models of a suite, so that pandas reads every seed at once.

A row is a line, whatever a reason holds. When a table is read, each line is looked at whether it is a row; its figures
become numbers when somebody asks for them, since most runs ask for none.
"""

import csv
import hashlib
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from types import MappingProxyType
from typing import get_args, overload

from benchmark.store.lines import compact
from benchmark.store.record import LETTERS, Offer, SeedOutcome, Status, TaskCard
from benchmark.store.stamp import Setting

# The board shows four digits and leaderboard.csv six: with as many here, some would be rounded twice, and differ.
DIGITS = 8
_ERRORS = ("training_rmse", "interpolation_rmse", "extrapolation_rmse")
_STATUSES: frozenset[str] = frozenset(get_args(Status))
_FIRST, _LAST = ("task", "seed", "status", *_ERRORS), ("reason",)
# No more digits than are written, so that only a figure of e+30x may be too large for a number.
# What follows a figure is never a part of it, so that nothing is tried twice: that is a third of the time.
_FIGURE = rf"[0-9]{{1,{DIGITS}}}+(?:\.[0-9]++)?+(?:e(?:-[0-9]{{1,3}}|\+(?:30[0-8]|[0-2]?[0-9][0-9])))?+"
_TEXT = rf'(?:[^",\n]{{1,{LETTERS["reason"]}}}|"(?:[^"\n]|""){{1,{2 * LETTERS["reason"]}}}")'
# Within so many letters stand the number and the status of a seed.
_HEAD = 9 + 2 + max(map(len, _STATUSES))
# The settings and the notes of a seed, what its model offered, and its signs.
Said = tuple[dict[str, Setting], dict[str, str], Offer | None, dict[str, float]]
# By name the share of each seed, None of one that has none.
Signs = Mapping[str, Sequence[float | None]]
NO_SIGNS: Signs = MappingProxyType({})
# The number and the status of each seed.
Endings = tuple[tuple[int, Status], ...]


@dataclass(frozen=True)
class Columns:
    """The columns of the tables of a suite: as many shells as the longest ladder has, and every quantity."""

    n_shells: int
    quantities: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The header."""
        return (*_FIRST, *(f"shell_{i}" for i in range(1, self.n_shells + 1)), *self.quantities, *_LAST)

    def rows_of(self, card: TaskCard) -> re.Pattern[str]:
        """Return what the rows of a task look like: errors where all is well, otherwise a reason.

        Tasks with ladders of one length share it, since there may be hundreds; `check` looks at the name of the task.
        """
        return _rows(len(card.ladder) - 1, self.n_shells, len(self.quantities))


@cache
def _rows(n: int, n_shells: int, n_quantities: int) -> re.Pattern[str]:
    shells = rf"(?:,(?:{_FIGURE})?+)" * n + "," * (n_shells - n)
    quantities = rf"(?:,(?:-?+{_FIGURE})?+)" * n_quantities
    good = rf"ok,(?:{_FIGURE})?+,{_FIGURE},{_FIGURE}{shells}{quantities},{_TEXT}?"
    others = "|".join(sorted(_STATUSES - {"ok"}))
    bad = rf"(?:{others})(?:,(?:{_FIGURE})?+){{3}}{shells}{quantities},{_TEXT}"
    return re.compile(rf'(?:[^",\n]++,[0-9]{{1,9}}+,(?:{good}|{bad})\n)*+')


def columns_of(cards: Iterable[TaskCard]) -> Columns:
    """Return the columns that the tasks of a suite need."""
    every = list(cards)
    named = {name for card in every for q in card.quantities for name in (q.error, q.estimate) if name}
    return Columns(max((len(card.ladder) - 1 for card in every), default=0), tuple(sorted(named)))


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.{DIGITS}g}"


def _row(task: str, outcome: SeedOutcome, columns: Columns) -> list[str]:
    shells = [_figure(error) for error in outcome.shell_rmse]
    return [
        task,
        str(outcome.seed),
        outcome.status,
        *(_figure(getattr(outcome, name)) for name in _ERRORS),
        *shells,
        *[""] * (columns.n_shells - len(shells)),
        *(_figure(outcome.quantities.get(name)) for name in columns.quantities),
        # A line a seed, whatever a reason holds.
        " ".join(outcome.reason.split()),
    ]


def lines_of(task: str, seeds: Iterable[SeedOutcome], columns: Columns) -> list[str]:
    """Return the lines of a cell, a seed each."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(_row(task, outcome, columns) for outcome in seeds)
    return text.getvalue().split("\n")[:-1]


def digest(lines: Iterable[str], offers: Sequence[Offer | None] = (), signs: Signs = NO_SIGNS) -> str:
    """Return 16 hexadecimal digits that a changed figure changes, of a sign too, or a word of what a model offered."""
    words = [each.model_dump_json() if each else "" for each in offers]
    shares = [compact(signs)] if signs else []
    return hashlib.sha256("\n".join([*lines, *(words if any(words) else ()), *shares]).encode()).hexdigest()[:16]


def written(lines: Iterable[str], columns: Columns) -> str:
    """Return a table as CSV."""
    return "\n".join([",".join(columns.names), *lines, ""])


def read_lines(text: str, columns: Columns) -> dict[str, list[str]]:
    """Return the lines of each task of a table, in their order.

    Raises:
        ValueError: a column is missing, unknown or elsewhere, or the last line has no end.
    """
    header, *lines = text.split("\n")
    if header != ",".join(columns.names):
        raise ValueError(f"its columns are {header.replace(',', ', ')}; expected {', '.join(columns.names)}")
    if not lines or lines.pop() != "":
        raise ValueError("its last line has no end, so that some of it may be missing")
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(line.partition(",")[0], []).append(line)
    return found


@lru_cache(maxsize=1024)
def _endings(heads: tuple[str, ...]) -> Endings:
    """Return the endings whose numbers and statuses follow each other; most cells have the same, and share them."""
    return tuple(zip(map(int, heads[::2]), heads[1::2], strict=True))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Seeds(Sequence[SeedOutcome]):
    """The seeds of a cell as its lines hold them; figures become numbers when a seed is looked at."""

    lines: tuple[str, ...]
    card: TaskCard
    columns: Columns
    # What is said of each seed, by all their statuses.
    said: Callable[[Sequence[str]], Sequence[Said]] = field(repr=False)

    @cached_property
    def endings(self) -> Endings:
        """The number and the status of each seed."""
        after = len(self.card.task) + 1
        # Without the figures, of which each part would be a copy.
        return _endings(tuple([part for line in self.lines for part in line[after : after + _HEAD].split(",", 2)[:2]]))

    @cached_property
    def _made(self) -> tuple[SeedOutcome, ...]:
        n = len(self.card.ladder) - 1
        rows, every = csv.reader(self.lines), self.said([status for _, status in self.endings])
        return tuple(_outcome(row, n, self.columns, said) for row, said in zip(rows, every, strict=True))

    @overload
    def __getitem__(self, number: int) -> SeedOutcome: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[SeedOutcome]: ...
    def __getitem__(self, number: int | slice) -> SeedOutcome | Sequence[SeedOutcome]:
        """Return a seed, or some."""
        return self._made[number]

    def __len__(self) -> int:
        """Return how many seeds there are."""
        return len(self.lines)

    def __iter__(self) -> Iterator[SeedOutcome]:
        """Yield each seed."""
        return iter(self._made)

    def __eq__(self, other: object) -> bool:
        """Whether another sequence has the same seeds."""
        return isinstance(other, Sequence) and self._made == tuple(other)

    __hash__ = None  # type: ignore[assignment]


def _outcome(row: Sequence[str], n_shells: int, columns: Columns, said: Said) -> SeedOutcome:
    errors = [float(text) if text else None for text in row[3:6]]
    quantities = zip(columns.quantities, row[6 + columns.n_shells : -1], strict=True)
    # That it is a row has been looked at, and there are very many.
    return SeedOutcome.model_construct(
        seed=int(row[1]),
        status=row[2],
        reason=row[-1],
        training_rmse=errors[0],
        interpolation_rmse=errors[1],
        extrapolation_rmse=errors[2],
        shell_rmse=tuple([float(text) for text in row[6 : 6 + n_shells] if text]),
        quantities={name: float(text) for name, text in quantities if text},
        slice=(),
        settings=said[0],
        notes=said[1],
        offer=said[2],
        signs=said[3],
    )


def _infinite(line: str) -> bool:
    """Whether a row has a figure that is too large for a number."""
    return any(math.isinf(float(text)) for text in next(csv.reader([line]))[3:-1] if text)


def check(lines: Sequence[str], rows: re.Pattern[str], task: str) -> None:
    """Refuse lines that are no rows of a task.

    Raises:
        ValueError: with the first that is none.
    """
    start, text = f"{task},", "\n".join(["", *lines, ""])
    # All at once, since there are very many; one by one where something is wrong.
    fits = rows.fullmatch(text, 1) and text.count(f"\n{start}") == len(lines)
    if fits and ("e+30" not in text or not any(map(_infinite, lines))):
        return
    wrong = next(
        line for line in lines if not (line.startswith(start) and rows.fullmatch(f"{line}\n")) or _infinite(line)
    )
    raise ValueError(f"this is no row of {task}: {wrong[:80]!r}")


def check_order(endings: Endings, task: str) -> None:
    """Refuse seeds that do not ascend.

    Raises:
        ValueError: with their numbers.
    """
    numbers = [number for number, _ in endings]
    if numbers != sorted(set(numbers)):
        raise ValueError(f"the seeds of {task} must be ascending, each once, got {numbers}")

"""The boards of all suites, of the same contents: what was computed of a cell serves each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import pandas as pd

from benchmark.board.aggregate import Board, Ledger, frame_of, ledger_of, quantities_of
from benchmark.board.costs import Timings
from benchmark.board.tolerance import PUBLISHED, Tolerance
from benchmark.store.record import CellKey, Record, SuiteCard, TaskCard

# The suite that most people come for first, once a model has a place on it.
HEADLINE = "standard"


@dataclass(frozen=True)
class Boards:
    """Every board that there is something to show of.

    `main` is that of the first suite, `core`, and has the tasks of no suite besides: a plugin's. `others` are the
    boards of the other suites of which something was run, by name, each of its own tasks alone. `cells` has every cell
    and reference once, with as many seeds as the suite counts that counts most, and in `suites` the names of the boards
    that it is on. `cards` are those of all their tasks.
    """

    main: Board
    others: Mapping[str, Board]
    cells: pd.DataFrame
    cards: tuple[TaskCard, ...]

    @property
    def tolerance(self) -> Tolerance:
        """What counts as solved, on all of them."""
        return self.main.tolerance

    @property
    def quantities(self) -> tuple[str, ...]:
        """The names of the quantities that have a column of their own in `cells`."""
        return quantities_of(self.cards)

    @property
    def by_suite(self) -> Mapping[str, Board]:
        """The boards of suites by name, those that most people come for first."""
        suite = self.main.merit.suite
        first = {suite.name: self.main} if suite and self.main.merit.seeds is not None else {}
        return {**first, **self.others}

    @property
    def headline(self) -> Board:
        """The board that stands in front: that of `standard` where a model has a place on it, else the main one."""
        there = [board for name, board in self.others.items() if name == HEADLINE and complete(board)]
        if not there and not met(self.main):
            there = [board for board in self.others.values() if met(board)]
        return there[0] if there else self.main

    @property
    def widest(self) -> Board:
        """The board of the most tasks on which a model has a place, of several the first; else the main one."""
        there = [board for board in (self.main, *self.others.values()) if complete(board)]
        return max(there, key=lambda board: len(board.merit.tasks), default=self.headline)

    def suites_of(self, task: str) -> tuple[str, ...]:
        """Return the names of the suites with a board that have a task."""
        return tuple(name for name, board in self.by_suite.items() if task in board.merit.tasks)


def met(board: Board) -> bool:
    """Whether any model was run on a task of a board."""
    return not board.overall.empty and bool((board.overall["kind"] == "model").any())


def complete(board: Board) -> list[str]:
    """Return the models that have a place on a board, in the order of the table outside."""
    if board.overall.empty:
        return []
    models: list[str] = board.overall.loc[board.overall["ranked"], "model"].tolist()
    return models


def alone(board: Board) -> Boards:
    """Return a board as the only one there is."""
    made = Boards(board, {}, board.cells, board.cards)
    return Boards(board, {}, _with_suites(board.cells, made), board.cards)


def _with_suites(cells: pd.DataFrame, boards: Boards) -> pd.DataFrame:
    named = {task: " ".join(boards.suites_of(task)) for task in cells["task"].unique()}
    return cells.assign(suites=[named[task] for task in cells["task"]])


def _most_seeds(boards: Boards) -> dict[str, int | None]:
    """Return for each task the number of seeds of the suite that counts most of them."""
    most: dict[str, int | None] = {card.task: boards.main.merit.seeds for card in boards.main.cards}
    for board in boards.others.values():
        for card in board.cards:
            # What is in no other suite has none yet.
            most[card.task] = max(most.get(card.task) or 0, board.merit.seeds or 0)
    return most


def _cells(ledger: Ledger, boards: Boards) -> pd.DataFrame:
    rows = chain.from_iterable(ledger.of_task(task, n).rows for task, n in sorted(_most_seeds(boards).items()))
    return _with_suites(frame_of([*rows], boards.quantities), boards)


def boards_of(
    cards: Mapping[str, TaskCard],
    records: Mapping[CellKey, Record],
    timings: Timings,
    suites: Sequence[SuiteCard],
    *,
    here: str = "",
    tolerance: Tolerance = PUBLISHED,
) -> Boards:
    """Return the board of the first suite, with the tasks of none, and of every other of which something else was run.

    Seconds are of the machine `here` where it has as many as any; `tolerance` says what counts as solved.
    """
    first, *rest = suites
    ledger = ledger_of(cards, records, timings, here=here, tolerance=tolerance)
    run = {task for task in ledger.cards if ledger.on_board(task)}
    # Of what the first suite has too its own board tells; but a suite may hold nothing else.
    there = [suite for suite in rest if run & ({*suite.tasks} - {*first.tasks} or {*suite.tasks})]
    elsewhere = {task for suite in there for task in suite.tasks} - {*first.tasks}
    main = ledger.board(first, among={*ledger.models, *cards} - elsewhere)
    others = {suite.name: ledger.board(suite, among=suite.tasks) for suite in there}
    every = {card.task: card for board in (main, *others.values()) for card in board.cards}
    made = Boards(main, others, main.cells, tuple(card for _, card in sorted(every.items())))
    return Boards(main, others, _cells(ledger, made), made.cards)

"""Hands a suite of `tasks` to what reads records, which sees no tasks, and checks it against the tasks there are."""

from collections.abc import Iterable, Mapping

from benchmark.catalogue.registry import Entry, unknown
from benchmark.errors import UsageError
from benchmark.store.record import OFF_BOARD, SuiteCard
from tasks.suite import Suite
from tasks.suites import SUITES


def card_of(suite: Suite) -> SuiteCard:
    """Return what readers of records need of a suite."""
    return SuiteCard(name=suite.name, version=suite.version, tasks=suite.tasks, seeds=suite.seeds, title=suite.title)


def core() -> SuiteCard:
    """Return the suite that the board's places are made on."""
    return card_of(SUITES["core"])


def cards() -> tuple[SuiteCard, ...]:
    """Return all suites, those that most people come for first."""
    return tuple(card_of(suite) for suite in SUITES.values())


def suites_named(names: Iterable[str]) -> tuple[Suite, ...]:
    """Return the suites of these names.

    Raises:
        UsageError: there is no such suite.
    """
    for name in names:
        if name not in SUITES:
            raise unknown("suite", name, SUITES)
    return tuple(SUITES[name] for name in names)


def require_tasks(suite: Suite, found: Mapping[str, Entry]) -> None:
    """Refuse a suite that no model could ever complete.

    Raises:
        UsageError: a task of it does not exist, or stays off the board.
    """
    for name in suite.tasks:
        if name not in found:
            raise unknown(f"task of suite {suite.name!r}:", name, found, more=" Correct it in the file of the suite")
        if off := sorted(OFF_BOARD & set(found[name].tags)):
            raise UsageError(
                f"task {name!r} of suite {suite.name!r} has the tag {off[0]!r} and stays off the board, and a suite "
                "holds tasks on the board; take the tag from the task, or the task from the suite"
            )

"""Hands a suite of `tasks` to what reads records, which sees no tasks, and checks it against the tasks there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from benchmark.catalogue.registry import Entry, unknown
from benchmark.errors import UsageError
from benchmark.store.record import OFF_BOARD, SuiteCard
from tasks.suite import Suite
from tasks.suites import SUITES


def card_of(suite: Suite) -> SuiteCard:
    """Return what readers of records need of a suite."""
    return SuiteCard(**{name: getattr(suite, name) for name in SuiteCard.model_fields})


def core() -> SuiteCard:
    """Return the suite that the board's places are made on."""
    return card_of(SUITES["core"])


def cards() -> tuple[SuiteCard, ...]:
    """Return all suites, those that most people come for first."""
    return tuple(card_of(suite) for suite in SUITES.values())


@dataclass(frozen=True)
class Shelf:
    """A folder of what is published: the suite that it holds the tasks of, and the suites by which it is filled.

    A model is taken for one of these as soon as it is complete there.
    """

    suite: SuiteCard
    parts: tuple[SuiteCard, ...]


def shelves() -> tuple[Shelf, ...]:
    """Return the folders of what is published: one of the core, and one of all other tasks.

    So a model is three files in each, however many suites there are.
    """
    first = core()
    found = [Shelf(first, (first,))]
    if "all" in SUITES:
        whole = card_of(SUITES["all"])
        rest = tuple(task for task in whole.tasks if task not in first.tasks)
        parts = tuple(card_of(suite) for name, suite in SUITES.items() if name not in (first.name, whole.name))
        found.append(Shelf(whole.model_copy(update={"tasks": rest}), parts))
    return tuple(found)


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

"""A suite is a fixed list: of tasks that exist, each once, and none that stays off the board."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmark.catalogue.registry import Catalogue
from benchmark.catalogue.suites import card_of, core, require_tasks
from benchmark.errors import UsageError
from benchmark.run.options import RunOptions
from benchmark.store.record import OFF_BOARD
from tasks.base import NAME_WORDS
from tasks.suite import Suite
from tasks.suites import CORE, SUITES, seeds_of, suites_of

# A line a version, for ever: whoever changes a suite raises its version and writes a new line.
LINES = Path(__file__).with_name("suites.txt").read_text(encoding="utf-8").splitlines()
KNOWN = {tuple(line.partition(":")[0].split()): line.partition(": ")[2] for line in LINES if not line.startswith("#")}


@pytest.mark.parametrize("suite", SUITES.values(), ids=lambda suite: suite.name)
def test_a_suite_that_changes_has_a_new_version(suite: Suite) -> None:
    assert KNOWN[suite.name, str(suite.version)] == f"{suite.seeds} seeds: {' '.join(suite.tasks)}"
    assert suite.version == max(int(version) for name, version in KNOWN if name == suite.name)


@pytest.mark.parametrize("suite", SUITES.values(), ids=lambda suite: suite.name)
def test_the_tasks_of_a_suite_are_there_and_on_the_board(suite: Suite, catalogue: Catalogue) -> None:
    require_tasks(suite, catalogue.tasks)
    assert not [name for name in suite.tasks if OFF_BOARD & set(catalogue.tasks[name].tags)]


def test_every_task_on_the_board_is_in_a_suite_and_all_of_them_in_all(catalogue: Catalogue) -> None:
    on_board = {name for name, task in catalogue.tasks.items() if not OFF_BOARD & set(task.tags)}
    assert set(SUITES["all"].tasks) == on_board
    assert [*SUITES][:2] + [*SUITES][-1:] == ["core", "standard", "all"]


def test_a_task_gets_as_many_seeds_as_its_suites_ask_for() -> None:
    assert CORE.seeds == RunOptions().n_seeds
    assert [seeds_of(task) for task in ("sum", "nguyen-4", "nguyen-1", "of-a-plugin")] == [10, 10, 3, 10]
    assert suites_of("nguyen-2") == ("koza", "neat", "nguyen")


def test_a_name_of_the_literature_stands_for_a_task_once() -> None:
    aliases = [name for suite in SUITES.values() for name in suite.also]
    assert len(aliases) == len(set(aliases)) == 29
    assert not {*aliases} & {*SUITES["all"].tasks}
    assert SUITES["koza"].also == {"koza-1": "nguyen-2"}


def test_readers_of_records_get_the_suite_as_it_is() -> None:
    card = core()
    assert card == card_of(CORE)
    assert (card.name, card.version, card.tasks, card.seeds) == ("core", CORE.version, CORE.tasks, CORE.seeds)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, f"suite '': the name '' is no name; give {NAME_WORDS}"),
        ({"tasks": ("sum", "")}, "suite 'core': the task '' is no name; give 1 to 64 of a-z"),
        ({"tasks": ("sum", "Sinc")}, "suite 'core': the task 'Sinc' is no name; give 1 to 64 of a-z"),
        ({"tasks": ()}, "suite 'core' has no tasks, and needs one at least; name its tasks"),
        (
            {"tasks": ("sum", "sinc", "square", "sinc", "sum")},
            "suite 'core' names 'sinc', 'sum' more than once, and each task may stand there once; take the others out",
        ),
        ({"seeds": 0}, "suite 'core' has seeds=0, and needs seeds >= 1; give a whole number"),
        ({"version": 0}, "suite 'core' has version=0, and needs version >= 1; give a whole number"),
    ],
)
def test_what_is_no_suite_is_refused(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the words are compared
        replace(CORE, **change)  # type: ignore[arg-type]
    assert str(refused.value).startswith(sentence)


def test_a_suite_with_an_unknown_task_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError) as refused:
        require_tasks(replace(CORE, tasks=("sum", "sinq")), catalogue.tasks)
    words = str(refused.value)
    assert words.startswith("unknown task of suite 'core': 'sinq'. Did you mean 'sinc'? Known: ")
    assert words.endswith(". Correct it in the file of the suite")


def test_a_suite_with_a_task_off_the_board_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError) as refused:
        require_tasks(replace(CORE, tasks=("sum", "sinc-rays")), catalogue.tasks)
    assert str(refused.value) == (
        "task 'sinc-rays' of suite 'core' has the tag 'control' and stays off the board, and a suite holds tasks on "
        "the board; take the tag from the task, or the task from the suite"
    )

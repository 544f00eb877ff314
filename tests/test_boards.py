"""One board a suite, of the same contents: what is on which, what stands in front, and that a cell is computed once."""

import pytest

from benchmark.board import aggregate, scores
from benchmark.board.boards import Boards, alone, boards_of, complete
from benchmark.store.record import Record
from tests.suites import small_boards
from tests.synthetic import a_card, a_record, a_seed, a_suite, keyed
from tests.test_leaderboard import suite_board

GOOD = [a_seed(i, 0.001, 0.002) for i in range(2)]
ALL = ("square", "sum", "duo-1", "duo-2")


def places(boards: Boards, model: str) -> dict[str, str]:
    """Return the place of a model outside on each board that it is on."""
    rows = {name: board.overall.set_index("model") for name, board in boards.by_suite.items()}
    return {name: str(found.loc[model, "outside_rank"]) for name, found in rows.items() if model in found.index}


def test_every_suite_of_which_something_was_run_has_a_board_of_its_tasks_alone() -> None:
    boards = small_boards()
    assert [*boards.by_suite] == ["core", "standard", "duo", "all"]
    tasks = {name: [card.task for card in board.cards] for name, board in boards.by_suite.items()}
    assert tasks["core"] == ["square", "sum"]
    assert tasks["duo"] == ["duo-1", "duo-2"]
    assert tasks["all"] == tasks["standard"] == ["duo-1", "duo-2", "square", "sum"]
    assert boards.suites_of("sum") == ("core", "standard", "all")


def test_a_board_counts_the_seeds_of_its_own_suite() -> None:
    boards = small_boards()
    of = {name: {*board.cells["n_seeds"]} - {0} for name, board in boards.by_suite.items()}
    assert of == {"core": {2}, "standard": {2}, "duo": {1}, "all": {1}}
    # A cell stands once, with the seeds of the suite that counts most.
    models = boards.cells[boards.cells["kind"] == "model"]
    assert len(models) == len(models.drop_duplicates(["task", "model"])) == 2 * 4 + 2
    assert {*models["n_seeds"]} == {2}


def test_who_lacks_a_suite_has_places_on_the_others() -> None:
    assert {name for name, place in places(small_boards(), "part").items() if place} == {"core"}
    assert {name for name, place in places(small_boards(), "good").items() if place} == {
        "core",
        "standard",
        "duo",
        "all",
    }


def test_a_plugins_model_has_a_place_on_each_board_that_it_completed() -> None:
    mine = [a_record(task, "mine", GOOD) for task in ALL[2:]]
    found = places(small_boards(extra=mine), "mine")
    assert {name for name, place in found.items() if place} == {"duo"}
    whole = places(small_boards(extra=[a_record(task, "mine", GOOD) for task in ALL]), "mine")
    assert {name for name, place in whole.items() if place} == {"core", "standard", "duo", "all"}


def test_a_plugins_task_is_on_the_main_board_and_moves_no_place() -> None:
    card = a_card("ripple").model_copy(update={"origin": "plugin my_task.py"})
    boards = small_boards(extra=[a_record("ripple", "bad", GOOD)], cards=[card])
    assert [card.task for card in boards.main.cards] == ["ripple", "square", "sum"]
    assert boards.suites_of("ripple") == ()
    for model in ("good", "bad", "part"):
        assert places(boards, model) == places(small_boards(), model)


def test_standard_stands_in_front_once_a_model_has_a_place_on_it() -> None:
    assert small_boards().headline.merit.suite == small_boards().others["standard"].merit.suite
    core, standard = a_suite("square", seeds=1), a_suite("square", "sum", seeds=1, name="standard")
    cards = {task: a_card(task) for task in ("square", "sum")}
    records = [a_record("square", "net", GOOD[:1])]
    assert boards_of(cards, keyed(records), {}, (core, standard)).headline.merit.suite == core
    records.append(a_record("sum", "net", GOOD[:1]))
    assert boards_of(cards, keyed(records), {}, (core, standard)).headline.merit.suite == standard


def test_where_nothing_of_core_was_run_another_suite_stands_in_front() -> None:
    suites = (a_suite("square", seeds=1), a_suite("duo-1", seeds=1, name="duo"))
    boards = boards_of({"duo-1": a_card("duo-1")}, keyed([a_record("duo-1", "net", GOOD)]), {}, suites)
    assert boards.main.cells.empty
    assert [*boards.by_suite] == ["duo"]
    assert boards.headline.merit.suite == boards.widest.merit.suite == suites[1]


def test_a_suite_of_which_only_tasks_of_core_were_run_has_no_board_yet() -> None:
    core, part = a_suite("square", "sum", seeds=1), a_suite("sum", seeds=1, name="part")
    whole = a_suite("square", "sum", "duo-1", seeds=1, name="all")
    cards = {task: a_card(task) for task in ("square", "sum", "duo-1")}
    records = [a_record("sum", "net", GOOD[:1])]
    # What holds nothing but tasks of core is no part of a larger one.
    assert [*boards_of(cards, keyed(records), {}, (core, part, whole)).by_suite] == ["core", "part"]
    records.append(a_record("duo-1", "net", GOOD[:1]))
    assert [*boards_of(cards, keyed(records), {}, (core, part, whole)).by_suite] == ["core", "part", "all"]


def test_the_widest_board_is_that_of_the_most_tasks_with_a_place() -> None:
    assert small_boards().widest.merit.suite == small_boards().others["standard"].merit.suite
    assert complete(small_boards().others["duo"]) == ["good", "bad"]


def test_a_board_alone_is_the_only_one() -> None:
    made = alone(suite_board())
    assert [*made.by_suite] == ["core"]
    assert made.headline is made.widest is made.main
    suites = dict(zip(made.cells["task"], made.cells["suites"], strict=True))
    assert suites == {"square": "core", "sum": "core", "ripple": ""}


def test_a_cell_is_computed_once_for_all_boards_that_count_the_same_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[tuple[str, int]] = []

    def rows(card, records, *rest):  # type: ignore[no-untyped-def]
        computed.append((card.task, max(len(record.seeds) for record in records)))
        return of_card(card, records, *rest)

    of_card = scores.cell_rows
    monkeypatch.setattr(aggregate, "cell_rows", rows)
    small_boards()
    assert sorted(computed) == sorted((task, n) for task in ALL for n in (1, 2))


@pytest.mark.parametrize("n_seeds", [1, 2])
def test_the_board_of_one_suite_is_what_it_would_be_alone(n_seeds: int) -> None:
    suites = [a_suite("square", seeds=n_seeds), a_suite("sum", seeds=n_seeds, name="other")]
    cards = {task: a_card(task) for task in ("square", "sum")}
    records: list[Record] = [a_record(task, model, GOOD) for task in cards for model in ("a", "b")]
    both = boards_of(cards, keyed(records), {}, suites)
    for suite, task in zip(suites, cards, strict=True):
        mine = [record for record in records if record.task == task]
        one = aggregate.board_of({task: cards[task]}, keyed(mine), {}, suite=suite)
        assert both.by_suite[suite.name].overall.equals(one.overall)
        assert both.by_suite[suite.name].cells.equals(one.cells)

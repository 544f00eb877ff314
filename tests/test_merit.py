"""Places compare models on a suite: on its tasks, at its seeds, and on nothing else."""

from collections.abc import Iterable, Sequence

import pandas as pd
import pytest

from benchmark.board.aggregate import Board, board_of
from benchmark.show.figures.gallery import MOST_PANELS
from benchmark.show.figures.overview import draw_overview
from benchmark.store.record import Record, SuiteCard
from tests.alone import draw_all, page_data, render_csv, render_markdown, render_top
from tests.synthetic import a_card, a_failure, a_record, a_seed, a_suite, keyed, made_quick

# So few tasks tell three models apart if each is better on every task.
SUITE = a_suite("square", "sum", "sinc", "piecewise", "smooth", "pair-sum", seeds=5)
IN_ORDER = tuple(sorted(SUITE.tasks))
GOOD = [a_seed(i, 0.01, 0.02) for i in range(10)]
FLAT = [a_seed(i, 0.02, 5.0 + i) for i in range(10)]
BAD = [a_seed(i, 0.9, 9.0) for i in range(10)]


def records(model: str, seeds: Sequence[object], n: int = 5, tasks: Iterable[str] = SUITE.tasks) -> list[Record]:
    return [a_record(task, model, seeds[:n]) for task in tasks]  # type: ignore[arg-type]


def board(kept: Iterable[Record], *others: str, suite: SuiteCard | None = SUITE) -> Board:
    """Return the board of the suite's tasks and others, which a plugin gives."""
    cards = {task: a_card(task) for task in SUITE.tasks}
    foreign = {task: a_card(task).model_copy(update={"origin": "plugin my_task.py"}) for task in others}
    return board_of(cards | foreign, keyed([*kept]), {}, suite=suite)


def places(found: Board) -> dict[str, str]:
    models = found.overall[found.overall["kind"] == "model"]
    return dict(zip(models["model"], models["outside_rank"], strict=True))


def lacks(found: Board, model: str) -> tuple[str, ...]:
    every: dict[str, tuple[str, ...]] = dict(zip(found.overall["model"], found.overall["lacks"], strict=True))
    return every[model]


def table(found: Board) -> str:
    """Return the overall table as it is printed."""
    return render_markdown(found).partition("\n| model")[2].partition("\n\n")[0]


THREE = [*records("good", GOOD), *records("flat", FLAT), *records("bad", BAD)]


@pytest.mark.parametrize("met_by", [[], ["good"], ["bad"], ["good", "flat", "bad"]])
def test_a_task_of_ones_own_takes_no_models_place_away(met_by: list[str]) -> None:
    own = [record for model in met_by for record in records(model, BAD, tasks=["ripple"])]
    alone, both = board(THREE), board([*THREE, *own], "ripple")
    assert places(alone) == {"good": "1", "flat": "2", "bad": "3"}
    pd.testing.assert_frame_equal(both.overall, alone.overall)
    assert table(both) == table(alone)
    assert render_top(both) == render_top(alone)
    assert "## ripple" in render_markdown(both)
    assert page_data(both)["boards"][0]["rows"] == page_data(alone)["boards"][0]["rows"]


def test_a_task_of_the_project_outside_the_suite_moves_no_place_either() -> None:
    cards = {task: a_card(task) for task in (*SUITE.tasks, "extra")}
    both = board_of(cards, keyed([*THREE, *records("bad", GOOD, tasks=["extra"])]), {}, suite=SUITE)
    assert table(both) == table(board(THREE))
    assert "extra" in set(both.cells["task"])


def test_a_model_that_met_a_foreign_task_alone_stands_behind_and_says_so() -> None:
    found = board([*THREE, *records("guest", GOOD, tasks=["ripple"])], "ripple")
    assert places(found) == {"good": "1", "flat": "2", "bad": "3", "guest": ""}
    guest = found.overall.set_index("model").loc["guest"]
    assert (guest["outside_tasks"], guest["inside_tasks"], guest["lacks"]) == (0, 0, ("0 of 6 tasks",))
    assert "`guest` has no place: it was run on 0 of 6 tasks." in render_markdown(found)


def test_a_model_that_lacks_tasks_has_no_place_until_it_is_complete() -> None:
    names = ("square", "sum", "sinc", "piecewise", "smooth", "pair-sum", "lambda-recovery")
    suite = a_suite(*names)
    cards = {name: a_card(name) for name in names}
    whole = records("whole", FLAT, 10, names)
    # It would come first.
    part = records("part", GOOD, 10, names)
    five = board_of(cards, keyed([*whole, *part[:5]]), {}, suite=suite)
    assert places(five) == {"whole": "1", "part": ""}
    assert lacks(five, "part") == ("5 of 7 tasks",)
    assert "| `part` (5 of 7 tasks) |" in render_top(five)
    assert places(board_of(cards, keyed([*whole, *part]), {}, suite=suite)) == {"part": "1", "whole": "2"}


def test_a_suite_of_which_a_task_is_not_there_has_no_complete_model() -> None:
    found = board_of({"square": a_card()}, keyed(records("good", GOOD, tasks=["square"])), {}, suite=SUITE)
    assert places(found) == {"good": ""}
    assert lacks(found, "good") == ("1 of 6 tasks",)


def test_more_seeds_change_no_verdict_and_no_figure() -> None:
    # With all of its seeds each cell would be unstable.
    more = [
        record.model_copy(update={"seeds": (*record.seeds, *(a_failure(i) for i in range(10, 100)))})
        for record in records("good", GOOD, 10)
    ]
    suite = a_suite(*SUITE.tasks)
    others = [*records("flat", FLAT, 10), *records("bad", BAD, 10)]
    before, after = (board([*mine, *others], suite=suite) for mine in (records("good", GOOD, 10), more))
    assert set(before.cells.loc[before.cells["model"] == "good", "verdict_text"]) == {"holds outside"}
    pd.testing.assert_frame_equal(after.cells, before.cells)
    pd.testing.assert_frame_equal(after.overall, before.overall)
    assert render_csv(after) == render_csv(before)
    assert page_data(after) == page_data(before)
    # Every task is drawn as the first one is.
    first = {"square": a_card()}
    drawn = [
        draw_all(board_of(first, keyed([each for each in mine if each.task == "square"]), {}, suite=a_suite("square")))
        for mine in ([*records("good", GOOD, 10), *others], [*more, *others])
    ]
    assert {"plots/overview.svg", "plots/square-curves.svg"} <= drawn[0].keys()
    assert drawn[0] == drawn[1]
    assert after.remarks == ("Figures are of seeds 0 to 9. 6 records hold more, which do not count here.",)
    assert before.remarks == ()
    # They stay in the record.
    assert len(after.records["sum", "good"].seeds) == 100


def test_more_seeds_on_a_task_outside_the_suite_change_no_verdict_either() -> None:
    seeds = [*GOOD[:5], *(a_failure(i) for i in range(5, 20))]
    found = board([*THREE, a_record("ripple", "good", seeds)], "ripple")
    assert found.cells.set_index(["task", "model"]).loc[("ripple", "good"), "verdict"] == "holds outside"


def test_a_model_with_fewer_seeds_on_some_task_has_no_place() -> None:
    suite = a_suite(*SUITE.tasks)
    part = [a_record("square", "part", GOOD[:3]), *records("part", GOOD, 10, SUITE.tasks[1:])]
    found = board([*part, *records("whole", FLAT, 10)], suite=suite)
    assert places(found) == {"whole": "1", "part": ""}
    assert lacks(found, "part") == ("3 of 10 seeds",)
    assert "`part` has no place: it was run on 3 of 10 seeds." in render_markdown(found)
    assert places(board([*records("part", GOOD, 10), *records("whole", FLAT, 10)], suite=suite))["part"] == "1"


def test_a_model_may_lack_tasks_and_seeds() -> None:
    found = board([*THREE, *records("part", GOOD, 2, ["square"])])
    for region in ("inside", "outside"):
        models = found.overall[found.overall["kind"] == "model"].sort_values(f"{region}_order")
        assert models["model"].tolist() == ["good", "flat", "bad", "part"]
    assert lacks(found, "part") == ("1 of 6 tasks", "2 of 5 seeds")
    assert "`part` has no place: it was run on 1 of 6 tasks and 2 of 5 seeds." in render_markdown(found)


def test_other_seeds_than_the_suites_make_no_model_complete() -> None:
    late = [a_seed(i, 0.01, 0.02) for i in range(3, 8)]
    found = board([*THREE, *records("late", late)])
    assert lacks(found, "late") == ("2 of 5 seeds",)
    none = board([*THREE, a_record("square", "later", late[2:])])
    assert "square / later is not shown: it has none of seeds 0 to 4." in none.remarks


def quick(model: str, seeds: Sequence[object], n: int = 3) -> list[Record]:
    return [made_quick(record) for record in records(model, seeds, n)]


def test_quick_models_are_ranked_among_themselves() -> None:
    found = board([*quick("good", GOOD), *quick("flat", FLAT), *quick("bad", BAD)])
    assert places(found) == {"good": "1", "flat": "2", "bad": "3"}
    assert "Suite `core` 1, quick: 6 tasks, 3 seeds." in render_top(found)
    assert "**Quick run:** 18 of 18 cells made with `--quick`" in render_top(found)


@pytest.mark.parametrize("n", [1, 2, 4, 5, 9])
def test_one_quick_model_with_other_seeds_leaves_the_others_their_places(n: int) -> None:
    found = board([*quick("good", GOOD), *quick("flat", FLAT), *quick("bad", BAD, n)])
    assert (places(found)["good"], places(found)["flat"]) == ("1", "2")
    assert places(found)["bad"] == ("" if n < 3 else "3")
    assert lacks(found, "bad") == ((f"{n} of 3 seeds",) if n < 3 else ())


def test_a_quick_board_never_asks_for_more_seeds_than_the_suite() -> None:
    found = board([*quick("good", GOOD, 10), *quick("flat", FLAT, 10), *quick("bad", BAD, 5)])
    assert places(found) == {"good": "1", "flat": "2", "bad": "3"}
    assert found.merit.seeds == 5


def test_of_equally_common_numbers_a_quick_board_asks_for_the_lower() -> None:
    assert places(board([*quick("good", GOOD, 3), *quick("bad", BAD, 1)])) == {"good": "1", "bad": "2"}


def test_what_is_quick_has_no_place_beside_what_is_full() -> None:
    # As many seeds as the suite has, but a tenth of the steps.
    found = board([*quick("fast", GOOD, 5), *records("full", FLAT)])
    assert places(found) == {"full": "1", "fast": ""}
    assert lacks(found, "fast") == ("6 tasks with --quick",)


def test_quick_cells_off_the_board_or_outside_the_suite_do_not_decide_what_is_quick() -> None:
    off = [record.model_copy(update={"model_tags": ("control",)}) for record in records("control", GOOD)]
    found = board([*quick("good", GOOD), *off, *records("good", GOOD, tasks=["ripple"])], "ripple")
    assert (found.merit.quick, found.merit.seeds) == (True, 3)
    full = board([*THREE, *(made_quick(record) for record in records("good", GOOD, 3, ["ripple"]))], "ripple")
    assert (full.merit.quick, full.merit.seeds) == (False, 5)
    assert places(full) == {"good": "1", "flat": "2", "bad": "3"}


def test_where_no_task_of_the_suite_is_the_tasks_that_are_there_are_compared() -> None:
    cards = {name: a_card(name) for name in ("ripple", "wave", "a", "b", "c", "d")}
    kept = [*records("good", GOOD, 3, cards), *records("bad", BAD, 7, cards)]
    found = board_of(cards, keyed([*kept, a_record("wave", "part", GOOD)]), {}, suite=SUITE)
    assert places(found) == {"good": "1", "bad": "2", "part": ""}
    assert found.merit.tasks == ("a", "b", "c", "d", "ripple", "wave")
    words = "No task of suite `core` 1 is here: the order compares the tasks that are."
    assert f"{words} There are two boards" in render_markdown(found)
    assert render_top(found).endswith(words)
    assert "moves no place" not in render_markdown(found)


def test_without_a_suite_all_tasks_are_compared_and_nothing_is_said_of_one() -> None:
    found = board([*THREE, *records("good", GOOD, 3, ["ripple"])], "ripple", suite=None)
    assert found.merit.tasks == ("pair-sum", "piecewise", "ripple", *IN_ORDER[2:])
    assert places(found) == {"good": "1", "flat": "", "bad": ""}
    assert "suite" not in render_markdown(found).partition("## How to read it")[0].lower()


def test_the_order_of_a_suites_tasks_decides_nothing() -> None:
    turned = a_suite(*SUITE.tasks[::-1], seeds=5)
    pd.testing.assert_frame_equal(board(THREE).overall, board(THREE, suite=turned).overall)
    assert board(THREE).merit.tasks == board(THREE, suite=turned).merit.tasks == IN_ORDER


def test_a_picture_of_too_many_tasks_is_one_of_the_suites() -> None:
    others = [f"other-{i:02}" for i in range(MOST_PANELS)]
    figure = draw_overview(board(THREE, *others))
    assert [title for axis in figure.axes if (title := axis.get_title(loc="left"))] == [*IN_ORDER]
    whole = draw_overview(board(THREE, "ripple"))
    assert [axis.get_title(loc="left") for axis in whole.axes][:7] == sorted([*IN_ORDER, "ripple"])

"""Which seconds the board shows: one machine's, and of a model that was not timed there its own machine's, marked."""

import math
from collections.abc import Iterable

import pytest

from benchmark.board.aggregate import Board, board_of
from benchmark.board.costs import Clock, clock_of
from benchmark.store.record import TaskCard
from benchmark.store.timings import Timing
from tests.synthetic import HERE, a_card, a_failure, a_record, a_seed, a_timing, keyed, timed

CARDS = {"square": a_card(), "sum": a_card("sum"), "wide": a_card("wide").model_copy(update={"set_shape": (5, 2)})}
THERE = "Slide rule"


def clock(timings: Iterable[Timing], models: Iterable[str], tasks: Iterable[str] = ("square",)) -> Clock:
    return clock_of(CARDS, [(task, model) for model in models for task in tasks], timed(*timings))


def by_shape(model: str, fit: float, *, task: str = "square", machine: str = HERE.machine) -> Timing:
    return a_timing(task, model, fit, fit / 10, card=CARDS[task], machine=machine)


def test_one_timing_serves_every_task_of_its_shape_and_no_other() -> None:
    found = clock([by_shape("a", 2.0), by_shape("linear-net", 4.0)], ["a"], CARDS)
    assert found.cells.keys() == {("square", "a"), ("sum", "a")}
    assert {(each.fit, each.predict, each.fit_ratio, each.predict_ratio) for each in found.cells.values()} == {
        (2.0, 0.2, 0.5, 0.5)
    }
    assert found.remarks == ("Seconds were taken on one thread of: Abacus, x86\\_64, Linux.",)


def test_the_timing_of_the_task_itself_goes_before_that_of_its_shape() -> None:
    found = clock([by_shape("a", 2.0), a_timing("sum", "a", 7.0, 0.7)], ["a"], ["square", "sum"])
    assert [found.cells[task, "a"].fit for task in ("square", "sum")] == [2.0, 7.0]


def test_a_timing_of_a_newer_model_goes_before_an_older_one_of_the_task_itself() -> None:
    newer = by_shape("a", 2.0).model_copy(update={"model_version": 2})
    found = clock([newer, a_timing("square", "a", 7.0, 0.7)], ["a"])
    assert found.cells["square", "a"].fit == 2.0


def test_a_model_timed_on_another_machine_has_its_ratio_to_the_baseline_there() -> None:
    here = [by_shape(model, fit) for model, fit in (("linear-net", 1.0), ("b", 2.0))]
    there = [by_shape("c", 9.0, machine=THERE), by_shape("linear-net", 3.0, machine=THERE)]
    found = clock([*here, *there], ["linear-net", "b", "c"])
    assert {model: each.fit_ratio for (_, model), each in found.cells.items()} == {
        "linear-net": 1.0,
        "b": 2.0,
        "c": 3.0,
    }
    assert found.elsewhere == {"c"}
    assert found.remarks == (
        "Seconds were taken on one thread of: Abacus, x86\\_64, Linux.",
        "Figures marked with * are of `c` on another machine: Slide rule. These seconds do not compare with the "
        "others; the ratios are to `linear-net` on that machine.",
    )


def test_of_two_machines_with_as_many_timings_this_one_is_shown() -> None:
    both = [by_shape("a", fit, machine=machine) for machine, fit in ((HERE.machine, 1.0), (THERE, 9.0))]
    places = [("square", "a")]

    def shown(here: str, *more: Timing) -> float:
        return clock_of(CARDS, [*places, ("square", "b")], timed(*both, *more), here=here).cells["square", "a"].fit

    assert (shown(HERE.machine), shown(THERE), shown("")) == (1.0, 9.0, 1.0)
    # Of one that has fewer it is the other's.
    assert shown(THERE, by_shape("b", 1.0)) == 1.0


def test_without_the_baseline_on_its_machine_a_model_has_seconds_and_no_ratio() -> None:
    here = [by_shape(model, 1.0) for model in ("linear-net", "b")]
    found = clock([*here, by_shape("c", 9.0, machine=THERE)], ["linear-net", "b", "c"])
    assert found.cells["square", "c"].fit == 9.0
    assert math.isnan(found.cells["square", "c"].fit_ratio)


def test_the_baseline_is_a_measure_also_where_it_has_no_record() -> None:
    found = clock([by_shape("a", 6.0), by_shape("linear-net", 2.0)], ["a"])
    assert found.cells.keys() == {("square", "a")}
    assert found.cells["square", "a"].fit_ratio == 3.0


def test_the_machine_with_most_cells_is_shown_whatever_else_was_timed_there() -> None:
    # One timing by shape serves two cells, and two of a task that nobody was run on serve none.
    here = [by_shape("a", 1.0), by_shape("b", 2.0)]
    there = [a_timing("square", model, 5.0, 0.5, machine=THERE) for model in ("a", "b")]
    lost = [a_timing(f"lost-{i}", "a", 5.0, 0.5, machine=THERE) for i in range(9)]
    found = clock([*here, *there, *lost], ["a", "b"], ["square", "sum"])
    assert {each.fit for each in found.cells.values()} == {1.0, 2.0}
    assert found.elsewhere == frozenset()
    assert found.remarks[1:] == ("Not shown: 11 timings taken on other machines, of models timed on this one.",)


def test_models_timed_on_another_machine_are_named_up_to_five() -> None:
    names = [f"m{i}" for i in range(7)]
    here = [by_shape(f"n{i}", 1.0) for i in range(8)]
    found = clock(
        [*here, *(by_shape(name, 1.0, machine=THERE) for name in names)], [*names, *(f"n{i}" for i in range(8))]
    )
    assert "with * are of `m0`, `m1`, `m2`, `m3`, `m4` and 2 other models on another" in found.remarks[1]


def test_nothing_timed_is_nothing_said() -> None:
    found = clock([], ["a"])
    assert (found.cells, found.growths, found.remarks) == ({}, {}, ())


@pytest.mark.parametrize("known", [True, False])
def test_growth_is_that_of_the_shapes_timed(known: bool) -> None:
    cards = {
        f"t{n}": a_card(f"t{n}").model_copy(update={"n_train": n, "set_shape": (2, 1)}) for n in (1000, 2000, 4000)
    }
    timings = [a_timing(task, "a", card.n_train**2, 1.0, card=card) for task, card in cards.items()]
    if not known:
        # Of one that is older than shapes, the card knows it.
        timings = [timing.model_copy(update={"shape": None, "timed_by": "task"}) for timing in timings]
    found = clock_of(cards, [(task, "a") for task in cards], timed(*timings)).growths["a"]
    assert (found.seconds, found.rows) == pytest.approx((1e6, 2.0))
    assert math.isnan(found.features)


def board(timings: Iterable[Timing], cards: dict[str, TaskCard], *models: str) -> Board:
    records = [a_record(task, model, [a_seed(0, 1.0, 1.0)]) for task in cards for model in models]
    failed = a_record("square", "failed", [a_failure(0)])
    return board_of(cards, keyed([*records, failed]), timed(*timings))


def test_the_board_marks_what_comes_from_another_machine_with_its_ratio() -> None:
    here = [by_shape(model, fit) for model, fit in (("linear-net", 1.0), ("b", 2.0))]
    there = [by_shape("c", 9.0, machine=THERE), by_shape("linear-net", 3.0, machine=THERE)]
    found = board([*here, *there], {"square": CARDS["square"]}, "linear-net", "b", "c")
    for rows in (found.cells.set_index("model"), found.overall.set_index("model")):
        assert rows.loc[["b", "c"], "fit_seconds"].tolist() == [2.0, 9.0]
        assert rows.loc[["b", "c"], "fit_ratio"].tolist() == [2.0, 3.0]
        assert rows.loc[["b", "c"], "other_machine"].tolist() == [False, True]


def test_a_model_that_failed_on_a_task_has_no_seconds_there_though_its_shape_was_timed() -> None:
    found = board([by_shape("failed", 1.0)], {"square": CARDS["square"]}, "b").cells.set_index("model")
    assert found["fit_seconds"].isna()["failed"]


def test_seconds_of_an_older_version_than_the_records_are_not_shown() -> None:
    record = a_record("square", "a", [a_seed(0, 0.1, 1.0)]).model_copy(update={"model_version": 2})
    old, measure = by_shape("a", 9.0), by_shape("linear-net", 1.0)
    others = [a_record("square", "linear-net", [a_seed(0, 0.1, 1.0)])]
    found = board_of({"square": CARDS["square"]}, keyed([record, *others]), timed(old, measure))
    assert found.cells.set_index("model")["fit_seconds"].isna()[["a", "linear-net"]].tolist() == [True, False]
    newer = old.model_copy(update={"model_version": 2, "fit_seconds": (3.0,)})
    found = board_of({"square": CARDS["square"]}, keyed([record, *others]), timed(newer, measure))
    assert found.cells.set_index("model")["fit_seconds"]["a"] == 3.0

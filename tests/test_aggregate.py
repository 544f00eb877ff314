"""The board follows from the records alone: from all of them, from few, from broken ones."""

import math
from typing import Any

import pandas as pd
import pytest

from benchmark.record import Record, TaskCard
from benchmark.report.aggregate import Board, board_of
from benchmark.report.leaderboard import render_markdown
from benchmark.report.page import page_data
from tests.synthetic import HERE, a_card, a_failure, a_record, a_seed, a_timing, keyed, with_quantity

ONE = {"square": a_card()}


def board(records: list[Record], cards: dict[str, TaskCard] | None = None) -> Board:
    return board_of(ONE if cards is None else cards, keyed(records), {})


def row(found: Board, model: str = "net") -> Any:
    return found.cells.set_index("model").loc[model]


def test_a_cell_by_hand() -> None:
    # sd is 1, so a seed solves with an error of at most 0.05; the first shell has half the error outside.
    record = a_record("square", "net", [a_seed(0, 0.01, 0.04), a_seed(1, 0.02, 0.08), a_seed(2, 0.03, 20.0)])
    found = row(board([record]))
    assert found["interpolation_rmse"] == 0.02
    assert found["extrapolation_rmse"] == 0.08
    assert (found["interpolation_low"], found["interpolation_high"]) == (0.01, 0.03)
    assert found["verdict_text"] == "inside only"
    # The seeds hold to 2, 1.5 and 1.
    assert found["horizon"] == 1.5
    # The constant's error outside is 10.
    assert found["score"] == pytest.approx(math.log10(0.08 / 10))
    assert found["behaviour"] == "follows"


def test_failed_seeds_are_counted_and_never_averaged_away() -> None:
    record = a_record("square", "net", [a_seed(0, 0.01, 0.01), a_failure(1, "timeout", "over 5 s"), a_failure(2)])
    found = row(board([record]))
    assert (found["seeds"], found["n_seeds"]) == (1, 3)
    assert found["verdict_text"] == "unstable 1/3"
    assert found["score"] == 3.0
    assert found["horizon"] == 0.0


def test_only_failures_have_a_verdict_and_no_errors() -> None:
    found = row(board([a_record("square", "net", [a_failure(0, "crashed", "signal 11"), a_failure(1)])]))
    assert found["verdict"] == "failed"
    assert found["score"] == 3.0
    assert math.isnan(found["interpolation_rmse"])
    assert math.isnan(found["horizon"])


def test_abstaining_scores_as_the_constant() -> None:
    record = a_record("square", "net", [a_failure(0, "not-applicable", "needs pairs")])
    found = row(board([record]))
    assert (found["verdict"], found["score"]) == ("not applicable", 0.0)


@pytest.mark.parametrize("error", [0.0, 1e300, 1.7e308])
def test_errors_of_any_size_have_a_row(error: float) -> None:
    seeds = [a_seed(0, error, error, lambda x: error / 2 * x), a_seed(1, error, error)]
    found = row(board([a_record("square", "net", seeds)]))
    assert found["interpolation_rmse"] == error
    assert found["score"] == (-6.0 if error == 0 else 3.0)


def test_without_records_the_references_stand_alone() -> None:
    found = board([])
    assert set(found.cells["kind"]) == {"reference"}
    assert board_of({}, {}, {}).overall.empty


def test_a_record_without_its_card_or_without_seeds_is_named() -> None:
    found = board([a_record("lost", "net", [a_seed(0, 1.0, 1.0)]), a_record("square", "idle", [])])
    assert found.remarks == (
        "lost / net is not shown: the file tasks/lost.json is missing or unreadable.",
        "square / idle is not shown: it has no seeds.",
    )


def test_a_record_with_other_shells_or_another_slice_still_has_its_row() -> None:
    seed = a_seed(0, 0.01, 0.01).model_copy(update={"shell_rmse": (0.01,), "slice": (1.0, 2.0)})
    found = row(board([a_record("square", "net", [seed])]))
    assert found["horizon"] == 1.5
    assert found["behaviour"] == ""


def test_a_model_that_misses_a_task_has_no_place() -> None:
    cards = {"square": a_card(), "other": a_card("other")}
    every = [a_record(task, "whole", [a_seed(0, 1.0, 1.0)]) for task in cards]
    found = board([*every, a_record("square", "part", [a_seed(0, 0.0, 0.0)])], cards).overall.set_index("model")
    assert found.loc["whole", "rank"] == "1"
    assert found.loc["part", "rank"] == ""


def test_models_that_cannot_be_told_apart_share_their_places() -> None:
    records = [a_record("square", name, [a_seed(i, 1.0, 5.0 + i) for i in range(10)]) for name in ("one", "two")]
    records.append(a_record("square", "best", [a_seed(i, 0.01, 0.01) for i in range(10)]))
    found = board(records).overall.set_index("model")
    assert found.loc[["best", "one", "two"], "rank"].tolist() == ["1", "2-3", "2-3"]
    assert found.loc[["best", "one", "two"], "ties"].tolist() == ["a", "b", "b"]


def test_the_order_of_the_records_changes_nothing() -> None:
    records = [a_record("square", f"m{i}", [a_seed(s, 0.01 * i, 1.0 * i + s) for s in range(3)]) for i in range(1, 5)]
    pd.testing.assert_frame_equal(board(records).overall, board(records[::-1]).overall)
    pd.testing.assert_frame_equal(board(records).cells, board(records[::-1]).cells)


def test_a_quantity_cannot_take_the_place_of_a_column() -> None:
    card = with_quantity(a_card(), error="horizon", estimate="lambda_hat")
    seed = a_seed(0, 0.01, 0.01).model_copy(update={"quantities": {"horizon": 99.0, "lambda_hat": 0.25}})
    found = board([a_record("square", "net", [seed])], {"square": card})
    assert row(found)["horizon"] == 2.0
    assert row(found)["lambda_hat"] == 0.25


def test_seconds_of_two_machines_never_share_a_column() -> None:
    there = HERE.model_copy(update={"machine": "Slide rule"})
    records = [a_record("square", name, [a_seed(0, 1.0, 1.0)]) for name in ("a", "b", "c")]
    timings = {("square", name): a_timing("square", name, 1.0, 0.1) for name in ("a", "b")}
    timings["square", "c"] = a_timing("square", "c", 9.0, 0.9).model_copy(update={"environment": there})
    found = board_of(ONE, keyed(records), timings)
    assert found.cells.set_index("model").loc[["a", "b", "c"], "fit_seconds"].isna().tolist() == [False, False, True]
    assert any("1 timings of other machines are left out" in remark for remark in found.remarks)


def test_as_asked_tasks_stay_off_the_board() -> None:
    cards = {"square": a_card(), "asked": a_card("asked", tags=("as-asked",))}
    found = board([a_record("asked", "net", [a_seed(0, 1.0, 1.0)])], cards)
    assert "asked" not in set(found.cells["task"])
    assert found.remarks == ()


def test_a_task_of_a_plugin_has_its_section_and_counts_in_no_order() -> None:
    good, bad = [a_seed(s, 0.001, 0.001) for s in range(5)], [a_seed(s, 0.9, 9.0) for s in range(5)]
    own = {"square": a_card(), "sum": a_card("sum")}
    foreign = {**own, "ripple": a_card("ripple").model_copy(update={"origin": "plugin my_task.py"})}
    records = [a_record(task, model, good) for task in own for model in ("one", "two")]
    alone = board(records, own).overall
    # It is met by one of them, by nobody else, and badly: nothing but its own section changes.
    both = board([*records, a_record("ripple", "two", bad), a_record("ripple", "guest", bad)], foreign)
    kept = both.overall[both.overall["model"] != "guest"].reset_index(drop=True)
    assert alone["rank"].tolist() == ["1-2", "1-2", *[""] * (len(alone) - 2)]
    pd.testing.assert_frame_equal(kept, alone)
    assert set(both.cells[both.cells["task"] == "ripple"]["model"]) >= {"two", "guest", "constant"}
    guest = both.overall.set_index("model").loc["guest"]
    assert (guest["rank"], guest["incomplete"], guest["n_tasks"], guest["holds_outside"]) == ("", True, 0, 0)
    text = render_markdown(both)
    assert "`guest` has no place: it was run on 0 of 2 tasks." in text
    assert "## ripple" in text
    assert page_data(both)["overall"]


def test_where_there_are_only_tasks_of_plugins_they_have_their_order() -> None:
    card = a_card("ripple").model_copy(update={"origin": "plugin my_task.py"})
    found = board([a_record("ripple", "one", [a_seed(s, 0.001, 0.001) for s in range(5)])], {"ripple": card})
    assert row(found, "one")["verdict"] == "holds outside"
    assert found.overall.set_index("model").loc["one"]["rank"] == "1"

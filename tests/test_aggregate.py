"""The board follows from the records alone: from all of them, from few, from broken ones."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.board.aggregate import Board, board_of
from benchmark.board.scores import SHARES
from benchmark.board.solving import REGIONS
from benchmark.store.record import Record, TaskCard
from tests.alone import render_markdown
from tests.synthetic import a_card, a_failure, a_record, a_reference, a_seed, keyed, with_quantity

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
    assert (found["inside_seeds"], found["outside_seeds"], found["n_counted"]) == (3, 1, 3)
    assert found["verdict_text"] == "in part outside 1/3"
    # The seeds hold to 2, 1.5 and 1.
    assert found["horizon"] == 1.5
    # The constant's errors are 1 and 10.
    assert found["inside_score"] == pytest.approx(np.log10([0.01, 0.02, 0.03]).mean(), abs=1e-6)
    assert found["outside_score"] == pytest.approx(np.log10([0.004, 0.008, 2.0]).mean(), abs=1e-6)
    assert [found[f"inside_{share}"] for share in SHARES] == pytest.approx([1 / 3, 1.0, 1.0])
    assert [found[f"outside_{share}"] for share in SHARES] == pytest.approx([0.0, 1 / 3, 2 / 3])
    assert found["behaviour"] == "follows"


def test_failed_seeds_are_counted_and_never_averaged_away() -> None:
    record = a_record("square", "net", [a_seed(0, 0.01, 0.01), a_failure(1, "timeout", "over 5 s"), a_failure(2)])
    found = row(board([record]))
    assert (found["seeds"], found["n_seeds"]) == (1, 3)
    assert found["verdict_text"] == "in part 1/3"
    # 2 is the score of a seed that failed.
    assert found["outside_score"] == pytest.approx((-3.0 + 2.0 + 2.0) / 3)
    assert found["horizon"] == 0.0


def test_who_solves_the_outside_alone_does_not_hold_there() -> None:
    found = row(board([a_record("square", "net", [a_seed(i, 0.5, 0.001) for i in range(10)])]))
    assert (found["inside_seeds"], found["outside_seeds"], found["verdict"]) == (0, 0, "does not learn")
    assert [found[f"outside_{share}"] for share in SHARES] == [0.0, 0.0, 0.0]


def test_only_failures_have_a_verdict_and_no_finite_error() -> None:
    found = row(board([a_record("square", "net", [a_failure(0, "crashed", "signal 11"), a_failure(1)])]))
    assert found["verdict"] == "failed"
    assert (found["inside_score"], found["outside_score"]) == (2.0, 2.0)
    assert (found["interpolation_rmse"], found["extrapolation_rmse"], found["horizon"]) == (math.inf, math.inf, 0.0)
    # Two words for what went wrong are one too many.
    assert found["failure"] == "failed"


def test_nine_that_diverged_and_one_good_have_no_median() -> None:
    card = with_quantity(a_card())
    good = a_seed(0, 0.01, 0.02).model_copy(update={"quantities": {"lambda_error": 0.001, "lambda_hat": 0.25}})
    record = a_record("square", "net", [good, *(a_failure(i, "diverged") for i in range(1, 10))])
    found = row(board([record], {"square": card}))
    assert [found[f"interpolation_{name}"] for name in ("rmse", "low", "high")] == [math.inf] * 3
    assert [found[f"extrapolation_{name}"] for name in ("rmse", "low", "high")] == [math.inf] * 3
    assert (found["lambda_error"], found["lambda_hat"]) == (math.inf, math.inf)
    assert (found["failure"], found["behaviour"], found["horizon"]) == ("diverged", "", 0.0)
    assert (found["seeds"], found["verdict_text"]) == (1, "does not learn 1/10")


def test_a_failed_seed_is_the_worst_of_five() -> None:
    # The median of five draws is the worst of five, or the best, when three draws or more are: in 5.8 % of all cases.
    errors = [a_seed(i, 1.0 + i, 10.0 + i) for i in range(4)]
    found = row(board([a_record("square", "net", [*errors, a_failure(4, "timeout")])]))
    assert [found[f"interpolation_{name}"] for name in ("rmse", "low", "high")] == [3.0, 1.0, math.inf]
    assert [found[f"extrapolation_{name}"] for name in ("rmse", "low", "high")] == [12.0, 10.0, math.inf]
    assert (found["failure"], found["spread"]) == ("timeout", "interval")


def test_half_of_the_seeds_are_enough_for_the_median_to_fail() -> None:
    found = row(board([a_record("square", "net", [a_seed(0, 0.01, 0.01), a_failure(1)])]))
    assert [found[f"interpolation_{name}"] for name in ("rmse", "low", "high")] == [math.inf, 0.01, math.inf]


@pytest.mark.parametrize(("n", "spread"), [(1, ""), (2, "range"), (4, "range"), (5, "interval")])
def test_few_seeds_have_a_range_and_no_interval(n: int, spread: str) -> None:
    found = row(board([a_record("square", "net", [a_seed(i, 1.0 + i * i, 1.0) for i in range(n)])]))
    assert found["spread"] == spread
    assert (found["interpolation_low"], found["interpolation_high"]) == (1.0, 1.0 + (n - 1) ** 2)


def test_failed_seeds_count_in_the_medians_of_quantities() -> None:
    card = with_quantity(a_card())
    quantities = [{"lambda_error": 0.1 * i, "lambda_hat": 0.2 + 0.1 * i} for i in range(3)]
    good = [a_seed(i, 1.0, 1.0).model_copy(update={"quantities": q}) for i, q in enumerate(quantities)]
    found = row(board([a_record("square", "net", [*good, a_failure(3), a_failure(4)])], {"square": card}))
    # Of 0, 0.1, 0.2 and two that are worse the middle one is 0.2. An estimate may fail to either side: 0.3 stays.
    assert found["lambda_error"] == pytest.approx(0.2)
    assert found["lambda_hat"] == pytest.approx(0.3)


def test_seeds_to_which_a_model_does_not_apply_count_in_no_median() -> None:
    seeds = [a_failure(0, "not-applicable", "too many"), a_seed(1, 0.01, 0.01), a_seed(2, 0.03, 0.03)]
    found = row(board([a_record("square", "net", seeds)]))
    assert [found[f"interpolation_{name}"] for name in ("rmse", "low", "high")] == [0.02, 0.01, 0.03]
    assert (found["horizon"], found["failure"]) == (2.0, "")
    only = row(board([a_record("square", "net", seeds[:1])]))
    assert math.isnan(only["interpolation_rmse"])
    assert math.isnan(only["horizon"])


def test_abstaining_is_no_score() -> None:
    record = a_record("square", "net", [a_failure(0, "not-applicable", "needs pairs")])
    found = row(board([record]))
    assert found["verdict"] == "not applicable"
    assert found[["inside_score", "outside_score", "inside_share_solved", "outside_share_solved"]].isna().all()


@pytest.mark.parametrize("error", [0.0, 1e300, 1.7e308])
def test_errors_of_any_size_have_a_row(error: float) -> None:
    seeds = [a_seed(0, error, error, lambda x: error / 2 * x), a_seed(1, error, error)]
    found = row(board([a_record("square", "net", seeds)]))
    assert found["interpolation_rmse"] == error
    assert found["outside_score"] == (-3.0 if error == 0 else 2.0)


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
    assert [found.loc["whole", f"{region}_rank"] for region in REGIONS] == ["1", "1"]
    assert [found.loc["part", f"{region}_rank"] for region in REGIONS] == ["", ""]


def test_models_that_cannot_be_told_apart_share_their_places() -> None:
    cards = {f"task-{i}": a_card(f"task-{i}") for i in range(6)}
    records = [
        a_record(task, name, [a_seed(i, 1.0, error + i) for i in range(10)])
        for n, task in enumerate(cards)
        for name, error in (("one", 5.0), ("two", 4.0 if n % 2 else 6.0))
    ]
    records += [a_record(task, "best", [a_seed(i, 0.01, 0.01) for i in range(10)]) for task in cards]
    found = board(records, cards).overall.set_index("model")
    assert found.loc[["best", "one", "two"], "outside_rank"].tolist() == ["1", "2-3", "2-3"]


def test_a_model_that_holds_outside_alone_is_first_there_alone() -> None:
    cards = {f"task-{i}": a_card(f"task-{i}") for i in range(6)}
    records = [
        a_record(task, name, [a_seed(i, inside, outside) for i in range(10)])
        for task in cards
        for name, inside, outside in (("learns", 0.001, 9.0), ("holds", 0.02, 0.02))
    ]
    found = board(records, cards).overall.set_index("model").loc[["learns", "holds"]]
    assert found["inside_rank"].tolist() == ["1", "2"]
    assert found["outside_rank"].tolist() == ["2", "1"]
    assert found["inside_order"].tolist() == [0, 1]
    assert found["outside_order"].tolist() == [1, 0]


def test_a_task_that_a_line_solves_has_no_vote_there() -> None:
    line = a_reference("line", 0.01, 5.0, lambda x: x)
    bent = a_card("bent")
    straight = bent.model_copy(update={"task": "straight", "references": (*bent.references, line)})
    records = [a_record(task, "net", [a_seed(i, 0.001, 0.02) for i in range(6)]) for task in ("bent", "straight")]
    found = board(records, {"bent": bent, "straight": straight})
    assert {region: votes.tasks for region, votes in found.votes.items()} == {
        "inside": ("bent",),
        "outside": ("bent", "straight"),
    }
    overall = found.overall.set_index("model")
    assert [overall.loc["net", f"{region}_tasks"] for region in REGIONS] == [1, 2]
    assert "`straight` has no vote inside the training range: a line solves it." in render_markdown(found)


def test_classes_have_the_figures_of_their_tasks() -> None:
    cards = {"wave": a_card("wave", tags=("periodic",)), "sets": a_card("sets", tags=("sets", "periodic"))}
    records = [a_record("wave", "net", [a_seed(0, 0.01, 1.0)]), a_record("sets", "net", [a_seed(0, 1.0, 10.0)])]
    rows = board(records, cards).classes
    mine = rows[(rows["model"] == "net") & (rows["region"] == "inside")].set_index("class")
    assert mine["voting"].to_dict() == {"periodic": 2, "sets": 1}
    assert mine["score"].to_dict() == {"periodic": -1.0, "sets": 0.0}
    assert mine["share_solved"].to_dict() == {"periodic": 0.5, "sets": 0.0}


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


def test_the_last_bit_of_a_logarithm_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [
        a_record("square", f"m{i}", [a_seed(s, 0.3 + 0.1 * s, 0.7 + 0.1 * i + s) for s in range(10)]) for i in range(3)
    ]
    before = board(records)
    exact = np.log10
    monkeypatch.setattr(np, "log10", lambda values: np.nextafter(exact(values), np.inf))
    after = board(records)
    pd.testing.assert_frame_equal(before.cells, after.cells, check_exact=True)
    pd.testing.assert_frame_equal(before.overall, after.overall, check_exact=True)


def test_as_asked_tasks_stay_off_the_board() -> None:
    cards = {"square": a_card(), "asked": a_card("asked", tags=("as-asked",))}
    found = board([a_record("asked", "net", [a_seed(0, 1.0, 1.0)])], cards)
    assert "asked" not in set(found.cells["task"])
    assert found.remarks == ()


def test_where_a_line_solves_all_tasks_all_have_a_vote() -> None:
    line = a_reference("line", 0.0, 0.0, lambda x: x)
    card = a_card().model_copy(update={"references": (*a_card().references, line)})
    found = board([a_record("square", "net", [a_seed(0, 0.001, 0.02)])], {"square": card})
    assert found.votes["inside"].tasks == ("square",)
    assert "no vote" not in render_markdown(found).partition("## How to read it")[0]

"""Where contenders stand: what does not apply, what was not run, and what they are known for besides scores."""

from typing import Any

import pandas as pd
import pytest

from benchmark.board.statistics import wilson_interval
from benchmark.store.record import Offer
from tests.synthetic import a_card, a_failure, a_record, a_seed
from tests.test_aggregate import board


def by_model(frame: pd.DataFrame) -> Any:
    return frame.set_index("model")


def abstaining() -> Any:
    """Three models on six tasks: `fair`, `some` that applies to half of its seeds, `picky` that applies to one task.

    The second is as good where it applies, the third is exact.
    """
    cards = {f"task-{i}": a_card(f"task-{i}", tags=("periodic",)) for i in range(6)}
    records = [a_record(task, "fair", [a_seed(i, 0.1, 1.0) for i in range(2)]) for task in cards]
    records += [a_record(task, "some", [a_failure(0, "not-applicable"), a_seed(1, 0.1, 1.0)]) for task in cards]
    records += [a_record(task, "picky", [a_failure(0, "not-applicable")]) for task in cards if task != "task-0"]
    records.append(a_record("task-0", "picky", [a_seed(0, 0.0, 0.0)]))
    return by_model(board(records, cards).overall)


def test_what_a_model_does_not_apply_to_counts_as_if_it_had_answered_with_the_constant() -> None:
    found = abstaining()
    assert found.loc["picky", "outside_score"] == pytest.approx(-3.0 / 6)
    assert found.loc["picky", "outside_share_solved"] == pytest.approx(1 / 6, abs=1e-6)
    assert found.loc[["picky", "fair", "some"], "outside_tasks"].tolist() == [1, 6, 6]
    # Seeds to which it does not apply count alike: half of a fair model's.
    assert found.loc[["fair", "some"], "outside_score"].tolist() == pytest.approx([-1.0, -0.5])


def test_abstaining_from_all_but_one_task_gives_no_place_ahead() -> None:
    found = abstaining()
    assert found.loc["picky", "outside_order"] > found.loc["fair", "outside_order"]
    assert found.loc["picky", "outside_rank"] == "1-3"


def test_a_model_that_lacks_tasks_keeps_the_figures_of_what_it_was_run_on_and_stands_behind_all_with_a_place() -> None:
    cards = {f"task-{i}": a_card(f"task-{i}") for i in range(3)}
    records = [a_record(task, "bad", [a_seed(0, 5.0, 50.0)]) for task in cards]
    found = by_model(board([*records, a_record("task-0", "part", [a_seed(0, 0.0, 0.0)])], cards).overall)
    assert (found.loc["part", "outside_score"], found.loc["part", "outside_tasks"]) == (-3.0, 1)
    assert found.loc["bad", "outside_order"] < found.loc["part", "outside_order"]
    assert found.loc["part", "lacks"] == ("1 of 3 tasks",)


def test_a_share_has_the_wilson_interval_of_as_many_draws_as_there_are_families() -> None:
    cards = {f"task-{i}": a_card(f"task-{i}").model_copy(update={"family": f"f-{i // 2}"}) for i in range(6)}
    records = [
        a_record(task, "net", [a_seed(s, 0.0, 0.0 if task < "task-2" else 9.0) for s in range(4)]) for task in cards
    ]
    found = by_model(board(records, cards).overall).loc["net"]
    assert found["outside_share_solved"] == pytest.approx(1 / 3, abs=1e-6)
    assert [found[f"outside_share_solved_{end}"] for end in ("low", "high")] == pytest.approx(
        wilson_interval(1, 3), abs=1e-6
    )
    assert [found[f"inside_share_solved_{end}"] for end in ("low", "high")] == pytest.approx(
        wilson_interval(3, 3), abs=1e-6
    )


def test_the_median_horizon_is_an_edge_of_the_ladder_and_known_where_all_tasks_have_one_unit() -> None:
    cards = {f"task-{i}": a_card(f"task-{i}").model_copy(update={"horizon_unit": "widths"}) for i in range(4)}
    # The shells have half and all of the error outside: these hold to 2, 1.5, 1 and 0.
    errors = {"task-0": (0.01, 0.04), "task-1": (0.01, 0.08), "task-2": (0.01, 9.0), "task-3": (0.9, 9.0)}
    records = [a_record(task, "net", [a_seed(0, *errors[task])]) for task in cards]
    records += [a_record(task, "picky", [a_failure(0, "not-applicable")]) for task in list(cards)[1:]]
    records.append(a_record("task-0", "picky", [a_seed(0, 0.01, 0.04)]))
    found = by_model(board(records, cards).overall)["median_horizon"]
    assert found[["net", "picky"]].tolist() == [1.0, 0.0]
    other = cards | {"task-3": cards["task-3"].model_copy(update={"horizon_unit": "half-widths"})}
    assert board(records, other).overall["median_horizon"].isna().all()
    none = {name: card.model_copy(update={"horizon_unit": ""}) for name, card in cards.items()}
    assert board(records, none).overall["median_horizon"].isna().all()


def test_exact_recoveries_are_summed_and_coverage_is_averaged_over_the_cells_that_offer_them() -> None:
    cards = {f"task-{i}": a_card(f"task-{i}", tags=("periodic",)) for i in range(3)}
    offers = {
        "task-0": Offer(recovery="exact", shown="x", coverage=(0.9, 0.5)),
        "task-1": Offer(recovery="approximation", shown="y", coverage=(0.8, 0.1)),
        "task-2": None,
    }
    records = [
        a_record(task, "net", [a_seed(i, 0.1, 1.0).model_copy(update={"offer": offer}) for i in range(2)])
        for task, offer in offers.items()
    ]
    made = board([*records, *(a_record(task, "mute", [a_seed(0, 0.1, 1.0)]) for task in cards)], cards)
    of_class: pd.DataFrame = made.classes[made.classes["region"] == "inside"]
    for found in (by_model(made.overall), by_model(of_class)):
        assert found.loc["net", ["n_exact", "n_expressed"]].tolist() == [2, 4]
        assert found.loc["net", ["covered_inside", "covered_outside"]].tolist() == pytest.approx([0.85, 0.3])
        assert found.loc["mute", ["n_exact", "n_expressed"]].tolist() == [0, 0]
        assert found.loc["mute", ["covered_inside", "covered_outside"]].isna().all()

"""Along an axis: what may be asked for, what is read from records, and what is shown of it."""

import math
from typing import Any

import pytest

from benchmark.board.varied import sweeps_of
from benchmark.errors import UsageError
from benchmark.run.axes import variants_of
from benchmark.show.axes import PATH, render_axes
from benchmark.store.local import Contents
from benchmark.store.publish import for_findings, varied_cells
from benchmark.store.record import Record, SeedOutcome, TaskCard
from tasks.variant import VARIANT, Variant
from tests.synthetic import HERE, a_card, a_failure, a_record, a_seed, keyed, made_quick


def test_axes_are_combined() -> None:
    assert variants_of({"rows": None, "noise": None, "outside": None}) == ()
    assert variants_of({"rows": "30, 100", "noise": "0,0.1"}) == (
        Variant(rows=30, noise=0.0),
        Variant(rows=30, noise=0.1),
        Variant(rows=100, noise=0.0),
        Variant(rows=100, noise=0.1),
    )
    assert variants_of({"rows": 30}) == variants_of({"rows": [30, 30]}) == (Variant(rows=30),)
    assert variants_of({"outside": 1.5}) == (Variant(outside=1.5),)


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({"rows": "-5"}, "rows must be whole numbers from 2 on, as in 30,100,1000; got '-5'"),
        ({"rows": "1"}, "got '1'"),
        ({"rows": "30,"}, "got ''"),
        ({"rows": "many"}, "got 'many'"),
        ({"rows": 30.5}, "got 30.5"),
        ({"rows": True}, "got True"),
        ({"rows": []}, "got none"),
        ({"noise": "-0.1"}, r"noise must be numbers from 0 on in units of sd\(y\)"),
        ({"noise": "nan"}, "got 'nan'"),
        ({"noise": "inf"}, "got 'inf'"),
        ({"outside": "1"}, "outside must be multiples of the training range above 1"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused(axes: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        variants_of(axes)


# From records ---------------------------------------------------------------------------------------------------


def card(name: str) -> TaskCard:
    return a_card(name).model_copy(update={"tags": (VARIANT,)})


def seeds(*errors: float) -> list[SeedOutcome]:
    return [a_seed(i, error, 10 * error) for i, error in enumerate(errors)]


def contents() -> tuple[dict[str, TaskCard], dict[tuple[str, str], Record]]:
    """Three numbers of rows, of which one model lacks one, and noise at one value alone."""
    names = ("square-10-rows", "square-30-rows", "square-100-rows", "square-noise-0-1")
    cards = {name: card(name) for name in names} | {"square": a_card()}
    sd = cards["square-10-rows"].target_sd
    levels = {"square-10-rows": 1.0, "square-30-rows": 0.04, "square-100-rows": 0.01, "square-noise-0-1": 0.01}
    records = [a_record(name, "learner", seeds(*[level * sd] * 5)) for name, level in levels.items()]
    records += [a_record("square-10-rows", "gap", seeds(0.001 * sd)), a_record("square-100-rows", "gap", seeds(sd))]
    failed = [a_failure(0, "not-applicable", "no"), a_failure(1, "not-applicable", "no")]
    records += [a_record("square-10-rows", "shy", failed), a_record("square-30-rows", "shy", [a_failure(0)])]
    records += [a_record("square", "learner", seeds(0.1)), made_quick(a_record("square-30-rows", "gap", seeds(0.1)))]
    return cards, keyed(records)


def test_a_sweep_has_the_values_that_were_run_and_a_point_where_there_is_one() -> None:
    cards, records = contents()
    [sweep] = sweeps_of(cards, records)
    assert (sweep.task, sweep.axis, sweep.values) == ("square", "rows", (10, 30, 100))
    assert [*sweep.points] == ["gap", "learner", "shy"]
    inside = [point.median for point in sweep.points["learner"]["inside"] if point]
    assert inside == pytest.approx([1.0, 0.04, 0.01])
    assert sweep.points["gap"]["inside"][1] is None
    shy = sweep.points["shy"]["inside"]
    assert shy[0] is not None
    assert math.isnan(shy[0].median)
    assert shy[1] is not None
    assert math.isinf(shy[1].median)


def test_rows_are_enough_from_where_on_every_more_is() -> None:
    cards, records = contents()
    [sweep] = sweeps_of(cards, records)
    assert sweep.needed("learner", "inside") == 30
    assert sweep.needed("learner", "outside") is None
    # What is solved with few rows and not with more is not solved by rows.
    assert sweep.needed("gap", "inside") is None


def test_axes_do_not_mix() -> None:
    cards = {name: card(name) for name in ("sinc-10-rows-noise-0", "sinc-30-rows-noise-0", "sinc-30-rows-noise-1")}
    records = keyed([a_record(name, "net", seeds(0.1)) for name in cards])
    rows, noise = sweeps_of(cards, records)
    assert (rows.axis, rows.held, rows.values) == ("rows", Variant(noise=0.0), (10, 30))
    assert (noise.axis, noise.held, noise.values) == ("noise", Variant(rows=30), (0, 1))
    assert len({rows.name, noise.name}) == 2


def test_the_page_has_a_table_and_a_picture_for_each_axis() -> None:
    cards, records = contents()
    files = render_axes(cards, records)
    assert [*files] == [PATH, "plots/axis-square-by-rows.svg"]
    assert "| `learner` |" in files[PATH]
    assert "plots/axis-square-by-rows.svg" in files[PATH]
    assert "1 / 10" in files[PATH]
    assert "failed" in files[PATH]
    assert files["plots/axis-square-by-rows.svg"].startswith("<?xml")
    assert render_axes(cards, records) == files
    assert render_axes({}, {}) == {}


def test_what_is_published_of_variants_is_what_a_suite_would_take() -> None:
    cards, records = contents()
    found = varied_cells(Contents(cards, records, {}, ()), 10)
    assert ("square-10-rows", "learner") in found
    assert ("square", "learner") not in found
    # Made with a small budget.
    assert ("square-30-rows", "gap") not in found
    assert {*found.values()} == {10}


def test_what_is_published_of_variants_keeps_no_curves() -> None:
    cards, records = contents()
    committed = HERE.model_copy(update={"modified": False})
    kept = {cell_id: record.model_copy(update={"environment": committed}) for cell_id, record in records.items()}
    needed = {("square-10-rows", "learner"): 5, ("square", "learner"): 1}
    parcel = for_findings(needed, [], Contents(cards, kept, {}, ()), Contents({}, {}, {}, ()), stale=lambda _: "")
    lengths = {cell_id: len(record.seeds[0].slice) for cell_id, record in parcel.records.items()}
    assert lengths[("square-10-rows", "learner")] == 0 < lengths[("square", "learner")]

"""What may be published: what everyone can make again from a commit of this project's own files, and nothing else."""

from typing import Any

import pytest

from benchmark.catalogue.suites import core, shelves
from benchmark.store.local import Contents
from benchmark.store.publish import Parcel, cards_for, for_findings, for_suite, renewed_cards, together
from benchmark.store.record import Environment, Record, TaskCard
from benchmark.store.stamp import Stamp
from tasks.suites import SUITES
from tests.synthetic import HERE, a_card, a_record, a_seed, a_suite, with_quantity

SUITE = a_suite("square", "sum", seeds=2)
NOTHING = Contents({}, {}, {}, ())


def made(modified: bool | None, machine: str = "Abacus") -> Environment:
    return HERE.model_copy(update={"modified": modified, "machine": machine})


def records(**changes: Any) -> dict[tuple[str, str], Record]:
    """A model that is complete and committed, but for these changes of its record of sum."""
    found = {}
    for task in SUITE.tasks:
        record = a_record(task, "net", [a_seed(0, 0.1, 0.2), a_seed(1, 0.1, 0.2)])
        update = {"environment": made(False), **(changes if task == "sum" else {})}
        found[task, "net"] = record.model_copy(update=update)
    return found


def both(given: dict[tuple[str, str], Record]) -> list[Parcel]:
    """What would be published of records: of the suite, and for findings that need them."""
    local = Contents({}, given, {}, ())
    needed = dict.fromkeys(given, 2)
    return [
        for_suite(SUITE, local, NOTHING, stale=lambda _: ""),
        for_findings(needed, [*needed], local, NOTHING, stale=lambda _: ""),
    ]


def test_what_is_complete_and_committed_is_taken() -> None:
    suite, findings = both(records())
    assert (suite.taken, suite.refused) == (("net",), ())
    assert (findings.taken, findings.refused) == (("square / net", "sum / net"), ())


def test_a_page_that_needs_more_seeds_than_a_suite_has_published_gets_a_cell_of_its_own() -> None:
    mine = records()
    for n, taken in ((2, ()), (1, ("square / net", "sum / net"))):
        fewer = {place: record.model_copy(update={"seeds": record.seeds[:n]}) for place, record in mine.items()}
        known = Contents({}, fewer, {}, ())
        parcel = for_findings(dict.fromkeys(mine, 2), (), Contents({}, mine, {}, ()), known, stale=lambda _: "")
        assert parcel.taken == taken


def test_what_fills_a_folder_is_published_with_what_is_there_of_its_models() -> None:
    folder = a_suite("square", "sum", "cube", "wave")
    known = Contents({}, {(task, model): a_record(task, model, [a_seed(0, 1, 1)]) for task, model in (
        ("cube", "net"), ("cube", "tree"), ("square", "net"), ("elsewhere", "net"))}, {}, ())  # fmt: skip
    parcel = for_suite(SUITE, Contents({}, records(), {}, ()), NOTHING, stale=lambda _: "")
    other = Parcel({("far", "net"): records()["sum", "net"]}, ("net",), ())
    found = together([parcel, other], folder, known)
    assert found.taken == ("net",)
    # Neither what another model has there, nor what lies in another folder; and what is new counts.
    assert found.records.keys() == {("square", "net"), ("sum", "net"), ("cube", "net")}
    assert found.records["square", "net"] == records()["square", "net"]
    assert together([], folder, known) == Parcel({}, (), ())


def test_the_core_has_a_folder_and_all_other_suites_share_one() -> None:
    first, rest = shelves()
    assert (first.suite, first.parts) == (core(), (core(),))
    assert rest.suite.name == "all"
    assert not {*rest.suite.tasks} & {*core().tasks}
    assert {part.name for part in rest.parts} == {*SUITES} - {"core", "all"}
    assert {task for part in rest.parts for task in part.tasks} == {*rest.suite.tasks}


@pytest.mark.parametrize("modified", [True, None])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_record_any_seed_of_which_was_made_in_a_modified_checkout_is_refused(
    modified: bool | None, place: int
) -> None:
    newest, *others = (made(modified if i == place else False, machine=f"Abacus {i}") for i in range(3))
    suite, findings = both(records(environment=newest, environments=tuple(others)))
    words = (
        "it was made from files that were not committed, so that nobody could make it again; commit them, and run it "
        "with --fresh"
    )
    assert (suite.taken, [(each.name, each.reason) for each in suite.refused]) == ((), [("net", f"sum: {words}")])
    assert [(each.name, each.reason) for each in findings.refused] == [("sum / net", words)]


@pytest.mark.parametrize("origin", ["plugin mine.py", "installed module their.models", "installed module models"])
def test_a_model_from_elsewhere_is_refused_with_what_to_do(origin: str) -> None:
    suite, findings = both(records(model_origin=origin))
    words = (
        f"it comes from {origin}, and what is published comes from a file in models/; put the model there, commit it, "
        "and run it with --fresh"
    )
    assert (suite.taken, [(each.name, each.reason) for each in suite.refused]) == ((), [("net", f"sum: {words}")])
    assert [(each.name, each.reason) for each in findings.refused] == [("sum / net", words)]


@pytest.mark.parametrize("origin", ["models/mlp.py", "findings/square/models.py", "calibration/rays/models.py"])
def test_a_model_of_our_own_is_published_from_whichever_of_our_rooms(origin: str) -> None:
    suite, findings = both(records(model_origin=origin))
    assert suite.refused == findings.refused == ()
    assert suite.taken
    assert findings.taken


OLD = a_card("sum").model_copy(update={"samples": ()})
NEW = a_card("sum").model_copy(update={"environment": made(False)})


def says_more(card: TaskCard) -> bool:
    """As cards are judged: those that do not know what training rows know are out of date."""
    return bool(card.samples)


def renewed(old: TaskCard, new: TaskCard) -> bool:
    local = Contents({"sum": new, "square": new}, {}, {}, ())
    return renewed_cards({"sum": old}, local, holds=says_more) == {"sum": new}


def test_a_card_that_says_more_is_published_beside_the_figures_that_are_there() -> None:
    assert renewed(OLD, NEW)
    assert renewed_cards({"sum": OLD}, NOTHING, holds=says_more) == {}


@pytest.mark.parametrize("modified", [True, None])
def test_a_card_made_from_files_that_were_not_committed_is_not_published_alone(modified: bool | None) -> None:
    assert not renewed(OLD, NEW.model_copy(update={"environment": made(modified)}))


def test_a_published_card_that_holds_stays_and_one_that_does_not_hold_renews_none() -> None:
    assert not renewed(NEW, NEW.model_copy(update={"title": "another"}))
    assert not renewed(OLD, OLD.model_copy(update={"environment": made(False)}))


def test_a_card_of_which_the_published_figures_are_not_does_not_take_its_place() -> None:
    other = Stamp(answers={"mean": (1.0, 2.0, 3.0, 5.0)})
    changes = ({"version": 2}, {"stamp": other}, {"stamp": None}, {"ladder": (1.0, 1.5, 2.0, 3.0)})
    for change in changes:
        assert not renewed(OLD, NEW.model_copy(update=change)), change
    assert not renewed(OLD, with_quantity(NEW))


def test_of_a_model_that_is_taken_the_cards_are_those_that_hold() -> None:
    def chosen(published: TaskCard, mine: TaskCard) -> TaskCard:
        known, local = (Contents({"sum": card}, {}, {}, ()) for card in (published, mine))
        return cards_for(["sum", "square"], local, known, holds=says_more)["sum"]

    other = NEW.model_copy(update={"title": "another"})
    assert chosen(OLD, NEW) == NEW
    assert chosen(NEW, OLD) == NEW
    assert chosen(NEW, other) == NEW
    assert cards_for(["sum"], Contents({"sum": OLD}, {}, {}, ()), NOTHING, holds=says_more) == {"sum": OLD}

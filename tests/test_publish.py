"""What may be published: what everyone can make again from a commit of this project's own files, and nothing else."""

from typing import Any

import pytest

from benchmark.store.local import Contents
from benchmark.store.publish import Parcel, for_findings, for_suite
from benchmark.store.record import Environment, Record
from tests.synthetic import HERE, a_record, a_seed, a_suite

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


@pytest.mark.parametrize("origin", ["models/mlp.py", "findings/square/models.py"])
def test_a_model_of_our_own_is_published_from_whichever_of_our_rooms(origin: str) -> None:
    suite, findings = both(records(model_origin=origin))
    assert suite.refused == findings.refused == ()
    assert suite.taken
    assert findings.taken

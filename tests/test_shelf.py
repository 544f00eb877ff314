"""What a run knows is joined once, until a file or an observation is another one."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmark.catalogue.registry import Catalogue, Entry, Origin
from benchmark.run.observed import Observed, Practice
from benchmark.run.options import RunOptions
from benchmark.run.shelf import Shelf
from benchmark.store import archive
from benchmark.store.local import Contents, Store
from benchmark.store.record import Record
from benchmark.store.stamp import Stamp
from tests.synthetic import a_card, a_record, a_seed

TASK = Entry("task", "square", 1, "", "", ("core",), Origin("room", "tasks.square"), "none")
NET = Entry("model", "net", 1, "", "", (), Origin("room", "models.net"), "none")
PLACE = ("square", "net")


def record(n_seeds: int, number: float) -> Record:
    made = a_record("square", "net", [a_seed(seed, 0.1, 0.2) for seed in range(n_seeds)])
    return made.model_copy(update={"model_stamp": Stamp(answers={"1 number, 0": (number,)})})


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A record of three seeds that is published, and of the same cell, otherwise made, one of two that is kept."""
    store = Store(tmp_path)
    store.prepare()
    store.save_record(record(2, 9.0))
    options = RunOptions(results=tmp_path)
    published = Contents({}, {PLACE: record(3, 1.0)}, {}, (), digest="published")
    return Shelf(store, options, Catalogue({"square": TASK}, {"net": NET}), Practice({}, [], {}, options), published)


def test_what_is_known_is_the_same_value_until_a_file_changes(shelf: Shelf) -> None:
    before = shelf.read()
    assert shelf.read() is before
    shelf.store.save_record(record(4, 9.0))
    after = shelf.read()
    assert after is not before
    assert len(after.records[PLACE].seeds) == 4


def test_what_holds_is_asked_again_when_practice_was(shelf: Shelf) -> None:
    assert len(shelf.read().records[PLACE].seeds) == 3
    shelf.practice.observed[NET] = Observed(stamp=Stamp(answers={"1 number, 0": (9.0,)}))
    assert len(shelf.read().records[PLACE].seeds) == 2


def test_of_two_makes_with_as_many_seeds_the_runs_own_is_shown(shelf: Shelf) -> None:
    shelf.store.save_record(record(3, 9.0))
    own, published = shelf.store.read(), shelf.published
    for known in (archive.joined(own, published, holds=holds) for holds in (bool, lambda _: False)):
        assert known.records[PLACE].model_stamp == record(3, 9.0).model_stamp


def test_a_file_that_cannot_be_read_any_more_is_seen(shelf: Shelf) -> None:
    shelf.read()
    path = shelf.store.root / "records" / "square" / "net.json"
    path.write_text("{", encoding="utf-8")
    first = shelf.read()
    assert [bad.path for bad in first.bad] == ["records/square/net.json"]
    assert len(first.records[PLACE].seeds) == 3
    path.write_text('{"schema_version": 99}', encoding="utf-8")
    assert shelf.read().bad[0].newer


def test_an_entry_is_found_by_an_equal_one_and_by_no_other(shelf: Shelf) -> None:
    known = {TASK: 1, NET: 2}
    assert known[replace(NET)] == 2
    assert replace(NET, version=2) not in known


def test_a_card_is_described_by_what_the_task_says_of_itself_and_by_nothing_else() -> None:
    card = a_card()
    said = card.model_dump(mode="json", include={"title", "formula", "n_train", "set_shape"})
    assert card.origin == ""
    assert Observed(stamp=Stamp(answers={}), card=said).describes(card)
    assert Observed(stamp=Stamp(answers={}), card=said).describes(card.model_copy(update={"origin": "plugin x.py"}))
    assert not Observed(stamp=Stamp(answers={}), card=said | {"n_train": 7}).describes(card)


@pytest.mark.parametrize("field", ["family", "horizon_unit"])
def test_what_a_card_leaves_out_is_described_by_a_task_that_says_nothing(field: str) -> None:
    old, new = a_card(), a_card().model_copy(update={field: "nguyen"})
    silent, saying = (Observed(stamp=Stamp(answers={}), card={field: said}) for said in ("", "nguyen"))
    assert (silent.describes(old), saying.describes(old)) == (True, False)
    assert (silent.describes(new), saying.describes(new)) == (False, True)

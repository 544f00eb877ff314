"""What is said of cells beside figures: what most say is said once, and every letter of a note comes back."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark.store import published
from benchmark.store.published import facts
from benchmark.store.record import Record
from tests.synthetic import a_card, a_failure, a_record, a_seed, a_suite
from tests.test_published import rounded


def noting(task: str, *notes: dict[str, str]) -> Record:
    """A record whose seeds note these, one each; a seed that notes nothing has failed."""
    made = [
        a_seed(i, 1.0, 1.0).model_copy(update={"notes": each}) if each else a_failure(i) for i, each in enumerate(notes)
    ]
    return a_record(task, "net", made)


def read_back(folder: Path, *records: Record) -> dict[str, Record]:
    cards = {record.task: a_card(record.task) for record in records}
    published.write(folder, a_suite(*cards, seeds=3), cards, {"net": {record.task: record for record in records}})
    found = published.read(folder)
    assert found.bad == ()
    return {task: record for (task, _), record in found.records.items()}


def test_what_differs_from_most_cells_comes_back_and_what_a_cell_does_not_say_is_not_said_for_it(
    tmp_path: Path,
) -> None:
    records = [
        noting("a", {"engine": "stack", "steps": "4000"}, {"engine": "stack", "steps": "4000"}),
        noting("b", {"engine": "loop", "steps": "4000", "more": "1"}, {}),
        noting("c", {"engine": "stack", "steps": "4000"}, {"engine": "stack", "steps": "133"}),
        noting("d", {}, {}),
        a_record("e", "net", [a_seed(0, 1.0, 1.0)]).model_copy(update={"model_version": 2, "quick": True}),
    ]
    for some in (records[:4], records):
        there = read_back(tmp_path / str(len(some)), *some)
        assert [[outcome.notes for outcome in there[r.task].seeds] for r in some] == [
            [outcome.notes for outcome in r.seeds] for r in some
        ]
        assert [[outcome.settings for outcome in there[r.task].seeds] for r in some] == [
            [outcome.settings for outcome in r.seeds] for r in some
        ]
        assert [(there[r.task].model_version, there[r.task].quick) for r in some] == [
            (r.model_version, r.quick) for r in some
        ]
    data = json.loads((tmp_path / "4" / "net.json").read_text(encoding="utf-8"))
    assert data["alike"]["notes"] == {"engine": "stack", "steps": 4000}
    assert data["cells"]["b"]["notes"] == {"engine": "loop", "more": 1}
    assert data["cells"]["c"]["notes"] == {"steps": [4000, 133]}
    assert data["cells"]["d"].keys() == {"digest"}


NOTES = [
    "4000",
    "0.1094",
    "1e-05",
    "1e-5",
    "0.10",
    "-0.0",
    "-0",
    "1_000",
    "007",
    "inf",
    "nan",
    "NaN",
    "1e999",
    "true",
    "",
]
NOTES += ["9" * 17, "9" * 5000, "1.0", "1", "True", "null", " 1", "\u0661", "+1", "0x10", "1e+30", "stack"]


@pytest.mark.parametrize("text", NOTES)
def test_a_note_comes_back_letter_by_letter(tmp_path: Path, text: str) -> None:
    records = [noting("a", {"n": text}, {"n": text}), noting("b", {"n": text}, {"n": "other"})]
    there = read_back(tmp_path, *records)
    assert [[o.notes for o in there[task].seeds] for task in "ab"] == [[o.notes for o in r.seeds] for r in records]


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=20), st.floats().map(repr), st.integers().map(str), st.floats().map("{:.4g}".format)))
def test_a_number_among_notes_is_written_so_that_its_letters_are_known(text: str) -> None:
    number = facts._number(text)
    assert (number if isinstance(number, str) else repr(number)) == text
    assert json.loads(json.dumps(number, allow_nan=False)) == number


OLD = Path(__file__).parent / "records" / "format-1"


def test_a_suite_of_the_first_format_is_read_and_written_anew_without_loss(tmp_path: Path) -> None:
    old = published.read(OLD)
    assert (old.bad, len(old.records)) == ((), 4)
    [first, *_] = old.records["piecewise", "relu-mlp"].seeds
    line = (OLD / "relu-mlp.json").read_text(encoding="utf-8").splitlines()[2]
    data = json.loads("{" + line.rstrip(",") + "}")["piecewise"]
    assert first.notes == {
        name: value[0] if isinstance(value, list) else value for name, value in sorted(data["notes"].items())
    }
    assert first.settings["steps"] == 4000
    models: dict[str, dict[str, Record]] = {}
    for (task, name), record in old.records.items():
        models.setdefault(name, {})[task] = record
    assert old.suite is not None
    published.write(tmp_path, old.suite, old.cards, models)
    new = published.read(tmp_path)
    assert (new.bad, new.records.keys(), new.cards) == ((), old.records.keys(), old.cards)
    for place, record in old.records.items():
        again, alone = new.records[place], {"seeds", "curve"}
        assert again.model_dump(exclude=alone) == record.model_dump(exclude=alone)
        assert [(o.notes, o.settings) for o in again.seeds] == [(o.notes, o.settings) for o in record.seeds]
        assert rounded(again) == rounded(record)
        assert again.curve is not None
        assert record.curve is not None
        for part in ("median", "low", "high"):
            assert getattr(again.curve, part) == getattr(record.curve, part)
    for ending in ("json", "npz"):
        assert (tmp_path / f"relu-mlp.{ending}").stat().st_size < (OLD / f"relu-mlp.{ending}").stat().st_size

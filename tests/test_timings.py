"""All timings of a model on a machine are one file: of the forms before nothing is lost, and what is wrong is named."""

import json
import shutil
from pathlib import Path

import pytest

from benchmark.store.local import Store
from benchmark.store.slug import slug
from benchmark.store.text import load
from benchmark.store.timings import ModelTimings, dump, together
from tests.synthetic import HERE, a_card, a_timing

OLD = Path(__file__).parent / "records"
SHAPED = a_timing("square", "net", 1.0, 0.1, card=a_card())
ALONE = a_timing("sum", "net", 2.0, 0.2)
ELSEWHERE = a_timing("sum", "net", 3.0, 0.3, machine="Slide rule")


def text(schema: int) -> str:
    return (OLD / f"schema-{schema}-timing.json").read_text(encoding="utf-8")


def test_a_machine_and_a_stamp_stand_there_once_and_each_timing_on_a_line(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save_timings(ALONE, ELSEWHERE)
    store.save_timings(SHAPED)
    path = tmp_path / "timing" / slug(HERE.machine) / "net.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    assert [len(data[name]) for name in ("environments", "stamps", "timings")] == [1, 1, 2]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line.count('"fit_seconds"') for line in lines if "fit_seconds" in line] == [1, 1]
    found = store.read()
    assert (found.bad, found.timings) == ((), {each.key: each for each in (SHAPED, ALONE, ELSEWHERE)})
    assert len([*tmp_path.rglob("timing/*/*.json")]) == 2


def test_whatever_comes_first_the_file_has_the_same_bytes_and_another_timing_changes_a_line(tmp_path: Path) -> None:
    assert dump(together([SHAPED, ALONE])) == dump(together([ALONE, SHAPED]))
    before, after = (dump(together(each)).splitlines() for each in ([ALONE], [ALONE, SHAPED]))
    assert [line for line in after if line.rstrip(",") not in {each.rstrip(",") for each in before}] == [
        line for line in after if '"timed_by": "shape"' in line
    ]


def test_every_sample_comes_back_to_the_last_digit() -> None:
    seconds = (0.1 + 0.2, 1 / 3, 2.2250738585072014e-308, 1e-9)
    timing = SHAPED.model_copy(update={"fit_seconds": seconds, "predict_seconds": seconds})
    [again] = load(ModelTimings, dump(together([timing]))).whole
    assert again == timing


def in_old_places(store: Store) -> int:
    """Keep real timings as they were kept when each had a file, and one of a cell; return how many."""
    shutil.copytree(OLD / "timing", store.root / "timing")
    store.write_text("timing/sum/polynomial-2.json", text(1))
    return len([*store.root.rglob("timing/*/*.json"), *store.root.rglob("timing/*/*/*.json")])


def test_a_folder_with_a_file_a_timing_is_read_and_joined_and_nothing_in_it_is_lost(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert in_old_places(store) == 4
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
    old = store.read()
    assert (old.bad, {key[1:] for key in old.timings}) == (
        (),
        {
            ("polynomial-5", "1000x1_1x1_5000"),
            ("gradient-boosting", "square"),
            ("gradient-boosting", "sum"),
            ("polynomial-2", "sum"),
        },
    )
    for path, content in before.items():
        data = json.loads(content)
        [timing] = [t for t in old.timings.values() if (t.model, t.task) == (data["model"], data["task"])]
        assert [*timing.fit_seconds, *timing.predict_seconds] == [*data["fit_seconds"], *data["predict_seconds"]], path
        assert timing.environment.model_dump(mode="json") == data["environment"]
        assert timing.model_stamp is None or timing.model_stamp.model_dump(mode="json") == data["model_stamp"]
    newer = next(timing for timing in old.timings.values() if timing.task == "square")
    newer = newer.model_copy(update={"fit_seconds": (7.0,)})
    store.save_timings(newer, ALONE)
    assert store.read().timings == old.timings | {each.key: each for each in (newer, ALONE)}
    assert all(path.read_bytes() == content for path, content in before.items())
    # What is written of all of it stands alone.
    again = Store(tmp_path / "again")
    again.save_timings(*old.timings.values())
    assert again.read().timings == old.timings


def test_what_was_kept_of_a_cell_makes_way_for_what_was_kept_of_a_timing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write_text("timing/sum/polynomial-2.json", text(1))
    [timing] = store.read().timings.values()
    younger = json.loads(text(2)) | {"fit_seconds": [7.0]}
    place = f"timing/{slug(timing.environment.machine)}/polynomial-2/sum.json"
    store.write_text(place, json.dumps(younger))
    [found] = store.read().timings.values()
    assert (store.read().bad, found.fit_seconds) == ((), (7.0,))


def test_an_old_file_in_a_wrong_place_is_reported(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write_text("timing/abacus/polynomial-2/sum.json", text(2))
    [bad] = store.read().bad
    assert bad.path == "timing/abacus/polynomial-2/sum.json"
    assert bad.reason.startswith("its content belongs at 'timing/")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stamps": {}}, "names a stamp or an environment that is not there"),
        ({"environments": {}}, "names a stamp or an environment that is not there"),
        ({"timings": []}, "at least 1 item"),
        ({"timings": json.loads(dump(together([ALONE])))["timings"] * 2}, "the timing of sum stands there twice"),
        ({"colour": "red"}, "Extra inputs"),
        ({"schema_version": 4}, "newer than this code"),
    ],
)
def test_a_file_that_does_not_belong_together_is_refused(change: dict[str, object], words: str) -> None:
    data = json.loads(dump(together([ALONE])))
    with pytest.raises(ValueError, match=words):
        load(ModelTimings, json.dumps(data | change))


def test_a_file_is_of_one_machine() -> None:
    with pytest.raises(ValueError, match="it is of 'Abacus, x86_64, Linux' and 'Slide rule', and a file is of one"):
        together([SHAPED, ELSEWHERE])


def test_a_file_that_cannot_be_read_makes_way_and_is_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save_timings(SHAPED)
    path = tmp_path / "timing" / slug(HERE.machine) / "net.json"
    path.write_text(path.read_text(encoding="utf-8")[:100], encoding="utf-8")
    store.save_timings(ALONE)
    assert store.read().timings == {ALONE.key: ALONE}
    assert len(path.with_name("net.json.unreadable-1").read_bytes()) == 100

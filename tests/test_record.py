"""What is kept: strict on the way in, complete on the way out, and readable for as long as the project lives."""

import json
from pathlib import Path

import pytest

from benchmark.store.record import Kept, Record, SampleCard, TaskCard
from benchmark.store.stamp import Stamp
from benchmark.store.text import SCHEMA_VERSION, NewerSchemaError, dump, load, upgraded
from benchmark.store.timings import ModelTimings
from benchmark.store.timings import dump as dump_timings
from tasks.base import NAME_PATTERN

OLD = Path(__file__).parent / "records"
KINDS: dict[str, type[Kept]] = {"record": Record, "task": TaskCard, "timing": ModelTimings}
NEWEST = {kind: what.model_fields["schema_version"].default for kind, what in KINDS.items()}


def text(kind: str = "record") -> str:
    return (OLD / f"schema-{NEWEST[kind]}-{kind}.json").read_text(encoding="utf-8")


def dumped(kept: Kept) -> str:
    return dump_timings(kept) if isinstance(kept, ModelTimings) else dump(kept)


def record() -> Record:
    return load(Record, text())


@pytest.mark.parametrize("path", sorted(OLD.glob("*.json")), ids=lambda path: path.stem)
def test_every_file_that_was_ever_written_can_be_read(path: Path) -> None:
    kind = path.stem.rpartition("-")[2]
    kept = load(KINDS[kind], path.read_text(encoding="utf-8"))
    assert upgraded(json.loads(dumped(kept)), NEWEST[kind])["schema_version"] == NEWEST[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_real_file_of_each_schema_and_kind_is_at_hand(kind: str) -> None:
    assert {path.name for path in OLD.glob(f"*-{kind}.json")} == {
        f"schema-{version}-{kind}.json" for version in range(1, NEWEST[kind] + 1)
    }


@pytest.mark.parametrize("kind", KINDS)
def test_writing_what_was_read_changes_no_byte(kind: str) -> None:
    assert dumped(load(KINDS[kind], text(kind))) == text(kind)


def test_a_card_finds_its_references_by_name_and_the_truth_where_it_can_be_drawn() -> None:
    card = load(TaskCard, text("task"))
    line = card.reference("line")
    assert line is not None
    assert line == card.references[2]
    assert card.truth == card.references[0].slice
    assert len(card.truth) == len(card.slice.position) > 0
    cut = card.references[0].model_copy(update={"slice": card.truth[:-1]})
    assert card.model_copy(update={"references": (cut,)}).truth == ()
    none = card.model_copy(update={"references": ()})
    assert (none.reference("truth"), none.truth) == (None, ())


def test_a_card_without_a_family_is_of_its_own() -> None:
    card = load(TaskCard, text("task"))
    assert (card.family, card.family_name, card.horizon_unit) == ("", card.task, "")
    told = card.model_copy(update={"family": "nguyen", "horizon_unit": "times the range"})
    assert load(TaskCard, dump(told)) == told
    assert told.family_name == "nguyen"
    with pytest.raises(ValueError, match="family"):
        load(TaskCard, dump(card.model_copy(update={"family": "Two Words"})))


def test_a_card_knows_what_the_rows_of_a_seed_know_where_that_was_kept() -> None:
    card = load(TaskCard, text("task"))
    assert (card.samples, card.sample(0)) == ((), None)
    rows = (SampleCard(seed=3, constant=(1.0, 2.0), line=(0.5, 2.5), clamp=None),)
    told = card.model_copy(update={"samples": rows})
    assert load(TaskCard, dump(told)) == told
    assert (told.sample(3), told.sample(0)) == (rows[0], None)
    with pytest.raises(ValueError, match="constant"):
        load(TaskCard, dump(told).replace("[1.0, 2.0]", "[1.0, -2.0]"))


def test_a_card_has_the_classes_of_its_tags_and_is_noisy_where_its_targets_are() -> None:
    card = load(TaskCard, text("task")).model_copy(update={"tags": ("sets", "core", "periodic"), "noise_std": 0.0})
    assert card.classes == ("periodic", "sets")
    assert card.model_copy(update={"noise_std": 0.1}).classes == ("periodic", "sets", "noisy")
    assert card.model_copy(update={"tags": ("noisy", "core")}).classes == ("noisy",)


def test_a_note_is_read_as_a_number_or_said_to_be_none() -> None:
    outcome = record().seeds[1].model_copy(update={"notes": {"curvature": "1.25e-3", "engine": "loop"}})
    assert outcome.noted("curvature") == 1.25e-3
    words = r"seed 1 has no note 'rate', it notes curvature, engine; run its cell again, or ask for one"
    with pytest.raises(ValueError, match=words):
        outcome.noted("rate")
    words = "the note 'engine' of seed 1 must be a number, got 'loop'; let the model note one"
    with pytest.raises(ValueError, match=words):
        outcome.noted("engine")


class Mixed(Kept):
    """Values of which some are no numbers."""

    values: tuple[float | str, ...]


def test_a_list_of_mixed_values_is_laid_out_at_once_and_one_of_numbers_on_a_line() -> None:
    numbers = tuple(float(number) for number in range(60))
    assert len(dump(Mixed(values=(*numbers, "x"))).splitlines()) == 65
    assert len(dump(Mixed(values=numbers)).splitlines()) == 3


def test_only_a_timing_says_that_it_was_made_alone() -> None:
    kept = record()
    assert kept.environment.alone is None
    assert '"alone"' not in dump(kept)
    timings = load(ModelTimings, text("timing"))
    assert {timing.environment.alone for timing in timings.whole} == {True}


def test_a_newer_schema_is_told_apart() -> None:
    newer = json.dumps(json.loads(text()) | {"schema_version": SCHEMA_VERSION + 1})
    with pytest.raises(NewerSchemaError, match=r"newer than this code.*update the checkout"):
        load(Record, newer)


@pytest.mark.parametrize("version", [0, -1, "1", None, True, 1.0])
def test_a_schema_that_never_was_is_refused(version: object) -> None:
    with pytest.raises(ValueError, match="no known schema_version"):
        load(Record, json.dumps(json.loads(text()) | {"schema_version": version}))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"status": "ok"', '"status": "fine"', "status"),
        ('"status": "ok"', '"status": "failed"', "without a reason"),
        ('"seed": 0', '"seed": 1', "ascending and unique"),
        ('"seed": 0', '"seed": "0"', "valid integer"),
        ('"seed": 0', '"seed": 0, "seed": 0', "'seed' stands twice"),
        ('"seed": 0', '"seed": 0, "sead": 0', "sead"),
        ('"model": "', '"model": "../', "model"),
        ('"extrapolation_rmse": ', '"extrapolation_rmse": -', "extrapolation_rmse"),
        ('"extrapolation_rmse": ', '"extrapolation_rmse": NaN, "was": ', "extrapolation_rmse"),
        ('"extrapolation_rmse": ', '"extrapolation_rmse": 1e999, "was": ', "extrapolation_rmse"),
        ('"machine": ', '"hostname": "x", "machine": ', "hostname"),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused(old: str, new: str, words: str) -> None:
    assert old in text()
    with pytest.raises(ValueError, match=words):
        load(Record, text().replace(old, new, 1))


@pytest.mark.parametrize("name", ["sum", "a", "9-", "a" * 64, "a" * 65, "", "-a", "Sum", "a/b", "a\n", " a", "a_b"])
def test_what_is_kept_has_a_name_that_tasks_and_models_may_have(name: str) -> None:
    changed = text().replace('"task": "sum"', f'"task": {json.dumps(name)}')
    if NAME_PATTERN.fullmatch(name):
        assert load(Record, changed).task == name
    else:
        with pytest.raises(ValueError, match="task"):
            load(Record, changed)


@pytest.mark.parametrize("broken", ["", "{", "null", "[]", "[" * 100_000, '{"a": ' * 100_000, text()[:-100]])
def test_what_is_no_record_is_refused_and_no_more(broken: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        load(Record, broken)


def test_seeds_of_the_same_make_are_joined_and_the_newer_counts() -> None:
    whole = record()
    older = whole.model_copy(update={"seeds": whole.seeds[:2]})
    newer = whole.model_copy(
        update={"seeds": (whole.seeds[1].model_copy(update={"extrapolation_rmse": 7.0}), *whole.seeds[2:])}
    )
    joined = newer.joined(older)
    assert [outcome.seed for outcome in joined.seeds] == [0, 1, 2]
    assert joined.seeds[1].extrapolation_rmse == 7.0


OTHER = Stamp(answers={"mean": (1.1,)})


@pytest.mark.parametrize(
    "part",
    [
        {"task_stamp": OTHER},
        {"model_stamp": OTHER},
        {"task_stamp": None},
        {"model_version": 9},
        {"quick": not record().quick},
    ],
)
def test_seeds_of_another_make_are_not_joined(part: dict[str, object]) -> None:
    whole = record()
    newer = whole.model_copy(update={"seeds": whole.seeds[:1]})
    assert newer.joined(whole.model_copy(update=part)) == newer


def test_seeds_of_another_machine_are_joined_and_both_are_named() -> None:
    whole = record()
    elsewhere = whole.environment.model_copy(update={"machine": "another"})
    newer = whole.model_copy(update={"seeds": whole.seeds[:1]})
    both = newer.joined(whole.model_copy(update={"environment": elsewhere}))
    assert [outcome.seed for outcome in both.seeds] == [0, 1, 2]
    assert (both.environment, both.environments) == (whole.environment, (elsewhere,))
    # One that adds no seed adds no machine, and each is named once.
    assert both.joined(whole.model_copy(update={"environment": elsewhere})) == both
    assert load(Record, dump(both)) == both

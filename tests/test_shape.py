"""What cards and timings know of shapes, and what those that are older than shapes are taken for."""

import json
from pathlib import Path

import pytest

from benchmark.store.record import TaskCard
from benchmark.store.text import dump, load
from benchmark.store.timings import ModelTimings, Timing

OLD = Path(__file__).parent / "records"


def first() -> Timing:
    [timing] = load(ModelTimings, (OLD / "schema-1-timing.json").read_text(encoding="utf-8")).whole
    return timing


def test_a_timing_of_the_first_schema_is_one_of_its_task_alone() -> None:
    timing = first()
    assert (timing.timed_by, timing.shape, timing.task, timing.model_stamp) == ("task", None, "sum", None)
    assert timing.key == ("AMD EPYC, x86_64, Linux", "polynomial-2", "sum")
    assert timing.quick is True
    assert len(timing.fit_seconds) == 20


def test_a_timing_by_shape_without_one_is_refused() -> None:
    with pytest.raises(ValueError, match="timed by shape but has none"):
        Timing.model_validate_json(json.dumps(first().model_dump() | {"timed_by": "shape"}))


def test_a_card_knows_its_shape_where_it_knows_its_set() -> None:
    card = load(TaskCard, (OLD / "schema-1-task.json").read_text(encoding="utf-8"))
    assert card.shape is None
    assert '"set_shape"' not in dump(card)
    known = load(TaskCard, dump(card.model_copy(update={"set_shape": (4, 3)})))
    assert known.shape
    assert known.shape.model_dump() == {
        "n_train": card.n_train,
        "n_features": 12,
        "n_elements": 4,
        "n_element_features": 3,
        "n_predicted": card.n_test,
    }
    assert known.shape.name == f"{card.n_train}x12_4x3_{card.n_test}"

"""A suite as it is published: what is written is read again, what is wrong is named, and nobody is in another's way."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark.board.curves import curve_of
from benchmark.store import published
from benchmark.store.published import tables
from benchmark.store.record import Offer, Record, SeedOutcome
from benchmark.store.stamp import Stamp
from tests.synthetic import HERE, a_card, a_failure, a_record, a_seed, a_suite, with_quantity

CARDS = {"square": a_card(), "sum": with_quantity(a_card("sum"))}
SUITE = a_suite("square", "sum", seeds=3)
Models = dict[str, dict[str, Record]]


def seeds(level: float, *, task: str = "square", n: int = 3) -> list[SeedOutcome]:
    found = []
    for seed in range(n):
        made = a_seed(seed, level * (seed + 1) / 3, level * (seed + 4) / 7)
        quantities = {"lambda_hat": -0.25 - seed, "lambda_error": 1e-9 * seed} if task == "sum" else {}
        line = tuple(level * x + seed for x in CARDS[task].slice.position)
        settings = {"steps": 4000, "learning_rate": 0.001, "threshold": 0.1 * seed}
        notes = {"engine": "stack", "iterations": str(seed)}
        update = {"quantities": quantities, "slice": line, "settings": settings, "notes": notes}
        found.append(made.model_copy(update=update))
    return found


def model(name: str, level: float = 1.0) -> dict[str, Record]:
    return {task: a_record(task, name, seeds(level, task=task)) for task in CARDS}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A suite with two models."""
    published.write(tmp_path / "core", SUITE, CARDS, {"net": model("net"), "tree": model("tree", 0.5)})
    return tmp_path / "core"


def rounded(record: Record) -> list[tuple[object, ...]]:
    """What a record says of its seeds, to the digits that are published."""

    def digits(value: float | None) -> str:
        return "" if value is None else f"{value:.8g}"

    return [
        (
            *(o.seed, o.status, o.reason, digits(o.training_rmse), digits(o.interpolation_rmse)),
            *(digits(o.extrapolation_rmse), [digits(e) for e in o.shell_rmse]),
            *({n: digits(q) for n, q in o.quantities.items()}, o.settings, o.notes),
        )
        for o in record.seeds
    ]


def test_what_is_written_is_read_again(folder: Path) -> None:
    found = published.read(folder)
    assert (found.suite, found.cards, found.bad) == (SUITE, CARDS, ())
    assert set(found.records) == {(task, name) for task in CARDS for name in ("net", "tree")}
    for level, name in ((1.0, "net"), (0.5, "tree")):
        for task, record in model(name, level).items():
            there = found.records[task, name]
            assert rounded(there) == rounded(record)
            same = {"model_title", "model_source", "model_tags", "model_origin", "task_stamp", "model_stamp", "quick"}
            assert all(getattr(there, field) == getattr(record, field) for field in same)
            assert there.environment == HERE
            kept, drawn = curve_of(CARDS[task], record), there.curve
            assert kept is not None
            assert drawn is not None
            reach = max(kept.high) - min(kept.low)
            for part in ("median", "low", "high"):
                assert np.abs(np.subtract(getattr(kept, part), getattr(drawn, part))).max() <= reach / 2**16


def test_what_was_read_is_written_to_the_byte(folder: Path, tmp_path: Path) -> None:
    found = published.read(folder)
    models: Models = {}
    for (task, name), record in found.records.items():
        models.setdefault(name, {})[task] = record
    published.write(tmp_path / "again", SUITE, found.cards, models)
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["net.csv", "net.json", "net.npz", "tasks.json", "tree.csv", "tree.json", "tree.npz"]
    assert [(tmp_path / "again" / name).read_bytes() for name in names] == [
        (folder / name).read_bytes() for name in names
    ]


def test_what_a_model_offered_comes_back_and_is_not_edited_unseen(tmp_path: Path) -> None:
    changed = model("net")
    offer = Offer(
        expression="x1 + x2", shown="x1 + x2", recovery="exact", n_parameters=2, coverage=(1.0, 0.5), sd=(2, 3)
    )
    first, *others = changed["sum"].seeds
    seeds = (first.model_copy(update={"offer": offer}), *others)
    changed["sum"] = changed["sum"].model_copy(update={"seeds": seeds})
    published.write(tmp_path, SUITE, CARDS, {"net": changed})
    found = published.read(tmp_path)
    assert [outcome.offer for outcome in found.records["sum", "net"].seeds] == [offer, None, None]
    assert {outcome.offer for outcome in found.records["square", "net"].seeds} == {None}
    text = (tmp_path / "net.json").read_text(encoding="utf-8")
    (tmp_path / "net.json").write_text(text.replace('"equivalent inside"', '"exact"'), encoding="utf-8")
    assert not published.read(tmp_path).bad
    (tmp_path / "net.json").write_text(text.replace('"exact"', '"approximation"'), encoding="utf-8")
    assert "the rows of sum are not those that were published" in str(published.read(tmp_path).bad[0])


def test_signs_come_back_and_are_not_edited_unseen(tmp_path: Path) -> None:
    changed = model("net")
    signs = {"wrong": 0.25, "box": 1.0, "box missed": 0.0}
    first, second, third = changed["sum"].seeds
    seeds = (first.model_copy(update={"signs": signs}), second.model_copy(update={"signs": {"wrong": 0.0}}), third)
    changed["sum"] = changed["sum"].model_copy(update={"seeds": seeds})
    published.write(tmp_path, SUITE, CARDS, {"net": changed})
    found = published.read(tmp_path)
    assert not found.bad
    assert [outcome.signs for outcome in found.records["sum", "net"].seeds] == [signs, {"wrong": 0.0}, {}]
    assert {len(outcome.signs) for outcome in found.records["square", "net"].seeds} == {0}
    text = (tmp_path / "net.json").read_text(encoding="utf-8")
    assert '"wrong": [0.25,0.0,null]' in text
    (tmp_path / "net.json").write_text(text.replace("[0.25,0.0,null]", "[0.25,0.5,null]"), encoding="utf-8")
    assert "the rows of sum are not those that were published" in str(published.read(tmp_path).bad[0])
    (tmp_path / "net.json").write_text(text.replace("[0.25,0.0,null]", "[0.25,0.0]"), encoding="utf-8")
    assert published.read(tmp_path).bad


def test_a_model_touches_its_three_files_and_a_cell_a_line(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    changed = model("net")
    outcome = changed["sum"].seeds[1].model_copy(update={"interpolation_rmse": 77.0})
    first, _, last = changed["sum"].seeds
    changed["sum"] = changed["sum"].model_copy(update={"seeds": (first, outcome, last)})
    published.write(folder, SUITE, CARDS, {"net": changed})
    assert {path.name for path in folder.iterdir() if path.read_bytes() != before[path.name]} == {"net.csv", "net.json"}
    for ending in ("csv", "json"):
        old, new = before[f"net.{ending}"].decode().splitlines(), (folder / f"net.{ending}").read_text().splitlines()
        assert len([1 for a, b in zip(old, new, strict=True) if a != b]) == 1


def test_another_task_adds_rows_alone(folder: Path, tmp_path: Path) -> None:
    cards = {**CARDS, "wave": a_card("wave")}
    more = {**model("net"), "wave": a_record("wave", "net", seeds(2.0))}
    published.write(tmp_path / "more", a_suite(*cards, seeds=3), cards, {"net": more})
    old, new = ((path / "net.csv").read_text().splitlines() for path in (folder, tmp_path / "more"))
    assert [line for line in new if not line.startswith("wave,")] == old
    assert len(new) == len(old) + 3


def test_pandas_reads_every_seed_in_one_call(folder: Path) -> None:
    every = pd.concat({path.stem: pd.read_csv(path) for path in sorted(folder.glob("*.csv"))}, names=["model", None])
    assert every.groupby(["model", "task"]).size().to_dict() == {
        (name, task): 3 for name in ("net", "tree") for task in CARDS
    }
    assert every.loc["net"].query("task == 'sum' and seed == 2")["lambda_hat"].item() == -2.25


def test_a_machine_and_a_stamp_stand_there_once(folder: Path) -> None:
    data = json.loads((folder / "net.json").read_text())
    assert len(data["environments"]) == len(data["stamps"]) == 1
    # What most cells say stands above, what differs between seeds as a list, and a note that is a number as one.
    assert data["alike"]["settings"] == {"learning_rate": 0.001, "steps": 4000}
    assert data["alike"]["notes"] == {"engine": "stack"}
    assert data["cells"]["sum"]["settings"] == {"threshold": [0.0, 0.1, 0.2]}
    assert data["cells"]["sum"]["notes"] == {"iterations": [0, 1, 2]}
    assert data["cells"]["sum"].keys() == {"digest", "settings", "notes"}


def test_failed_and_abstaining_seeds_come_back(tmp_path: Path) -> None:
    mixed = [seeds(1.0)[0], a_failure(3, "timeout", 'over 5 s, "quoted"; and,\nmore'), a_failure(999, "failed", "é")]
    none = [a_failure(seed, "not-applicable", "needs pairs") for seed in range(3)]
    records = {"square": a_record("square", "net", mixed), "sum": a_record("sum", "net", none)}
    published.write(tmp_path, SUITE, CARDS, {"net": records})
    found = published.read(tmp_path)
    assert found.bad == ()
    there = found.records["square", "net"]
    assert [(o.seed, o.status, o.reason) for o in there.seeds] == [
        (0, "ok", ""),
        (3, "timeout", 'over 5 s, "quoted"; and, more'),
        (999, "failed", "é"),
    ]
    assert (there.seeds[0].settings["steps"], there.seeds[1].settings) == (4000, {})
    assert found.records["sum", "net"].curve is None


REASONS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=60)
FIGURES = st.floats(min_value=0, allow_infinity=False, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(FIGURES, FIGURES, REASONS, st.booleans()), min_size=1, max_size=6))
def test_any_figure_and_any_reason_comes_back(drawn: list[tuple[float, float, str, bool]]) -> None:
    columns = tables.columns_of(CARDS.values())
    outcomes = [
        a_seed(i, inside, outside) if good else a_failure(i, "failed", reason)
        for i, (inside, outside, reason, good) in enumerate(drawn)
        if good or reason.split()
    ]
    lines = tables.lines_of("square", outcomes, columns)
    assert tables.read_lines(tables.written(lines, columns), columns) == ({"square": lines} if lines else {})
    tables.check(lines, columns.rows_of(CARDS["square"]), "square")
    found = tables.Seeds(tuple(lines), CARDS["square"], columns, lambda statuses: [({}, {}, None, {})] * len(statuses))
    assert found.endings == tuple((o.seed, o.status) for o in outcomes)
    assert [f"{o.interpolation_rmse or 0:.8g}" for o in found] == [f"{o.interpolation_rmse or 0:.8g}" for o in outcomes]
    assert [o.reason for o in found] == [" ".join(o.reason.split()) for o in outcomes]


def test_the_largest_figures_are_rows_whatever_a_reason_says() -> None:
    columns = tables.columns_of(CARDS.values())
    outcomes = [a_seed(0, sys.float_info.max, 1e300), a_failure(1, "diverged", "from 1e+300, 9e+308, to 1e+999")]
    lines = tables.lines_of("square", outcomes, columns)
    assert lines[0].startswith("square,0,ok,,1.7976931e+308,1e+300,")
    tables.check(lines, columns.rows_of(CARDS["square"]), "square")


def edited(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def cut(name: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])

    return edit


def linked(folder: Path) -> None:
    shutil.move(folder / "net.csv", folder / "elsewhere")
    (folder / "net.csv").symlink_to(folder / "elsewhere")


def no_text(folder: Path) -> None:
    (folder / "net.csv").write_bytes(b"\xff\xfe")


WRONG: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "a figure": (edited("net.csv", "0.33333333", "0.33333334"), "net.csv", "a figure was edited by hand"),
    "a digest": (edited("net.json", '"digest": "', '"digest": "0'), "net.csv", "a figure was edited by hand"),
    "a column": (edited("net.csv", ",lambda_hat,", ",lambda_that,"), "net.csv", "its columns are"),
    "a value less": (edited("net.csv", "sum,0,ok,", "sum,0,"), "net.csv", "this is no row of sum"),
    "no number": (edited("net.csv", "0.33333333", "nan"), "net.csv", "this is no row of square: 'square,0,ok"),
    **{
        f"the figure {figure[:12]}, which is too large": (
            edited("net.csv", "0.33333333", figure),
            "net.csv",
            f"this is no row of square: 'square,0,ok,,{figure[:12]}",
        )
        for figure in ("1e+999", "1e+309", "1.7976932e+308", "12345678e+302", "9" * 400)
    },
    "a large negative quantity": (edited("net.csv", "-2.25", "-2e+308"), "net.csv", "this is no row of sum: 'sum,2,ok"),
    "a negative error": (edited("net.csv", "0.33333333", "-0.3"), "net.csv", "this is no row of square"),
    "no error": (edited("net.csv", "0.33333333", ""), "net.csv", "this is no row of square"),
    "an unknown status": (edited("net.csv", "sum,1,ok", "sum,1,fine"), "net.csv", "this is no row of sum"),
    "a failure without a reason": (edited("net.csv", "sum,1,ok", "sum,1,failed"), "net.csv", "this is no row of sum"),
    "a doubled seed": (
        edited("net.csv", "sum,1,ok", "sum,0,ok"),
        "net.csv",
        "seeds of sum must be ascending, each once",
    ),
    "a doubled key": (edited("net.json", '"title"', '"source": "", "title"'), "net.json", "stands twice"),
    "an unknown field": (edited("net.json", '"title"', '"colour": "red", "title"'), "net.json", "Extra inputs"),
    "a newer format": (edited("net.json", '"format": 4', '"format": 5'), "net.json", "newer than this code"),
    "another model": (edited("net.json", '"model": "net"', '"model": "tree"'), "net.json", "it is of the model 'tree'"),
    "a stamp": (edited("net.json", '"model_stamp": "', '"model_stamp": "0'), "net.csv", "names a stamp"),
    "a machine": (edited("net.json", '"environments": [0]', '"environments": [7]'), "net.csv", "or an environment"),
    "no version": (edited("net.json", '"model_version": 1,', ""), "net.csv", "nothing says its model_version"),
    "a note that is no text": (edited("net.json", '"engine": "stack"', '"engine": true'), "net.json", "notes"),
    "a list of other length": (edited("net.json", "[0,1,2]", "[0,1]"), "net.csv", "has 2 values for 3 seeds"),
    "nothing of a task": (edited("net.json", '"sum": {', '"summ": {'), "net.csv", "says nothing of it"),
    "half a table": (cut("net.csv"), "net.csv", "its last line has no end"),
    "half a json": (cut("net.json"), "net.json", "line"),
    "half an archive": (cut("net.npz"), "net.npz", "no npz archive"),
    "no table": (lambda folder: (folder / "net.csv").unlink(), "net.csv", "three files, .csv, .json and .npz"),
    "no facts": (lambda folder: (folder / "net.json").unlink(), "net.json", "three files"),
    "no curves": (lambda folder: (folder / "net.npz").unlink(), "net.npz", "three files"),
    "a link": (linked, "net.csv", "no plain file"),
    "no text": (no_text, "net.csv", "no UTF-8 text"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_named_and_the_rest_is_read(folder: Path, what: str) -> None:
    spoil, place, words = WRONG[what]
    spoil(folder)
    found = published.read(folder)
    assert {bad.path for bad in found.bad} == {place}, found.bad
    assert any(words in bad.reason for bad in found.bad), found.bad
    assert {place for place in found.records if place[1] == "tree"} == {("square", "tree"), ("sum", "tree")}
    assert ("sum", "net") not in found.records or ("square", "net") not in found.records


def test_without_its_tasks_a_suite_says_so(folder: Path) -> None:
    (folder / published.TASKS).write_text("[]", encoding="utf-8")
    found = published.read(folder)
    assert [bad.path for bad in found.bad] == [published.TASKS]
    assert found.records == {}


def test_a_digest_of_the_folder_sees_every_byte(folder: Path) -> None:
    before = published.read(folder).digest
    assert published.read(folder).digest == before
    (folder / "net.npz").write_bytes((folder / "net.npz").read_bytes() + b"\0")
    assert published.read(folder).digest != before


def test_a_record_without_a_stamp_cannot_be_published(tmp_path: Path) -> None:
    old = {task: record.model_copy(update={"model_stamp": None}) for task, record in model("net").items()}
    with pytest.raises(ValueError, match=r"square / net was kept before practice was; run it again with --fresh"):
        published.write(tmp_path, SUITE, CARDS, {"net": old})


def test_another_stamp_of_the_task_than_the_cards_is_kept(tmp_path: Path) -> None:
    other = Stamp(answers={"mean": (9.0,)})
    records = model("net")
    records["sum"] = records["sum"].model_copy(update={"task_stamp": other})
    published.write(tmp_path, SUITE, CARDS, {"net": records})
    found = published.read(tmp_path).records
    assert (found["sum", "net"].task_stamp, found["square", "net"].task_stamp) == (other, CARDS["square"].stamp)

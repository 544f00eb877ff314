"""The results folder under everything that may happen to it: no file is lost, no bad file goes unsaid."""

import ctypes
import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmark.errors import FewerSeedsError, StoreError, UsageError
from benchmark.store.ground import README, check
from benchmark.store.local import Store
from benchmark.store.record import Record, SeedOutcome, TaskCard
from benchmark.store.shape import Shape
from benchmark.store.text import load
from benchmark.store.timings import ModelTimings, Timing
from tests.conftest import ROOT

OLD = ROOT / "tests" / "records"


def record(*seeds: int, model: str = "polynomial-2") -> Record:
    kept = load(Record, (OLD / "schema-2-record.json").read_text(encoding="utf-8"))
    outcomes = tuple(SeedOutcome(seed=seed, status="failed", reason="by hand") for seed in seeds)
    return kept.model_copy(update={"seeds": outcomes, "model": model})


def card() -> TaskCard:
    return load(TaskCard, (OLD / "schema-2-task.json").read_text(encoding="utf-8"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "results")
    store.prepare()
    store.save_card(card())
    store.save_record(record(0, 1))
    return store


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != ".lock"}


PLACE = "records/sum/polynomial-2.json"


def twice_a_key(path: Path) -> None:
    path.write_text(path.read_text().replace('"task": "sum"', '"task": "sum", "task": "sum"'))


def edited(path: Path) -> None:
    path.write_text(path.read_text().replace('"failed"', '"fine"', 1))


def newer(path: Path) -> None:
    path.write_text(path.read_text().replace('"schema_version": 2', '"schema_version": 99'))


def linked(path: Path) -> None:
    path.rename(path.parents[3] / "elsewhere.json")
    path.symlink_to(path.parents[3] / "elsewhere.json")


def dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere.json")


def huge(path: Path) -> None:
    # Sparse: a gigabyte that takes no room.
    os.truncate(path, 2**30)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "truncated": (lambda path: path.write_text(path.read_text()[:300]), "line "),
    "empty": (lambda path: path.write_text(""), "line 1 column 1"),
    "hand-edited": (edited, "seeds.0.status"),
    "duplicate-key": (twice_a_key, "'task' stands twice"),
    "newer-schema": (newer, "schema_version 99 is newer than this code"),
    "symlinked": (linked, "not a plain file"),
    "dangling": (dangling, "not a plain file"),
    "huge": (huge, "1,073,741,824 bytes, more than"),
    "binary": (lambda path: path.write_bytes(b"\xff\xfe\x00"), "no UTF-8 text (byte 0)"),
    "nested": (lambda path: path.write_text("[" * 10**6), "nested too deeply"),
    "a-folder": (a_folder, "not a plain file"),
    "a-pipe": (a_pipe, "not a plain file"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_reported_with_its_place_and_skipped(store: Store, kind: str) -> None:
    spoil, words = BAD[kind]
    store.save_record(record(0, model="line"))
    spoil(store.root / PLACE)
    contents = store.read()
    assert [bad.path for bad in contents.bad] == [PLACE]
    assert words in contents.bad[0].reason
    assert list(contents.records) == [("sum", "line")]
    assert contents.bad_record("sum", "polynomial-2")
    assert contents.untouchable("sum", "polynomial-2") == (kind == "newer-schema")


@pytest.mark.parametrize("kind", sorted(BAD.keys() - {"newer-schema"}))
def test_a_bad_file_makes_way_and_is_kept(store: Store, kind: str) -> None:
    BAD[kind][0](store.root / PLACE)
    was = os.lstat(store.root / PLACE)
    store.save_record(record(5))
    aside = os.lstat(store.root / f"{PLACE}.unreadable-1")
    assert (aside.st_ino, aside.st_size) == (was.st_ino, was.st_size)
    contents = store.read()
    assert contents.bad == ()
    assert [outcome.seed for outcome in contents.records["sum", "polynomial-2"].seeds] == [5]


def test_the_second_bad_file_does_not_replace_the_first(store: Store) -> None:
    for text in ("first", "second"):
        (store.root / PLACE).write_text(text)
        store.save_record(record(0))
    kept = [(store.root / f"{PLACE}.unreadable-{number}").read_text() for number in (1, 2)]
    assert kept == ["first", "second"]


def test_a_file_of_a_newer_schema_is_never_replaced(store: Store) -> None:
    newer(store.root / PLACE)
    before = bytes_of(store.root)
    with pytest.raises(StoreError, match=r"records/sum/polynomial-2.json: schema_version 99 is newer"):
        store.save_record(record(5))
    assert bytes_of(store.root) == before


@pytest.mark.parametrize("name", ["records/sum/other.json", "records/square/polynomial-2.json", "records/lost.json"])
def test_a_file_under_a_wrong_name_is_reported(store: Store, name: str) -> None:
    (store.root / name).parent.mkdir(exist_ok=True)
    (store.root / PLACE).rename(store.root / name)
    [bad] = store.read().bad
    assert (bad.path, bad.reason) == (name, f"its content belongs at {PLACE!r}")


def test_what_a_killed_run_left_half_written_is_ignored_and_then_removed(store: Store) -> None:
    halves = [store.root / "records/sum/.polynomial-2.json.ab_12cd3.unfinished", store.root / ".x.md.ab.unfinished"]
    others = [store.root / "records/sum/.unfinished", store.root / "records/sum/.notes", store.root / "mine.unfinished"]
    for path in (*halves, *others):
        path.write_text("{")
    assert store.read().bad == ()
    store.prepare()
    assert not any(path.exists() for path in halves)
    assert all(path.exists() for path in others)


def test_more_seeds_are_never_replaced_by_fewer_of_another_make(store: Store) -> None:
    other = record(0).model_copy(update={"model_version": 2})
    before = bytes_of(store.root)
    with pytest.raises(FewerSeedsError, match=f"{PLACE} has 2 seeds of another make, and is not replaced by 1"):
        store.save_record(other)
    assert bytes_of(store.root) == before
    as_many = other.model_copy(update={"seeds": record(3, 4).seeds})
    assert store.save_record(as_many) == store.read().records["sum", "polynomial-2"] == as_many
    # Of its own make fewer are joined with what is there.
    assert len(store.save_record(as_many.model_copy(update={"seeds": record(5).seeds})).seeds) == 3


def timing(machine: str = "Abacus", fit: float = 1.0) -> Timing:
    [kept] = load(ModelTimings, (OLD / "schema-1-timing.json").read_text(encoding="utf-8")).whole
    shape = Shape(n_train=1000, n_features=2, n_elements=2, n_element_features=1, n_predicted=5000)
    where = kept.environment.model_copy(update={"machine": machine})
    new = {"shape": shape, "timed_by": "shape", "fit_seconds": (fit,), "environment": where}
    return kept.model_copy(update=new)


def test_timings_of_two_machines_stand_side_by_side_and_the_newer_of_one_replaces_the_older(store: Store) -> None:
    for each in (timing("Abacus"), timing("Slide rule"), timing("Abacus", 3.0)):
        store.save_timings(each)
    found = store.read()
    assert found.bad == ()
    assert {key: kept.fit_seconds for key, kept in found.timings.items()} == {
        ("Abacus", "polynomial-2", "1000x2_2x1_5000"): (3.0,),
        ("Slide rule", "polynomial-2", "1000x2_2x1_5000"): (1.0,),
    }
    assert {path.name for path in (store.root / "timing").glob("*/*.json")} == {"polynomial-2.json"}
    assert len([*(store.root / "timing").rglob("*.json")]) == 2


def test_a_timing_of_a_cell_is_read_where_it_always_lay_and_one_made_since_counts(store: Store) -> None:
    text = (OLD / "schema-1-timing.json").read_text(encoding="utf-8")
    store.write_text("timing/sum/polynomial-2.json", text)
    [old] = store.read().timings.values()
    assert (old.subject, store.read().bad) == ("sum", ())
    store.save_timings(old.model_copy(update={"fit_seconds": (7.0,)}))
    [new] = store.read().timings.values()
    assert new.fit_seconds == (7.0,)
    assert store.read_text("timing/sum/polynomial-2.json") == text
    store.write_text("timing/square/polynomial-2.json", text)
    assert [bad.path for bad in store.read().bad] == ["timing/square/polynomial-2.json"]


def test_a_timing_of_a_newer_schema_is_not_taken_again(store: Store) -> None:
    store.save_timings(timing())
    [path] = (store.root / "timing").rglob("*.json")
    path.write_text(path.read_text().replace('"schema_version": 3', '"schema_version": 99'))
    found = store.read()
    assert found.untouchable_timing(timing().key)
    assert not found.untouchable_timing(timing("Slide rule").key)
    assert not found.untouchable("sum", "polynomial-2")


@pytest.mark.parametrize("name", ["records", "tasks", "timing", "records/sum", "timing/abacus/line"])
def test_a_link_in_place_of_a_folder_is_refused(store: Store, tmp_path: Path, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (store.root / name).parent.mkdir(parents=True, exist_ok=True)
    if (store.root / name).exists():
        (store.root / name).rename(elsewhere)
    (store.root / name).symlink_to(elsewhere)
    for step in (store.read, lambda: check(store.root), store.prepare):
        with pytest.raises(UsageError, match=f"{name!r} is a symbolic link, which is not followed; put the folder"):
            step()


def test_a_reason_and_a_title_have_a_length(store: Store) -> None:
    path = store.root / PLACE
    text = path.read_text()
    for old, long, field in (
        ('"by hand"', json.dumps("x" * 2001), "seeds.0.reason"),
        ('"model_title": "', '"model_title": "' + "x" * 201, "model_title"),
        ('"model_source": "', '"model_source": "' + "x" * 501, "model_source"),
        ('"model_tags": [', '"model_tags": ["' + "x" * 65 + '",', "model_tags.0"),
    ):
        assert old in text
        path.write_text(text.replace(old, long, 1))
        [bad] = store.read().bad
        assert bad.reason.startswith(f"{field}: String should have at most")


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from benchmark.store.local import Store
from tests.test_store import record
store = Store(Path(sys.argv[1]))
for seed in range(int(sys.argv[2]), 60, 2):
    store.save_record(record(seed, model="both"))
    store.save_record(record(seed, model=f"only-{{sys.argv[2]}}"))
"""


def writer(*words: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER.format(root=str(ROOT)), *map(str, words)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def test_two_runs_at_once_lose_no_seed(store: Store) -> None:
    both = [writer(store.root, first) for first in (0, 1)]
    assert [process.communicate()[1] for process in both] == ["", ""]
    kept = store.read().records
    assert [outcome.seed for outcome in kept["sum", "both"].seeds] == list(range(60))
    assert [outcome.seed for outcome in kept["sum", "only-1"].seeds] == list(range(1, 60, 2))


def test_threads_lose_no_seed(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda seed: store.save_record(record(seed, model="many")), range(40)))
    assert len(store.read().records["sum", "many"].seeds) == 40


def test_a_full_disk_is_said_and_leaves_every_file_whole(store: Store) -> None:
    before = bytes_of(store.root)
    code = (
        f"import resource, sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from benchmark.store.local import Store\n"
        "from tests.test_store import record\n"
        # The system itself refuses to write more than this into any file.
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        f"Store(Path({str(store.root)!r})).save_record(record(*range(100)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"StoreError: could not write to {str(store.root)!r}: {os.strerror(errno.EFBIG)}." in done.stderr
    assert "Everything written before is whole; make room" in done.stderr
    assert bytes_of(store.root) == before


def without_the_power_of_root() -> None:
    """Make the permission bits count for this process and what it starts, also if it is root's."""
    if os.geteuid() == 0:
        drop_from_bounding_set, may_override, may_search = 24, 1, 2
        for capability in (may_override, may_search):
            ctypes.CDLL(None).prctl(drop_from_bounding_set, capability, 0, 0, 0)


def in_a_read_only(folder: Path, *words: object) -> "subprocess.CompletedProcess[str]":
    inner = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    for path in inner:
        path.chmod(0o555)
    try:
        return subprocess.run(
            [sys.executable, *map(str, words)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=without_the_power_of_root,
        )
    finally:
        for path in inner:
            path.chmod(0o755)


def test_a_read_only_folder_is_refused_before_anything_runs(store: Store) -> None:
    before = bytes_of(store.root)
    done = in_a_read_only(store.root, "-m", "benchmark", "run", "--results", store.root, "--task", "sum")
    assert done.returncode == 2, done.stderr
    assert f"error: results folder {str(store.root)!r} is not writable; name another with --results" in done.stderr
    assert bytes_of(store.root) == before


def test_a_folder_that_becomes_read_only_is_said(store: Store) -> None:
    before = bytes_of(store.root)
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from benchmark.store.local import Store\n"
        "from tests.test_store import record\n"
        f"Store(Path({str(store.root)!r})).save_record(record(7))\n"
    )
    done = in_a_read_only(store.root, "-c", code)
    assert f"StoreError: could not write to {str(store.root)!r}: Permission denied" in done.stderr
    assert bytes_of(store.root) == before


def test_a_read_only_folder_can_be_read(store: Store) -> None:
    code = (
        "from pathlib import Path; from benchmark.store.local import Store\n"
        f"print(len(Store(Path({str(store.root)!r})).read().records))"
    )
    assert in_a_read_only(store.root, "-c", code).stdout == "1\n"


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(UsageError, match=r"holds something else \('thesis.tex'\)"):
        Store(tmp_path).prepare()
    with pytest.raises(UsageError, match="is a file; name a folder"):
        Store(tmp_path / "thesis.tex").prepare()


def test_what_is_kept_is_for_everyone_to_read(store: Store) -> None:
    assert {path.stat().st_mode & 0o777 for path in store.root.rglob("*.json")} == {0o644}
    assert json.loads((store.root / PLACE).read_text())["task"] == "sum"


def test_the_committed_folder_says_of_itself_what_a_new_one_does() -> None:
    assert (ROOT / "results" / "findings" / "README.md").read_text(encoding="utf-8") == README
    # Locks are of one machine and one moment.
    assert ".lock" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()

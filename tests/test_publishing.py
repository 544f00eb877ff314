"""From a run's own folder to what is published, and back: what is taken, refused, known, and what differs."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from benchmark import pipeline, publishing, reporting
from benchmark.catalogue import suites
from benchmark.errors import CheckFailedError, UsageError
from benchmark.pipeline import Summary
from benchmark.run import choice
from benchmark.run.options import RunOptions
from benchmark.store import archive, published
from benchmark.store.audit import contradicted
from benchmark.store.local import Store
from benchmark.store.record import Record
from tasks.suite import Suite
from tests.synthetic import a_timing
from tests.test_pipeline import PLUGINS, Quiet

pytestmark = pytest.mark.usefixtures("libraries", "without_pictures")

SUITE = Suite("core", 1, ("square", "smooth"), 2)
MODELS = ("polynomial-2", "polynomial-5")
PARTS = "".join(
    f"<!-- {n}: begin (rendered by nox -s report) -->\n<!-- {n}: end -->\n" for n in ("leaderboard", "findings")
)


def patched(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    """Have the checkout's published results and its one suite be those of a test."""
    small = {"core": SUITE}
    for module in (choice, suites):
        monkeypatch.setattr(module, "SUITES", small)
    for module in (publishing, reporting):
        monkeypatch.setattr(module, "RESULTS", root / "results")
    monkeypatch.setattr(reporting, "LOCAL", root / "results" / "local")
    monkeypatch.setattr(reporting, "README", root / "README.md")


def run(root: Path, **options: Any) -> Summary:
    fields: dict[str, Any] = {"tasks": SUITE.tasks, "models": MODELS, "seeds": 2, "jobs": 2, "timing": False}
    known: dict[str, Any] = {"results": root / "results" / "local", "published": root / "results"}
    return pipeline.run(RunOptions(**(fields | known | options)), Quiet())


def committed(folder: Path) -> None:
    """Have records say that they were made from a commit, as they do in a clean checkout."""
    for path in (*(folder / "records").rglob("*.json"), *(folder / "tasks").glob("*.json")):
        text = path.read_text(encoding="utf-8")
        for value in ("true", "null"):
            text = text.replace(f'"modified": {value}', '"modified": false')
        path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, libraries: None) -> Path:
    """A checkout in which a suite of two tasks was run with two models, and published."""
    root = tmp_path_factory.mktemp("checkout")
    (root / "README.md").write_text(PARTS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as monkeypatch:
        patched(monkeypatch, root)
        monkeypatch.setattr("benchmark.show.rendering.draw_all", lambda boards, shelf: {})
        assert run(root).n_cells == 4
        committed(root / "results" / "local")
        done = publishing.publish_from([root / "results" / "local"], jobs=2, progress=Quiet())
        assert (done.taken["suite core"], done.refused["suite core"]) == (MODELS, ())
    return root


@pytest.fixture
def checkout(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same as a fresh clone has it: nothing local, but what was observed on practice."""
    root = tmp_path / "clone"
    shutil.copytree(made, root, ignore=shutil.ignore_patterns("local", ".rendered.json", ".lock"))
    (root / "results" / "local").mkdir()
    shutil.copy(made / "results" / "local" / ".practice.json", root / "results" / "local")
    patched(monkeypatch, root)
    return root


def bytes_of(root: Path) -> dict[str, bytes]:
    """Everything that is committed, by its place."""
    files = (path for path in root.rglob("*") if path.is_file())
    places = {path.relative_to(root).as_posix(): path for path in files}
    hidden = ("results/local/", "results/.", "results/findings/.")
    return {place: path.read_bytes() for place, path in places.items() if not place.startswith(hidden)}


def dry(root: Path, **options: Any) -> list[tuple[str, tuple[int, ...], str]]:
    fields: dict[str, Any] = {"tasks": SUITE.tasks, "models": MODELS, "seeds": 2, "jobs": 2, "timing": False}
    known: dict[str, Any] = {"results": root / "results" / "local", "published": root / "results"}
    plan = pipeline.dry_run(RunOptions(**(fields | known | options)), Quiet())
    return sorted((cell.name, cell.seeds, cell.reason) for cell in plan.cells)


def test_what_is_published_is_shown_in_the_readme_and_follows_from_its_records(checkout: Path) -> None:
    assert {path.name for path in (checkout / "results" / "core").iterdir()} == {
        "tasks.json",
        *(f"{model}.{ending}" for model in MODELS for ending in ("csv", "json", "npz")),
    }
    assert "`polynomial-5`" in (checkout / "README.md").read_text(encoding="utf-8")
    reporting.check_report(checkout / "results")


def test_a_clone_has_nothing_to_run_audits_and_touches_no_committed_file(checkout: Path) -> None:
    before = bytes_of(checkout)
    assert dry(checkout) == []
    summary = run(checkout, audit=3)
    assert (summary.n_cells, summary.n_published, summary.n_audited, summary.differing) == (0, 4, 3, [])
    assert summary.all_well
    assert bytes_of(checkout) == before
    # Its own board shows what is published.
    assert "`polynomial-5`" in (checkout / "results" / "local" / "leaderboard.md").read_text(encoding="utf-8")


def test_a_plugin_stands_beside_what_is_published_and_touches_no_committed_file(checkout: Path) -> None:
    before = bytes_of(checkout)
    summary = run(checkout, plugins=(PLUGINS / "tiny.py",), models=("line",))
    assert summary.n_cells == 2
    assert all(f"`{name}`" in summary.top for name in (*MODELS, "line"))
    assert bytes_of(checkout) == before
    done = publishing.publish_from([checkout / "results" / "local"], jobs=2, progress=Quiet())
    [refused] = done.refused["suite core"]
    assert (refused.name, refused.reason) == (
        "line",
        "square and 1 more: it comes from plugin tiny.py, and what is published comes from a file in models/; put the "
        "model there, commit it, and run it with --fresh",
    )
    assert bytes_of(checkout) == before


def test_more_seeds_are_run_beside_the_published_ones_and_counted_with_them(checkout: Path) -> None:
    why = "2 of 4 seeds missing"
    assert dry(checkout, seeds=4, models=("polynomial-2",)) == [
        ("smooth / polynomial-2", (2, 3), why),
        ("square / polynomial-2", (2, 3), why),
    ]
    run(checkout, seeds=4, models=("polynomial-2",))
    local = Store(checkout / "results" / "local").read().records["smooth", "polynomial-2"]
    assert [outcome.seed for outcome in local.seeds] == [2, 3]
    both = reporting.contents_of(checkout / "results" / "local").records["smooth", "polynomial-2"]
    assert [outcome.seed for outcome in both.seeds] == [0, 1, 2, 3]
    assert dry(checkout, seeds=4, models=("polynomial-2",)) == []


def with_seeds(root: Path, model: str, change: Any) -> None:
    """Publish a model once more with other figures, digests and all: what a forger would do."""
    folder = root / "results" / "core"
    found = published.read(folder)
    records: dict[str, Record] = {task: found.records[task, model] for task in SUITE.tasks}
    for task, record in records.items():
        seeds = tuple(outcome.model_copy(update=change(outcome)) for outcome in record.seeds)
        records[task] = record.model_copy(update={"seeds": seeds})
    assert found.suite is not None
    published.write(folder, found.suite, found.cards, {model: records})


def test_a_forged_figure_is_found_by_running_it_again(checkout: Path) -> None:
    with_seeds(checkout, "polynomial-5", lambda outcome: {"extrapolation_rmse": 1e6})
    summary = run(checkout, models=("polynomial-5",), audit=2)
    assert len(summary.differing) == 4
    assert all("polynomial-5, seed" in words and "outside RMSE is" in words for words in summary.differing)
    assert not summary.all_well


def test_a_figure_edited_by_hand_is_named_and_nothing_is_published_over_it(checkout: Path) -> None:
    table = checkout / "results" / "core" / "polynomial-2.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    fields = lines[1].split(",")
    fields[4] = "0.5"
    table.write_text("\n".join([lines[0], ",".join(fields), *lines[2:]]) + "\n", encoding="utf-8")
    with pytest.raises(CheckFailedError, match=r"core/polynomial-2\.csv"):
        reporting.check_report(checkout / "results")
    run(checkout, tasks=("square",), models=("polynomial-2",), fresh=True)
    before = bytes_of(checkout)
    with pytest.raises(
        CheckFailedError, match=r"nothing is published, since something in .* cannot be read: core/poly"
    ):
        publishing.publish_from([checkout / "results" / "local"], jobs=2, progress=Quiet())
    assert bytes_of(checkout) == before


def test_what_is_incomplete_or_uncommitted_is_refused_with_what_is_missing(checkout: Path) -> None:
    before = bytes_of(checkout)
    local = checkout / "results" / "local"
    run(checkout, models=("linear-net",), tasks=("smooth",), seeds=1)
    done = publishing.publish_from([local], jobs=2, progress=Quiet())
    [refused] = done.refused["suite core"]
    assert str(refused.reason) == "0 of 2 tasks of suite core with 2 seeds; it lacks square and 1 more"
    run(checkout, models=("polynomial-2",), fresh=True)
    for path in (local / "records").rglob("polynomial-2.json"):
        text = path.read_text(encoding="utf-8").replace('"modified": false', '"modified": true')
        path.write_text(text.replace('"modified": null', '"modified": true'), encoding="utf-8")
    done = publishing.publish_from([local], jobs=2, progress=Quiet())
    assert done.taken["suite core"] == ()
    assert "made from files that were not committed" in done.refused["suite core"][1].reason
    assert bytes_of(checkout) == before
    # As soon as it is from a commit, it is taken; and the other model's files stay as they are.
    committed(local)
    assert publishing.publish_from([local], jobs=2, progress=Quiet()).taken["suite core"] == ("polynomial-2",)
    changed = {place for place, content in bytes_of(checkout).items() if before.get(place) != content}
    assert not any("polynomial-5." in place for place in changed)


def test_a_card_from_before_there_were_samples_is_made_again_and_published_without_a_run(checkout: Path) -> None:
    core, local = checkout / "results" / "core", checkout / "results" / "local"
    found = published.read(core)
    assert found.suite is not None
    before = {task: card.model_copy(update={"samples": ()}) for task, card in found.cards.items()}
    published.write(core, found.suite, before, {})
    kept = bytes_of(checkout)
    summary = run(checkout)
    assert (summary.n_cells, summary.n_published, summary.all_well) == (0, 4, True)
    assert bytes_of(checkout) == kept
    committed(local)
    done = publishing.publish_from([local], jobs=2, progress=Quiet())
    assert done.taken == {"suite core": (), "findings": (), "cards of tasks alone": ("smooth", "square")}
    assert {task: len(card.samples) for task, card in published.read(core).cards.items()} == {
        "smooth": 10,
        "square": 10,
    }
    assert archive.read(checkout / "results").bad == ()
    changed = {place for place, content in bytes_of(checkout).items() if kept[place] != content}
    assert "results/core/tasks.json" in changed
    assert not any(model in place for place in changed for model in MODELS)
    # Then there is nothing left to make, and nothing to publish.
    shutil.rmtree(local / "tasks")
    assert run(checkout).all_well
    assert not [*(local / "tasks").glob("*.json")]
    assert not any(publishing.publish_from([local], jobs=2, progress=Quiet()).taken.values())


def test_a_published_folder_is_not_published_from_and_a_missing_one_is_told(checkout: Path, tmp_path: Path) -> None:
    for folder, words in ((checkout / "results", "holds what is published already"), (tmp_path / "no", "no folder")):
        with pytest.raises(UsageError, match=words):
            publishing.publish_from([folder], jobs=1, progress=Quiet())


def test_shards_that_share_nothing_are_published_together(checkout: Path, tmp_path: Path) -> None:
    models = (*MODELS, "line")
    folders = [tmp_path / f"shard-{k}" for k in (1, 2, 3)]
    ran: list[tuple[str, str]] = []
    for k, folder in enumerate(folders, 1):
        # As where something ran before: what is known of practice is made once.
        shutil.copytree(checkout / "results" / "local", folder)
        options = {"results": folder, "published": None, "shard": (k, 3)}
        assert run(checkout, plugins=(PLUGINS / "tiny.py",), models=models, **options).n_cells == 2
        ran += Store(folder).read().records
        committed(folder)
    assert sorted(ran) == sorted((task, model) for task in SUITE.tasks for model in models)
    shutil.rmtree(checkout / "results" / "core")
    for folder in folders:
        alone = publishing.publish_from([folder], jobs=2, progress=Quiet())
        assert alone.taken["suite core"] == ()
    done = publishing.publish_from(folders, jobs=2, progress=Quiet())
    assert done.taken["suite core"] == MODELS
    assert archive.read(checkout / "results").records.keys() == {(task, m) for task in SUITE.tasks for m in MODELS}


def test_a_shard_without_a_cell_runs_nothing_and_ends_well(checkout: Path, tmp_path: Path) -> None:
    summary = run(checkout, shard=(5, 5), results=tmp_path / "r", published=None)
    assert (summary.n_cells, summary.all_well) == (0, True)


def test_a_folder_of_two_forms_is_said_to_be_so(checkout: Path) -> None:
    shutil.copytree(Path(__file__).parent / "records", checkout / "results" / "records")
    with pytest.raises(UsageError, match=r"holds records/ beside suites.*Nothing in it is lost"):
        archive.read(checkout / "results")


def test_a_folder_of_the_form_before_is_read_and_published_from(checkout: Path, tmp_path: Path) -> None:
    run(checkout, models=("polynomial-2",), fresh=True)
    old = tmp_path / "old"
    shutil.copytree(checkout / "results" / "local", old)
    committed(old)
    assert publishing.publish_from([old], jobs=2, progress=Quiet()).taken["suite core"] == ("polynomial-2",)


def test_the_committed_findings_keep_of_a_cell_what_its_suite_says() -> None:
    contents = archive.read(Path(__file__).resolve().parents[1] / "results")
    both = contents.detailed.keys() & {place for place in contents.records if contents.records[place].curve}
    assert len(both) >= 10
    assert contradicted({place: contents.detailed[place] for place in both}, contents.records) == []


def test_the_seconds_of_what_is_taken_are_published_with_those_of_the_baseline_there(checkout: Path) -> None:
    run(checkout, models=("polynomial-2",), fresh=True)
    local = Store(checkout / "results" / "local")
    for model in ("polynomial-2", "polynomial-5", "linear-net"):
        local.save_timings(a_timing("square", model, 1.0, 0.1))
    quick = a_timing("smooth", "polynomial-2", 9.0, 0.9).model_copy(update={"quick": True})
    local.save_timings(quick)
    committed(local.root)
    assert publishing.publish_from([local.root], jobs=2, progress=Quiet()).taken["suite core"] == ("polynomial-2",)
    there = archive.read(checkout / "results").timings
    assert {(timing.model, timing.task) for timing in there.values()} == {
        ("polynomial-2", "square"),
        ("linear-net", "square"),
    }

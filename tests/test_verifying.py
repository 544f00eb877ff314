"""Published figures, run again from a clone: what is drawn, what is found, and what is refused."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmark import verifying
from benchmark.errors import UsageError
from benchmark.store import published
from benchmark.store.record import Record, SeedOutcome
from benchmark.store.revision import base_of, head_of, uncommitted
from benchmark.verifying import Verification
from tests.conftest import ROOT, CommandLine
from tests.test_pipeline import Quiet

pytestmark = pytest.mark.usefixtures("libraries")

MODELS = ("least-squares", "polynomial-2")
CELL = ("pair-sum", "polynomial-2")


def git(checkout: Path, *words: str) -> str:
    who = ("-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false")
    command = ["git", "-C", str(checkout), *who, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def committed(checkout: Path, message: str) -> str:
    git(checkout, "add", "--all")
    git(checkout, "commit", "--quiet", "--allow-empty", "-m", message)
    return git(checkout, "rev-parse", "HEAD")


def repository(folder: Path) -> Path:
    git(folder, "init", "--quiet", "--initial-branch=main")
    return folder


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with this code, and of what is published two models of the suite `core`."""
    root = tmp_path_factory.mktemp("upstream")
    for room in ("benchmark", "models", "tasks", "findings", "calibration"):
        shutil.copytree(ROOT / room, root / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", ".gitignore"):
        shutil.copy(ROOT / name, root)
    core = root / "results" / "core"
    core.mkdir(parents=True)
    for name in ("tasks.json", *(f"{model}.{ending}" for model in MODELS for ending in ("csv", "json", "npz"))):
        shutil.copy(ROOT / "results" / "core" / name, core)
    committed(repository(root), "Publish two models")
    return root


@pytest.fixture
def clone(upstream: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of it with a branch of its own, in place of this checkout."""
    subprocess.run(["git", "clone", "--quiet", str(upstream), str(tmp_path / "clone")], check=True)
    git(tmp_path / "clone", "switch", "--quiet", "-c", "mine")
    monkeypatch.setattr(verifying, "CHECKOUT", tmp_path / "clone")
    monkeypatch.setattr(verifying, "RESULTS", tmp_path / "clone" / "results")
    return tmp_path / "clone"


def published_again(clone: Path, change: Callable[[SeedOutcome], SeedOutcome]) -> None:
    """Publish a cell once more with other figures, digests and all: what a forger would do."""
    folder = clone / "results" / "core"
    found = published.read(folder)
    assert found.suite is not None
    records: dict[str, Record] = {task: record for (task, model), record in found.records.items() if model == CELL[1]}
    seeds = tuple(map(change, records[CELL[0]].seeds))
    records[CELL[0]] = records[CELL[0]].model_copy(update={"seeds": seeds})
    published.write(folder, found.suite, found.cards, {CELL[1]: records})


def one_percent_off(name: str, seed: int) -> Callable[[SeedOutcome], SeedOutcome]:
    def changed(outcome: SeedOutcome) -> SeedOutcome:
        return outcome.model_copy(update={name: 1.01 * getattr(outcome, name)}) if outcome.seed == seed else outcome

    return changed


def verify(against: str | None = None, *, every: bool = False) -> Verification:
    return verifying.verify(against, every=every, jobs=2, progress=Quiet())


def rows(table: str) -> list[list[str]]:
    lines = [line for line in table.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_an_altered_figure_is_caught_from_the_command_line(clone: Path) -> None:
    def command() -> "subprocess.CompletedProcess[str]":
        words = [sys.executable, "-m", "benchmark", "verify", "--jobs", "1"]
        there = {**os.environ, "PYTHONPATH": str(clone)}
        return subprocess.run(words, cwd=clone, env=there, capture_output=True, text=True, check=False, timeout=240)

    committed(clone, "Change no figure")
    well = command()
    assert (well.returncode, well.stderr.count("error")) == (0, 0), well.stderr
    assert "there is nothing to run again" in well.stdout
    published_again(clone, one_percent_off("interpolation_rmse", 4))
    commit = committed(clone, "Publish")
    done = command()
    assert done.returncode == 1, done.stderr
    [row] = rows(done.stdout)
    assert row[:2] == ["`pair-sum`", "`polynomial-2`"]
    assert row[2] == "**not reproduced**: inside RMSE is 0.9901 times the kept one, allowed is a factor of 1.002"
    assert row[3] == "4"
    assert f"drawn by the commit `{commit[:12]}`" in done.stdout
    assert "error: 1 thing in results/ cannot be made again as published" in done.stderr


@pytest.mark.parametrize("name", ["training_rmse", "interpolation_rmse", "extrapolation_rmse"])
def test_every_error_that_is_one_percent_off_is_caught(clone: Path, name: str) -> None:
    published_again(clone, one_percent_off(name, 7))
    committed(clone, "Publish")
    [wrong] = verify().wrong
    assert wrong.startswith("pair-sum / polynomial-2, seed 7: ")
    assert "RMSE is 0.9901 times the kept one" in wrong


def test_where_nothing_differs_a_sentence_says_so(clone: Path) -> None:
    base = git(clone, "rev-parse", "main")
    committed(clone, "Change no figure")
    done = verify()
    assert done.table == f"No published figure differs from `{base[:12]}`: there is nothing to run again.\n"
    assert (done.n_cells, done.wrong) == (0, ())
    assert verify("main").table == "No published figure differs from `main`: there is nothing to run again.\n"


def test_a_new_model_comes_out_as_published_with_its_places(clone: Path) -> None:
    files = [clone / "results" / "core" / f"least-squares.{ending}" for ending in ("csv", "json", "npz")]
    whole = {path: path.read_bytes() for path in files}
    for path in files:
        path.unlink()
    before = committed(clone, "Take a model away")
    for path, content in whole.items():
        path.write_bytes(content)
    commit = committed(clone, "Publish a model")
    done = verify(before)
    assert (done.n_cells, done.wrong) == (7, ())
    assert f"Against `{before}`: 7 new, 0 changed, 0 gone. 7 of 7 cells came out as published." in done.table
    found = {row[0]: row for row in rows(done.table)}
    assert {row[2] for row in found.values()} == {"reproduced"}
    square = found["`square`"]
    assert re.fullmatch(r"[0-9]+", square[3])
    assert square[4].startswith("none -> 74,")
    assert square[6:] == ["`core`", "none -> 2", "none -> 1-2"]
    # Another commit draws other seeds, and the same one the same.
    assert rows(verify(before).table) == rows(done.table)
    assert commit[:12] in done.table
    committed(clone, "Draw again")
    assert [row[3] for row in rows(verify(before).table)] != [row[3] for row in rows(done.table)]


def test_a_cell_that_is_gone_and_a_model_that_is_not_there_are_named(clone: Path, tmp_path: Path) -> None:
    folder = clone / "results" / "core"
    for ending in ("csv", "json", "npz"):
        text = (folder / f"polynomial-2.{ending}").read_bytes()
        (folder / f"polynomial-9.{ending}").write_bytes(text.replace(b"polynomial-2", b"polynomial-9"))
        (folder / f"least-squares.{ending}").unlink()
    committed(clone, "Publish what nobody has")
    done = verify()
    assert "7 new, 0 changed, 7 gone. 0 of 7 cells" in done.table
    found = {(row[0], row[1]): row for row in rows(done.table)}
    assert found["`square`", "`least-squares`"][2:4] == ["no readable record any more", ""]
    assert found["`square`", "`least-squares`"][4].endswith(" -> none")
    wrong = "this checkout has no such task or model, so that nobody can make it again"
    assert found["`square`", "`polynomial-9`"][2] == f"**not reproduced**: {wrong}"
    assert len(done.wrong) == 7


def test_a_figure_edited_by_hand_is_named_below_the_table(clone: Path) -> None:
    table = clone / "results" / "core" / "polynomial-2.csv"
    text = table.read_text(encoding="utf-8").splitlines()
    at, fields = next((i, line.split(",")) for i, line in enumerate(text) if line.startswith("pair-sum,3,ok"))
    fields[4] = "0.63"
    text[at] = ",".join(fields)
    table.write_text("\n".join(text) + "\n", encoding="utf-8")
    committed(clone, "Edit a figure")
    done = verify()
    [wrong] = done.wrong
    assert wrong.startswith("core/polynomial-2.csv: the rows of pair-sum are not those that were published")
    assert "Besides, this is not as it is published:\n\n- core/polynomial-2.csv: the rows of pair-sum" in done.table


def test_what_is_published_and_not_committed_is_refused(clone: Path) -> None:
    published_again(clone, one_percent_off("interpolation_rmse", 4))
    with pytest.raises(UsageError) as refused:
        verify()
    assert str(refused.value) == (
        "results/core/polynomial-2.csv and 1 more are not as committed, and what is verified is drawn by the commit of "
        "what is published; commit results/, or take the changes back by `git restore`"
    )
    git(clone, "restore", ".")
    (clone / "results" / "core" / "mine.csv").write_text("", encoding="utf-8")
    (clone / "results" / "local").mkdir()
    (clone / "results" / "local" / "leaderboard.md").write_text("a run's own", encoding="utf-8")
    assert uncommitted(clone / "results", clone) == ["results/core/mine.csv"]


def test_an_unknown_revision_is_refused(clone: Path) -> None:
    with pytest.raises(UsageError, match="'no-such' is neither a results folder nor a git revision that holds results"):
        verify("no-such")


def test_a_folder_without_git_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command_line: CommandLine
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setattr(verifying, "CHECKOUT", tmp_path)
    monkeypatch.setattr(verifying, "RESULTS", tmp_path / "results")
    done = command_line("verify")
    assert done.returncode == 2
    assert done.stderr == (
        f"error: {str(tmp_path)!r} is no git repository with a commit, or git cannot be run; what is verified is drawn "
        "by the commit: work in a clone, and commit first\n"
    )


def test_all_and_against_are_not_used_together(command_line: CommandLine) -> None:
    done = command_line("verify", "--all", "--against", "HEAD~1")
    assert done.returncode == 2
    assert done.stderr == (
        "error: --all runs a seed of every cell, and --against HEAD~1 of those that changed; use one\n"
    )


def test_the_revision_is_where_the_work_left_the_main_line_or_the_commit_before(tmp_path: Path) -> None:
    repository(tmp_path)
    with pytest.raises(UsageError, match="is no git repository with a commit"):
        head_of(tmp_path)
    first = committed(tmp_path, "First")
    with pytest.raises(UsageError, match=rf"nothing is known before the commit {first[:7]}.*--all.*--unshallow"):
        base_of(tmp_path)
    second = committed(tmp_path, "Second")
    assert base_of(tmp_path) == first
    git(tmp_path, "switch", "--quiet", "-c", "mine")
    committed(tmp_path, "Third")
    committed(tmp_path, "Fourth")
    assert base_of(tmp_path) == second
    # What is known of the main line elsewhere goes before.
    git(tmp_path, "update-ref", "refs/remotes/origin/main", first)
    assert base_of(tmp_path) == first


def test_all_runs_a_seed_of_every_cell(clone: Path) -> None:
    done = verify(every=True)
    assert (done.n_cells, done.wrong) == (14, ())
    assert "14 of 14 cells came out as published." in done.table
    assert "Against" not in done.table

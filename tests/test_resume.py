"""Going on where a run stopped: what is done is not done again, and what is out of date is."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from pathlib import Path

import pytest

from benchmark.store.local import Store
from tests.conftest import PLUGINS, ROOT, CommandLine
from tests.processes import MARK, left_over, marked

# Whole runs, many of them: with what else takes long.
pytestmark = pytest.mark.faults

TINY, GOOD = PLUGINS / "tiny.py", PLUGINS / "good_models.py"


def options(results: Path, *, task: Path = TINY, models: Path = GOOD) -> list[object]:
    plugins = ["--plugin", task, "--plugin", models, "--task", "tiny", "--model", "good-*"]
    return ["run", *plugins, "--no-timing", "--quick", "--jobs", 2, "--results", results]


def planned(process: CommandLine, *words: object) -> dict[str, str]:
    """Return the reason of each cell, "task / model, n seeds", that a dry run lists."""
    done = process(*words, "--dry-run")
    assert done.returncode == 0, done.stderr
    return dict(re.findall(r"^accuracy  (.+?): (.+)$", done.stdout, flags=re.MULTILINE))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of one run; to be copied by who changes them."""
    results = tmp_path_factory.mktemp("resume") / "results"
    command = [sys.executable, "-m", "benchmark", *map(str, options(results))]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return results


def test_a_second_run_fits_nothing(process: CommandLine, tmp_path: Path) -> None:
    fits = tmp_path / "fits"
    for _ in range(2):
        done = process(*options(tmp_path / "results"), FNBENCH_TEST_FITS=str(fits))
        assert done.returncode == 0, done.stderr
        assert len(fits.read_text().splitlines()) == 4 * 3
    more = [*options(tmp_path / "results"), "--seeds", "5"]
    assert process(*more, FNBENCH_TEST_FITS=str(fits)).returncode == 0
    # Each seed of each model once.
    assert set(Counter(fits.read_text().splitlines()).values()) == {1}
    assert len(fits.read_text().splitlines()) == 4 * 5


def test_a_run_with_nothing_to_do_imports_nothing_heavy(finished: Path, tmp_path: Path) -> None:
    shutil.copytree(finished, tmp_path / "results")
    command = [sys.executable, "-X", "importtime", "-m", "benchmark", *map(str, options(tmp_path / "results"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    imported = set(re.findall(r"^import time:.*\|\s+(\S+)$", done.stderr, flags=re.MULTILINE))
    assert "benchmark.pipeline" in imported
    # What takes seconds to import is what makes a run slow that has nothing to do.
    assert not imported & {"torch", "sklearn", "xgboost", "scipy", "pandas", "pytest", "matplotlib"}
    assert "Ran 0 cells" in done.stderr


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("good_models.py", "y, self.degree)", "1.001 * y, self.degree)", "the model learns otherwise"),
        ("tiny.py", "** 2 + 1", "** 2 + 1.001", "the task scores otherwise"),
        ("good_models.py", "honest", "sincere", ""),
        ("tiny.py", "Knows the answer", "Knows it all", ""),
    ],
)
def test_an_edit_that_moves_a_number_makes_its_cells_stale_and_no_other_does(
    process: CommandLine, finished: Path, tmp_path: Path, name: str, old: str, new: str, reason: str
) -> None:
    plugins = {path.name: Path(shutil.copy(path, tmp_path / path.name)) for path in (TINY, GOOD)}
    words = options(finished, task=plugins["tiny.py"], models=plugins["good_models.py"])
    assert planned(process, *words) == {}
    text = plugins[name].read_text()
    assert old in text
    plugins[name].write_text(text.replace(old, new))
    assert planned(process, *words) == ({f"tiny / good-{i}, 3 seeds": reason for i in range(4)} if reason else {})


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (r'("machine": ")', r"\1Old ", ""),
        (r'("numpy": ")', r"\g<1>1.", ""),
        (r'("quick": )true', r"\1false", "made without --quick"),
        (r'("task_version": )1', r"\g<1>0", "task version changed"),
        (r'("model_version": )1', r"\g<1>0", "model version changed"),
        (r'("mean": \[)', r"\g<1>1", "the task scores otherwise"),
        (r'("1 number, \d": \[)', r"\g<1>9, ", "the model learns otherwise"),
    ],
)
def test_another_make_is_stale_with_its_reason_and_no_other_cell_is(
    process: CommandLine, finished: Path, tmp_path: Path, old: str, new: str, reason: str
) -> None:
    shutil.copytree(finished, tmp_path / "results")
    path = tmp_path / "results" / "records" / "tiny" / "good-2.json"
    # As if it had been made then: what was kept differs from what is at hand.
    changed = re.sub(old, new, path.read_text())
    assert changed != path.read_text()
    path.write_text(changed)
    expected = {"tiny / good-2, 3 seeds": reason} if reason else {}
    assert planned(process, *options(tmp_path / "results")) == expected


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def test_a_scorer_that_changes_makes_every_cell_stale(finished: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    for room in ("benchmark", "calibration", "findings", "tasks", "models"):
        shutil.copytree(ROOT / room, checkout / room, ignore=shutil.ignore_patterns("__pycache__"))
    words = [sys.executable, "-m", "benchmark", *map(str, options(finished)), "--dry-run"]

    def said() -> str:
        there = {**os.environ, "PYTHONPATH": ""}
        return subprocess.run(words, cwd=checkout, env=there, capture_output=True, text=True, check=True).stdout

    assert said().startswith("0 cells to run")
    append(checkout / "benchmark" / "workers" / "timing.py", "# not what decides an error\n")
    assert said().startswith("0 cells to run")
    metrics = checkout / "benchmark" / "cell" / "metrics.py"
    append(metrics, "# what decides every error\n")
    assert said().startswith("0 cells to run")
    append(metrics, "_exact = rmse\n\n\ndef rmse(*values):\n    return 1.01 * _exact(*values)\n")
    assert said().count("3 seeds: the task scores otherwise") == 4


def test_what_failed_stays_until_it_is_asked_for(process: CommandLine, tmp_path: Path) -> None:
    plugin = Path(shutil.copy(PLUGINS / "misbehaving.py", tmp_path / "misbehaving.py"))
    results = ["--no-timing", "--quick", "--results", tmp_path / "results"]
    models = ["--model", "raises-at-seed-one", "--model", "good", "--model", "does-not-apply"]
    words = ["run", "--plugin", TINY, "--plugin", plugin, "--task", "tiny", *models, *results]
    assert process(*words).returncode == 1
    said = process(*words, "--dry-run").stdout
    assert said.startswith("0 cells to run")
    assert "1 seed failed before; --retry-failed runs it again" in said
    again = planned(process, *words, "--retry-failed")
    assert again == {"tiny / raises-at-seed-one, 1 seed": "failed before"}
    done = process(*words)
    assert done.returncode == 1
    assert "Ran 0 cells" in done.stderr
    assert "RuntimeError: one is unlucky" in done.stderr


def test_an_unreadable_record_is_run_again_said_and_kept(process: CommandLine, finished: Path, tmp_path: Path) -> None:
    shutil.copytree(finished, tmp_path / "results")
    records = tmp_path / "results" / "records" / "tiny"
    (records / "good-0.json").write_text("{")
    newer = (records / "good-1.json").read_text().replace('"schema_version": 2', '"schema_version": 3')
    (records / "good-1.json").write_text(newer)
    words = options(tmp_path / "results")
    assert planned(process, *words) == {"tiny / good-0, 3 seeds": "its record cannot be read"}
    done = process(*words)
    assert done.returncode == 1
    assert f"unreadable, skipped: {records / 'good-0.json'}: " in done.stderr
    assert f"unreadable, skipped: {records / 'good-1.json'}: schema_version 3 is newer" in done.stderr
    assert (records / "good-0.json.unreadable-1").read_text() == "{"
    assert (records / "good-1.json").read_text() == newer


def started(results: Path, mark: str, seconds: float = 0.0, *, models: str = "good-*") -> "subprocess.Popen[str]":
    hostile = [] if models.startswith("good") else ["--plugin", PLUGINS / "hostile" / "ignores_sigterm.py"]
    plugins = ["--plugin", TINY, "--plugin", GOOD, *hostile]
    words = [*plugins, "--task", "tiny", "--model", models, "--no-timing", "--quick", "--results", results]
    temporary = results.parent / "tmp"
    temporary.mkdir(exist_ok=True)
    there = {**os.environ, MARK: mark, "FNBENCH_TEST_SECONDS": str(seconds), "TMPDIR": str(temporary)}
    command = [sys.executable, "-m", "benchmark", "run", *map(str, words), "--jobs", "2", "--timeout", "100"]
    return subprocess.Popen(
        command, cwd=ROOT, env=there, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def reported(lines: str) -> set[str]:
    return set(re.findall(r"^\[accuracy .*\] (.+): ok$", lines, flags=re.MULTILINE))


def test_a_run_may_be_killed_at_any_moment(tmp_path: Path) -> None:
    results, chance = tmp_path / "results", random.Random(4)  # noqa: S311 - any moments will do
    mark, said = uuid.uuid4().hex, set[str]()
    for _ in range(20):
        if chance.random() < 0.3:
            # Now and then from the start, so that every moment has its turn.
            shutil.rmtree(results, ignore_errors=True)
            said.clear()
        # Some are done soon, and some would outlive the run for long.
        run = started(results, mark, chance.choice([0.05, 0.05, 60]))
        time.sleep(chance.uniform(0.3, 3.0))
        run.kill()
        said |= reported(run.communicate()[1])
        assert left_over(mark) == []
        contents = Store(results).read()
        assert contents.bad == ()
        assert said <= {f"tiny / {model}" for _, model in contents.records}
    run = started(results, mark)
    run.communicate()
    assert run.returncode == 0
    kept = Store(results).read()
    assert {model: len(record.seeds) for (_, model), record in kept.records.items()} == {
        f"good-{i}": 3 for i in range(4)
    }
    assert list(results.rglob("*.unfinished")) == []
    # The last one has removed what the others left.
    assert list((tmp_path / "tmp").iterdir()) == []


def until(mark: str, results: Path) -> None:
    """Wait until one cell is done and another is running."""
    end = time.monotonic() + 60
    while not list(results.glob("records/tiny/*.json")) and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.3)
    assert marked(mark)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_told_to_stop_keeps_what_is_finished(tmp_path: Path, number: int, code: int) -> None:
    mark = uuid.uuid4().hex
    run = started(tmp_path / "results", mark, models="[gi][go]*-*[!s]")
    until(mark, tmp_path / "results")
    # As a terminal does: to the whole group.
    os.killpg(run.pid, number)
    # Nobody waits for the cells that hang, which may take 100 s.
    _, errors = run.communicate(timeout=80)
    assert run.returncode == code
    assert errors.endswith("interrupted: what was finished is kept; run the same command to go on\n")
    assert "Traceback" not in errors
    assert left_over(mark) == []
    assert list((tmp_path / "tmp").iterdir()) == []
    contents = Store(tmp_path / "results").read()
    assert contents.bad == ()
    assert contents.records


def test_a_second_ctrl_c_does_not_wait(tmp_path: Path) -> None:
    mark = uuid.uuid4().hex
    run = started(tmp_path / "results", mark, models="[gi][go]*-*[!s]")
    until(mark, tmp_path / "results")
    end = time.monotonic() + 80
    # Two that come before the first is seen are one: it is asked until it ends.
    while run.poll() is None and time.monotonic() < end:
        os.killpg(run.pid, signal.SIGINT)
        time.sleep(0.02)
    _, errors = run.communicate(timeout=80)
    assert run.returncode == 130
    # What a run says that has waited for the end of its cells.
    assert "interrupted" not in errors
    assert left_over(mark) == []


def test_two_runs_at_once_share_a_folder(tmp_path: Path) -> None:
    mark = uuid.uuid4().hex
    both = [started(tmp_path / "results", mark, models=models) for models in ("good-[012]", "good-[123]")]
    assert [run.communicate()[0] != "" and run.returncode for run in both] == [0, 0]
    kept = Store(tmp_path / "results").read()
    assert kept.bad == ()
    assert {model: len(record.seeds) for (_, model), record in kept.records.items()} == {
        f"good-{i}": 3 for i in range(4)
    }

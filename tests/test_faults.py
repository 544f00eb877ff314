"""Hostile plugins through the real command line: each costs its own row and nothing else.

Those that attack what runs them are in test_attacks.py.
"""

import getpass
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmark.store.local import Store
from benchmark.store.record import Record
from tests.conftest import PLUGINS, ROOT, CommandLine
from tests.processes import MARK, left_over

pytestmark = pytest.mark.faults

HOSTILE = PLUGINS / "hostile"
PLACE = r" \({file}\.py:\d+ in fit\)"
# Enough to import torch at the door on a busy machine.
SECONDS = 20
STOPPED = rf"stopped after {SECONDS} s \(--timeout\)"
OWN_LINE = r"; last in fit \({file}\.py:\d+\)"
LIMIT = r"; the limit is 400 MiB \(--memory\)"
# What becomes of each model, and the whole sentence that says why.
EXPECTED: dict[str, tuple[str, str]] = {
    "aborts": ("crashed", "its process was ended by SIGABRT" + OWN_LINE),
    "calls-sys-exit": ("failed", "SystemExit: enough" + PLACE),
    "changes-the-world": ("ok", ""),
    "closes-and-returns": ("ok", ""),
    "closes-everything": ("timeout", STOPPED),
    "exits-three": ("crashed", "its process ended with exit code 3 and gave no answer"),
    "exits-zero": ("crashed", "its process ended with exit code 0 and gave no answer"),
    "fails-in-the-worker": (
        "failed",
        r"PluginError: plugin {file}\.py: importing it raised RuntimeError: once was enough \(line \d+\)",
    ),
    "fills-memory-numpy": ("out-of-memory", r"MemoryError: Unable to allocate 128\. MiB .*" + PLACE + LIMIT),
    "fills-memory-torch": ("out-of-memory", "RuntimeError: .*can't allocate memory.*" + PLACE + LIMIT),
    "forces-its-way-into-y": ("ok", ""),
    "has-odd-settings": ("ok", ""),
    "ignores-sigterm": ("timeout", STOPPED + OWN_LINE),
    "import-prints": ("ok", ""),
    "kills-its-parent": ("crashed", "the process that keeps it was ended, by itself or by the system"),
    "leaves-a-thread": ("ok", ""),
    "leaves-processes": ("ok", ""),
    "loops-in-c": ("timeout", STOPPED + OWN_LINE),
    "loops-in-python": ("timeout", STOPPED + OWN_LINE),
    "prints-much": ("ok", ""),
    "raises-keyboard-interrupt": ("failed", "KeyboardInterrupt" + PLACE),
    "raises-strange-text": ("failed", r"ValueError: \? secret\.txt on this host in home\.txt" + PLACE),
    "raises-the-unpicklable": (
        "failed",
        r"UnpicklableError: \(its message could not be read: RuntimeError\)" + PLACE,
    ),
    "returns-a-column": (
        "failed",
        r"BadPredictionError: predict returned shape \(50, 1\) for the ladder rows, "
        r"expected \(50,\), one number a row",
    ),
    "returns-a-list": ("ok", ""),
    "returns-a-tensor": (
        "failed",
        "BadPredictionError: predict returned Tensor for the ladder rows, which numpy cannot read: .*requires grad.*",
    ),
    "returns-complex": (
        "failed",
        "BadPredictionError: predict returned dtype complex128 for the ladder rows, expected real numbers",
    ),
    "returns-huge": ("ok", ""),
    "returns-infinity": ("diverged", "predict returned NaN or infinity for 50 of 50 ladder rows"),
    "returns-nan": ("diverged", "predict returned NaN or infinity for 50 of 50 ladder rows"),
    "segfaults": ("crashed", "its process was ended by SIGSEGV" + OWN_LINE),
    "writes-into-x": ("failed", "ValueError: assignment destination is read-only" + PLACE),
    "writes-into-y": ("failed", "ValueError: assignment destination is read-only" + PLACE),
}
# These do not get past the door, with the words that say so.
AT_THE_DOOR = {
    "import_exits": "importing it raised SystemExit: 0 (line 5)",
    "import_fails": "importing it raised RuntimeError: not today (line 3)",
    "import_sleeps": "importing it did not end well: timeout: stopped after 15 s (--timeout); "
    "last in <module> (import_sleeps.py:5)",
    "import_vanishes": "importing it did not end well: crashed: its process ended with exit code 0 and gave no answer",
}


@dataclass(frozen=True)
class Run:
    """A run of the good and the hostile models together, and one of the good models alone."""

    done: "subprocess.CompletedProcess[str]"
    results: Path
    records: dict[str, Record]
    alone: dict[str, Record]
    mark: str


def records(results: Path) -> dict[str, Record]:
    contents = Store(results).read()
    assert contents.bad == ()
    return {model: record for (_, model), record in contents.records.items()}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("faults")
    mark = uuid.uuid4().hex
    plugins = [PLUGINS / "tiny.py", PLUGINS / "good_models.py"]
    hostile = [HOSTILE / f"{name.replace('-', '_')}.py" for name in EXPECTED]

    def call(results: str, *files: Path) -> "subprocess.CompletedProcess[str]":
        words = [word for file in (*plugins, *files) for word in ("--plugin", file)]
        models = [word for name in ("good-*", *EXPECTED) if files or name == "good-*" for word in ("--model", name)]
        limits = ["--timeout", str(SECONDS), "--memory", "400", "--jobs", "2"]
        command = ["run", *words, "--task", "tiny", *models, *limits, "--no-timing", "--quick"]
        there = {**os.environ, MARK: mark, "FNBENCH_TEST_FOLDER": str(folder), "NO_COLOR": "1"}
        return subprocess.run(
            [sys.executable, "-m", "benchmark", *map(str, command), "--results", str(folder / results)],
            cwd=ROOT,
            env=there,
            capture_output=True,
            text=True,
            check=False,
        )

    alone = call("alone")
    assert alone.returncode == 0, alone.stderr
    done = call("results", *hostile)
    assert done.returncode == 1, done.stderr
    return Run(done, folder / "results", records(folder / "results"), records(folder / "alone"), mark)


def test_the_run_comes_to_its_end_and_says_that_not_all_is_well(run: Run) -> None:
    assert run.done.returncode == 1, run.done.stderr
    assert "Traceback" not in run.done.stderr
    assert run.records.keys() == EXPECTED.keys() | {f"good-{degree}" for degree in range(4)}


@pytest.mark.parametrize("model", EXPECTED)
def test_each_has_its_own_word_and_sentence_in_every_seed(run: Run, model: str) -> None:
    status, reason = EXPECTED[model]
    outcomes = run.records[model].seeds
    assert [(outcome.seed, outcome.status) for outcome in outcomes] == [(seed, status) for seed in range(3)]
    pattern = reason.replace("{file}", model.replace("-", "_"))
    # The time that a cell may take is gone with the seed that hangs.
    later = f"not begun: {pattern} in seed 0" if status == "timeout" else pattern
    for outcome in outcomes:
        assert re.fullmatch(later if outcome.seed else pattern, outcome.reason), outcome.reason


def test_the_good_models_have_the_figures_that_they_have_alone(run: Run) -> None:
    for degree in range(4):
        assert run.records[f"good-{degree}"].seeds == run.alone[f"good-{degree}"].seeds


def test_who_changes_the_world_changes_nobody_s_figures(run: Run) -> None:
    # All of these predict zero everywhere: the data that they were scored on are the same.
    zero = [name for name, (status, _) in EXPECTED.items() if status == "ok" and name != "returns-huge"]
    assert len({tuple(o.extrapolation_rmse for o in run.records[name].seeds) for name in zero}) == 1


def test_the_end_of_the_run_says_how_many_why_and_where_the_output_lies(run: Run) -> None:
    statuses = [outcome.status for record in run.records.values() for outcome in record.seeds]
    counts = ", ".join(f"{statuses.count(status)} {status}" for status in sorted(set(statuses)))
    assert f"Seeds: {counts}." in run.done.stderr
    for model, (status, _) in EXPECTED.items():
        line = f"{status}: tiny / {model}, 3 of 3 seeds: {run.records[model].seeds[0].reason}"
        assert (line in run.done.stderr) == (status != "ok")
    for log in re.findall(r"Its output: (\S+\.log)", run.done.stderr):
        assert Path(log).stat().st_size > 0
    assert "Segmentation fault" in (run.results / "logs" / "tiny" / "segfaults.log").read_text()


def test_no_process_is_left(run: Run) -> None:
    assert left_over(run.mark) == []


def test_no_record_names_the_host_the_user_or_a_path(run: Run) -> None:
    names = {socket.gethostname(), str(ROOT), str(Path.home()), tempfile.gettempdir(), str(run.results.parent)}
    text = "".join(path.read_text() for path in run.results.rglob("*.json"))
    assert [name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)] == []
    # A user may be called like an ordinary word, but not as a whole value.
    values = set(re.findall(r'"([^"]*)"', text))
    assert getpass.getuser() not in values
    assert [value for value in values if re.match(r"(/|~/)\w", value)] == []


def test_a_record_says_where_it_was_made(run: Run) -> None:
    kept = json.loads((run.results / "records" / "tiny" / "good-1.json").read_text())["environment"]
    assert set(kept) == {"machine", "cores", "threads", "versions", "commit", "modified", "instructions"}
    assert kept["threads"] == 1
    assert {"python", "numpy"} <= kept["versions"].keys()


@pytest.mark.parametrize("name", AT_THE_DOOR)
def test_a_plugin_that_cannot_be_imported_is_turned_away_before_anything_runs(
    process: CommandLine, tmp_path: Path, name: str
) -> None:
    mark = uuid.uuid4().hex
    plugins = ["--plugin", PLUGINS / "tiny.py", "--plugin", HOSTILE / f"{name}.py"]
    words = ["run", *plugins, "--quick", "--no-timing", "--results", tmp_path / "results", "--timeout", "15"]
    done = process(*words, **{MARK: mark})
    assert done.returncode == 2
    assert done.stderr == f"error: plugin {name}.py: {AT_THE_DOOR[name]}\n"
    assert not (tmp_path / "results").exists()
    assert left_over(mark) == []


def test_a_plugin_at_the_door_leaves_results_untouched(process: CommandLine, run: Run, tmp_path: Path) -> None:
    shutil.copytree(run.results, tmp_path / "results")
    before = {path: path.read_bytes() for path in (tmp_path / "results").rglob("*") if path.is_file()}
    done = process("run", "--plugin", HOSTILE / "import_fails.py", "--results", tmp_path / "results")
    assert done.returncode == 2
    assert {path: path.read_bytes() for path in (tmp_path / "results").rglob("*") if path.is_file()} == before

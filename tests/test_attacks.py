"""Models that attack what runs them, through the real command line: each costs its own seeds and nothing else.

They run beside a model that lasts until all of them have had their turn, and before and after good ones.
"""

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmark.store.record import Record
from tests.conftest import PLUGINS, ROOT
from tests.processes import MARK, left_over, stray
from tests.test_faults import HOSTILE, records

# One run of some sixty cells, in which somebody waits for most of them.
pytestmark = [pytest.mark.faults, pytest.mark.timeout(500)]

Ends = tuple[str, str]
OK: Ends = ("ok", "")
NO_MESSAGE = "what its process sent is no message of ours: "
NO_FORM: Ends = ("failed", NO_MESSAGE + "it does not have the form of one")
LEFT: Ends = ("crashed", "its process ended with exit code 0 and gave no answer")
KEEPER: Ends = ("crashed", "the process that keeps it was ended, by itself or by the system")
ABORTED: Ends = ("crashed", "its process was ended by SIGABRT")
TOGETHER: Ends = ("out-of-memory", r"its processes together held more than 400 MiB \(--memory\).*")
# What becomes of the seeds of each model, and the whole sentence that says why: of all three, or one by one.
EXPECTED: dict[str, dict[str, Ends | tuple[Ends, Ends, Ends]]] = {
    "speaks_wrongly": {
        "sends-binary": NO_FORM,
        "sends-nothing": LEFT,
        "sends-a-list": NO_FORM,
        "sends-nesting": NO_FORM,
        "sends-an-endless-line": ("failed", NO_MESSAGE + "it is longer than 1,048,576 bytes"),
        "sends-a-long-reason": NO_FORM,
        "sends-no-reason": NO_FORM,
        "sends-a-strange-status": NO_FORM,
        "sends-its-own-errors": NO_FORM,
        "sends-another-seed": (
            "failed",
            NO_MESSAGE + "it asks for seed 99, which is not to be run or has its outcome",
        ),
        # It leaves after its first answer, so the seed that follows finds nobody.
        "sends-too-few": (
            ("failed", NO_MESSAGE + "it sent 392 bytes as 50 predictions, expected 400"),
            LEFT,
            ("failed", NO_MESSAGE + "it sent 392 bytes as 50 predictions, expected 400"),
        ),
        "sends-too-many": (
            ("failed", NO_MESSAGE + "it sent more than 400 bytes as 50 predictions"),
            LEFT,
            ("failed", NO_MESSAGE + "it sent more than 400 bytes as 50 predictions"),
        ),
        "sends-nan": (
            ("diverged", "predict returned NaN or infinity for 50 of 50 sent rows"),
            LEFT,
            ("diverged", "predict returned NaN or infinity for 50 of 50 sent rows"),
        ),
        "sends-one-block": (
            ("failed", NO_MESSAGE + "it hung up after 1 of 11 blocks of predictions"),
            LEFT,
            ("failed", NO_MESSAGE + "it hung up after 1 of 11 blocks of predictions"),
        ),
    },
    "replaces_its_log": dict.fromkeys(("log-to-a-pipe", "log-to-a-folder", "log-to-a-link", "log-to-a-loop"), ABORTED),
    "patches_our_code": {
        "patches-json": ("failed", r"RuntimeError: patched \(patches_our_code\.py:\d+ in raises\)"),
        "patches-numpy": OK,
        "patches-scores": OK,
        "patches-predicted": OK,
    },
    "troubles_the_server": dict.fromkeys(
        (
            "calls-the-neighbours",
            "stops-the-server",
            "kills-the-server",
            "floods-the-server",
            "keeps-the-server-waiting",
            "removes-the-folder-of-the-run",
        ),
        OK,
    ),
    "troubles_its_keeper": {
        "kills-its-keeper": KEEPER,
        "kills-its-keeper-and-hides": KEEPER,
        "kills-its-keeper-with-a-child": KEEPER,
        "kills-all-above-and-hides": KEEPER,
        "stops-its-keeper": OK,
        "stops-its-keeper-and-hides": OK,
        "asks-its-keeper-to-end": (KEEPER[0], KEEPER[1] + r"; last in fit \(troubles_its_keeper\.py:\d+\)"),
        "kills-the-rows": (
            "crashed",
            "its process was ended by SIGKILL, as a system does that runs out of memory, "
            "while the rows of the task were drawn or scored",
        ),
    },
    "uses_pools": {"pool-of-all": OK, "pool-of-two": OK},
    "fills_folders": {
        "fills-the-disk": (("failed", "it wrote more than 1,024 MiB into its temporary folder"), OK, OK),
        "fills-one-file": (
            ("failed", r"OSError: \[Errno 27\] File too large \(fills_folders\.py:\d+ in fill\)"),
            OK,
            OK,
        ),
        "goes-deep": OK,
        "locks-a-folder": OK,
        "fills-shared-memory": (
            ("failed", r"OSError: \[Errno 28\] No space left on device \(fills_folders\.py:\d+ in fill\)"),
            OK,
            OK,
        ),
        "forgets-shared-memory": OK,
    },
    "shares_the_memory": {"shares-the-memory": TOGETHER, "shares-it-restlessly": TOGETHER},
}
GOOD = ("lasts", "good-0", "good-1", "good-2", "good-3", "opens-the-gate")


@dataclass(frozen=True)
class Run:
    """A run of good models and attackers together, and one of the good models alone."""

    done: "subprocess.CompletedProcess[str]"
    folder: Path
    records: dict[str, Record]
    alone: dict[str, Record]
    mark: str
    shared_memory: set[str]


def shared_memory() -> set[str]:
    return {path.name for path in Path("/dev/shm").iterdir()}  # noqa: S108 - what is looked at


def files() -> Iterator[Path]:
    """Yield the attackers, with the good models in their midst, where cells begin in this order."""
    yield from (PLUGINS / "tiny.py", PLUGINS / "neighbours.py")
    for i, name in enumerate(EXPECTED):
        if i == len(EXPECTED) // 2:
            yield PLUGINS / "good_models.py"
        yield HOSTILE / f"{name}.py"
    yield PLUGINS / "last_neighbour.py"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("attacks")
    (folder / "tmp").mkdir()
    (folder / "victim").write_text("untouched")
    mark, before = uuid.uuid4().hex, shared_memory()

    def call(results: str, *models: str) -> "subprocess.CompletedProcess[str]":
        words = [word for file in files() for word in ("--plugin", file)]
        chosen = [word for name in models for word in ("--model", name)]
        limits = ["--timeout", "420", "--memory", "400", "--jobs", "3"]
        command = ["run", *words, "--task", "tiny", *chosen, *limits, "--no-timing", "--quick"]
        there = {MARK: mark, "FNBENCH_TEST_FOLDER": str(folder), "NO_COLOR": "1", "TMPDIR": str(folder / "tmp")}
        return subprocess.run(
            [sys.executable, "-m", "benchmark", *map(str, command), "--results", str(folder / results)],
            cwd=ROOT,
            env=os.environ | there,
            capture_output=True,
            text=True,
            check=False,
        )

    (folder / "gate").touch()
    alone = call("alone", *GOOD)
    assert alone.returncode == 0, alone.stderr
    (folder / "gate").unlink()
    done = call("results", *GOOD, *(name for models in EXPECTED.values() for name in models))
    assert done.returncode == 1, done.stderr
    new = shared_memory() - before
    return Run(done, folder, records(folder / "results"), records(folder / "alone"), mark, new)


def test_the_run_comes_to_its_end_and_no_attack_shows_in_its_words(run: Run) -> None:
    assert "Traceback" not in run.done.stderr
    assert run.records.keys() == {name for models in EXPECTED.values() for name in models} | set(GOOD)


@pytest.mark.parametrize(("file", "model"), [(file, model) for file, models in EXPECTED.items() for model in models])
def test_each_has_its_own_word_and_sentence(run: Run, file: str, model: str) -> None:
    expected = EXPECTED[file][model]
    every = [expected] * 3 if isinstance(expected[0], str) else list(expected)
    found = [(outcome.status, outcome.reason) for outcome in run.records[model].seeds]
    assert [status for status, _ in found] == [str(status) for status, _ in every], found
    for (_, reason), (_, pattern) in zip(found, every, strict=True):
        assert re.fullmatch(str(pattern), reason), reason


@pytest.mark.parametrize("model", GOOD)
def test_the_good_models_have_the_figures_that_they_have_alone(run: Run, model: str) -> None:
    assert run.records[model].seeds == run.alone[model].seeds


def test_whoever_predicts_zero_has_the_errors_of_zero(run: Run) -> None:
    # However it has patched our code, and whatever it has done to the others.
    zero = {
        (outcome.seed, outcome.interpolation_rmse, outcome.extrapolation_rmse, outcome.shell_rmse)
        for model, record in run.records.items()
        for outcome in record.seeds
        if model not in GOOD and outcome.status == "ok"
    }
    assert len(zero) == 3
    assert min(float(error or 0) for _, error, _, _ in zero) > 1


def test_nothing_is_left(run: Run) -> None:
    assert left_over(run.mark) == []
    assert stray() == []
    assert list((run.folder / "tmp").iterdir()) == []
    assert run.shared_memory == set()


def test_what_a_link_leads_to_is_untouched(run: Run) -> None:
    assert (run.folder / "victim").read_text() == "untouched"

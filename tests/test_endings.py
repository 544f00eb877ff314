"""A seed's end is a seed's, the truth is nowhere near a model, and a run that was killed is cleared up by the next."""

import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from benchmark.workers.isolation import Call, Limits
from benchmark.workers.pool import run_calls
from tests.conftest import PLUGINS, ROOT, CommandLine
from tests.processes import MARK, left_over, marked
from tests.test_attacks import EXPECTED as ATTACKS
from tests.test_attacks import shared_memory
from tests.test_faults import AT_THE_DOOR, HOSTILE, records
from tests.test_faults import EXPECTED as FAULTS
from tests.test_isolation import spec

pytestmark = pytest.mark.faults

HERE = {"stumbles", "looks_for_truth", "kills_the_run"}


def test_the_folder_of_hostile_plugins_is_all_tried() -> None:
    tried = {name.replace("-", "_") for name in FAULTS} | AT_THE_DOOR.keys() | ATTACKS.keys() | HERE
    assert {path.stem for path in HOSTILE.glob("*.py")} == tried


def seeds_of(model: str, n: int, limits: Limits) -> list[dict[str, Any]]:
    """Return the outcomes of n seeds of a model that stumbles."""
    call = Call("cell", spec("hostile/stumbles", model, tuple(range(n))))
    [(_, outcome)] = run_calls([(0, call)], jobs=1, limits=limits)
    assert outcome.status == "ok"
    found: list[dict[str, Any]] = outcome.answer
    assert [seed["seed"] for seed in found] == list(range(n))
    return found


@pytest.mark.parametrize(
    ("model", "status", "words"),
    [
        ("crashes-at-one", "crashed", "its process was ended by SIGABRT; last in fit (stumbles.py:"),
        ("hungry-at-one", "out-of-memory", "MemoryError: Unable to allocate 100. MiB for an array"),
    ],
)
def test_a_seed_that_falls_costs_itself(model: str, status: str, words: str) -> None:
    found = seeds_of(model, 3, Limits(60, 1000))
    assert [seed["status"] for seed in found] == ["ok", status, "ok"]
    assert found[1]["reason"].startswith(words)
    # Each predicts its own number: none has another one's figures.
    assert len({seed["interpolation_rmse"] for seed in (found[0], found[2])}) == 2


def test_seeds_that_are_finished_in_time_are_kept() -> None:
    # Two seeds end at once, and two take two thirds of the time each: the limit is that of all of them together.
    found = seeds_of("takes-ten-seconds-from-two", 4, Limits(15, 1000))
    statuses = [seed["status"] for seed in found]
    n = statuses.count("ok")
    # Three, or on a busy machine two.
    assert 2 <= n <= 3
    assert statuses == ["ok"] * n + ["timeout"] * (4 - n)
    stopped = "stopped after 15 s (--timeout); last in fit (stumbles.py:"
    assert found[n]["reason"].startswith(stopped)
    for seed in found[n + 1 :]:
        assert seed["reason"].startswith(f"not begun: {stopped}")
        assert seed["reason"].endswith(f" in seed {n}")


@pytest.mark.parametrize("model", ["holds-much", "holds-itself"])
def test_a_model_is_forgotten_once_it_is_scored(model: str) -> None:
    # One fits, two do not.
    assert {seed["status"] for seed in seeds_of(model, 10, Limits(200, 1000))} == {"ok"}


def test_what_a_call_wrote_is_limited_and_makes_room_at_once(tmp_path: Path) -> None:
    call = Call("cell", spec("hostile/fills_folders", "fills-the-disk"))
    [(_, outcome)] = run_calls([(0, call)], jobs=1, limits=Limits(60, 1000, disk_mib=300))
    [seed] = outcome.answer
    assert (seed["status"], seed["reason"]) == ("failed", "it wrote more than 300 MiB into its temporary folder")


def test_no_y_that_is_scored_is_in_the_process_of_a_model(process: CommandLine, tmp_path: Path) -> None:
    words = ["--plugin", HOSTILE / "looks_for_truth.py", "--plugin", PLUGINS / "good_models.py"]
    words += ["--task", "square", "--model", "looks-for-truth", "--model", "good-2", "--quick", "--no-timing"]
    done = process("run", *words, "--results", tmp_path / "results")
    assert done.returncode == 0, done.stderr
    found = records(tmp_path / "results")
    for outcome in found["looks-for-truth"].seeds:
        # What it may know it finds, in both ways that it looks in; what it is scored on it does not.
        assert outcome.notes == {"training": "2", "scored": "0", "tasks": "none"}
        assert outcome.interpolation_rmse
        assert outcome.interpolation_rmse > 1e5
    assert all((outcome.interpolation_rmse or 0) < 1e-3 for outcome in found["good-2"].seeds)


@pytest.mark.parametrize("model", ["kills-the-run", "kills-the-run-and-stops-its-keeper"])
def test_the_next_run_clears_up_after_one_that_was_killed(tmp_path: Path, model: str) -> None:
    mark, before = uuid.uuid4().hex, shared_memory()
    (tmp_path / "tmp").mkdir()
    files = [PLUGINS / "tiny.py", PLUGINS / "good_models.py", HOSTILE / "kills_the_run.py"]
    words = [word for file in files for word in ("--plugin", file)]
    words += ["--task", "tiny", "--model", "good-*", "--model", model, "--quick", "--no-timing", "--jobs", "2"]
    command = [sys.executable, "-m", "benchmark", "run", *map(str, words), "--results", str(tmp_path / "results")]
    there = {MARK: mark, "FNBENCH_TEST_FOLDER": str(tmp_path), "TMPDIR": str(tmp_path / "tmp")}

    def call() -> int:
        # Output into files: a process that is left would keep a pipe open.
        with (tmp_path / "output").open("w") as output:
            done = subprocess.run(
                command, cwd=ROOT, env=os.environ | there, stdout=output, stderr=output, check=False, timeout=120
            )
        return done.returncode

    assert call() == -signal.SIGKILL
    assert list((tmp_path / "tmp").glob("fnbench-*")), "a run that is killed cannot clear up itself"
    # With its keeper stopped nobody ends the daemon; else the keeper does.
    assert model == "kills-the-run" or marked(mark)
    assert call() == 0, (tmp_path / "output").read_text()
    assert left_over(mark) == []
    assert list((tmp_path / "tmp").iterdir()) == []
    assert shared_memory() - before == set()
    statuses = {
        name: {outcome.status for outcome in record.seeds} for name, record in records(tmp_path / "results").items()
    }
    assert statuses == {name: {"ok"} for name in (model, "good-0", "good-1", "good-2", "good-3")}

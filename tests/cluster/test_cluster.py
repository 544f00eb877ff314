"""The same run on a cluster of real processes: every cell once, whatever happens, and the records of a local run."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmark.store.local import Store
from benchmark.store.record import Record
from tests.cluster.conftest import SECONDS, SOON, Fleet, until
from tests.conftest import PLUGINS, ROOT, CommandLine
from tests.test_noxfile import noxfile


def records(results: Path) -> dict[str, Record]:
    contents = Store(results).read()
    assert contents.bad == ()
    return {model: record for (_, model), record in contents.records.items()}


def statuses(results: Path) -> dict[str, list[str]]:
    return {model: [seed.status for seed in record.seeds] for model, record in records(results).items()}


def test_every_cell_runs_once_and_the_records_are_those_of_a_local_run(three: Fleet, tmp_path: Path) -> None:
    # Enough seeds for three groups, of a network, of closed forms, and of what fails.
    models = ["relu-mlp", "watched-[01]", "raises-at-seed-one", "segfaults"]
    words = [word for model in models for word in ("--model", model)]
    there = three.run(tmp_path / "there", *words, seeds=23, plugins=("misbehaving", "hostile/segfaults"))
    assert there.end() == 1, there.said
    assert Counter(line.rsplit(" ", 3)[0] for line in three.begun) == Counter(
        f"watched-{n} {seed}" for n in (0, 1) for seed in range(23)
    )
    here = three.run(tmp_path / "here", *words, seeds=23, plugins=("misbehaving", "hostile/segfaults"), cluster="none")
    assert here.end() == 1, here.said
    kept = {path.relative_to(tmp_path / "here") for path in (tmp_path / "here").rglob("*") if path.is_file()}
    assert {"relu-mlp", "watched-0", "watched-1", "raises-at-seed-one", "segfaults"} == records(
        tmp_path / "here"
    ).keys()
    for path in kept:
        if path.suffix == ".log":
            # A stack for each seed: the ones after it run in the next process.
            text = (tmp_path / "there" / path).read_text()
            assert text.count("Segmentation fault") == (23 if path.stem == "segfaults" else 0)
            assert ("one is unlucky" in text) == (path.stem == "raises-at-seed-one")
        elif path.suffix == ".json":
            assert (tmp_path / "there" / path).read_bytes() == (tmp_path / "here" / path).read_bytes(), path
    assert "[accuracy 15/15, 3 workers, 0 s left] " in there.said
    assert "tiny / relu-mlp, seeds 10 to 19: ok" in there.said
    # What a cell printed is what it printed this time, with all seeds that it has.
    log = tmp_path / "there" / "logs" / "tiny" / "segfaults.log"
    again = ("--model", "segfaults", "--fresh")
    assert three.run(tmp_path / "there", *again, seeds=3, plugins=("hostile/segfaults",)).end() == 1
    assert log.read_text().count("Segmentation fault") == 23


def test_a_plugin_is_sent_by_content(three: Fleet, tmp_path: Path) -> None:
    assert three.run(tmp_path / "r", "--model", "watched-0").end() == 0
    (line,) = three.begun
    place = Path(line.split()[-1])
    assert place.name == "watched.py"
    assert place.parent != PLUGINS
    assert three.folder / "dask" in place.parents
    assert records(tmp_path / "r")["watched-0"].model_origin == "plugin watched.py"


def test_a_worker_that_is_killed_in_mid_run_loses_nothing(three: Fleet, tmp_path: Path) -> None:
    run = three.run(tmp_path / "r", "--model", "waits-*", "--model", "watched-*", seeds=2)
    victim, _ = three.where("waits-0")
    os.kill(victim, signal.SIGKILL)
    until(lambda: "was lost; what it ran is run again" in run.said, "the loss is noticed")
    three.go()
    assert run.end() == 0, run.said
    expected = {f"waits-{n}" for n in range(4)} | {f"watched-{n}" for n in range(6)}
    assert statuses(tmp_path / "r") == {model: ["ok", "ok"] for model in expected}
    (*_, accuracy) = run.said.partition("[accuracy ")
    assert accuracy.count(": ok") == len(expected)


def test_a_cell_that_kills_its_worker_three_times_is_crashed_and_its_neighbours_are_not(
    three: Fleet, tmp_path: Path
) -> None:
    run = three.run(tmp_path / "r", "--model", "poison-0", "--model", "watched-*")
    assert run.end() == 1, run.said
    said = statuses(tmp_path / "r")
    assert said.pop("poison-0") == ["crashed"]
    assert said == {f"watched-{n}": ["ok"] for n in range(6)}
    (seed,) = records(tmp_path / "r")["poison-0"].seeds
    assert seed.reason == ("the worker that ran it was lost 3 times, the last time with nothing else running there")
    assert len([line for line in three.begun if line.startswith("poison")]) == 3
    assert f"crashed: tiny / poison-0, 1 of 1 seeds: {seed.reason}" in run.said


def test_a_run_waits_for_its_first_worker_and_takes_one_that_joins_late(fleet: Fleet, tmp_path: Path) -> None:
    run = fleet.run(tmp_path / "r", "--model", "waits-0", "--model", "watched-*")
    until(lambda: "waiting for workers; `python -m nox -s worker -- tcp://" in run.said, "it says that it waits")
    fleet.start_worker("first", "--no-nanny", ready=False)
    blocked, _ = fleet.where("waits-0")
    fleet.start_worker("late", "--no-nanny", ready=False)
    # All that is left, while the first still waits for the test.
    until(lambda: len(statuses(tmp_path / "r")) == 6, "the late worker does the others")
    assert "waits-0" not in statuses(tmp_path / "r")
    assert {int(line.split()[2]) for line in fleet.begun if line.startswith("watched")} != {blocked}
    fleet.go()
    assert run.end() == 0, run.said
    assert ", 2 workers, " in run.said


def checkout(folder: Path, more: str) -> Path:
    """Return a checkout in which there is more in the file that measures errors."""
    for room in ("benchmark", "calibration", "findings", "tasks", "models"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "benchmark" / "cell" / "metrics.py").open("a") as file:
        file.write(more)
    return folder


REFUSED = (
    "task 'tiny' scores otherwise there; bring its checkout and packages to the state of this one and start it again"
)


def test_a_worker_with_another_checkout_is_refused_by_name_and_runs_nothing(fleet: Fleet, tmp_path: Path) -> None:
    # One metric is computed otherwise.
    there = checkout(tmp_path / "there", "\n_plain = rmse\n\ndef rmse(*given):\n    return 1.01 * _plain(*given)\n")
    fleet.start_worker("stranger", "--no-nanny", cwd=there)
    alone = fleet.run(tmp_path / "r", "--model", "watched-*")
    assert alone.end() == 1
    assert f"error: no worker is left that can run cells: worker 'stranger' ({fleet.address[:6]}" in alone.said
    assert REFUSED in alone.said
    assert fleet.begun == []
    assert statuses(tmp_path / "r") == {}
    fleet.start_worker("good", "--no-nanny")
    both = fleet.run(tmp_path / "r", "--model", "watched-*")
    assert both.end() == 0, both.said
    assert "worker 'stranger'" in both.said
    assert REFUSED in both.said
    assert len({line.split()[2] for line in fleet.begun}) == 1
    # One that joins in mid-run is met in the same way.
    run = fleet.run(tmp_path / "late", "--model", "waits-0", "--model", "watched-*")
    fleet.where("waits-0")
    fleet.start_worker("late-stranger", "--no-nanny", cwd=there, ready=False)
    until(lambda: "worker 'late-stranger'" in run.said, "the late stranger is refused")
    fleet.go()
    assert run.end() == 0, run.said


def test_a_worker_whose_files_differ_and_whose_numbers_do_not_runs_cells(fleet: Fleet, tmp_path: Path) -> None:
    there = checkout(tmp_path / "there", "# edited\n")
    fleet.start_worker("edited", "--no-nanny", cwd=there)
    run = fleet.run(tmp_path / "r", "--model", "watched-*", seeds=2)
    assert run.end() == 0, run.said
    assert "refused" not in run.said
    assert statuses(tmp_path / "r") == {f"watched-{n}": ["ok", "ok"] for n in range(6)}


def test_a_worker_that_cannot_isolate_a_cell_is_refused_with_the_advice(fleet: Fleet, tmp_path: Path) -> None:
    fleet.start_worker("daemon", DASK_DISTRIBUTED__WORKER__DAEMON="True")
    run = fleet.run(tmp_path / "r", "--model", "watched-0")
    assert run.end() == 1
    assert "worker 'daemon' (tcp://" in run.said
    assert (
        "cells cannot be isolated in it (daemonic processes are not allowed to have children); start it with "
        "--no-nanny, or with DASK_DISTRIBUTED__WORKER__DAEMON=False in its environment"
    ) in run.said


def test_a_worker_without_a_checkout_is_refused_with_the_advice(fleet: Fleet, tmp_path: Path) -> None:
    (tmp_path / "nowhere").mkdir()
    fleet.start_worker("homeless", "--no-nanny", cwd=tmp_path / "nowhere")
    run = fleet.run(tmp_path / "r", "--model", "watched-0")
    assert run.end() == 1
    assert "is refused: it finds no checkout of this benchmark; start it in one, by `python -m dask worker`" in run.said


def test_a_scheduler_that_is_lost_costs_nothing_that_was_finished(three: Fleet, tmp_path: Path) -> None:
    run = three.run(tmp_path / "r", "--model", "watched-*", "--model", "waits-0")
    until(lambda: (tmp_path / "r").exists() and len(statuses(tmp_path / "r")) == 6, "some cells are finished")
    assert three.scheduler is not None
    three.scheduler.kill()
    assert run.end() == 1
    assert (
        f"error: the connection to the scheduler at '{three.address}' was lost; what was finished is kept" in run.said
    )
    assert "Traceback" not in run.said
    assert statuses(tmp_path / "r").keys() == {f"watched-{n}" for n in range(6)}
    three.stop()
    three.go()
    (three.folder / "begun").unlink()
    three.start_scheduler()
    three.start_worker("new", "--no-nanny")
    again = three.run(tmp_path / "r", "--model", "watched-*", "--model", "waits-0")
    assert again.end() == 0, again.said
    assert sorted(line.split()[0] for line in three.begun) == ["waits-0"]
    assert len(statuses(tmp_path / "r")) == 7


@pytest.mark.parametrize("cluster", ["", "local"])
def test_ctrl_c_ends_soon_and_so_do_the_cells(three: Fleet, tmp_path: Path, cluster: str) -> None:
    run = three.run(tmp_path / "r", "--model", "watched-*", "--model", "waits-*", "--jobs", 2, cluster=cluster)
    worker, cell = three.where("waits-0")
    # As a terminal does: to the whole group.
    os.killpg(run.process.pid, signal.SIGINT)
    # The cells would wait for the test, and nothing waits for them.
    assert run.end(SOON) == 130
    assert run.said.endswith("interrupted: what was finished is kept; run the same command to go on\n")
    assert "Traceback" not in run.said
    assert Store(tmp_path / "r").read().bad == ()

    until(lambda: not Path(f"/proc/{cell}").exists(), "the cell has ended on its worker", SOON)
    if cluster == "local":
        until(lambda: not Path(f"/proc/{worker}").exists(), "the worker has ended", SOON)


def test_a_run_that_ends_at_once_says_nothing_of_what_its_workers_left() -> None:
    code = "import os; from benchmark.workers.cluster import start_local; start_local(1); os._exit(0)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=True
    )
    assert done.stderr == ""


class Recorder:
    """A nox session that installs nothing and remembers what it would run."""

    def __init__(self, *posargs: str) -> None:
        self.posargs = list(posargs)
        self.env: dict[str, str] = {}
        self.ran: tuple[str, ...] = ()

    def install(self, *_: str) -> None:
        pass

    def run(self, *words: str, **options: object) -> str:
        self.ran = words
        return ""


def test_the_commands_of_the_guide_work_as_printed(fleet: Fleet, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
    printed = [shlex.split(line) for line in re.findall(r"^python -m nox .*$", text, flags=re.MULTILINE)]
    assert [words[4] for words in printed] == ["scheduler", "worker", "bench"]

    def session(words: list[str], *more: object) -> Recorder:
        recorder = Recorder(*(word.replace("127.0.0.1:8786", fleet.address[6:]) for word in words[6:]), *map(str, more))
        getattr(noxfile(), words[4]).func(recorder)
        assert recorder.ran[:2] == ("python", "-m")
        return recorder

    # The fixture's scheduler stands in for the first, which would take the port of another one.
    assert session(printed[0]).ran == ("python", "-m", "dask", "scheduler")
    worker = session(printed[1], "--name", "guide")
    # Without what the fixture sets for its own workers.
    plain = {"DASK_DISTRIBUTED__WORKER__DAEMON": "True", **worker.env}
    fleet.workers["guide"] = fleet.start(*worker.ran[2:], output="worker-guide", **plain)  # type: ignore[arg-type]
    few = (
        "--task",
        "tiny",
        "--model",
        "watched-*",
        "--plugin",
        PLUGINS / "tiny.py",
        "--plugin",
        PLUGINS / "watched.py",
    )
    bench = session(printed[2], *few, "--no-timing", "--results", tmp_path / "r")
    fleet.runs.append(fleet.start(*bench.ran[2:], output="run-guide"))
    assert fleet.runs[-1].wait(timeout=60) == 0, (fleet.folder / "run-guide.err").read_text()
    assert statuses(tmp_path / "r") == {f"watched-{n}": ["ok"] * 3 for n in range(6)}


def test_an_address_where_nobody_answers_is_said(command_line: CommandLine, tmp_path: Path) -> None:
    done = command_line("run", "--cluster", "tcp://127.0.0.1:9", "--results", tmp_path / "r")
    assert done.returncode == 1
    assert "error: no Dask scheduler answers at 'tcp://127.0.0.1:9'" in done.stderr
    assert "start one with `python -m nox -s scheduler`" in done.stderr
    assert not (tmp_path / "r").exists()


def test_a_cluster_of_this_machine_alone_and_the_timing_beside_nothing(
    command_line: CommandLine, tmp_path: Path
) -> None:
    words = ["--plugin", PLUGINS / "tiny.py", "--task", "tiny", "--model", "line", "--seeds", 12, "--jobs", 2]
    done = command_line("run", *words, "--cluster", "local", "--results", tmp_path / "r")
    assert done.returncode == 0, done.stderr
    assert "2 workers, 0 s left] tiny / line, seeds " in done.stderr
    assert "[timing 2/2, 0 s left] tiny / linear-net: ok" in done.stderr
    contents = Store(tmp_path / "r").read()
    timing, record = next(t for t in contents.timings.values() if t.model == "line"), contents.records["tiny", "line"]
    assert timing.environment.alone is True
    assert record.environment.alone is None
    assert [seed.seed for seed in record.seeds] == list(range(12))
    assert "distributed" not in done.stderr

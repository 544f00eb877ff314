"""A call in its own process: what it is given, what it may take, and how it ends."""

import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from benchmark.catalogue.registry import Origin
from benchmark.cell.outcome import CellSpec
from benchmark.workers import server
from benchmark.workers.isolation import Call, Limits, Outcome
from benchmark.workers.logs import LOG_LIMIT
from benchmark.workers.pool import run_calls
from tests.conftest import PLUGINS, ROOT
from tests.processes import MARK, left_over

LIMITS = Limits(seconds=20, memory_mib=1024)
# A child of the forkserver says what it has imported before anything of ours asked for it.
SCRIPT = """
import json, sys
from multiprocessing.connection import wait
from benchmark.catalogue.registry import Origin
from benchmark.workers import isolation
from benchmark.workers import server

def described():
    running = isolation.Running(isolation.Call("describe", Origin("file", WHERE)),
        isolation.Limits(60, 4096))
    while not running.look():
        wait(running.waits_for, timeout=60)
    outcome = running.collect()
    assert not {"sqlite3", "xml.dom.minidom"} & set(sys.modules), "the process of the run must import none of them"
    return outcome

if __name__ == "__main__":
    WHERE = sys.argv[1]
    server.preload(["sqlite3", "xml.dom.minidom"])
    outcome = described()
    print(json.dumps({"answer": outcome.answer, "reason": outcome.reason}))
"""


def spec(plugin: str, model: str, seeds: tuple[int, ...] = (0,)) -> CellSpec:
    def origin(name: str) -> Origin:
        return Origin("file", str(PLUGINS / f"{name}.py"))

    return CellSpec(
        task="tiny", task_origin=origin("tiny"), model=model, model_origin=origin(plugin), seeds=seeds, quick=True
    )


def ended(plugin: str, *, limits: Limits = LIMITS) -> dict[str, object]:
    """Return the status and the reason of the one seed of a cell."""
    [seed] = outcome_of(plugin, limits=limits).answer
    return {name: seed[name] for name in ("seed", "status", "reason")}


def outcome_of(plugin: str, log: Path | None = None, limits: Limits = LIMITS) -> Outcome:
    model = plugin.rpartition("/")[2].replace("_", "-")
    [(_, outcome)] = run_calls([(0, Call("cell", spec(plugin, model), log))], jobs=1, limits=limits)
    return outcome


def test_what_takes_long_to_import_is_there_before_the_cell_begins(tmp_path: Path) -> None:
    plugin = tmp_path / "sees.py"
    plugin.write_text(
        "import sys\n"
        "from types import SimpleNamespace\n"
        "title = ' '.join(sorted({'sqlite3', 'xml.dom.minidom', 'numpy', 'pandas'} & set(sys.modules)))\n"
        "MODELS = (SimpleNamespace(name='sees', title=title, build=print),)\n"
    )
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, str(script), str(plugin)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    # Two that import quickly stand for what takes long. pandas was not asked for: what is there was imported by the
    # process that forks, not by the cell.
    assert said["answer"]["entries"][0]["title"] == "numpy sqlite3 xml.dom.minidom"


def test_a_plugin_finds_one_thread_an_empty_folder_and_a_session_of_its_own(tmp_path: Path) -> None:
    call = Call("cell", spec("helper_process", "looks-around"), tmp_path / "output.log")
    [(_, outcome)] = run_calls([(0, call)], jobs=1, limits=LIMITS)
    assert outcome.status == "ok", outcome.reason
    assert outcome.answer[0]["notes"] == {"folder": "0", "leader": "True", "threads": "1"}


@pytest.mark.parametrize(
    ("plugin", "status", "reason"),
    [
        ("segfaults", "crashed", "its process was ended by SIGSEGV; last in fit (segfaults.py:11)"),
        ("aborts", "crashed", "its process was ended by SIGABRT; last in fit (aborts.py:11)"),
        ("exits_zero", "crashed", "its process ended with exit code 0 and gave no answer"),
        ("exits_three", "crashed", "its process ended with exit code 3 and gave no answer"),
        ("calls_sys_exit", "failed", "SystemExit: enough (calls_sys_exit.py:11 in fit)"),
    ],
)
def test_an_end_without_an_answer_has_a_word_and_a_place(plugin: str, status: str, reason: str) -> None:
    assert ended(f"hostile/{plugin}") == {"seed": 0, "status": status, "reason": reason}


def test_where_the_system_has_no_handles_of_processes_the_words_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    assert ended("hostile/returns_a_list")["status"] == "ok"
    assert ended("hostile/exits_three")["reason"] == "its process ended with exit code 3 and gave no answer"
    assert ended("hostile/kills_its_parent")["status"] == "crashed"
    assert ended("hostile/loops_in_c", limits=Limits(5.0, 1024))["status"] == "timeout"


@pytest.mark.parametrize("plugin", ["loops_in_python", "loops_in_c", "ignores_sigterm"])
def test_a_call_that_is_stopped_says_where_it_was(plugin: str) -> None:
    # None of them ever ends by itself.
    seed = ended(f"hostile/{plugin}", limits=Limits(4.0, 1024))
    assert seed["status"] == "timeout"
    assert re.fullmatch(rf"stopped after 4 s \(--timeout\); last in fit \({plugin}\.py:\d+\)", str(seed["reason"]))


def test_memory_ends_at_the_limit() -> None:
    outcome = outcome_of("hostile/fills_memory_numpy", limits=Limits(20, 300))
    [seed] = outcome.answer
    assert seed["status"] == "out-of-memory"
    assert re.fullmatch(r"MemoryError: .*; the limit is 300 MiB \(--memory\)", seed["reason"])


def test_output_is_kept_in_the_log_and_the_log_is_kept_short(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "tiny" / "prints-much.log"
    assert outcome_of("hostile/prints_much", log).status == "ok"
    assert log.read_text().startswith("[the beginning is cut]\n")
    assert LOG_LIMIT <= log.stat().st_size < LOG_LIMIT + 100


def test_a_silent_call_leaves_no_log_and_no_folder(tmp_path: Path) -> None:
    assert outcome_of("hostile/returns_a_list", tmp_path / "list.log").status == "ok"
    assert not (tmp_path / "list.log").exists()
    # The socket of the process server lies there too.
    assert list(server.folder().glob("cell-*")) == []


def test_what_a_call_leaves_behind_is_ended_and_what_its_neighbour_needs_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mark = uuid.uuid4().hex
    monkeypatch.setenv(MARK, mark)
    # In interpreters of their own, so that they carry the mark.
    calls = [
        (i, Call("cell", spec(plugin, model), clean=True))
        for i, (plugin, model) in enumerate(
            [("helper_process", "helped"), *[("hostile/leaves_processes", "leaves-processes")] * 3]
        )
    ]
    outcomes = dict(run_calls(calls, jobs=2, limits=LIMITS))
    assert {number: outcome.status for number, outcome in outcomes.items()} == dict.fromkeys(range(4), "ok")
    assert left_over(mark) == []

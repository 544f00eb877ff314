"""What a worker of a cluster does, without a cluster: states what it is made of, and runs calls as they run here."""

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmark.catalogue import fingerprint, imports
from benchmark.catalogue.registry import Origin, describe
from benchmark.cell.outcome import CellSpec
from benchmark.workers.calls import read, written
from benchmark.workers.isolation import Call, Limits
from benchmark.workers.pool import run_calls
from benchmark.workers.remote import Remote, differences, file_of, make_of, packed
from tests.conftest import PLUGINS, ROOT
from tests.test_isolation import spec

TINY, GOOD = (Origin("file", str(PLUGINS / name)) for name in ("tiny.py", "good_models.py"))
NET, SQUARE = Origin("room", "models.mlp"), Origin("room", "tasks.core")


def probed(remote: Remote, *origins: Origin) -> dict[str, object]:
    request = {"origins": packed(origins), "modules": ["numpy"], "made": make_of(origins)}
    said: dict[str, object] = json.loads(remote.probe(json.dumps(request)))
    return said


def request(places: object, *cells: CellSpec, seconds: float = 20.0) -> str:
    limited = [("cell", written(cell), asdict(Limits(seconds, 1024))) for cell in cells]
    return json.dumps({"calls": limited, "places": places})


def always() -> bool:
    return True


def test_a_worker_is_made_of_the_engine_the_files_and_the_packages() -> None:
    made = make_of((NET, SQUARE))
    assert {
        "benchmark/cell/metrics.py",
        "benchmark/workers/isolation.py",
        "models/mlp.py",
        "models/training/engines/traced.py",
    } <= (made.keys())
    assert {"tasks/core.py", "tasks/base.py", "python", "numpy", "torch"} <= made.keys()
    assert not {"models/polynomial.py", "scikit-learn", "benchmark/store/local.py"} & made.keys()


def test_what_decides_the_fingerprint_of_a_cell_decides_what_a_worker_is_made_of() -> None:
    made = make_of((NET, SQUARE))
    sources = [path for entry in (NET, SQUARE) for path in imports.sources(file_of(entry) or Path())]
    sources += [ROOT / "benchmark" / "cell" / f"{name}.py" for name in fingerprint.ENGINE]
    assert {path.relative_to(ROOT).as_posix() for path in sources} <= made.keys()


def test_differences_are_said_by_name() -> None:
    here = {"python": "3.11", "numpy": "2.4.6", "models/mlp.py": "a" * 64, "models/new.py": "b" * 64}
    there = {"python": "3.12", "numpy": "2.4.5", "models/mlp.py": "c" * 64, "models/new.py": "none", "x": "d" * 64}
    assert differences(here, here) == []
    assert differences(here, there) == [
        "models/mlp.py differs",
        "models/new.py is missing there",
        "numpy is 2.4.5 there and 2.4.6 here",
        "python is 3.12 there and 3.11 here",
        "x is missing here",
    ]


def test_an_edited_file_of_another_checkout_is_named(tmp_path: Path) -> None:
    for room in ("benchmark", "findings", "tasks", "models"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "benchmark" / "cell" / "metrics.py").open("a") as file:
        file.write("# edited\n")
    (tmp_path / "models" / "mlp.py").unlink()
    code = (
        "import json; from benchmark.catalogue.registry import Origin; from benchmark.workers.remote import make_of; "
        "print(json.dumps(make_of([Origin('room', 'models.mlp'), Origin('room', 'tasks.core')])))"
    )
    there = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=there, check=True, capture_output=True)
    said = differences(make_of((NET, SQUARE)), json.loads(done.stdout))
    assert {"benchmark/cell/metrics.py differs", "models/mlp.py is missing there"} <= set(said)
    assert not any("tasks/" in each for each in said)


def test_a_plugin_is_laid_out_by_content_and_has_the_fingerprint_it_has_here(tmp_path: Path) -> None:
    said = probed(Remote(tmp_path), TINY, GOOD)
    assert said["trouble"] == ""
    assert said["made"] == make_of((TINY, GOOD))
    places: dict[str, str] = said["places"]  # type: ignore[assignment]
    for origin in (TINY, GOOD):
        there = Path(places[origin.where])
        assert tmp_path in there.parents
        assert there.name == Path(origin.where).name
        assert there.read_bytes() == Path(origin.where).read_bytes()
    (task,) = (entry for entry in describe(TINY) if entry.kind == "task")
    (again,) = (entry for entry in describe(Origin("file", places[TINY.where])) if entry.kind == "task")
    assert fingerprint.of(task) == fingerprint.of(again)


def test_a_probe_gives_the_environment_with_the_versions_of_all_that_is_used(tmp_path: Path) -> None:
    environment: dict[str, dict[str, str]] = probed(Remote(tmp_path), TINY, NET)["environment"]  # type: ignore[assignment]
    assert {"python", "numpy", "torch"} <= environment["versions"].keys()


def test_a_cell_travels_as_text_and_is_the_same() -> None:
    cell = spec("good_models", "good-1", (0, 7))
    assert read(written(cell)) == cell
    with pytest.raises(ValueError, match="model_origin"):
        read(written(cell).replace('"model_origin"', '"origin"'))


@pytest.fixture
def remote(tmp_path: Path) -> tuple[Remote, object]:
    made = Remote(tmp_path / "remote")
    return made, probed(made, TINY, GOOD)["places"]


def test_a_call_ends_as_it_does_here(
    remote: tuple[Remote, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However slow the machine is.
    monkeypatch.setattr("benchmark.workers.remote._LATE_SECONDS", float("inf"))
    cell = spec("good_models", "good-1", (0, 1))
    loud = spec("hostile/segfaults", "segfaults")
    limits = Limits(20, 1024)
    log = tmp_path / "here.log"
    here = dict(run_calls([(0, Call("cell", cell)), (1, Call("cell", loud, log))], jobs=1, limits=limits))
    there = json.loads(remote[0].answer(request(remote[1], cell, loud), always))
    for number, each in enumerate(there):
        assert each["outcome"] == {
            "status": here[number].status,
            "reason": here[number].reason,
            "answer": here[number].answer,
        }
    assert there[0]["output"] == ""
    assert there[0]["seconds"] > 0
    assert "Segmentation fault" in there[1]["output"]
    assert "Segmentation fault" in log.read_text()
    # Nothing is left of what they printed, and of where they ran.
    assert {path.suffix for path in (tmp_path / "remote").rglob("*") if path.is_file()} == {".py"}


def test_what_nobody_wants_any_more_ends_soon(remote: tuple[Remote, object]) -> None:
    endless = spec("hostile/ignores_sigterm", "ignores-sigterm")
    looks = iter([True, True, False, False])
    assert json.loads(remote[0].answer(request(remote[1], endless, endless), lambda: next(looks))) == [None, None]
    assert multiprocessing.active_children() == []


def test_no_call_of_a_batch_begins_late(remote: tuple[Remote, object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmark.workers.remote._LATE_SECONDS", 0.0)
    cell = spec("good_models", "good-1")
    said = json.loads(remote[0].answer(request(remote[1], cell, cell, cell), always))
    assert [each is None for each in said] == [False, True, True]

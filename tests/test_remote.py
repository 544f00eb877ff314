"""What a worker of a cluster does, without a cluster: says what it would observe, and runs calls as they run here."""

import json
import multiprocessing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from benchmark.catalogue import fingerprint
from benchmark.catalogue.registry import Entry, Origin, describe
from benchmark.workers.calls import Subject, read, written
from benchmark.workers.isolation import Call, Limits
from benchmark.workers.pool import run_calls
from benchmark.workers.remote import Remote, key_of, packed
from tests.conftest import PLUGINS
from tests.test_isolation import spec

TINY, GOOD = (Origin("file", str(PLUGINS / name)) for name in ("tiny.py", "good_models.py"))
NET, SQUARE = Origin("room", "models.mlp"), Origin("room", "tasks.core")


def entries(*origins: Origin) -> list[Entry]:
    return [entry for origin in origins for entry in describe(origin)]


def greeted(folder: Path, *given: Entry) -> tuple[Remote, dict[str, Any]]:
    remote = Remote(packed(given, ["numpy"]), folder)
    return remote, remote.greet()


def request(name: str, subject: Subject, seconds: float = 20.0) -> str:
    return json.dumps((name, written(name, subject), asdict(Limits(seconds, 1024))))


def always() -> bool:
    return True


def test_a_worker_with_the_same_files_says_the_same_of_every_task_and_model(tmp_path: Path) -> None:
    given = entries(TINY, GOOD, NET, SQUARE)
    said = greeted(tmp_path, *given)[1]
    assert said["trouble"] == ""
    assert said["keys"] == {f"{entry.kind} {entry.name}": fingerprint.of(entry) for entry in given}


def test_a_worker_says_otherwise_of_what_is_of_another_version_or_not_there(tmp_path: Path) -> None:
    net = entries(NET)[0]
    newer = replace(net, version=net.version + 1, name="newer")
    gone = replace(net, origin=Origin("room", "models.gone"), name="gone")
    elsewhere = replace(net, origin=Origin("distribution", "no.such.thing"), name="elsewhere")
    keys = greeted(tmp_path, net, newer, gone, elsewhere)[1]["keys"]
    assert keys[f"model {net.name}"] == fingerprint.of(net)
    assert keys["model newer"] not in ("", fingerprint.of(net))
    assert keys["model gone"] == keys["model elsewhere"] == ""


def test_a_plugin_is_laid_out_by_content(tmp_path: Path) -> None:
    greeted(tmp_path, *entries(TINY, GOOD))
    laid = {path.name: path for path in tmp_path.rglob("*.py")}
    assert laid.keys() == {"tiny.py", "good_models.py"}
    for name, path in laid.items():
        assert path.read_bytes() == (PLUGINS / name).read_bytes()


def test_a_file_that_cannot_be_read_has_no_key(tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("def", encoding="utf-8")
    assert key_of(replace(entries(TINY)[0], file=str(broken))) == ""


def test_a_worker_gives_the_environment_with_the_versions_of_all_that_is_used(tmp_path: Path) -> None:
    environment = greeted(tmp_path, *entries(TINY, NET))[1]["environment"]
    assert {"python", "numpy", "torch"} <= environment["versions"].keys()


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return greeted(tmp_path / "remote", *entries(TINY, GOOD))[0]


def test_a_call_ends_as_it_does_here(remote: Remote, tmp_path: Path) -> None:
    cell = spec("good_models", "good-1", (0, 1))
    loud = spec("hostile/segfaults", "segfaults")
    limits = Limits(20, 1024)
    log = tmp_path / "here.log"
    here = dict(run_calls([(0, Call("cell", cell)), (1, Call("cell", loud, log))], jobs=1, limits=limits))
    there = [remote.answer(request("cell", each), always) or {} for each in (cell, loud)]
    for number, each in enumerate(there):
        assert each["outcome"] == {
            "status": here[number].status,
            "reason": here[number].reason,
            "answer": here[number].answer,
        }
    assert there[0]["output"] == ""
    assert "Segmentation fault" in there[1]["output"]
    assert "Segmentation fault" in log.read_text()
    # Nothing is left of what they printed, and of where they ran.
    assert {path.suffix for path in (tmp_path / "remote").rglob("*") if path.is_file()} == {".py"}


def test_what_nobody_wants_any_more_ends_soon(remote: Remote) -> None:
    endless = request("cell", spec("hostile/ignores_sigterm", "ignores-sigterm"))
    looks = iter([True, True, False, False])
    assert remote.answer(endless, lambda: next(looks)) is None
    assert remote.answer(endless, lambda: False) is None
    assert multiprocessing.active_children() == []


def test_what_is_written_for_another_machine_is_read_as_it_was() -> None:
    (net, *_) = entries(NET)
    cell = spec("good_models", "good-1", (0, 1))
    assert read("observe", json.loads(json.dumps(written("observe", net)))) == net
    assert read("cell", json.loads(json.dumps(written("cell", cell)))) == cell
    with pytest.raises(ValueError, match="seeds"):
        read("cell", {**written("cell", cell), "seeds": "all"})

"""What a worker of a cluster does, without a cluster: says what it would observe, and runs calls as they run here."""

import multiprocessing
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from benchmark.catalogue.registry import Entry, Origin, describe
from benchmark.workers.isolation import Call, Limits
from benchmark.workers.pool import run_calls
from benchmark.workers.remote import Ready, Remote, kit_of
from tests.conftest import PLUGINS
from tests.test_isolation import spec

TINY, GOOD = (Origin("file", str(PLUGINS / name)) for name in ("tiny.py", "good_models.py"))
NET, SQUARE = Origin("room", "models.mlp"), Origin("room", "tasks.core")


def entries(*origins: Origin) -> list[Entry]:
    return [entry for origin in origins for entry in describe(origin)]


LIMITS = Limits(20, 1024)


def asked(*given: Entry) -> list[tuple[Entry, Call]]:
    return [(entry, Call("observe", entry, limits=LIMITS)) for entry in given]


def greeted(folder: Path, *given: Entry) -> tuple[Remote, Ready]:
    # As it travels.
    kit = pickle.loads(pickle.dumps(kit_of(asked(*given), ["numpy"])))  # noqa: S301 - our own
    remote = Remote(kit, folder)
    return remote, remote.greet(always, threads=2)


def always() -> bool:
    return True


def test_a_worker_with_the_same_files_practises_nothing(tmp_path: Path) -> None:
    assert greeted(tmp_path, *entries(TINY, GOOD, NET, SQUARE))[1][1] == {}


def test_a_worker_practises_what_depends_on_something_else_there_or_is_not_there(tmp_path: Path) -> None:
    task, net, line = (*entries(TINY)[:1], entries(NET)[0], next(e for e in entries(TINY) if e.name == "line"))
    gone = replace(net, origin=Origin("room", "models.gone"), name="gone")
    elsewhere = replace(net, origin=Origin("distribution", "no.such.thing"), name="elsewhere")
    kit = kit_of(asked(task, line, net, gone, elsewhere), ["numpy"])
    other = [(entry, call, "other" if entry is line else key) for entry, call, key in kit.practice]
    _, practised = Remote(replace(kit, practice=tuple(other)), tmp_path).greet(always, threads=2)
    said = {place: outcome.status for place, outcome in practised.items() if outcome}
    assert said == {1: "ok", 3: "failed", 4: "failed"}
    here = dict(run_calls([(0, Call("observe", line))], jobs=1, limits=LIMITS))
    assert practised[1] == here[0]


def test_a_plugin_is_laid_out_by_content(tmp_path: Path) -> None:
    greeted(tmp_path, *entries(TINY, GOOD))
    laid = {path.name: path for path in tmp_path.rglob("*.py")}
    assert laid.keys() == {"tiny.py", "good_models.py"}
    for name, path in laid.items():
        assert path.read_bytes() == (PLUGINS / name).read_bytes()


def test_a_worker_gives_the_environment_with_the_versions_of_all_that_is_used(tmp_path: Path) -> None:
    environment, _ = greeted(tmp_path, *entries(TINY, NET))[1]
    assert {"python", "numpy", "torch"} <= environment.versions.keys()


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return greeted(tmp_path / "remote", *entries(TINY, GOOD))[0]


def test_a_call_ends_as_it_does_here(remote: Remote, tmp_path: Path) -> None:
    cell = spec("good_models", "good-1", (0, 1))
    loud = spec("hostile/segfaults", "segfaults")
    log = tmp_path / "here.log"
    here = dict(run_calls([(0, Call("cell", cell)), (1, Call("cell", loud, log))], jobs=1, limits=LIMITS))
    there = [remote.answer(Call("cell", each, limits=LIMITS), always) for each in (cell, loud)]
    assert [said and said[0] for said in there] == [here[0], here[1]]
    quiet, crashed = (said[1] if said else "" for said in there)
    assert quiet == ""
    assert "Segmentation fault" in crashed
    assert "Segmentation fault" in log.read_text()
    # Nothing is left of what they printed, and of where they ran.
    assert {path.suffix for path in (tmp_path / "remote").rglob("*") if path.is_file()} == {".py"}


def test_what_nobody_wants_any_more_ends_soon(remote: Remote) -> None:
    endless = Call("cell", spec("hostile/ignores_sigterm", "ignores-sigterm"), limits=LIMITS)
    looks = iter([True, True, False, False])
    assert remote.answer(endless, lambda: next(looks)) is None
    assert remote.answer(endless, lambda: False) is None
    assert multiprocessing.active_children() == []

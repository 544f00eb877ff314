"""Several calls at a time: each is answered once, and none outlives the one who asked."""

import uuid

import pytest

from benchmark.catalogue.registry import Origin
from benchmark.workers.isolation import Call, Limits
from benchmark.workers.pool import run_calls
from tests.processes import MARK, left_over, marked
from tests.test_isolation import spec

LIMITS = Limits(seconds=20, memory_mib=1024)


def describe(module: str) -> Call:
    return Call("describe", Origin("room", module))


def test_every_call_is_answered_once() -> None:
    calls = [(i, describe(module)) for i, module in enumerate(["tasks.core", "models.mlp", "tasks.core"] * 3)]
    outcomes = list(run_calls(calls, jobs=3, limits=LIMITS))
    assert sorted(number for number, _ in outcomes) == list(range(9))
    assert {outcome.status for _, outcome in outcomes} == {"ok"}


def test_no_calls_give_no_outcomes() -> None:
    assert list(run_calls([], jobs=2, limits=LIMITS)) == []


def test_a_hostile_call_leaves_the_others_their_results() -> None:
    good = spec("good_models", "good-1", (0, 1))
    [(_, alone)] = run_calls([(0, Call("cell", good))], jobs=1, limits=LIMITS)
    hostile = ("kills_its_parent", "segfaults", "exits_zero", "closes_and_returns", "changes_the_world")
    calls = [(2 * i, Call("cell", good)) for i in range(5)]
    calls += [(2 * i + 1, Call("cell", spec(f"hostile/{h}", h.replace("_", "-")))) for i, h in enumerate(hostile)]
    outcomes = dict(run_calls(sorted(calls, key=lambda call: call[0]), jobs=2, limits=LIMITS))
    assert alone.status == "ok"
    assert [outcomes[2 * i] for i in range(5)] == [alone] * 5
    statuses = [outcomes[2 * i + 1].answer[0]["status"] for i in range(5)]
    assert statuses == ["crashed", "crashed", "crashed", "ok", "ok"]


def test_who_stops_listening_ends_what_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = uuid.uuid4().hex
    monkeypatch.setenv(MARK, mark)
    endless = Call("cell", spec("hostile/ignores_sigterm", "ignores-sigterm"), clean=True)
    quick = Call("describe", describe("tasks.core").subject, clean=True)
    outcomes = run_calls([(0, endless), (1, quick)], jobs=2, limits=LIMITS)
    assert next(outcomes)[0] == 1
    assert marked(mark)
    outcomes.close()
    assert left_over(mark) == []

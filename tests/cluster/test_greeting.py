"""What a worker says to a run when it is asked who it is, without a scheduler."""

import inspect
import json
import pickle
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmark.workers.remote import greeting, packed
from tests.test_remote import TINY, entries


def worker(folder: Path) -> tuple[Any, list[tuple[str, dict[str, Any]]]]:
    """Return what a plugin sees of a Dask worker, and what it logs."""
    said = list[tuple[str, dict[str, Any]]]()
    return SimpleNamespace(
        address="tcp://127.0.0.1:1",
        name="one",
        id="process",
        state=SimpleNamespace(nthreads=2),
        local_directory=str(folder),
        log_event=lambda topic, message: said.append((topic, message)),
    ), said


def test_the_greeting_travels_as_text_and_says_what_a_worker_is(tmp_path: Path) -> None:
    sent = pickle.dumps(greeting("run", packed(entries(TINY), ["numpy"]), inspect.getsource(greeting)))
    one, said = worker(tmp_path)
    pickle.loads(sent).greet(one)  # noqa: S301 - our own
    [(topic, message)] = said
    assert topic == "run"
    assert (message["address"], message["name"], message["process"], message["threads"]) == (
        "tcp://127.0.0.1:1",
        "one",
        "process",
        2,
    )
    assert message["trouble"] == ""
    assert {"task tiny", "model line", "model oracle"} == message["keys"].keys()
    assert json.dumps(message)


def test_a_worker_that_cannot_be_set_up_says_why(tmp_path: Path) -> None:
    made = greeting("run", "no kit", inspect.getsource(greeting))
    one, said = worker(tmp_path)
    made.greet(one)
    [(_, message)] = said
    assert message["trouble"].startswith("it cannot be set up: JSONDecodeError: ")

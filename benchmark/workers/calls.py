"""The things a worker process can be asked to do, by name, of values of ours; what it answers is JSON.

Names cross the process border, never tasks or models. A call of one process answers for itself; a cell has two, one
with the rows and the truth and one with the model, and the first one answers.
"""

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import asdict
from multiprocessing.connection import Connection
from types import MappingProxyType
from typing import Any

from benchmark.catalogue.registry import Entry, Origin, describe, load_model, load_task
from benchmark.cell.card import description, task_card
from benchmark.cell.dataset import ASKED_HOW_SURE
from benchmark.cell.fitting import fit_and_predict
from benchmark.cell.outcome import CellSpec, Said, outcome_of, problem_of
from benchmark.cell.practice import model_stamp, task_stamp
from benchmark.cell.scoring import Scorer, ended
from benchmark.errors import PluginError
from benchmark.workers.model_side import RemoteRows, hide_tasks
from benchmark.workers.wire import (
    Address,
    Asked,
    ForeignError,
    accepted,
    acknowledge,
    asked,
    received_predictions,
    send_arrays,
)

# What a call is about: all of an origin, a task or model, or a cell.
Subject = Origin | Entry | CellSpec
# Says a line of JSON to the run.
Say = Callable[[Mapping[str, object]], None]


def _describe(origin: Origin) -> object:
    try:
        return {"entries": [asdict(entry) for entry in describe(origin)]}
    except PluginError as error:
        return {"error": str(error)}


def _card(task: Entry) -> object:
    return task_card(load_task(task.origin, task.name))


def _check(origin: Origin) -> object:
    # Imported here: most calls never need it.
    from benchmark.cell.conformance import check

    return check(origin)


def _observe(entry: Entry) -> object:
    if entry.kind == "model":
        hide_tasks()
        return {"stamp": model_stamp(load_model(entry.origin, entry.name))}
    task = load_task(entry.origin, entry.name)
    return {"stamp": task_stamp(task), "card": description(task)}


# With one process. A cell has two, for its accuracy (`cell`) and for its seconds (`time`).
CALLS: Mapping[str, Callable[[Any], object]] = MappingProxyType(
    {"describe": _describe, "card": _card, "check": _check, "observe": _observe}
)


def _no_message(error: ForeignError) -> str:
    return f"what its process sent is no message of ours: {error}"


def _scored(said: Said, connection: Connection, scorer: Scorer, seed: int) -> dict[str, object]:
    """Return how a seed ended, with the predictions that follow where it went well."""
    if said.status != "ok":
        return ended(scorer, seed, said, predictions=(), sd=())
    blocks = scorer.blocks(seed)
    sizes = [len(block.X) for block in blocks]
    with_sd = [len(block.X) for block in blocks if block.where in ASKED_HOW_SURE] if said.sd else []
    try:
        received = received_predictions(connection, [*sizes, *with_sd])
    except ForeignError as error:
        return {"status": "failed", "reason": _no_message(error)}
    return ended(scorer, seed, said, predictions=received[: len(sizes)], sd=received[len(sizes) :])


def serve_rows(call: str, spec: CellSpec, *, listening: socket.socket, key: bytes, say: Say) -> None:
    """Give rows to the process with the model and score what it predicts, until every seed has its outcome."""
    task = load_task(spec.task_origin, spec.task)
    scorer = Scorer(task)
    problem = asdict(problem_of(task, quick=spec.quick))
    waiting = set(spec.seeds)
    puzzled = False

    def handle(question: Asked, connection: Connection) -> None:
        seed, said = question.seed, question.said
        match question.want:
            case "problem":
                send_arrays(connection, problem, ())
            case "together":
                say({"together": True})
                send_arrays(connection, None, ())
            case "training":
                send_arrays(connection, None, scorer.training_rows(seed))
            case "inside":
                inside = scorer.inside(seed)
                send_arrays(connection, [inside.where], [inside.X])
            case "blocks":
                blocks = scorer.blocks(seed)
                send_arrays(connection, [block.where for block in blocks], [block.X for block in blocks])
            case "score" if said is not None:
                if call == "cell":
                    outcome = _scored(said, connection, scorer, seed)
                else:
                    outcome = said.model_dump(include={"status", "reason", "seconds"})
                say({"seed": {"seed": seed, **outcome}})
                waiting.discard(seed)
                acknowledge(connection)

    for connection in accepted(listening, key, keeper=os.getppid()):
        try:
            question = asked(connection)
            if question.want not in ("problem", "together") and question.seed not in waiting:
                raise ForeignError(f"it asks for seed {question.seed}, which is not to be run or has its outcome")
        except ConnectionError:
            # Whoever hangs up before a word has said nothing.
            continue
        except ForeignError as error:
            # What comes from the process with the model is foreign; once is enough to know.
            if not puzzled:
                say({"trouble": _no_message(error)})
            puzzled = True
            continue
        try:
            handle(question, connection)
        except OSError:
            # It hung up: it will ask again, or end.
            continue


def run_model(call: str, spec: CellSpec, address: Address) -> None:
    """Fit, predict and hand in, in the process with the model."""
    hide_tasks()
    rows = RemoteRows(address)
    try:
        model = load_model(spec.model_origin, spec.model)
        problem = rows.problem()
    except BaseException as error:
        for seed in spec.seeds:
            rows.score(seed, Said(**outcome_of(error)))  # type: ignore[arg-type]
        raise
    if call == "cell":
        fit_and_predict(model, problem, seeds=spec.seeds, rows=rows)
    else:
        # Imported here: the stopwatch is for the timing pass only.
        from benchmark.workers.timing import time_model

        time_model(model, problem, spec=spec, rows=rows)

"""What becomes of how a call ended: the record of a cell, the card of a task, the seconds of a model."""

import json
from collections.abc import Mapping

from benchmark.catalogue import fingerprint
from benchmark.catalogue.registry import Entry
from benchmark.environment import environment, public
from benchmark.run.observed import Observed
from benchmark.run.plan import Cell
from benchmark.run.timeplan import TimingCell
from benchmark.store.record import LETTERS, Environment, Record, SeedOutcome, TaskCard
from benchmark.store.stamp import Stamp
from benchmark.store.timings import Timing
from benchmark.workers.isolation import Outcome

# Only the first seeds keep what they predict along the slice: of 1,000 seeds it would be megabytes, for one picture.
PICTURED_SEEDS = 20


def _lean(seed: SeedOutcome) -> SeedOutcome:
    return seed if seed.seed < PICTURED_SEEDS else seed.model_copy(update={"slice": ()})


def unkept(error: Exception) -> Outcome:
    """Return the outcome of a call whose result is not one of ours."""
    return Outcome("failed", f"its result cannot be kept: {public(error)}")


def kept_seed(said: Mapping[str, object]) -> SeedOutcome:
    """Return what is kept of how a seed ended; where that cannot be kept, that is what is."""
    try:
        return _lean(SeedOutcome.model_validate_json(json.dumps(said)))
    except ValueError as error:
        trouble = unkept(error)
        return SeedOutcome.model_validate({"seed": said["seed"], "status": trouble.status, "reason": trouble.reason})


def record_of(cell: Cell, outcome: Outcome, *, observed: Mapping[Entry, Observed], quick: bool) -> Record:
    """Return the record of a cell, of the seeds that were asked for."""
    if outcome.status == "ok":
        seeds = [kept_seed(said) for said in outcome.answer]
    else:
        reason = outcome.reason[: LETTERS["reason"]]
        seeds = [SeedOutcome(seed=s, status=outcome.status, reason=reason) for s in cell.seeds]
    return Record(
        task=cell.task.name,
        model=cell.model.name,
        task_version=cell.task.version,
        model_version=cell.model.version,
        model_title=cell.model.title,
        model_source=cell.model.source,
        model_tags=cell.model.tags,
        model_origin=cell.model.origin.title,
        quick=quick,
        task_stamp=observed[cell.task].stamp,
        model_stamp=observed[cell.model].stamp,
        environment=_environment(cell.task, cell.model, there=outcome.environment),
        seeds=tuple(seeds),
    )


def _environment(*entries: Entry, there: Environment | None = None) -> Environment:
    """Return the environment here, or what concerns these entries of the one elsewhere."""
    names = tuple(sorted({name for entry in entries for name in fingerprint.packages(entry.file)}))
    if there is None:
        return environment(names)
    return there.model_copy(update={"versions": {name: there.versions[name] for name in ("python", *names)}})


def card_of(task: Entry, said: dict[str, object], stamp: Stamp) -> TaskCard:
    """Return the card of a task from what its process says of it.

    Raises:
        ValueError: what it says is no card.
    """
    made = {
        "task": task.name,
        "origin": "" if task.origin.kind == "room" else task.origin.title,
        "stamp": stamp.model_dump(mode="json"),
        "environment": _environment(task).model_dump(),
    }
    return TaskCard.model_validate_json(json.dumps({**said, **made}))


def timing_of(cell: TimingCell, outcome: Outcome, *, observed: Mapping[Entry, Observed], quick: bool) -> Timing:
    """Return the seconds of a model from what its process says of its one seed.

    Raises:
        ValueError: what it says are no seconds.
    """
    [said] = outcome.answer
    made = {
        "model": cell.model.name,
        "timed_by": cell.timed_by,
        "shape": cell.shape.model_dump(),
        "task": cell.task.name,
        "seed": said["seed"],
        "fit_seconds": said["seconds"].get("fit", ()),
        "predict_seconds": said["seconds"].get("predict", ()),
        "model_version": cell.model.version,
        "quick": quick,
        "model_stamp": observed[cell.model].stamp.model_dump(mode="json"),
        "environment": _environment(cell.task, cell.model).model_dump() | {"alone": True},
    }
    return Timing.model_validate_json(json.dumps(made))

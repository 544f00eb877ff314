"""What today's tasks and models do on practice: asked of each in a process of its own, and remembered.

An observation is made again when a file, a package or the processor is another one (see `run.fingerprint`); what is
remembered lies in the results folder, and is no result.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace

from pydantic import BaseModel, ConfigDict

from benchmark.options import RunOptions, limits_for
from benchmark.passes import Progress, heavy_modules
from benchmark.record import TaskCard
from benchmark.registry import Entry
from benchmark.run import fingerprint
from benchmark.run.isolation import Call, Limits, Outcome
from benchmark.run.local import run_calls
from benchmark.run.server import preload
from benchmark.stamp import Stamp

# Hidden, beside the results that are judged by it.
PLACE = ".practice.json"
# Practice is quick by contract: what hangs there is not waited for as long as a cell is.
SECONDS = 300.0


class Observed(BaseModel):
    """What one task or model did on practice; of a task also what its card says of it in words and sizes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stamp: Stamp
    card: dict[str, object] = {}

    def describes(self, card: TaskCard) -> bool:
        """Whether a card says of the task what the task says of itself."""
        said = json.loads(card.model_dump_json())
        return all(said[name] == value for name, value in self.card.items())


class _Remembered(BaseModel):
    model_config = ConfigDict(extra="forbid")

    key: str
    observed: Observed


Observations = Mapping[Entry, Observed]


@dataclass(frozen=True)
class Practice:
    """The observations of some entries, and all that is to be remembered, as a text."""

    observed: Observations
    text: str


def _remembered(text: str | None) -> dict[str, _Remembered]:
    try:
        said: dict[str, object] = json.loads(text or "")
        return {name: _Remembered.model_validate_json(json.dumps(each)) for name, each in said.items()}
    except (ValueError, AttributeError):
        # What is remembered can be observed again.
        return {}


def _taken(outcome: Outcome) -> Observed:
    """Return what was observed; where its process did not end well, that is what was."""
    if outcome.status == "ok":
        try:
            return Observed.model_validate_json(outcome.answer)
        except ValueError:
            return Observed(stamp=Stamp(answers={"all": "what it says is no observation"}))
    return Observed(stamp=Stamp(answers={"all": outcome.status}))


def observe(entries: Collection[Entry], remembered: str | None, *, options: RunOptions, progress: Progress) -> Practice:
    """Return what tasks and models do on practice, by what is `remembered` where nothing has changed since."""
    known = _remembered(remembered)
    keys = {entry: fingerprint.of(entry) for entry in entries}
    names = {entry: f"{entry.kind} {entry.name}" for entry in entries}
    new = [entry for entry in entries if names[entry] not in known or known[names[entry]].key != keys[entry]]
    if new:
        # Of all models, not only of the new ones: the cells that follow use the same server.
        preload(heavy_modules(entry for entry in entries if entry.kind == "model"))
    for entry, observed in _asked(new, options, progress):
        known[names[entry]] = _Remembered(key=keys[entry], observed=observed)
    text = json.dumps({name: json.loads(kept.model_dump_json()) for name, kept in sorted(known.items())}, indent=1)
    return Practice({entry: known[name].observed for entry, name in names.items()}, text + "\n")


def _limits(entry: Entry, options: RunOptions) -> Limits:
    limits = limits_for(options, entry) if entry.kind == "model" else options.card_limits
    return replace(limits, seconds=min(limits.seconds, SECONDS))


def _asked(entries: list[Entry], options: RunOptions, progress: Progress) -> Iterable[tuple[Entry, Observed]]:
    if not entries:
        return
    calls = [
        (
            i,
            Call(
                "observe",
                json.dumps({"origin": asdict(entry.origin), "kind": entry.kind, "name": entry.name}),
                limits=_limits(entry, options),
            ),
        )
        for i, entry in enumerate(entries)
    ]
    progress.begin("practice", len(calls))
    with closing(run_calls(calls, jobs=options.jobs, limits=options.limits)) as outcomes:
        for number, outcome in outcomes:
            yield entries[number], _taken(outcome)
            progress.step(entries[number].name, outcome.status)
    progress.end()

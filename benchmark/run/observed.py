"""What today's tasks and models do on practice: asked of each in a process of its own, and remembered.

An observation is made again when a file, a package or the processor is another one (see `run.fingerprint`); what is
remembered lies in the results folder, and is no result.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict, TypeAdapter

from benchmark.catalogue import fingerprint
from benchmark.catalogue.fingerprint import heavy_modules
from benchmark.catalogue.registry import Entry
from benchmark.run.options import RunOptions, limits_for
from benchmark.run.work import Done, Item, Progress, here, work
from benchmark.store.record import TaskCard
from benchmark.store.stamp import MODEL, TASK, Stamp, same
from benchmark.workers.cluster import Check
from benchmark.workers.isolation import Call, Limits, Outcome
from benchmark.workers.server import preload

# Hidden, beside the results that are judged by it.
PLACE = ".practice.json"
# Practice is quick by contract: what hangs there is not waited for as long as a cell is.
SECONDS = 120.0


class Observed(BaseModel):
    """What one task or model did on practice; of a task also what its card says of it in words and sizes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stamp: Stamp
    card: dict[str, object] = {}

    def describes(self, card: TaskCard) -> bool:
        """Whether a card says of the task what the task says of itself."""
        kept = card.model_dump(mode="json", include=set(self.card))
        # What is left out of a card has its default.
        fields = TaskCard.model_fields
        return {name: fields[name].default for name in self.card.keys() & TaskCard.unsaid} | kept == self.card


class _Remembered(BaseModel):
    model_config = ConfigDict(extra="forbid")

    key: str
    observed: Observed


_MEMORY = TypeAdapter(dict[str, _Remembered])
Observations = Mapping[Entry, Observed]


@dataclass
class Practice:
    """The observations there are, those that are still to be made, and all that is to be remembered."""

    observed: dict[Entry, Observed]
    waiting: list[Entry]
    _known: dict[str, _Remembered]
    _options: RunOptions

    @property
    def text(self) -> str:
        """What is to be remembered."""
        return _MEMORY.dump_json(dict(sorted(self._known.items())), indent=1).decode() + "\n"

    def items(self, then: Callable[[Entry, Outcome], Iterable[Done]]) -> list[Item]:
        """Return what makes the observations still to be made, each with what is done then."""

        def item(entry: Entry) -> Item:
            def take(outcome: Outcome) -> Iterable[Done]:
                self.observed[entry] = _taken(outcome)
                self._known[_name(entry)] = _Remembered(key=fingerprint.of(entry), observed=self.observed[entry])
                return then(entry, outcome)

            return Item(self._call(entry), take)

        return [item(entry) for entry in self.waiting]

    def check(self, entry: Entry) -> Check:
        """Return how another machine shows that a task or model does there what it does here."""
        tolerance, does = (TASK, "scores") if entry.kind == "task" else (MODEL, "learns")

        def difference(outcome: Outcome) -> str:
            if same(self.observed[entry].stamp, _taken(outcome).stamp, tolerance):
                return ""
            why = f" ({outcome.status}: {outcome.reason})" if outcome.reason else ""
            return f"{entry.kind} {entry.name!r} {does} otherwise there{why}"

        return Check(entry, self._call(entry), difference)

    def _call(self, entry: Entry) -> Call:
        return Call("observe", entry, limits=_limits(entry, self._options))


def _name(entry: Entry) -> str:
    return f"{entry.kind} {entry.name}"


def _remembered(text: str | None) -> dict[str, _Remembered]:
    try:
        return _MEMORY.validate_json(text or "")
    except ValueError:
        # What is remembered can be observed again.
        return {}


def together(texts: Iterable[str | None]) -> str:
    """Return what several folders remember as one text."""
    known = {name: kept for text in texts for name, kept in _remembered(text).items()}
    return _MEMORY.dump_json(known).decode()


def _taken(outcome: Outcome) -> Observed:
    """Return what was observed; where its process did not end well, that is what was."""
    if outcome.status == "ok":
        try:
            return Observed.model_validate_json(json.dumps(outcome.answer))
        except ValueError:
            return Observed(stamp=Stamp(answers={"all": "what it says is no observation"}))
    return Observed(stamp=Stamp(answers={"all": outcome.status}))


def observe(
    entries: Collection[Entry],
    remembered: str | None,
    *,
    options: RunOptions,
    progress: Progress,
    later: Collection[Entry] = (),
) -> Practice:
    """Return what tasks and models do on practice, by what is `remembered` where nothing has changed since.

    Of those in `later` nothing is asked yet that is not remembered.
    """
    known = _remembered(remembered)
    found: dict[Entry, Observed] = {}
    for entry in entries:
        kept = known.get(_name(entry))
        if kept and kept.key == fingerprint.of(entry):
            found[entry] = kept.observed
    new = [entry for entry in entries if entry not in found]
    practice = Practice(found, [entry for entry in new if entry not in later], known, options)
    if practice.waiting:
        # Of all models, not only of the new ones: the cells that follow use the same server.
        preload(heavy_modules(entry for entry in entries if entry.kind == "model"))
        items = practice.items(lambda entry, outcome: [Done(entry.name, outcome.status, outcome.status == "ok")])
        work("practice", items, on=here(options), progress=progress)
    practice.waiting = [entry for entry in new if entry in later]
    return practice


def _limits(entry: Entry, options: RunOptions) -> Limits:
    limits = limits_for(options, entry) if entry.kind == "model" else options.card_limits
    return replace(limits, seconds=min(limits.seconds, SECONDS))

"""What is said of a model and of its cells beside figures: what most cells say once, and a line a cell."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from benchmark.store.lines import digest, written
from benchmark.store.published.tables import Said
from benchmark.store.record import (
    Environment,
    Kept,
    Name,
    Offer,
    Record,
    SeedOutcome,
    Share,
    Source,
    Tag,
    TaskCard,
    Title,
)
from benchmark.store.stamp import Setting, Stamp

FORMAT: Final = 4
Each = Setting | list[Setting]
# A note that is a number stands there as one.
Note = str | int | float | None
# What the record of a cell says for itself, but for its seeds.
_FIELDS = ("task_version", "model_version", "quick", "task_stamp", "model_stamp", "environments")
# A number in more letters than these may be more than a number can hold.
_LETTERS = 17


class Told(Kept):
    """What is said of a cell, or of most of them: versions, the ids of its stamps, where it was made, what it noted.

    `task_stamp` is "" where it is that of the task's card. A value that differs between seeds is a list of one for each
    seed. None is said by nobody.
    """

    task_version: int | None = None
    model_version: int | None = None
    quick: bool | None = None
    task_stamp: str | None = None
    model_stamp: str | None = None
    environments: tuple[Annotated[int, Field(ge=0)], ...] | None = None
    # By a factory: a default is copied with all that it holds for each of thousands of cells.
    settings: dict[str, Each] = Field(default_factory=dict)
    notes: dict[str, Note | list[Note]] = Field(default_factory=dict)

    unsaid = frozenset({*_FIELDS, "settings", "notes"})


class CellFacts(Told):
    """What a cell says that most others do not. `digest` is that of its rows, its `signs` and what its model offered.

    `offers` has one for each seed, or is empty where none offered anything. `signs` have by name a share for each seed,
    None of one that has none.
    """

    digest: str
    offers: tuple[Offer | None, ...] = ()
    signs: dict[str, list[Share | None]] = Field(default_factory=dict)

    unsaid = frozenset({*Told.unsaid, "offers", "signs"})


class ModelFacts(Kept):
    """What is said of a model, and of each of its cells by task.

    In the first format a cell said all for itself, save the `settings` of all; in the first two nothing was offered,
    and in the first three there were no signs.
    """

    format: Literal[1, 2, 3, 4] = FORMAT
    model: Name
    title: Title
    source: Source
    tags: tuple[Tag, ...]
    origin: str
    settings: dict[str, Setting] = Field(default_factory=dict)
    alike: Told = Told(quick=False, task_stamp="")
    stamps: dict[str, Stamp]
    environments: tuple[Environment, ...]
    cells: dict[Name, CellFacts]

    unsaid = frozenset({"settings"})

    @cached_property
    def fields_alike(self) -> Mapping[str, Any]:
        """What the record says of a cell that says nothing for itself, as nearly all do."""
        return _fields(self, {name: getattr(self.alike, name) for name in _FIELDS})


def _number(text: str) -> Note:
    """Return a note as the number that is written like it, or as it is."""
    for kind in (int, float) if len(text) <= _LETTERS else ():
        try:
            number = kind(text)
        except ValueError:
            continue
        if repr(number) == text and math.isfinite(number):
            return number
    return text


def _said(seeds: Sequence[SeedOutcome], kind: str) -> dict[str, Each]:
    """Return what the seeds say: one value where all good ones say the same, else one each."""
    every: list[Mapping[str, Setting]] = [getattr(outcome, kind) for outcome in seeds]
    names = sorted({name for each in every for name in each})
    good = [each for each, outcome in zip(every, seeds, strict=True) if outcome.status == "ok"]
    said: dict[str, Each] = {}
    for name in names:
        values = [each.get(name) for each in good]
        alike = values and len(good) == sum(name in each for each in every) and all(v == values[0] for v in values)
        said[name] = values[0] if alike else [each.get(name) for each in every]
    return said


def _noted(seeds: Sequence[SeedOutcome]) -> dict[str, Each]:
    """Return what the seeds note, numbers as numbers."""

    def short(value: Setting) -> Setting:
        return _number(value) if isinstance(value, str) else value

    said = _said(seeds, "notes")
    return {name: [*map(short, v)] if isinstance(v, list) else short(v) for name, v in said.items()}


def offers_of(seeds: Sequence[SeedOutcome]) -> tuple[Offer | None, ...]:
    """Return what the models of the seeds offered, () where none did."""
    every = tuple(outcome.offer for outcome in seeds)
    return every if any(every) else ()


def signs_of(seeds: Sequence[SeedOutcome]) -> dict[str, list[float | None]]:
    """Return by name the signs of the seeds, None of a seed that has none."""
    names = sorted({name for outcome in seeds for name in outcome.signs})
    return {name: [outcome.signs.get(name) for outcome in seeds] for name in names}


def _most(every: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what most of those say that all of them say, but for lists of seeds."""
    names = set.intersection(*(set(each) for each in every)) if every else set()
    most: dict[str, Any] = {}
    for name in sorted(names):
        # As text: 1 and True and 1.0 are one to Python.
        counts = Counter(json.dumps(each[name]) for each in every if not isinstance(each[name], list))
        if counts:
            most[name] = json.loads(counts.most_common(1)[0][0])
    return most


def _beyond(said: Mapping[str, Any], most: Mapping[str, Any]) -> dict[str, Any]:
    return {name: v for name, v in said.items() if name not in most or json.dumps(v) != json.dumps(most[name])}


def facts_of(records: Mapping[str, Record], cards: Mapping[str, TaskCard], digests: Mapping[str, str]) -> ModelFacts:
    """Return what is said of a model's records, by task.

    Raises:
        ValueError: a record has no stamps.
    """
    newest = [*records.values()][-1]
    stamps: dict[str, Stamp] = {}
    environments: dict[str, Environment] = {}
    each: dict[str, dict[str, Any]] = {}
    said: dict[str, tuple[dict[str, Each], dict[str, Each]]] = {}
    for task, record in sorted(records.items()):
        if record.task_stamp is None or record.model_stamp is None:
            raise ValueError(f"{task} / {record.model} was kept before practice was; run it again with --fresh")
        of_card = record.task_stamp == cards[task].stamp
        used = [record.model_stamp, *([] if of_card else [record.task_stamp])]
        stamps |= {digest(stamp): stamp for stamp in used}
        made = [(digest(environment), environment) for environment in (record.environment, *record.environments)]
        for name, environment in made:
            environments.setdefault(name, environment)
        positions = list(environments)
        each[task] = {
            "task_version": record.task_version,
            "model_version": record.model_version,
            "quick": record.quick,
            "task_stamp": "" if of_card else digest(record.task_stamp),
            "model_stamp": digest(record.model_stamp),
            # No list, since it is no value of each seed.
            "environments": tuple(positions.index(name) for name, _ in made),
        }
        said[task] = _said(record.seeds, "settings"), _noted(record.seeds)
    # A seed that is not good has what its cell says of it alone, so that a cell without a good one shares nothing.
    good = [said[task] for task, record in records.items() if any(status == "ok" for _, status in record.endings)]
    alike = _most([*each.values()])
    settings, notes = (_most([of[kind] for of in good]) for kind in (0, 1))
    return ModelFacts(
        model=newest.model,
        title=newest.model_title,
        source=newest.model_source,
        tags=newest.model_tags,
        origin=newest.model_origin,
        alike=Told(**alike | {"environments": tuple(alike["environments"])}, settings=settings, notes=notes),
        stamps=dict(sorted(stamps.items())),
        environments=tuple(environments.values()),
        cells={
            task: CellFacts(
                **_beyond(each[task], alike),
                settings=_beyond(said[task][0], settings),
                notes=_beyond(said[task][1], notes),
                digest=digests[task],
                offers=offers_of(records[task].seeds),
                signs=signs_of(records[task].seeds),
            )
            for task in each
        },
    )


def dump(facts: ModelFacts) -> str:
    """Return the facts as JSON: a line for each cell, stamp and machine."""
    return written(facts.model_dump(mode="json"))


def _fields(facts: ModelFacts, said: Mapping[str, Any]) -> dict[str, Any]:
    if lacking := [name for name, value in said.items() if value is None]:
        raise ValueError(f"nothing says its {lacking[0]}")
    stamps, places = {said["model_stamp"], said["task_stamp"]} - {""}, said["environments"]
    if not stamps <= facts.stamps.keys() or not places or max(places) >= len(facts.environments):
        raise ValueError("it names a stamp or an environment that is not there")
    first, *others = (facts.environments[number] for number in places)
    return {
        **said,
        "task_stamp": facts.stamps.get(said["task_stamp"]),
        "model_stamp": facts.stamps[said["model_stamp"]],
        "environment": first,
        "environments": tuple(others),
    }


def fields_of(facts: ModelFacts, cell: CellFacts) -> Mapping[str, Any]:
    """Return what the record of a cell says for itself, but for its seeds; no `task_stamp` is that of the task's card.

    Raises:
        ValueError: one of it is said by nobody, or names what is not there.
    """
    own = cell.model_fields_set.intersection(_FIELDS)
    if not own:
        return facts.fields_alike
    return _fields(facts, {name: getattr(cell if name in own else facts.alike, name) for name in _FIELDS})


def _of_seed(said: Mapping[str, Any], number: int, *, good: bool) -> dict[str, Any]:
    """Return what is said of one seed: its own value of each list, and of a good one what all good ones share."""
    own = {name: value[number] for name, value in said.items() if isinstance(value, list) and value[number] is not None}
    return ({name: value for name, value in said.items() if not isinstance(value, list)} if good else {}) | own


def _texts(notes: Mapping[str, Note]) -> dict[str, str]:
    return {name: note if isinstance(note, str) else repr(note) for name, note in notes.items()}


def check(cell: CellFacts, n: int) -> None:
    """Refuse what is said of a cell if it is not said of n seeds.

    Raises:
        ValueError: a list does not have as many values.
    """
    if cell.offers and len(cell.offers) != n:
        raise ValueError(f"{len(cell.offers)} offers are said of {n} seeds")
    for said in (cell.settings, cell.notes, cell.signs):
        for name, value in said.items():
            if isinstance(value, list) and len(value) != n:
                raise ValueError(f"{name!r} has {len(value)} values for {n} seeds")


def said_of(facts: ModelFacts, cell: CellFacts, statuses: Sequence[str]) -> list[Said]:
    """Return the settings and notes of each seed of a cell, whose statuses these are."""
    # By name, as seeds say them.
    settings = dict(sorted((facts.settings | facts.alike.settings | cell.settings).items()))
    notes = dict(sorted((facts.alike.notes | cell.notes).items()))

    def said(number: int, status: str) -> Said:
        good = status == "ok"
        offer = cell.offers[number] if cell.offers else None
        signs = {name: share for name, shares in cell.signs.items() if (share := shares[number]) is not None}
        return _of_seed(settings, number, good=good), _texts(_of_seed(notes, number, good=good)), offer, signs

    if (
        not cell.offers
        and not cell.signs
        and set(statuses) <= {"ok"}
        and not any(isinstance(v, list) for v in (*settings.values(), *notes.values()))
    ):
        # All seeds share what is said.
        return [said(0, "ok")] * len(statuses)
    return [said(number, status) for number, status in enumerate(statuses)]

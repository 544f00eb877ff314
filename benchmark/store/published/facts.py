"""What is said of a model and of its cells beside figures: a line a cell, and what cells share said once."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from benchmark.store.published.tables import Said
from benchmark.store.record import Environment, Kept, Name, Record, SeedOutcome, Source, Tag, TaskCard, Title
from benchmark.store.stamp import Setting, Stamp

FORMAT = 1
Each = Setting | list[Setting]


class CellFacts(Kept):
    """What is said of a cell: versions, by which id its stamps stand above, where it was made, what differs.

    `task_stamp` is left out where it is that of the task's card. A value that differs between seeds is a list of one
    for each seed. `digest` is that of the cell's rows.
    """

    task_version: int
    model_version: int
    quick: bool = False
    task_stamp: str = ""
    model_stamp: str
    environments: tuple[Annotated[int, Field(ge=0)], ...]
    # By a factory: a default is copied with all that it holds for each of thousands of cells.
    settings: dict[str, Each] = Field(default_factory=dict)
    notes: dict[str, Each] = Field(default_factory=dict)
    digest: str

    unsaid = frozenset({"quick", "task_stamp", "settings", "notes"})


class ModelFacts(Kept):
    """What is said of a model, and of each of its cells by task."""

    format: Literal[1] = 1
    model: Name
    title: Title
    source: Source
    tags: tuple[Tag, ...]
    origin: str
    settings: dict[str, Setting]
    stamps: dict[str, Stamp]
    environments: tuple[Environment, ...]
    cells: dict[Name, CellFacts]


def _id(stamp: Stamp) -> str:
    return hashlib.sha256(stamp.model_dump_json().encode()).hexdigest()[:8]


def _shared(records: Iterable[Record]) -> dict[str, Setting]:
    """Return the settings that all good seeds of all cells have."""
    every = [outcome.settings for record in records for outcome in record.seeds if outcome.status == "ok"]
    first = every[0] if every else {}
    return {name: value for name, value in first.items() if all(name in s and s[name] == value for s in every)}


def _said(seeds: Sequence[SeedOutcome], kind: str, shared: Mapping[str, Setting]) -> dict[str, Each]:
    """Return what the seeds say beyond what is shared: one value where all good ones say the same, else one each."""
    every: list[Mapping[str, Setting]] = [getattr(outcome, kind) for outcome in seeds]
    names = sorted({name for each in every for name in each} - shared.keys())
    good = [each for each, outcome in zip(every, seeds, strict=True) if outcome.status == "ok"]
    said: dict[str, Each] = {}
    for name in names:
        values = [each.get(name) for each in good]
        alike = values and len(good) == sum(name in each for each in every) and all(v == values[0] for v in values)
        said[name] = values[0] if alike else [each.get(name) for each in every]
    return said


def facts_of(records: Mapping[str, Record], cards: Mapping[str, TaskCard], digests: Mapping[str, str]) -> ModelFacts:
    """Return what is said of a model's records, by task.

    Raises:
        ValueError: a record has no stamps.
    """
    newest = [*records.values()][-1]
    shared = _shared(records.values())
    stamps: dict[str, Stamp] = {}
    environments: dict[str, Environment] = {}
    cells: dict[str, CellFacts] = {}
    for task, record in sorted(records.items()):
        if record.task_stamp is None or record.model_stamp is None:
            raise ValueError(f"{task} / {record.model} was kept before practice was; run it again with --fresh")
        of_card = record.task_stamp == cards[task].stamp
        used = [record.model_stamp, *([] if of_card else [record.task_stamp])]
        stamps |= {_id(stamp): stamp for stamp in used}
        for each in (record.environment, *record.environments):
            environments.setdefault(each.model_dump_json(), each)
        positions = list(environments)
        cells[task] = CellFacts(
            task_version=record.task_version,
            model_version=record.model_version,
            quick=record.quick,
            task_stamp="" if of_card else _id(record.task_stamp),
            model_stamp=_id(record.model_stamp),
            environments=tuple(
                positions.index(e.model_dump_json()) for e in (record.environment, *record.environments)
            ),
            settings=_said(record.seeds, "settings", shared),
            notes=_said(record.seeds, "notes", {}),
            digest=digests[task],
        )
    return ModelFacts(
        model=newest.model,
        title=newest.model_title,
        source=newest.model_source,
        tags=newest.model_tags,
        origin=newest.model_origin,
        settings=shared,
        stamps=dict(sorted(stamps.items())),
        environments=tuple(environments.values()),
        cells=cells,
    )


def written(facts: ModelFacts) -> str:
    """Return the facts as JSON: a line for each cell, stamp and machine."""
    data = json.loads(facts.model_dump_json())

    def compact(value: object) -> str:
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(", ", ": "))

    lines = []
    for name in sorted(data):
        value = data[name]
        if name in ("cells", "stamps") and value:
            inner = ",\n".join(f"  {json.dumps(key)}: {compact(each)}" for key, each in sorted(value.items()))
            lines.append(f" {json.dumps(name)}: {{\n{inner}\n }}")
        elif name == "environments":
            inner = ",\n".join(f"  {compact(each)}" for each in value)
            lines.append(f" {json.dumps(name)}: [\n{inner}\n ]")
        else:
            lines.append(f" {json.dumps(name)}: {compact(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _of_seed(said: Mapping[str, Any], number: int, *, good: bool) -> dict[str, Any]:
    """Return what is said of one seed: its own value of each list, and of a good one what all good ones share."""
    own = {name: value[number] for name, value in said.items() if isinstance(value, list) and value[number] is not None}
    return ({name: value for name, value in said.items() if not isinstance(value, list)} if good else {}) | own


def _lists(cell: CellFacts) -> dict[str, list[Setting]]:
    return {name: v for name, v in (*cell.settings.items(), *cell.notes.items()) if isinstance(v, list)}


def check(cell: CellFacts, n: int) -> None:
    """Refuse what is said of a cell if it is not said of n seeds.

    Raises:
        ValueError: a list does not have as many values.
    """
    for said in (cell.settings, cell.notes):
        for name, value in said.items():
            if isinstance(value, list) and len(value) != n:
                raise ValueError(f"{name!r} has {len(value)} values for {n} seeds")


def said_of(facts: ModelFacts, cell: CellFacts, statuses: Sequence[str]) -> list[Said]:
    """Return the settings and notes of each seed of a cell, whose statuses these are."""
    settings = facts.settings | cell.settings
    if not _lists(cell) and set(statuses) <= {"ok"}:
        # All seeds share what is said.
        return [(_of_seed(settings, 0, good=True), _of_seed(cell.notes, 0, good=True))] * len(statuses)
    good = [status == "ok" for status in statuses]
    return [(_of_seed(settings, i, good=g), _of_seed(cell.notes, i, good=g)) for i, g in enumerate(good)]

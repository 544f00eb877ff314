"""What is kept: the outcome of every cell, the card of every task, the timing of every cell.

All three are plain values, checked strictly on the way in and out: unknown fields, NaN and infinity
are refused. A record holds everything a row or a picture shows, so that the board can be rebuilt
from `results/` alone.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, TypeVar
from unicodedata import category

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

SCHEMA_VERSION = 1

Status = Literal["ok", "failed", "timeout", "out-of-memory", "crashed", "diverged", "not-applicable"]
DONE: frozenset[Status] = frozenset({"ok", "not-applicable"})
# What has such a tag exists for one experiment and stays off the main board unless it is asked for.
OFF_BOARD = frozenset({"as-asked", "control"})
# The tag that stands for the cells of the findings page.
FINDINGS = "findings"
# How many letters a text may have: what is longer is no title, and fills pages and files.
LETTERS: Mapping[str, int] = MappingProxyType({"title": 200, "source": 500, "formula": 500, "tag": 64, "reason": 2000})
# Control characters, surrogates, unassigned code points and separators of lines: no picture or page can hold them.
_UNSHOWN = frozenset({"Cc", "Cs", "Cn", "Zl", "Zp"})


def unshown(text: str) -> str:
    """Return the first character of a text that cannot be shown, as "U+001B"; "" where all can."""
    return next((f"U+{ord(letter):04X}" for letter in text if category(letter) in _UNSHOWN), "")


def _shown(text: str) -> str:
    if bad := unshown(text):
        raise ValueError(f"holds the character {bad}, which cannot be shown")
    return text


Title = Annotated[str, Field(max_length=LETTERS["title"])]
Source = Annotated[str, Field(max_length=LETTERS["source"])]
Tag = Annotated[str, Field(max_length=LETTERS["tag"])]
Reason = Annotated[str, Field(max_length=LETTERS["reason"])]
# What a task's own code says only when its card is made, behind the door.
Words = Annotated[str, Field(max_length=LETTERS["formula"]), AfterValidator(_shown)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Setting = str | int | float | bool | None
Error = Annotated[float, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0)]


class Kept(BaseModel):
    """Base of everything kept: immutable, strict, finite."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


K = TypeVar("K", bound=Kept)


class Environment(Kept):
    """Where a result was made. `machine` names the processor, architecture and system; no host, user or path.

    `alone` is true of a timing: it was made on the machine that ran the command, one cell at a time and
    nothing beside it, wherever the records come from. Of a record nothing is said: cells run side by side.
    """

    machine: str
    cores: int
    threads: int
    versions: dict[str, str]
    commit: str | None
    modified: bool | None
    alone: bool | None = None

    @model_serializer(mode="wrap")
    def _said(self, dumped: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # Left out where nothing is said of it, as in all that was kept before there was a cluster.
        fields: dict[str, Any] = dumped(self)
        return {name: value for name, value in fields.items() if name != "alone" or value is not None}


class SeedOutcome(Kept):
    """One seed of a cell: errors in the units of y when `ok`, otherwise a reason.

    The error on the training rows (with their noise) is kept to be compared with claims that were scored
    there; no verdict looks at it.
    """

    seed: Annotated[int, Field(ge=0)]
    status: Status
    reason: Reason = ""
    training_rmse: Error | None = None
    interpolation_rmse: Error | None = None
    extrapolation_rmse: Error | None = None
    shell_rmse: tuple[Error, ...] = ()
    quantities: dict[str, float] = {}
    slice: tuple[float, ...] = ()
    settings: dict[str, Setting] = {}
    notes: dict[str, str] = {}

    @model_validator(mode="after")
    def _scored_or_explained(self) -> Self:
        if self.status == "ok" and (self.interpolation_rmse is None or self.extrapolation_rmse is None):
            raise ValueError(f"seed {self.seed} is ok but has no errors")
        if self.status != "ok" and not self.reason:
            raise ValueError(f"seed {self.seed} is {self.status} without a reason")
        return self


class Record(Kept):
    """The outcome of one cell, (task, model), over its seeds."""

    schema_version: Literal[1] = 1
    task: Name
    model: Name
    task_version: int
    model_version: int
    model_title: Title
    model_source: Source
    model_tags: tuple[Tag, ...]
    model_origin: str
    fingerprint: dict[str, str]
    environment: Environment
    seeds: tuple[SeedOutcome, ...]

    @model_validator(mode="after")
    def _seeds_in_order(self) -> Self:
        numbers = [outcome.seed for outcome in self.seeds]
        if numbers != sorted(set(numbers)):
            raise ValueError(f"seeds must be ascending and unique, got {numbers}")
        return self

    def same_make(self, other: Self) -> bool:
        """Whether both come from the same code, settings, packages and machine, so that seeds may be joined."""
        return self.fingerprint == other.fingerprint and self.environment.machine == other.environment.machine

    def joined(self, other: Self) -> Self:
        """Return this record with the seeds of an older one that it lacks, or itself if their make differs."""
        if not self.same_make(other):
            return self
        seeds = {outcome.seed: outcome for outcome in (*other.seeds, *self.seeds)}
        return self.model_copy(update={"seeds": tuple(seeds[number] for number in sorted(seeds))})


class Reference(Kept):
    """A reference of a task: population errors in the units of y."""

    name: Name
    title: str
    interpolation_rmse: Error
    extrapolation_rmse: Error
    shell_rmse: tuple[Error, ...]
    quantities: dict[str, float]
    slice: tuple[float, ...]


class QuantityCard(Kept):
    """A quantity that a task recovers: the names of its error and estimate."""

    error: Words
    estimate: Words | None
    title: Words


class SliceCard(Kept):
    """The line through a task's domain on which pictures show predictions."""

    label: Words
    position: tuple[float, ...]
    inside: tuple[float, float]


class TaskCard(Kept):
    """All that a reader of records needs of a task. `target_sd` is the sd of y on the training law.

    `origin` says which plugin the task comes from; it is left out of the project's own. A plugin's task has its
    section, and no order of merit counts it.
    """

    schema_version: Literal[1] = 1
    task: Name
    version: int
    title: Title
    formula: Source
    source: Source
    tags: tuple[Tag, ...]
    origin: str = ""
    n_train: int
    n_test: int
    noise_std: float
    training_range: Words
    extrapolation_range: Words
    ladder: tuple[float, ...]
    target_sd: Annotated[float, Field(gt=0)]
    quantities: tuple[QuantityCard, ...]
    references: tuple[Reference, ...]
    slice: SliceCard
    fingerprint: dict[str, str]
    environment: Environment

    @model_serializer(mode="wrap")
    def _said(self, dumped: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields: dict[str, Any] = dumped(self)
        return {name: value for name, value in fields.items() if name != "origin" or value}


class Timing(Kept):
    """Seconds of one cell, one seed, one thread, alone on the machine: every sample, in order."""

    schema_version: Literal[1] = 1
    task: Name
    model: Name
    seed: int
    fit_seconds: Annotated[tuple[Seconds, ...], Field(min_length=1)]
    predict_seconds: Annotated[tuple[Seconds, ...], Field(min_length=1)]
    n_predicted: int
    fingerprint: dict[str, str]
    environment: Environment


def dump(kept: Kept) -> str:
    """Return the JSON text of something kept: sorted keys, one field a line, lists of numbers on one line."""
    text = json.dumps(kept.model_dump(mode="json"), sort_keys=True, indent=1, allow_nan=False, ensure_ascii=False)
    return _NUMBERS.sub(lambda match: "[" + " ".join(match[1].split()) + "]", text) + "\n"


# A line break never stands inside a JSON string, so only real lists of numbers match.
_NUMBERS = re.compile(r"\[\n\s*((?:-?[0-9][0-9.eE+-]*,?\s*\n?\s*)+)\]")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    doubled = [key for key, n in Counter(key for key, _ in pairs).items() if n > 1]
    if doubled:
        raise ValueError(f"the key {doubled[0]!r} stands twice in one object")
    return dict(pairs)


class NewerSchemaError(ValueError):
    """Something kept by a later version of this code: not ours to replace."""


def upgraded(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data of any older schema in today's.

    The one place that knows older schemas: raise SCHEMA_VERSION with a change of any field, bring the
    version before up to date here, and keep a real file of it in tests/records/.

    Raises:
        ValueError: the schema is unknown.
        NewerSchemaError: it is newer than this code.
    """
    version = data.get("schema_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ValueError(f"no known schema_version (got {version!r}, this code reads 1 to {SCHEMA_VERSION})")
    if version > SCHEMA_VERSION:
        raise NewerSchemaError(
            f"schema_version {version} is newer than this code, which reads up to {SCHEMA_VERSION}; update the checkout"
        )
    return data


def load(kind: type[K], text: str) -> K:
    """Return what `dump` wrote.

    Raises:
        ValueError: no valid JSON, a doubled key, a newer schema, or a field that is missing, unknown or wrong.
    """
    try:
        data = json.loads(text, object_pairs_hook=_unique_keys)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(data, dict):
        raise ValueError(f"expected a JSON object, got {type(data).__name__}")
    return kind.model_validate_json(json.dumps(upgraded(data)), strict=True)

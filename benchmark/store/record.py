"""What is kept: the outcome of every cell, and the card of every task; timings are in `benchmark.store.timings`.

Both are plain values, checked strictly on the way in and out: unknown fields, NaN and infinity
are refused. A record holds everything a row or a picture shows, so that the board can be rebuilt
from `results/` alone.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self, TypeVar
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

from benchmark.store.shape import Shape
from benchmark.store.stamp import MODEL, TASK, Setting, Stamp, same
from tasks.base import CLASSES, NAME_PATTERN

Status = Literal["ok", "failed", "timeout", "out-of-memory", "crashed", "diverged", "not-applicable"]
DONE: frozenset[Status] = frozenset({"ok", "not-applicable"})
# What has such a tag exists for one experiment and stays off the main board unless it is asked for.
OFF_BOARD = frozenset({"as-asked", "control", "variant"})
# The tags that stand for the cells of a page: that of the findings, and that of the calibration.
FINDINGS, CALIBRATION = "findings", "calibration"
PAGES = frozenset({FINDINGS, CALIBRATION})
# The model whose seconds are the measure of all others' on the same machine.
BASELINE = "linear-net"
# What may tell wrong rows without the truth: a model's own standard deviation, and how far they lie (`cell.signs`).
SIGNS = ("sd", "nearest-1", "nearest-5", "box", "mahalanobis")
# How many letters a text may have: what is longer is no title, and fills pages and files.
LETTERS: Mapping[str, int] = MappingProxyType(
    {"title": 200, "source": 500, "formula": 1000, "tag": 64, "reason": 2000, "expression": 20_000}
)
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
Name = Annotated[str, Field(pattern=f"^{NAME_PATTERN.pattern}$")]
Error = Annotated[float, Field(ge=0)]


class Kept(BaseModel):
    """Base of everything kept: immutable, strict, finite."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)
    # Fields that are left out where they say nothing, as in what was kept before there were such.
    unsaid: ClassVar[frozenset[str]] = frozenset()

    @model_serializer(mode="wrap")
    def _said(self, dumped: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields: dict[str, Any] = dumped(self)
        defaults = type(self).model_fields
        for name in self.unsaid:
            if getattr(self, name) == defaults[name].get_default(call_default_factory=True, validated_data={}):
                fields.pop(name, None)
        return fields


class CellId(NamedTuple):
    """The name of a cell: its task's and its model's."""

    task: str
    model: str


# What cells are looked up by: their two names, as a CellId or bare.
CellKey = tuple[str, str]


K = TypeVar("K", bound=Kept)


class Environment(Kept):
    """Where a result was made. `machine` names the processor, architecture and system; no host, user or path.

    These are facts, no conditions: a result that was made elsewhere is as good. `instructions` names the best ones of
    the processor that numpy has code for, which decide last bits.

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
    instructions: str | None = None

    unsaid = frozenset({"alone", "instructions"})


class Curve(Kept):
    """What the seeds of a cell predict along its task's slice: the median, and the band that holds 80 % of them."""

    median: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


Recovery = Literal["exact", "equivalent inside", "approximation"]
Share = Annotated[float, Field(ge=0, le=1)]


class Offer(Kept):
    """What a fitted model says of itself besides its predictions, and what it is worth.

    `expression` is its formula over x1..xd, `shown` the simplest formula near it with constants to four digits, and
    `recovery` what it is of the truth. `n_parameters` is its own count. `coverage` is the share of rows (inside,
    outside) whose truth lies within 1.96 of its standard deviations of its prediction, and `shell_coverage` the same in
    each shell of the ladder. `sd` is the root mean square of them (inside, outside) in the units of y. A `remark` says
    what was wrong with any of it.
    """

    expression: Annotated[str, Field(max_length=LETTERS["expression"])] = ""
    shown: str = ""
    recovery: Recovery | None = None
    n_parameters: Annotated[int, Field(ge=0)] | None = None
    coverage: tuple[Share, Share] | None = None
    shell_coverage: tuple[Share, ...] = ()
    sd: tuple[Error, Error] | None = None
    remark: Reason = ""

    unsaid = frozenset(
        {"expression", "shown", "recovery", "n_parameters", "coverage", "shell_coverage", "sd", "remark"}
    )


class SeedOutcome(Kept):
    """One seed of a cell: errors in the units of y when `ok`, otherwise a reason.

    The error on the training rows (with their noise) is kept to be compared with claims that were scored
    there; no verdict looks at it. `signs` are how well those of `SIGNS` tell its wrong rows (see
    `benchmark.cell.signs`), {} in what was kept before they were looked at.
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
    offer: Offer | None = None
    signs: dict[str, Share] = {}

    unsaid = frozenset({"offer", "signs"})

    @model_validator(mode="after")
    def _scored_or_explained(self) -> Self:
        if self.status == "ok" and (self.interpolation_rmse is None or self.extrapolation_rmse is None):
            raise ValueError(f"seed {self.seed} is ok but has no errors")
        if self.status != "ok" and not self.reason:
            raise ValueError(f"seed {self.seed} is {self.status} without a reason")
        return self

    def noted(self, name: str) -> float:
        """Return the number that a model has noted under a name.

        Raises:
            ValueError: there is no such note, or it is no number.
        """
        if name not in self.notes:
            known = ", ".join(self.notes) or "nothing"
            words = f"seed {self.seed} has no note {name!r}, it notes {known}"
            raise ValueError(f"{words}; run its cell again, or ask for one")
        try:
            return float(self.notes[name])
        except ValueError:
            words = f"the note {name!r} of seed {self.seed} must be a number, got {self.notes[name]!r}"
            raise ValueError(f"{words}; let the model note one") from None


class Record(Kept):
    """The outcome of one cell, (task, model), over its seeds.

    `task_stamp` and `model_stamp` are what was observed on practice when it was made, None of what is older.
    `environment` is where its newest seeds were made, `environments` where others were, newest first. `curve` stands in
    a record whose seeds do not keep their own slices.
    """

    schema_version: Literal[2] = 2
    task: Name
    model: Name
    task_version: int
    model_version: int
    model_title: Title
    model_source: Source
    model_tags: tuple[Tag, ...]
    model_origin: str
    quick: bool
    task_stamp: Stamp | None
    model_stamp: Stamp | None
    environment: Environment
    environments: tuple[Environment, ...] = ()
    curve: Curve | None = None
    seeds: tuple[SeedOutcome, ...]

    unsaid = frozenset({"environments", "curve"})

    @model_validator(mode="after")
    def _seeds_in_order(self) -> Self:
        numbers = [outcome.seed for outcome in self.seeds]
        if numbers != sorted(set(numbers)):
            raise ValueError(f"seeds must be ascending and unique, got {numbers}")
        return self

    @property
    def endings(self) -> tuple[tuple[int, Status], ...]:
        """The number and the status of each seed; of what is published without reading a figure."""
        known: tuple[tuple[int, Status], ...] | None = getattr(self.seeds, "endings", None)
        return tuple((outcome.seed, outcome.status) for outcome in self.seeds) if known is None else known

    def same_make(self, other: Self) -> bool:
        """Whether in both the task scores and the model learns alike, so that their seeds may be joined."""
        versions, others = ((r.task_version, r.model_version, r.quick) for r in (self, other))
        return (
            versions == others
            and same(self.task_stamp, other.task_stamp, TASK)
            and same(self.model_stamp, other.model_stamp, MODEL)
        )

    def joined(self, other: Self) -> Self:
        """Return this record with the seeds of an older one that it lacks, or itself if their make differs."""
        if not self.same_make(other):
            return self
        seeds = {outcome.seed: outcome for outcome in (*other.seeds, *self.seeds)}
        rest: list[Environment] = []
        if seeds.keys() - {outcome.seed for outcome in self.seeds}:
            rest = [other.environment, *other.environments]
        first, *more = self.environment, *self.environments
        # By value: what was read from a file has its versions in another order.
        more += [each for i, each in enumerate(rest) if each not in (first, *more, *rest[:i])]
        changes = {
            "seeds": tuple(seeds[number] for number in sorted(seeds)),
            "environment": first,
            "environments": tuple(more),
            # Of seeds that keep no slices of their own.
            "curve": self.curve or other.curve,
        }
        return self.model_copy(update=changes)


ReferenceName = Literal["truth", "constant", "line", "quadratic", "clamp"]


class Reference(Kept):
    """A reference of a task: population errors in the units of y."""

    name: Name
    title: str
    interpolation_rmse: Error
    extrapolation_rmse: Error
    shell_rmse: tuple[Error, ...]
    quantities: dict[str, float]
    slice: tuple[float, ...]


Errors = tuple[Error, Error]


class SampleCard(Kept):
    """What the training rows of one seed know of a task: errors (inside, outside) in the units of y.

    The mean of their y, their least-squares line, and the truth at the nearest point of their box; that is None where
    the domain has no nearest points.
    """

    seed: Annotated[int, Field(ge=0)]
    constant: Errors
    line: Errors
    clamp: Errors | None


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
    section, and no order of merit counts it. Tasks of one `family` are near copies (see `family_name`). The ladder and
    every horizon are measured in the `horizon_unit`, "" where it is not known. `set_shape` is (elements, features of an
    element), None in what was kept before it was known.

    The `references` are of the training law. The `samples` are of the training rows of the first seeds, () in what was
    kept before there were such. They stand here, and not in records, since all models meet the same rows. The `kinds`
    are what was computed of the function: symmetric, with a kink, bounded outside.
    """

    schema_version: Literal[2] = 2
    task: Name
    version: int
    title: Title
    formula: Words
    source: Source
    tags: tuple[Tag, ...]
    origin: str = ""
    n_train: int
    n_test: int
    family: Name | Literal[""] = ""
    set_shape: tuple[int, int] | None = None
    noise_std: float
    training_range: Words
    extrapolation_range: Words
    ladder: tuple[float, ...]
    horizon_unit: Words = ""
    target_sd: Annotated[float, Field(gt=0)]
    quantities: tuple[QuantityCard, ...]
    references: tuple[Reference, ...]
    samples: tuple[SampleCard, ...] = ()
    kinds: tuple[Tag, ...] = ()
    slice: SliceCard
    stamp: Stamp | None
    environment: Environment

    unsaid = frozenset({"origin", "family", "set_shape", "horizon_unit", "samples", "kinds"})

    @property
    def family_name(self) -> str:
        """The family whose near copies count as one: the task's own name where it says none."""
        return self.family or self.task

    @property
    def classes(self) -> tuple[str, ...]:
        """What kinds of task it is, in a fixed order: by its tags, by what was computed, and noisy where its y are."""
        known = {*self.tags, *self.kinds, *(("noisy",) if self.noise_std > 0 else ())}
        return tuple(each for each in CLASSES if each in known)

    def reference(self, name: ReferenceName) -> Reference | None:
        """Return a reference by its name, None where the task has none of this name."""
        return next((each for each in self.references if each.name == name), None)

    def sample(self, seed: int) -> SampleCard | None:
        """Return what the training rows of a seed know, None where that is not kept."""
        return next((each for each in self.samples if each.seed == seed), None)

    @property
    def truth(self) -> tuple[float, ...]:
        """The true function along the slice, () where none of its length is kept."""
        kept = self.reference("truth")
        return kept.slice if kept and len(kept.slice) == len(self.slice.position) else ()

    @property
    def shape(self) -> Shape | None:
        """The sizes that a model sees of the task, as far as they are known."""
        if self.set_shape is None:
            return None
        n_elements, n_element_features = self.set_shape
        return Shape(
            n_train=self.n_train,
            n_features=n_elements * n_element_features,
            n_elements=n_elements,
            n_element_features=n_element_features,
            n_predicted=self.n_test,
        )


class SuiteCard(Kept):
    """All that a reader of records needs of a suite: places compare models on its tasks, at seeds 0 to `seeds`-1."""

    name: Name
    version: int
    tasks: tuple[Name, ...]
    seeds: int
    title: Title = ""
    source: Source = ""

    unsaid = frozenset({"title", "source"})

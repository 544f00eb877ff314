"""The seconds of models: one timing, and the file of all timings of a model on a kind of machine.

The file has a line a timing; a stamp and an environment stand there once, under a digest of what they say, so that two
branches which time the same model change different lines.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from benchmark.store.lines import digest, written
from benchmark.store.record import Environment, Kept, Name
from benchmark.store.shape import Shape, TimedBy
from benchmark.store.stamp import Stamp

Seconds = Annotated[float, Field(ge=0)]
# Machine, model, and shape or task.
TimingKey = tuple[str, str, str]


class _Measured(Kept):
    """What one timing says for itself: every sample, in order."""

    timed_by: TimedBy
    shape: Shape | None
    task: Name
    seed: int
    fit_seconds: Annotated[tuple[Seconds, ...], Field(min_length=1)]
    predict_seconds: Annotated[tuple[Seconds, ...], Field(min_length=1)]
    model_version: int
    quick: bool

    @model_validator(mode="after")
    def _shape_named(self) -> Self:
        if self.timed_by == "shape" and self.shape is None:
            raise ValueError("it is timed by shape but has none")
        return self

    @property
    def subject(self) -> str:
        """The name of the shape or of the task that it holds for."""
        return self.shape.name if self.shape and self.timed_by == "shape" else self.task


class Timing(_Measured):
    """Seconds of a model on a machine, one seed, one thread, alone.

    They are those of the tasks of the `shape`, timed on `task`; or of that task alone. The shape is None in what was
    kept of a task before shapes were.
    """

    model: Name
    model_stamp: Stamp | None
    environment: Environment

    @property
    def key(self) -> TimingKey:
        """What one timing is kept for: a machine, a model, and a shape or task."""
        return self.environment.machine, self.model, self.subject


class _Line(_Measured):
    """A timing as it stands in its file: its stamp and environment by their ids."""

    model_stamp: str | None
    environment: str


class ModelTimings(Kept):
    """All timings of a model on a kind of machine, one for each shape or task."""

    schema_version: Literal[3] = 3
    model: Name
    environments: dict[str, Environment]
    stamps: dict[str, Stamp]
    timings: Annotated[tuple[_Line, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        for line in self.timings:
            if line.environment not in self.environments or line.model_stamp not in {None, *self.stamps}:
                raise ValueError(f"the timing of {line.subject} names a stamp or an environment that is not there")
        if len(machines := sorted({each.machine for each in self.environments.values()})) > 1:
            raise ValueError(f"it is of {' and '.join(map(repr, machines))}, and a file is of one machine")
        if doubled := [name for name, n in Counter(line.subject for line in self.timings).items() if n > 1]:
            raise ValueError(f"the timing of {doubled[0]} stands there twice")
        return self

    @property
    def machine(self) -> str:
        """The machine that all are of."""
        return next(iter(self.environments.values())).machine

    @cached_property
    def whole(self) -> tuple[Timing, ...]:
        """Each timing with all that it says."""
        # Each line has been looked at.
        return tuple(Timing.model_construct(**(dict(line) | self._shared(line))) for line in self.timings)

    def _shared(self, line: _Line) -> dict[str, object]:
        stamp = None if line.model_stamp is None else self.stamps[line.model_stamp]
        return {"model": self.model, "model_stamp": stamp, "environment": self.environments[line.environment]}


def together(timings: Iterable[Timing]) -> ModelTimings:
    """Return timings of a model on a machine as one file; of two of a subject the later counts."""
    every = [timing for _, timing in sorted({timing.subject: timing for timing in timings}.items())]
    # Most share them, and a digest takes longer than all else.
    each = {id(value): value for timing in every for value in (timing.environment, timing.model_stamp) if value}
    ids = {key: digest(value) for key, value in each.items()}
    return ModelTimings(
        model=every[0].model,
        environments={ids[id(timing.environment)]: timing.environment for timing in every},
        stamps={ids[id(timing.model_stamp)]: timing.model_stamp for timing in every if timing.model_stamp},
        timings=tuple(
            _Line(
                **{name: getattr(timing, name) for name in _Measured.model_fields},
                model_stamp=ids[id(timing.model_stamp)] if timing.model_stamp else None,
                environment=ids[id(timing.environment)],
            )
            for timing in every
        ),
    )


def dump(kept: ModelTimings) -> str:
    """Return the JSON text of a file of timings."""
    return written(kept.model_dump(mode="json"))

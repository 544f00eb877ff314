"""What comes from the processes of a call, line by line: foreign, and read as such.

A closed schema, of bounded size, without waiting: whatever else comes is the call's own trouble.
"""

import os
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from benchmark.cell.outcome import Ended
from benchmark.workers.keeper import Excess

MOST_BYTES = 64 * 2**20
_FOREIGN = ConfigDict(strict=True, extra="forbid")


class Answer(Ended):
    """The end of a call of one process, or of a whole cell whose rows could not be had."""

    answer: Any = None


class End(BaseModel):
    """How the first process of a call ended, as its keeper says."""

    model_config = _FOREIGN

    role: Literal["", "call", "rows", "model"]
    code: int | None
    excess: Excess


class _Seed(Ended):
    """The outcome of one seed, whose figures are looked at more closely where they are kept."""

    model_config = ConfigDict(extra="allow")

    seed: int


class _Line(BaseModel):
    """One line of what comes from a call: one of these."""

    model_config = _FOREIGN

    answer: Answer | None = None
    seed: _Seed | None = None
    together: Literal[True] | None = None
    trouble: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    end: End | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("it says nothing, or more than one thing")
        return self


@dataclass
class Heard:
    """What the processes of a call have said so far, read line by line as something foreign."""

    seeds: dict[int, dict[str, Any]] = field(default_factory=dict)
    answer: Answer | None = None
    together: bool = False
    trouble: str = ""
    end: End | None = None
    closed: bool = False
    _rest: bytearray = field(default_factory=bytearray)
    _n_bytes: int = 0

    def read(self, descriptor: int) -> None:
        """Read what there is, without waiting for more; after the first line that is none, nothing."""
        while not self.closed:
            try:
                more = os.read(descriptor, 2**16)
            except BlockingIOError:
                return
            except OSError:
                more = b""
            self.closed = not more
            self._rest += more
            self._n_bytes += len(more)
            if self._n_bytes > MOST_BYTES:
                self.closed, self.trouble = True, f"it answered with more than {MOST_BYTES // 2**20} MiB"
            elif b"\n" in more:
                *lines, rest = bytes(self._rest).split(b"\n")
                self._rest = bytearray(rest)
                for line in lines:
                    if not self.closed:
                        self._take(line)

    def _take(self, text: bytes) -> None:
        try:
            line = _Line.model_validate_json(text)
        except ValueError:
            # Reading on would take time that belongs to others.
            self.closed, self.trouble = True, "it answered with something that is no answer"
            return
        if line.seed is not None:
            self.seeds.setdefault(line.seed.seed, line.seed.model_dump())
        # What was said first, holds.
        self.answer, self.end = self.answer or line.answer, self.end or line.end
        self.together, self.trouble = self.together or bool(line.together), self.trouble or line.trouble or ""

"""What a suite is: a fixed list of tasks, on which models are compared.

A change of a suite's tasks or seeds is a new version of it: places of two versions do not compare.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Self

from tasks.base import NAME_PATTERN, NAME_WORDS, Task

# How many seeds a task gets where no suite of it asks for more.
SEEDS = 3


@dataclass(frozen=True)
class Suite:
    """A list of tasks, and the number of seeds (0 to `seeds`-1) that a model meets each of them with.

    A task may stand in several suites. `also` says under which names of its own a suite has tasks that are defined in
    another file: {"koza-1": "nguyen-2"}.

    Raises:
        ValueError: a name is none, a task stands there twice or none does, or version or seeds are below 1.
    """

    name: str
    version: int
    tasks: tuple[str, ...]
    seeds: int = SEEDS
    title: str = ""
    source: str = ""
    also: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def __post_init__(self) -> None:
        for kind, name in (("name", self.name), *(("task", task) for task in self.tasks)):
            if not NAME_PATTERN.fullmatch(name):
                raise ValueError(f"suite {self.name!r}: the {kind} {name!r} is no name; give {NAME_WORDS}")
        if not self.tasks:
            raise ValueError(f"suite {self.name!r} has no tasks, and needs one at least; name its tasks")
        if doubled := sorted({task for task in self.tasks if self.tasks.count(task) > 1}):
            raise ValueError(
                f"suite {self.name!r} names {', '.join(map(repr, doubled))} more than once, and each task may stand "
                "there once; take the others out"
            )
        for what, number in (("version", self.version), ("seeds", self.seeds)):
            if number < 1:
                raise ValueError(f"suite {self.name!r} has {what}={number}, and needs {what} >= 1; give a whole number")

    @classmethod
    def of(cls, tasks: Iterable[Task], *, also: Mapping[str, str] | None = None, **fields: Any) -> Self:
        """Return the suite of some tasks, and of those that it has under names of its own."""
        names = dict.fromkeys((*(task.name for task in tasks), *(also or {}).values()))
        return cls(tasks=tuple(names), also=MappingProxyType(dict(also or {})), **fields)

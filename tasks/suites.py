"""Suites: fixed lists of tasks on which places compare models.

A change of a suite's tasks or seeds is a new version of it: places of two versions do not compare.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tasks.base import NAME_PATTERN, NAME_WORDS


@dataclass(frozen=True)
class Suite:
    """A list of tasks, and the number of seeds (0 to `seeds`-1) that a model meets each of them with.

    Raises:
        ValueError: a name is none, a task stands there twice or none does, or version or seeds are below 1.
    """

    name: str
    version: int
    tasks: tuple[str, ...]
    seeds: int
    title: str = ""

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


CORE = Suite(
    name="core",
    version=1,
    tasks=("sum", "square", "sinc", "piecewise", "smooth", "pair-sum", "lambda-recovery"),
    seeds=10,
)
SUITES: Mapping[str, Suite] = {suite.name: suite for suite in (CORE,)}

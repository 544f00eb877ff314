"""All suites there are: one of each file of this room that has one, `standard`, and `all`.

A file's suite is its `SUITE`. Those that most people come for stand first.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import tasks
from tasks.suite import Suite

FIRST = ("core", "standard")


def _of_files() -> Iterator[Suite]:
    for module in pkgutil.iter_modules(tasks.__path__):
        if module.name != "suites" and not module.ispkg:
            suite = getattr(importlib.import_module(f"tasks.{module.name}"), "SUITE", None)
            if isinstance(suite, Suite):
                yield suite


def _every() -> Mapping[str, Suite]:
    found = {suite.name: suite for suite in _of_files()}
    first = {name: found.pop(name) for name in FIRST}
    suites = first | dict(sorted(found.items()))
    every = dict.fromkeys(task for suite in suites.values() for task in suite.tasks)
    return MappingProxyType(suites | {"all": Suite("all", 1, tuple(every), title="Every task of every suite")})


SUITES = _every()
CORE = SUITES["core"]


_SEEDS = {task: max(suite.seeds for suite in SUITES.values() if task in suite.tasks) for task in SUITES["all"].tasks}


def seeds_of(task: str) -> int:
    """Return with how many seeds a task is met: as many as that of its suites asks for which asks for most.

    A task of no suite gets as many as those of the core.
    """
    return _SEEDS.get(task, CORE.seeds)


def suites_of(task: str) -> tuple[str, ...]:
    """Return the names of the suites that have a task, `all` not among them."""
    return tuple(name for name, suite in SUITES.items() if task in suite.tasks and name != "all")

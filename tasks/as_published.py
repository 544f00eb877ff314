"""Tasks as their sources have them, where that is with few rows, on a grid or with noise.

Each is a variant of a task of another suite, which has a size of its own there; the two share a family.
"""

import importlib
import pkgutil
from collections.abc import Iterator

import tasks
from tasks.base import Task
from tasks.suite import Suite

_NO_TABLES = ("as_published", "suites")


def _variants() -> Iterator[Task]:
    for module in pkgutil.iter_modules(tasks.__path__):
        if not module.ispkg and module.name not in _NO_TABLES:
            for row in getattr(importlib.import_module(f"tasks.{module.name}"), "ROWS", ()):
                yield from row.as_published()


TASKS = tuple(_variants())
SUITE = Suite.of(TASKS, name="as-published", version=1, title="With the rows, grids and noise of the sources")

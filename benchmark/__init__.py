"""The machine: finds tasks and models, runs what is missing, keeps records and renders them.

`score` and `records` are for notebooks. They are imported when they are asked for: pandas and what else they need takes
longer to import than many a command runs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmark.notebook.kept import records
    from benchmark.notebook.scoring import score

__all__ = ["records", "score"]

_PLACES = {"score": "benchmark.notebook.scoring", "records": "benchmark.notebook.kept"}


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Says from which sources, packages and processor an observation on practice comes.

Where all that is as it was, so is the observation.
This decides only whether practice has to be run again. Whether a record holds is for the stamps to say.
"""

import hashlib
import json
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from benchmark.catalogue import imports
from benchmark.catalogue.imports import sources
from benchmark.catalogue.registry import Entry
from benchmark.environment import CHECKOUT, computing, distribution_of, instructions, machine, version

# The files of ours that decide what practice gives, besides the task's and the model's own.
ENGINE = ("card", "seeding", "dataset", "metrics", "references", "scoring", "fitting", "outcome", "practice")
_TRUSTED = frozenset({"models", "findings", "calibration", "numpy", "scipy", "pandas", "sklearn", "torch", "xgboost"})
_ENGINE_FILES = tuple(CHECKOUT / "benchmark" / "cell" / f"{name}.py" for name in ENGINE)


def packages(file: str) -> tuple[str, ...]:
    """Return the distributions that compute for a task's or model's code, numpy always among them.

    These are those that it imports, and of what they require those that rest on numpy themselves: scikit-learn's
    least squares are scipy's. What else a distribution requires computes nothing.
    """
    return _computing(imports.packages(Path(file)))


@cache
def _computing(modules: frozenset[str]) -> tuple[str, ...]:
    """Return the distributions that compute for code which imports these modules."""
    imported = {distribution_of(module) for module in modules} | {"numpy"}
    named = {name for name in imported if name}
    return tuple(sorted(named.union(*(computing(name) for name in named))))


def read(entry: Entry) -> None:
    """See the files of a task or model as they are now: what is asked of them from here on is of this moment.

    Raises:
        PluginError: one of them cannot be read, or is no Python.
    """
    for file in sources(Path(entry.file)):
        imports.content(file)


def of(entry: Entry) -> str:
    """Return what an observation of a task or a model on practice depends on, as a digest."""
    parts = [
        imports.together(sources(Path(entry.file))),
        imports.together(_ENGINE_FILES),
        f"{entry.kind} {entry.name} {entry.version}",
        f"python {sys.version_info.major}.{sys.version_info.minor}",
        *(f"{name} {version(name)}" for name in packages(entry.file)),
        machine(),
        instructions(),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def heavy_modules(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the dotted names of what tasks and models import, to be imported once, before any worker process starts.

    Of a plugin's own imports only the libraries that the project rests on: no others are trusted there.
    """
    every = {each for entry in entries for path in sources(Path(entry.file)) for each in imports.imports(path)}
    names = {each.name for each in every if not each.level and each.top in _TRUSTED}
    # torch takes a second more for its first optimizer, because that imports this.
    return tuple(sorted(names | ({"torch._dynamo"} if "torch" in names else set())))

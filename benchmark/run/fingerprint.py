"""Says from which sources, settings and packages a number comes, and so whether it is up to date."""

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmark.registry import Entry
from benchmark.run import imports
from benchmark.run.environment import CHECKOUT, computing, distribution_of, version
from benchmark.run.imports import sources

# The files of ours that decide an accuracy number, besides the task's and the model's own.
ENGINE = ("seeding", "dataset", "metrics", "references", "scoring", "fitting")


def packages(file: str) -> tuple[str, ...]:
    """Return the distributions that compute for a task's or model's code, numpy always among them.

    These are those that it imports, and of what they require those that rest on numpy themselves: scikit-learn's
    least squares are scipy's. What else a distribution requires computes nothing.
    """
    imported = {distribution_of(module) for module in imports.packages(Path(file))} | {"numpy"}
    named = {name for name in imported if name}
    return tuple(sorted(named.union(*(computing(name) for name in named))))


def _digest(files: Iterable[Path]) -> str:
    each = sorted(hashlib.sha256(imports.content(file)).hexdigest() for file in files)
    return hashlib.sha256("".join(each).encode()).hexdigest()[:16]


def read(entry: Entry) -> None:
    """See the files of a task or model as they are now: what is asked of them from here on is of this moment.

    Raises:
        PluginError: one of them cannot be read, or is no Python.
    """
    for file in sources(Path(entry.file)):
        imports.content(file)


def _parts(entries: Mapping[str, Entry], engine: Iterable[str], settings: Mapping[str, object]) -> dict[str, str]:
    distributions = sorted({name for entry in entries.values() for name in packages(entry.file)})
    python = f"python {sys.version_info.major}.{sys.version_info.minor}"
    return {
        **{f"{kind} file": _digest(sources(Path(entry.file))) for kind, entry in entries.items()},
        **{f"{kind} version": str(entry.version) for kind, entry in entries.items()},
        "engine": _digest(CHECKOUT / "benchmark" / "run" / f"{name}.py" for name in sorted(engine)),
        "settings": json.dumps(settings, sort_keys=True),
        "packages": ", ".join([python, *(f"{name} {version(name)}" for name in distributions)]),
    }


def of_cell(task: Entry, model: Entry, *, quick: bool) -> dict[str, str]:
    """Return the fingerprint of a cell's record."""
    return _parts({"task": task, "model": model}, ENGINE, {"quick": quick})


def of_task(task: Entry) -> dict[str, str]:
    """Return the fingerprint of a task's card."""
    return _parts({"task": task}, ENGINE, {})


def of_timing(task: Entry, model: Entry, *, quick: bool) -> dict[str, str]:
    """Return the fingerprint of a cell's timing."""
    return _parts({"task": task, "model": model}, (*ENGINE, "timing", "stopwatch"), {"quick": quick})


def differences(kept: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Return in words what changed since, such as "model file changed, packages changed"; "" if nothing."""
    parts = sorted(part for part in {*kept, *now} if kept.get(part) != now.get(part))
    return ", ".join(f"{part} changed" for part in parts)


def modules(files: Iterable[str]) -> tuple[str, ...]:
    """Return the dotted names of all that the files import, for a worker to have imported beforehand."""
    every = {each for file in files for path in sources(Path(file)) for each in imports.imports(path)}
    names = {each.name for each in every if not each.level and each.top not in sys.stdlib_module_names}
    # torch takes a second more for its first optimizer, because that imports this.
    return tuple(sorted(names | ({"torch._dynamo"} if "torch" in names else set())))

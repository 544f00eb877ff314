"""Says from which sources, settings and packages a number comes, and so whether it is up to date."""

import ast
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from benchmark.registry import Entry
from benchmark.run.environment import CHECKOUT, distribution_of, version

# The files of ours that decide an accuracy number, besides the task's and the model's own.
ENGINE = ("seeding", "dataset", "metrics", "references", "scoring", "fitting")
_ROOMS = ("tasks", "models", "benchmark")


@cache
def _imports(file: Path) -> frozenset[str]:
    """Return the dotted names that a file imports anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


@cache
def sources(file: Path) -> tuple[Path, ...]:
    """Return a file and all files of ours that it imports, directly or not, in order."""
    seen: dict[Path, None] = {}
    waiting = [file]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen[current] = None
        ours = (name for name in _imports(current) if name.split(".")[0] in _ROOMS)
        candidates = (CHECKOUT / (name.replace(".", "/") + ".py") for name in ours)
        waiting += [path for path in candidates if path.is_file()]
    return tuple(sorted(seen))


def packages(file: str) -> tuple[str, ...]:
    """Return the distributions that a task's or model's code imports, numpy always among them."""
    modules = {name.split(".")[0] for path in sources(Path(file)) for name in _imports(path)}
    foreign = sorted(modules - set(sys.stdlib_module_names) - set(_ROOMS))
    found = {distribution_of(module) for module in foreign} | {"numpy"}
    return tuple(sorted(name for name in found if name))


def _digest(files: Iterable[Path]) -> str:
    each = sorted(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
    return hashlib.sha256("".join(each).encode()).hexdigest()[:16]


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
    names = {name for file in files for path in sources(Path(file)) for name in _imports(path)}
    top = {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}
    # torch takes a second more for its first optimizer, because that imports this.
    return tuple(sorted(top | ({"torch._dynamo"} if "torch" in top else set())))

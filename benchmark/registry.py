"""Finds tasks and models: in the two rooms, in plugin files and in installed distributions.

An `Entry` describes one of them and crosses process borders; the task or model itself is loaded
by name where it is needed. Everything foreign is checked here, at the door.
"""

import importlib
import importlib.util
import pkgutil
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, Literal

import models
import tasks
from benchmark.errors import PluginError, UsageError
from models.base import Model
from tasks.base import NAME_PATTERN, Task

Kind = Literal["task", "model"]
GROUPS: Mapping[str, Kind] = MappingProxyType({"fnbench.tasks": "task", "fnbench.models": "model"})
TUPLES: Mapping[Kind, str] = MappingProxyType({"task": "TASKS", "model": "MODELS"})
_DOMAIN_METHODS = ("n_features", "draw", "every_row", "nearest_inside", "slice", "describe")


@dataclass(frozen=True)
class Origin:
    """Where a task or model was found: a module of a room, a plugin file, or an entry point's module."""

    kind: Literal["room", "file", "distribution"]
    where: str

    @property
    def title(self) -> str:
        """The origin in words that name no path of the machine."""
        if self.kind == "file":
            return f"plugin {Path(self.where).name}"
        return f"{self.where.replace('.', '/')}.py" if self.kind == "room" else f"installed module {self.where}"


@dataclass(frozen=True)
class Entry:
    """What there is to know of a task or model without touching it: plain values only."""

    kind: Kind
    name: str
    version: int
    title: str
    source: str
    tags: tuple[str, ...]
    origin: Origin
    file: str


@dataclass(frozen=True)
class Catalogue:
    """All tasks and models by name, in a fixed order."""

    tasks: Mapping[str, Entry]
    models: Mapping[str, Entry]


def _last_own_line(error: BaseException, file: str) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return f" (line {frames[-1].lineno})" if frames else ""


def _import_file(path: str) -> ModuleType:
    name = f"fnbench_plugin_{Path(path).stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not Path(path).is_file():
        raise PluginError(f"plugin {path!r}: no such Python file; give the path of a .py file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _import(origin: Origin) -> ModuleType:
    try:
        if origin.kind == "file":
            return _import_file(origin.where)
        return importlib.import_module(origin.where)
    except PluginError:
        raise
    except (Exception, SystemExit) as error:
        file = origin.where if origin.kind == "file" else ""
        raise PluginError(
            f"{origin.title}: importing it raised {type(error).__name__}: {error}{_last_own_line(error, file)}"
        ) from error


def _checked_fields(thing: Any, kind: Kind, where: str, required: Iterable[str]) -> None:
    name = getattr(thing, "name", None)
    label = f"{where}: {kind} {name!r}" if isinstance(name, str) else f"{where}: a {kind} without a name"
    for field in required:
        if not hasattr(thing, field):
            raise PluginError(f"{label} has no attribute {field!r}; a {kind} needs {', '.join(required)}")
    if not (isinstance(name, str) and NAME_PATTERN.fullmatch(name)):
        raise PluginError(
            f"{where}: {kind} name {name!r} is not allowed; use 1 to 64 of a-z, 0-9 and '-', "
            "starting with a letter or digit"
        )
    checks: tuple[tuple[str, type, object], ...] = (
        ("version", int, 1),
        ("title", str, ""),
        ("source", str, ""),
        ("tags", tuple, ()),
    )
    for field, of_type, default in checks:
        value = getattr(thing, field, default)
        if not isinstance(value, of_type):
            raise PluginError(f"{label}: {field} must be of type {of_type.__name__}, got {value!r}")
    if not all(isinstance(tag, str) for tag in getattr(thing, "tags", ())):
        raise PluginError(f"{label}: tags must be strings, got {thing.tags!r}")


def _as_model(thing: Any, where: str) -> Model:
    _checked_fields(thing, "model", where, ("name", "build"))
    if not callable(thing.build):
        raise PluginError(f"{where}: model {thing.name!r}: build must be callable as build(problem, seed)")
    if isinstance(thing, Model):
        return thing
    return Model(**{f.name: getattr(thing, f.name) for f in fields(Model) if hasattr(thing, f.name)})


def _as_task(thing: Any, where: str) -> Task:
    required = tuple(f.name for f in fields(Task) if f.default is MISSING)
    _checked_fields(thing, "task", where, required)
    for method in _DOMAIN_METHODS:
        if not hasattr(thing.domain, method):
            raise PluginError(f"{where}: task {thing.name!r}: its domain has no {method!r}; see tasks.base.Domain")
    if isinstance(thing, Task):
        return thing
    try:
        return Task(**{f.name: getattr(thing, f.name) for f in fields(Task) if hasattr(thing, f.name)})
    except (ValueError, TypeError) as error:
        raise PluginError(f"{where}: {error}") from error


_ADAPTERS: Mapping[Kind, Callable[[Any, str], Task | Model]] = MappingProxyType({"task": _as_task, "model": _as_model})


def _contents(module: ModuleType, kind: Kind, where: str) -> tuple[Task | Model, ...]:
    things = getattr(module, TUPLES[kind], ())
    if not isinstance(things, tuple | list):
        raise PluginError(f"{where}: {TUPLES[kind]} must be a tuple, got {type(things).__name__}")
    found = tuple(_ADAPTERS[kind](thing, where) for thing in things)
    names = [thing.name for thing in found]
    for name in names:
        if names.count(name) > 1:
            raise PluginError(f"{where}: {kind} {name!r} is defined twice; give each its own name")
    return found


def describe(origin: Origin) -> tuple[Entry, ...]:
    """Import `origin` and return an entry for each task and model in it.

    Raises:
        PluginError: it cannot be imported, holds nothing, or breaks the contract.
    """
    module = _import(origin)
    kinds: tuple[Kind, ...] = ("task", "model")
    if origin.kind == "file" and not any(hasattr(module, TUPLES[kind]) for kind in kinds):
        raise PluginError(f"{origin.title}: it defines neither MODELS nor TASKS; end the file in MODELS = (...)")
    return tuple(
        Entry(
            kind=kind,
            name=thing.name,
            version=thing.version,
            title=thing.title or thing.name,
            source=thing.source,
            tags=tuple(thing.tags),
            origin=origin,
            file=str(module.__file__),
        )
        for kind in kinds
        for thing in _contents(module, kind, origin.title)
    )


def rooms() -> tuple[Origin, ...]:
    """Return the modules of the two rooms."""
    return tuple(
        Origin("room", f"{room.__name__}.{module.name}")
        for room in (tasks, models)
        for module in pkgutil.iter_modules(room.__path__)
        if not module.ispkg
        # Engines import torch; only files that hold tasks or models are looked into.
        if _holds_something(Path(room.__path__[0]) / f"{module.name}.py")
    )


def _holds_something(file: Path) -> bool:
    return any(line.startswith(("TASKS", "MODELS")) for line in file.read_text(encoding="utf-8").splitlines())


def foreign(plugins: Iterable[Path]) -> tuple[Origin, ...]:
    """Return the plugin files, each once, and the modules that installed distributions offer."""
    files = dict.fromkeys(Origin("file", str(path.resolve())) for path in plugins)
    installed = dict.fromkeys(
        Origin("distribution", point.module) for group in GROUPS for point in entry_points(group=group)
    )
    return (*files, *installed)


def catalogue(entries: Iterable[Entry]) -> Catalogue:
    """Return the entries by name.

    Raises:
        PluginError: two entries of a kind have the same name.
    """
    found: dict[Kind, dict[str, Entry]] = {"task": {}, "model": {}}
    for entry in entries:
        other = found[entry.kind].setdefault(entry.name, entry)
        if other != entry:
            raise PluginError(
                f"{entry.origin.title}: {entry.kind} {entry.name!r} is already defined in "
                f"{other.origin.title}; give yours another name"
            )
    return Catalogue(tasks=MappingProxyType(found["task"]), models=MappingProxyType(found["model"]))


def load_task(origin: Origin, name: str) -> Task:
    """Return the task itself, importing its file."""
    return next(t for t in _contents(_import(origin), "task", origin.title) if isinstance(t, Task) and t.name == name)


def load_model(origin: Origin, name: str) -> Model:
    """Return the model itself, importing its file."""
    return next(m for m in _contents(_import(origin), "model", origin.title) if isinstance(m, Model) and m.name == name)


def unknown(kind: str, given: str, known: Iterable[str]) -> UsageError:
    """Return the error for a name that does not exist, with the nearest one suggested."""
    names = sorted(known)
    near: list[Any] = get_close_matches(given, names, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    return UsageError(f"unknown {kind} {given!r}. {hint}Known: {', '.join(names) or 'none'}.")

"""Finds tasks and models: in their rooms, beside findings and comparisons, in plugin files and in distributions.

An `Entry` describes one of them and crosses process borders; the task or model itself is loaded
by name where it is needed. Everything foreign is checked here, at the door.
"""

import importlib
import importlib.util
import pkgutil
import sys
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, Literal

import calibration
import findings
import models
import tasks
from benchmark.catalogue.contract import TUPLES, Kind, contents
from benchmark.environment import CHECKOUT
from benchmark.errors import PluginError, UsageError
from benchmark.store.shape import TimedBy
from models.base import Model
from tasks.base import Task
from tasks.variant import VARIANT, Variant, name_of, parsed, variant_of

GROUPS: Mapping[str, Kind] = MappingProxyType({"fnbench.tasks": "task", "fnbench.models": "model"})


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
    """What there is to know of a task or model without touching it: plain values only.

    `memory` (MiB) and `timeout` (seconds) are what one cell of a model needs, None where it asks for nothing;
    `timed_by` says whether its seconds follow from a problem's shape or depend on a task's values too. Ranges are said
    of the project's own tasks: what a plugin's task says of its range is asked for when its card is made.
    """

    kind: Kind
    name: str
    version: int
    title: str
    source: str
    tags: tuple[str, ...]
    origin: Origin
    file: str
    memory: int | None = None
    timeout: float | None = None
    timed_by: TimedBy = "shape"
    group: str = ""
    formula: str = ""
    training_range: str = ""
    outside_range: str = ""
    n_train: int = 0

    @property
    def in_core(self) -> bool:
        """Whether a model is one of those that are run where none is named."""
        return "core" in self.tags

    def __hash__(self) -> int:
        """Return a hash of its name alone: it is asked for several times for each of thousands of cells."""
        return hash((self.kind, self.name))


@dataclass(frozen=True)
class Catalogue:
    """All tasks and models by name, in a fixed order."""

    tasks: Mapping[str, Entry]
    models: Mapping[str, Entry]


def _last_own_line(error: BaseException, file: str) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return f" (line {frames[-1].lineno})" if frames else ""


def _import_file(path: str) -> ModuleType:
    file = Path(path)
    if not file.is_file():
        what = "it is a folder" if file.is_dir() else "no such Python file"
        raise PluginError(f"plugin {path!r}: {what}; give the path of a .py file")
    if file.suffix != ".py":
        raise PluginError(f"plugin {path!r}: its name does not end in .py; give the path of a Python source")
    name = f"fnbench_plugin_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    # A plugin finds its neighbours there, also later in a function. Behind all else a neighbour hides nothing.
    if str(file.parent) not in sys.path:
        sys.path.append(str(file.parent))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _how_to_install(error: BaseException) -> str:
    """Return what to do about a package that is not there, "" where that is not the trouble."""
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return ""
    top = error.name.partition(".")[0]
    try:
        there = importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):
        there = True
    if there:
        return ""
    return f"; `nox -s bench -- --install {top}` installs a package, and a file {top}.py is found beside the plugin"


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
            f"{origin.title}: importing it raised {type(error).__name__}: {error}"
            f"{_last_own_line(error, file)}{_how_to_install(error)}"
        ) from error


def _ranges(task: Task, origin: Origin) -> dict[str, Any]:
    """Return what an entry says of a task's formula, and where it is ours of its ranges and rows."""
    if origin.kind != "room":
        return {"formula": task.formula}
    return {
        "formula": task.formula,
        "training_range": task.domain.describe(inner=0.0, outer=1.0),
        "outside_range": task.domain.describe(inner=1.0, outer=task.reach),
        "n_train": task.n_train,
    }


def describe(origin: Origin) -> tuple[Entry, ...]:
    """Import `origin` and return an entry for each task and model in it.

    Raises:
        PluginError: it cannot be imported, holds nothing, or breaks the contract.
    """
    module = _import(origin)
    kinds: tuple[Kind, ...] = ("task", "model")
    if origin.kind != "room" and not any(hasattr(module, TUPLES[kind]) for kind in kinds):
        raise PluginError(f"{origin.title}: it defines neither MODELS nor TASKS; end the file in MODELS = (...)")
    entries = tuple(
        Entry(
            kind=kind,
            name=thing.name,
            version=thing.version,
            title=thing.title or thing.name,
            source=thing.source,
            tags=tuple(thing.tags),
            origin=origin,
            file=origin.where if origin.kind == "file" else str(module.__file__),
            memory=getattr(thing, "memory", None),
            timeout=getattr(thing, "timeout", None),
            timed_by=getattr(thing, "timed_by", "shape"),
            group=getattr(thing, "group", ""),
            **(_ranges(thing, origin) if isinstance(thing, Task) else {}),
        )
        for kind in kinds
        for thing in contents(module, kind, origin.title)
    )
    if not entries:
        given = next(kind for kind in kinds if hasattr(module, TUPLES[kind]))
        raise PluginError(f"{origin.title}: {TUPLES[given]} holds no {given}; give it one: ({given.title()}(...),)")
    return entries


def rooms() -> tuple[Origin, ...]:
    """Return the modules of ours that hold tasks or models: in their rooms, and beside findings and comparisons."""
    own = (
        f"{room.__name__}.{module.name}"
        for room in (tasks, models)
        for module in pkgutil.iter_modules(room.__path__)
        if not module.ispkg
    )
    subjects = (
        f"{room.__name__}.{module.name}"
        for room in (findings, calibration)
        for module in pkgutil.iter_modules(room.__path__)
        if module.ispkg
    )
    asked = (f"{subject}.{kind}" for subject in subjects for kind in ("tasks", "models"))
    # Engines import torch; only files that hold tasks or models are looked into.
    return tuple(Origin("room", name) for name in (*own, *asked) if _holds_something(name))


def _holds_something(module: str) -> bool:
    file = CHECKOUT / f"{module.replace('.', '/')}.py"
    return file.is_file() and any(
        line.startswith(("TASKS", "MODELS")) for line in file.read_text(encoding="utf-8").splitlines()
    )


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
    """Return the task itself, or the variant of one that the name means, importing its file."""
    there = {t.name: t for t in contents(_import(origin), "task", origin.title) if isinstance(t, Task)}
    if name in there:
        return there[name]
    meant = parsed(name)
    if meant is None or meant[0] not in there:
        raise UsageError(f"{origin.title} holds no task {name!r} any more")
    base, variant = meant
    return variant_of(there[base], variant)


def as_variant(entry: Entry, variant: Variant) -> Entry:
    """Return what there is to know of a variant of a task.

    Raises:
        UsageError: the task has no such variant. Of a plugin's task that shows when its card is made.
    """
    try:
        if entry.origin.kind == "room":
            # Checked as a whole.
            task = variant_of(load_task(entry.origin, entry.name), variant)
            return replace(entry, name=task.name, title=task.title, tags=task.tags, **_ranges(task, entry.origin))
        name = name_of(entry.name, variant)
    except ValueError as error:
        raise UsageError(str(error)) from error
    title = f"{entry.title}, {variant.words}"
    return replace(entry, name=name, title=title, tags=(*entry.tags, VARIANT))


def load_model(origin: Origin, name: str) -> Model:
    """Return the model itself, importing its file."""
    return next(m for m in contents(_import(origin), "model", origin.title) if isinstance(m, Model) and m.name == name)


# A list of more names is not read.
_ALL_LISTED, _NEAREST = 60, 8


def unknown(kind: str, given: str, known: Iterable[str], *, more: str = "") -> UsageError:
    """Return the error for a name that does not exist, with the nearest one suggested; `more` follows it.

    Of many names only the nearest are listed.
    """
    names = sorted(known)
    near: list[Any] = get_close_matches(given, names, n=_NEAREST, cutoff=0.5)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    shown = names if len(names) <= _ALL_LISTED else near or names[:_NEAREST]
    rest = f" and {len(names) - len(shown)} more" if len(shown) < len(names) else ""
    return UsageError(f"unknown {kind} {given!r}. {hint}Known: {', '.join(shown) or 'none'}{rest}.{more}")

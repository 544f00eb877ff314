"""What a task or model must be to come in: every field is looked at here, before anything of it is run.

A plugin need import nothing of ours, so that fields are read by name from whatever object stands in its tuple.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from difflib import get_close_matches
from types import MappingProxyType, ModuleType
from typing import Any, Literal, get_args

from benchmark.errors import PluginError
from benchmark.store.record import LETTERS, unshown
from benchmark.store.shape import TimedBy
from models.base import Model
from tasks.base import NAME_PATTERN, Task

Kind = Literal["task", "model"]
TUPLES: Mapping[Kind, str] = MappingProxyType({"task": "TASKS", "model": "MODELS"})
_CLASSES: Mapping[Kind, type[Task] | type[Model]] = MappingProxyType({"task": Task, "model": Model})
_DOMAIN_METHODS = ("n_features", "draw", "every_row", "nearest_inside", "slice", "describe")
_MOST_TAGS = 20
# How near a name must be to a field's to be a slip of the pen.
_NEAR = 0.75


@dataclass(frozen=True)
class _Range:
    """The numbers that a field may hold: whole or not, from `least` (or above it) to `most`."""

    least: float
    most: float
    whole: bool = True
    above: bool = False

    def holds(self, value: object) -> bool:
        """Whether the value is such a number; True is none."""
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)):
            return False
        # No comparison holds with NaN.
        return self.least <= value <= self.most and not (self.above and value == self.least)

    def __str__(self) -> str:
        kind = "whole number" if self.whole else "number"
        most = f"{self.most:,}" if isinstance(self.most, int) else f"{self.most:g}"
        return f"a {kind} {'above' if self.above else 'of at least'} {self.least:g} and at most {most}"


_ROWS = _Range(1, 10_000_000)
_REACH = _Range(1, 1_000_000, whole=False, above=True)
_NUMBERS: Mapping[str, _Range] = MappingProxyType(
    {
        "version": _Range(1, 1_000_000),
        "n_train": _ROWS,
        "n_test": _ROWS,
        "n_shell": _ROWS,
        "reach": _REACH,
        "ladder_end": _REACH,
        "noise_std": _Range(0, 1e100, whole=False),
    }
)
_NEEDS: Mapping[str, tuple[_Range, str]] = MappingProxyType(
    {
        "memory": (_Range(1, 10_000_000), "MiB"),
        "timeout": (_Range(0, 10_000_000, whole=False, above=True), "seconds"),
    }
)


def _check_text(label: str, field: str, value: str) -> None:
    most = LETTERS[field]
    if len(value) > most:
        raise PluginError(f"{label}: {field} has {len(value):,} letters; {most} are allowed")
    if bad := unshown(value):
        raise PluginError(f"{label}: {field} holds the character {bad}, which cannot be shown; leave it out")


def _check_tags(label: str, tags: object) -> None:
    if not isinstance(tags, tuple):
        raise PluginError(f"{label}: tags must be of type tuple, got {tags!r}")
    if not all(isinstance(tag, str) for tag in tags):
        raise PluginError(f"{label}: tags must be strings, got {tags!r}")
    if len(tags) > _MOST_TAGS:
        raise PluginError(f"{label}: it has {len(tags):,} tags; {_MOST_TAGS} are allowed")
    for tag in tags:
        _check_text(label, "tag", tag)


def _check_near_misses(label: str, thing: object, kind: Kind) -> None:
    """Refuse an attribute that is nearly a field's name while the field itself is not given."""
    known = [field.name for field in fields(_CLASSES[kind])]
    absent = [name for name in known if not hasattr(thing, name)]
    for name in dir(thing):
        if name.startswith("_") or name in known or not (near := get_close_matches(name, absent, n=1, cutoff=_NEAR)):
            continue
        raise PluginError(f"{label}: {name!r} is no attribute of a {kind}; did you mean {near[0]!r}?")


def _check_fields(thing: Any, kind: Kind, where: str, required: Iterable[str]) -> str:
    """Check what tasks and models have in common, and return the words that name this one."""
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
    if not isinstance(version := getattr(thing, "version", 1), int):
        raise PluginError(f"{label}: version must be of type int, got {version!r}")
    for field in ("title", "source", "formula"):
        value = getattr(thing, field, "")
        if not isinstance(value, str):
            raise PluginError(f"{label}: {field} must be of type str, got {value!r}")
        _check_text(label, field, value)
    _check_tags(label, getattr(thing, "tags", ()))
    for field, allowed in _NUMBERS.items():
        if hasattr(thing, field) and not allowed.holds(value := getattr(thing, field)):
            raise PluginError(f"{label}: {field} must be {allowed}, got {value!r}")
    if not isinstance(thing, _CLASSES[kind]):
        _check_near_misses(label, thing, kind)
    return label


def _check_build(build: object, label: str) -> None:
    """Refuse a function that cannot be called as build(problem, seed), as far as it says what it takes."""
    if not callable(build):
        raise PluginError(f"{label}: build must be callable as build(problem, seed)")
    try:
        signature = inspect.signature(build)
    except (TypeError, ValueError):
        # Not every callable of another language says it.
        return
    try:
        signature.bind(None, 0)
    except TypeError as error:
        name = getattr(build, "__name__", "")
        factory = name if isinstance(name, str) and name.isidentifier() else "factory"
        raise PluginError(
            f"{label}: its build takes ({', '.join(signature.parameters)}), but is called as build(problem, seed); "
            f"for a network: build=network({factory})"
        ) from error


def _check_timed_by(label: str, timed_by: object) -> None:
    # An array compares by element: nothing but a text is compared at all.
    if not isinstance(timed_by, str) or timed_by not in get_args(TimedBy):
        raise PluginError(
            f"{label}: timed_by must be 'shape' (its seconds follow from the sizes of a problem) or 'task' (they "
            f"depend on the values too), got {timed_by!r}"
        )


def as_model(thing: Any, where: str) -> Model:
    """Return a model from whatever has its attributes.

    Raises:
        PluginError: a field is missing, of the wrong kind or out of range; the message says which.
    """
    label = _check_fields(thing, "model", where, ("name", "build"))
    _check_build(thing.build, label)
    for field, (allowed, unit) in _NEEDS.items():
        value = getattr(thing, field, None)
        if value is not None and not allowed.holds(value):
            raise PluginError(f"{label}: {field} must be {allowed} ({unit}), or None, got {value!r}")
    _check_timed_by(label, getattr(thing, "timed_by", "shape"))
    if isinstance(thing, Model):
        return thing
    return Model(**{f.name: getattr(thing, f.name) for f in fields(Model) if hasattr(thing, f.name)})


def as_task(thing: Any, where: str) -> Task:
    """Return a task from whatever has its attributes.

    Raises:
        PluginError: a field is missing, of the wrong kind or out of range; the message says which.
    """
    required = tuple(f.name for f in fields(Task) if f.default is MISSING)
    label = _check_fields(thing, "task", where, required)
    for method in _DOMAIN_METHODS:
        if not hasattr(thing.domain, method):
            raise PluginError(f"{label}: its domain has no {method!r}; see tasks.base.Domain")
    if isinstance(thing, Task):
        return thing
    try:
        return Task(**{f.name: getattr(thing, f.name) for f in fields(Task) if hasattr(thing, f.name)})
    except (ValueError, TypeError) as error:
        raise PluginError(f"{where}: {error}") from error


_ADAPTERS: Mapping[Kind, Callable[[Any, str], Task | Model]] = MappingProxyType({"task": as_task, "model": as_model})


def contents(module: ModuleType, kind: Kind, where: str) -> tuple[Task | Model, ...]:
    """Return the tasks or models that stand in a module's tuple.

    Raises:
        PluginError: it is no tuple or list, two have one name, or one breaks the contract.
    """
    things = getattr(module, TUPLES[kind], ())
    if not isinstance(things, tuple | list):
        name = type(things).__name__
        comma = f" (a comma is missing: ({name}(...),))" if hasattr(things, "name") else ""
        raise PluginError(f"{where}: {TUPLES[kind]} must be a tuple or list, got {name}{comma}")
    found = tuple(_ADAPTERS[kind](thing, where) for thing in things)
    names = [thing.name for thing in found]
    for name in names:
        if names.count(name) > 1:
            raise PluginError(f"{where}: {kind} {name!r} is defined twice; give each its own name")
    return found

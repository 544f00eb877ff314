"""What a task or model must be to come in: every field is looked at here, before anything of it is run.

A plugin need import nothing of ours, so that fields are read by name from whatever object stands in its tuple.
"""

import inspect
from collections.abc import Mapping
from dataclasses import MISSING, fields
from difflib import get_close_matches
from types import MappingProxyType, ModuleType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from benchmark.errors import PluginError
from benchmark.store.record import Source, Tag, Title, Words, unshown
from benchmark.store.shape import TimedBy
from models.base import Model
from tasks.base import NAME_PATTERN, Domain, Task

Kind = Literal["task", "model"]
TUPLES: Mapping[Kind, str] = MappingProxyType({"task": "TASKS", "model": "MODELS"})
_CLASSES: Mapping[Kind, type[Task] | type[Model]] = MappingProxyType({"task": Task, "model": Model})
# How near a name must be to a field's to be a slip of the pen.
_NEAR = 0.75


def _shown(text: object) -> object:
    if isinstance(text, str) and (bad := unshown(text)):
        raise ValueError(f"holds the character {bad}, which cannot be shown; leave it out")
    return text


def _number(value: object) -> object:
    if not isinstance(value, int | float | None):
        raise PydanticCustomError("float_type", "no number")
    return value


def _whole(least: int, most: int, also: str = "") -> Any:
    return Field(ge=least, le=most, description=f"a whole number of at least {least} and at most {most:,}{also}")


def _above(least: int, most: int, also: str = "") -> Any:
    return Field(gt=least, le=most, description=f"a number above {least} and at most {most:,}{also}")


# Before pydantic looks: it takes no surrogate for text, and does not say which one;
_SHOWN = BeforeValidator(_shown)
# and it takes for a number whatever can be made one, even an array.
_NUMBER = BeforeValidator(_number)
_TEXT = Field(description="of type str")
_ROWS = _whole(1, 10_000_000)
_NOISE = Field(ge=0, le=1e100, description="a number of at least 0 and at most 1e+100")


class _Fields(BaseModel):
    """What tasks and models have in common; a description ends the sentence that begins in "must be".

    Which fields may be left out, their classes say.
    """

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    version: Annotated[int, _whole(1, 1_000_000)]
    title: Annotated[Title, _SHOWN, _TEXT]
    source: Annotated[Source, _SHOWN, _TEXT]
    tags: Annotated[tuple[Annotated[Tag, _SHOWN], ...], Field(max_length=20, description="of type tuple")]


class _TaskFields(_Fields):
    formula: Annotated[Words, _SHOWN, _TEXT]
    n_train: Annotated[int, _ROWS]
    n_test: Annotated[int, _ROWS]
    n_shell: Annotated[int, _ROWS]
    n_reference: Annotated[int, _ROWS]
    reach: Annotated[float, _above(1, 1_000_000), _NUMBER]
    ladder_end: Annotated[float, _above(1, 1_000_000), _NUMBER]
    noise_std: Annotated[float, _NOISE, _NUMBER]
    noise: Annotated[float, _NOISE, _NUMBER]


class _ModelFields(_Fields):
    memory: Annotated[int | None, _whole(1, 10_000_000, " (MiB), or None")]
    timeout: Annotated[float | None, _above(0, 10_000_000, " (seconds), or None"), _NUMBER]
    timed_by: Annotated[
        TimedBy,
        Field(
            description="'shape' (its seconds follow from the sizes of a problem) or 'task' (they depend on the values "
            "too)"
        ),
    ]
    group: Annotated[
        str,
        Field(
            pattern=r"^([a-z][a-z0-9-]{0,30})?$",
            description="the name of a dependency group of pyproject.toml, of a-z, 0-9 and '-', or ''",
        ),
    ]


_SCHEMAS: Mapping[Kind, type[_Fields]] = MappingProxyType({"task": _TaskFields, "model": _ModelFields})


def _sentence(wrong: ErrorDetails, schema: type[_Fields], values: Mapping[str, Any]) -> str:
    """Return what is wrong with a field in our words: what it must be, and what was given."""
    field, given, limits = str(wrong["loc"][0]), wrong["input"], wrong.get("ctx", {})
    name = field if len(wrong["loc"]) == 1 else "tag"
    match wrong["type"]:
        case "value_error":
            return f"{name} {limits['error']}"
        case "string_too_long":
            return f"{name} has {len(given):,} letters; {limits['max_length']} are allowed"
        case "too_long":
            return f"it has {len(given):,} tags; {limits['max_length']} are allowed"
        case "string_type" if name == "tag":
            return f"tags must be strings, got {values['tags']!r}"
        case "int_type" if name == "version" and not isinstance(given, bool):
            return f"version must be of type int, got {given!r}"
    return f"{name} must be {schema.model_fields[field].description}, got {given!r}"


def _check_near_misses(label: str, thing: object, kind: Kind) -> None:
    """Refuse an attribute that is nearly a field's name while the field itself is not given."""
    known = [field.name for field in fields(_CLASSES[kind])]
    absent = [name for name in known if not hasattr(thing, name)]
    for name in dir(thing):
        if name.startswith("_") or name in known or not (near := get_close_matches(name, absent, n=1, cutoff=_NEAR)):
            continue
        raise PluginError(f"{label}: {name!r} is no attribute of a {kind}; did you mean {near[0]!r}?")


def _checked(thing: object, kind: Kind, where: str) -> tuple[str, dict[str, Any]]:
    """Return the words that name a task or model, and the values of its fields, each of which is as it must be."""
    known, schema = fields(_CLASSES[kind]), _SCHEMAS[kind]
    values = {field.name: getattr(thing, field.name) for field in known if hasattr(thing, field.name)}
    required = [field.name for field in known if field.default is MISSING]
    name = values.get("name")
    label = f"{where}: {kind} {name!r}" if isinstance(name, str) else f"{where}: a {kind} without a name"
    for field in required:
        if field not in values:
            raise PluginError(f"{label} has no attribute {field!r}; a {kind} needs {', '.join(required)}")
    if not (isinstance(name, str) and NAME_PATTERN.fullmatch(name)):
        raise PluginError(
            f"{where}: {kind} name {name!r} is not allowed; use 1 to 64 of a-z, 0-9 and '-', "
            "starting with a letter or digit"
        )
    try:
        schema.model_validate(values)
    except ValidationError as error:
        for wrong in error.errors():
            # What is not there has its default.
            if wrong["type"] != "missing":
                raise PluginError(f"{label}: {_sentence(wrong, schema, values)}") from error
    if not isinstance(thing, _CLASSES[kind]):
        _check_near_misses(label, thing, kind)
    return label, values


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


def _model(thing: object, where: str) -> Model:
    label, values = _checked(thing, "model", where)
    _check_build(values["build"], label)
    return thing if isinstance(thing, Model) else Model(**values)


def _task(thing: object, where: str) -> Task:
    label, values = _checked(thing, "task", where)
    for method in vars(Domain):
        if not method.startswith("_") and not hasattr(values["domain"], method):
            raise PluginError(f"{label}: its domain has no {method!r}; see tasks.base.Domain")
    try:
        return thing if isinstance(thing, Task) else Task(**values)
    except (ValueError, TypeError) as error:
        raise PluginError(f"{where}: {error}") from error


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
    found = tuple(_model(thing, where) if kind == "model" else _task(thing, where) for thing in things)
    names = [thing.name for thing in found]
    for name in names:
        if names.count(name) > 1:
            raise PluginError(f"{where}: {kind} {name!r} is defined twice; give each its own name")
    return found

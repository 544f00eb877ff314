"""What there is, as lines for a person or as JSON for a program."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from benchmark.catalogue.registry import Catalogue, Entry, unknown
from benchmark.catalogue.suites import suites_named
from benchmark.errors import NothingSelectedError
from benchmark.words import counted
from tasks.suite import Suite
from tasks.suites import CORE, SUITES, suites_of


@dataclass(frozen=True)
class Listing:
    """The suites, tasks and models to be listed; tasks with formula and ranges where they are `in_full`."""

    tasks: tuple[Entry, ...]
    models: tuple[Entry, ...]
    suites: tuple[Suite, ...] = ()
    in_full: bool = False

    @property
    def text(self) -> str:
        """A line for each, in columns that its longest name fits; of a task in full two more."""
        names = [*(suite.name for suite in self.suites), *(entry.name for entry in (*self.tasks, *self.models))]
        width = max(map(len, names), default=0)
        lines = ["suites:"] if self.suites else []
        for suite in self.suites:
            counts = f"{counted(len(suite.tasks), 'task')}, {counted(suite.seeds, 'seed')}"
            lines.append(f"  {suite.name:<{width}}  {suite.title or suite.name} ({counts})")
        for kind, entries in (("tasks", self.tasks), ("models", self.models)):
            lines += [f"{kind}:"] if entries else []
            for entry in entries:
                lines.append(_line(entry, width))
                lines += [f"  {'':<{width}}    {line}" for line in _in_full(entry)] if self.in_full else []
        return "\n".join(lines)

    @property
    def json(self) -> str:
        """The same as one JSON object."""
        suites = {s.name: {"title": s.title, "version": s.version, "seeds": s.seeds} for s in self.suites}
        both = {"tasks": self.tasks, "models": self.models}
        plain = {kind: [_plain(entry) for entry in entries] for kind, entries in both.items()}
        return json.dumps({"suites": suites, **plain}, indent=1)


def _line(entry: Entry, width: int) -> str:
    tags = f" [{', '.join(entry.tags)}]" if entry.tags else ""
    return f"  {entry.name:<{width}}  {entry.title}{tags} ({entry.origin.title})"


def _in_full(entry: Entry) -> Iterable[str]:
    if entry.formula:
        yield entry.formula
    if entry.training_range:
        yield f"{counted(entry.n_train, 'row')} of {entry.training_range}; outside {entry.outside_range}"


def _plain(entry: Entry) -> dict[str, object]:
    said: dict[str, object] = {
        "name": entry.name,
        "title": entry.title,
        "source": entry.source,
        "version": entry.version,
        "tags": list(entry.tags),
        "origin": entry.origin.title,
    }
    if entry.kind == "task":
        said |= {
            "formula": entry.formula,
            "training_range": entry.training_range,
            "outside_range": entry.outside_range,
            "n_train": entry.n_train,
            "suites": suites_of(entry.name),
        }
    elif entry.group:
        said["group"] = entry.group
    return said


def _matching(kind: str, entries: Mapping[str, Entry], patterns: Sequence[str]) -> Iterable[Entry]:
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in entries):
            raise unknown(kind, pattern, entries)
    return (entry for name, entry in entries.items() if any(fnmatchcase(name, pattern) for pattern in patterns))


def listing(
    found: Catalogue, *, tasks: Sequence[str], models: Sequence[str], tags: Sequence[str], suites: Sequence[str] = ()
) -> Listing:
    """Return what has one of the names or globs, one of the tags, and is of one of the suites.

    With nothing named that is all suites, all models, and the tasks of the core, of the findings and of plugins: the
    others are listed by suite, tag or name.

    Raises:
        UsageError: a name, tag or suite does not exist.
        NothingSelectedError: nothing has all that is named.
    """
    known = {tag for entries in (found.tasks, found.models) for entry in entries.values() for tag in entry.tags}
    for tag in tags:
        if tag not in known:
            raise unknown("tag", tag, known)
    chosen_suites = suites_named(suites)
    in_suites = {task for suite in chosen_suites for task in suite.tasks}

    def chosen(kind: str, entries: Mapping[str, Entry], patterns: Sequence[str]) -> tuple[Entry, ...]:
        every = not (tasks or models)
        named = entries.values() if every else _matching(kind, entries, patterns)
        return tuple(entry for entry in named if not tags or set(tags) & set(entry.tags))

    every_task = chosen("task", found.tasks, tasks)
    if chosen_suites:
        listed = Listing(tuple(t for t in every_task if t.name in in_suites), chosen("model", {}, models), in_full=True)
    elif tasks or models or tags:
        listed = Listing(every_task, chosen("model", found.models, models), in_full=bool(tasks))
    else:
        others = {name for name in SUITES["all"].tasks if name not in CORE.tasks}
        first = tuple(task for task in every_task if task.name not in others)
        listed = Listing(first, tuple(found.models.values()), tuple(SUITES.values()))
    if not (listed.tasks or listed.models):
        named = [f"the tag {' or '.join(map(repr, tags))}"] if tags else []
        named += [f"stands in the suite {' or '.join(map(repr, suites))}"] if suites else []
        words = " and ".join(named)
        raise NothingSelectedError(f"nothing of these names {'has ' if tags else ''}{words}")
    return listed

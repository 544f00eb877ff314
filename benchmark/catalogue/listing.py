"""What there is, as lines for a person or as JSON for a program."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from benchmark.catalogue.registry import Catalogue, Entry, unknown
from benchmark.errors import NothingSelectedError


@dataclass(frozen=True)
class Listing:
    """The tasks and models to be listed."""

    tasks: tuple[Entry, ...]
    models: tuple[Entry, ...]

    @property
    def text(self) -> str:
        """A line for each, in columns that its longest name fits."""
        width = max((len(entry.name) for entry in (*self.tasks, *self.models)), default=0)
        lines = []
        for kind, entries in (("tasks", self.tasks), ("models", self.models)):
            lines += [f"{kind}:"] if entries else []
            lines += [_line(entry, width) for entry in entries]
        return "\n".join(lines)

    @property
    def json(self) -> str:
        """The same as one JSON object."""
        both = {"tasks": self.tasks, "models": self.models}
        return json.dumps({kind: [_plain(entry) for entry in entries] for kind, entries in both.items()}, indent=1)


def _line(entry: Entry, width: int) -> str:
    tags = f" [{', '.join(entry.tags)}]" if entry.tags else ""
    return f"  {entry.name:<{width}}  {entry.title}{tags} ({entry.origin.title})"


def _plain(entry: Entry) -> dict[str, object]:
    return {
        "name": entry.name,
        "title": entry.title,
        "source": entry.source,
        "version": entry.version,
        "tags": list(entry.tags),
        "origin": entry.origin.title,
    }


def _matching(kind: str, entries: Mapping[str, Entry], patterns: Sequence[str]) -> Iterable[Entry]:
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in entries):
            raise unknown(kind, pattern, entries)
    return (entry for name, entry in entries.items() if any(fnmatchcase(name, pattern) for pattern in patterns))


def listing(found: Catalogue, *, tasks: Sequence[str], models: Sequence[str], tags: Sequence[str]) -> Listing:
    """Return what has one of the names or globs and one of the tags; without names of either kind, both kinds.

    Raises:
        UsageError: a name or tag does not exist.
        NothingSelectedError: nothing has both.
    """
    known = {tag for entries in (found.tasks, found.models) for entry in entries.values() for tag in entry.tags}
    for tag in tags:
        if tag not in known:
            raise unknown("tag", tag, known)

    def chosen(kind: str, entries: Mapping[str, Entry], patterns: Sequence[str]) -> tuple[Entry, ...]:
        every = not (tasks or models)
        named = entries.values() if every else _matching(kind, entries, patterns)
        return tuple(entry for entry in named if not tags or set(tags) & set(entry.tags))

    both = Listing(chosen("task", found.tasks, tasks), chosen("model", found.models, models))
    if not (both.tasks or both.models):
        raise NothingSelectedError(f"nothing of these names has the tag {' or '.join(map(repr, tags))}")
    return both

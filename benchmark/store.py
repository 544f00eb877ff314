"""The only reader and writer of a results folder.

One JSON file per task card, record and timing, replaced whole and atomically under one lock, so
that a run killed at any moment leaves only whole files, and two runs at once lose no seed.

A file that cannot be read is reported and skipped, never deleted: when its cell is run again it is
kept aside as `<name>.json.unreadable-1`. A file of a newer schema is not even moved: whoever wrote it
can still read it, so it is this checkout that has to be updated.
"""

import contextlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

from benchmark.errors import FewerSeedsError, StoreError, UsageError
from benchmark.record import K, NewerSchemaError, Record, TaskCard, Timing, dump, load

KNOWN = frozenset(
    {"README.md", "tasks", "records", "timing", "logs", "leaderboard.md", "leaderboard.csv", "findings.md"}
    | {"index.html", "plots", "speed.md", "speed.csv"}
)
# Where the kept files lie.
_FOLDERS = ("tasks", "records", "timing")
README = """\
# Results

Written by `python -m benchmark run`; read by `python -m benchmark report`, which needs nothing else.

| what | where |
| --- | --- |
| what each task is: formula, ranges, references | `tasks/<task>.json` |
| what each model did, seed by seed | `records/<task>/<model>.json` |
| how long it took, alone on one thread | `timing/<task>/<model>.json` |
| the board, rendered from the above | `leaderboard.md`, `leaderboard.csv`, `plots/` |
| the same to explore, offline, in any browser | `index.html` |
| the claims of the threads, with their verdicts | `findings.md` |
| a file that could not be read and had to make way | `<name>.json.unreadable-1` |
| what cells printed, when they printed anything | `logs/<task>/<model>.log` (not committed) |
"""


@dataclass(frozen=True)
class BadFile:
    """A file in the results folder that cannot be read, by its place in the folder, and why.

    One of a newer schema may not be replaced.
    """

    place: str
    reason: str
    newer: bool = False


@dataclass(frozen=True)
class Contents:
    """Everything readable in a results folder, and everything that is not."""

    cards: dict[str, TaskCard]
    records: dict[tuple[str, str], Record]
    timings: dict[tuple[str, str], Timing]
    bad: tuple[BadFile, ...]

    def bad_record(self, task: str, model: str) -> bool:
        """Whether there is a record of a cell that cannot be read."""
        return any(bad.place == _record_place(task, model) for bad in self.bad)

    def untouchable(self, task: str, model: str = "") -> bool:
        """Whether a file of a cell, or of a task, is of a newer schema: then there is nothing to run for it."""
        places = {_card_place(task), _record_place(task, model), _timing_place(task, model)}
        return any(bad.newer and bad.place in places for bad in self.bad)


class Store:
    """A results folder. Reading needs nothing; writing needs `prepare` first."""

    MAX_BYTES = 64 * 2**20
    LOCK_SECONDS = 60.0

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = FileLock(root / ".lock", timeout=self.LOCK_SECONDS, mode=0o644)

    def check(self) -> None:
        """Refuse a folder that is not ours or cannot be written; touches nothing.

        Raises:
            UsageError: the path is a file, holds something else, has links for folders, or is not writable.
        """
        self._check_links()
        if self.root.exists() and not self.root.is_dir():
            raise UsageError(f"results folder {str(self.root)!r} is a file; name a folder")
        if self.root.is_dir() and not (self.root / "records").is_dir():
            strange = sorted(p.name for p in self.root.iterdir() if p.name not in KNOWN and p.name[0] != ".")
            if strange:
                raise UsageError(
                    f"results folder {str(self.root)!r} holds something else ({strange[0]!r}); "
                    "name an empty or a new folder"
                )
        existing = next(p for p in (self.root, *self.root.absolute().parents) if p.exists())
        if not os.access(existing, os.W_OK | os.X_OK):
            raise UsageError(f"results folder {str(self.root)!r} is not writable; name another with --results")

    def _check_links(self) -> None:
        """Refuse folders of kept files that are links: nothing below them would be seen."""
        for name in _FOLDERS:
            folder = self.root / name
            # Only folders hold folders; what a file of this name means is said elsewhere.
            inner = sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else []
            for path in (folder, *inner):
                if path.is_symlink() and path.suffix != ".json":
                    raise UsageError(
                        f"results folder {str(self.root)!r}: {path.relative_to(self.root).as_posix()!r} is a symbolic "
                        "link, which is not followed; put the folder itself in its place"
                    )

    def prepare(self) -> None:
        """Make the folder and its README if they are missing, and remove what a killed run left half written.

        Raises:
            UsageError: the folder is not ours or not writable.
            StoreError: nothing can be written to it.
        """
        self.check()
        with self._writing(lock=False):
            (self.root / "records").mkdir(parents=True, exist_ok=True)
        with self._writing():
            # Whoever writes holds the lock, so no unfinished file is being written now.
            for path in self.root.rglob(f".*{_UNFINISHED}"):
                if _TEMPORARY.fullmatch(path.name):
                    path.unlink(missing_ok=True)
        if not (self.root / "README.md").exists():
            self.write_text("README.md", README)

    def read(self) -> Contents:
        """Return everything in the folder; a missing folder is an empty one.

        Raises:
            UsageError: a folder in it is a link.
        """
        self._check_links()
        bad: list[BadFile] = []
        cards = {card.task: card for card in self._load_all(TaskCard, "tasks", bad)}
        records = {(r.task, r.model): r for r in self._load_all(Record, "records", bad)}
        timings = {(t.task, t.model): t for t in self._load_all(Timing, "timing", bad)}
        return Contents(cards, records, timings, tuple(bad))

    def save_card(self, card: TaskCard) -> None:
        """Keep the card of a task, in place of an older one."""
        self._save(card, lambda _: card)

    def save_record(self, record: Record) -> Record:
        """Keep a record and return it, joined with the seeds already kept if they are of the same make.

        Raises:
            FewerSeedsError: what is kept is of another make and has more seeds.
        """

        def joined(kept: Record | None) -> Record:
            if kept is None:
                return record
            if not record.same_make(kept) and len(record.seeds) < len(kept.seeds):
                raise FewerSeedsError(
                    f"{_place(record)} has {len(kept.seeds)} seeds of another make, and is not replaced by "
                    f"{len(record.seeds)}; run as many"
                )
            return record.joined(kept)

        return self._save(record, joined)

    def save_timing(self, timing: Timing) -> None:
        """Keep the timing of a cell, in place of an older one."""
        self._save(timing, lambda _: timing)

    def _save(self, new: K, joined: Callable[[K | None], K]) -> K:
        """Write what follows from what is kept, if anything is, and return it.

        Raises:
            StoreError: it could not be written, or would replace a file of a newer schema.
        """
        place = _place(new)
        path = self.root / place
        with self._writing():
            kept = None
            if path.exists() or path.is_symlink():
                try:
                    kept = self._load(type(new), path)
                except NewerSchemaError as error:
                    raise StoreError(f"{place}: {error}; it is left as it is") from error
                except (ValueError, OSError):
                    path.rename(_aside(path))
            whole = joined(kept)
            _replace(path, dump(whole))
        return whole

    def log_path(self, task: str, model: str) -> Path:
        """Return where a cell's captured output goes."""
        return self.root / "logs" / task / f"{model}.log"

    def write_text(self, place: str, text: str) -> None:
        """Replace the file at a place in the folder, atomically and durably.

        Raises:
            StoreError: it could not be written; the old file is whole.
        """
        with self._writing():
            _replace(self.root / place, text)

    def read_text(self, place: str) -> str | None:
        """Return the text of a file in the folder, or None if there is none."""
        try:
            return (self.root / place).read_text(encoding="utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    def places(self, *patterns: str) -> list[str]:
        """Return the places in the folder that match one of the patterns, in order."""
        found = (path for pattern in patterns for path in self.root.glob(pattern))
        return sorted({path.relative_to(self.root).as_posix() for path in found})

    def remove(self, place: str) -> None:
        """Remove a rendered file; kept ones are never removed.

        Raises:
            StoreError: it could not be removed.
        """
        with self._writing():
            (self.root / place).unlink(missing_ok=True)

    @contextlib.contextmanager
    def _writing(self, *, lock: bool = True) -> Iterator[None]:
        """Hold the folder's lock; say in a sentence why something could not be written."""
        try:
            with self._lock if lock else contextlib.nullcontext():
                yield
        except Timeout as error:
            raise StoreError(
                f"another run has been writing to {str(self.root)!r} for {self.LOCK_SECONDS:g} s; wait for it or end it"
            ) from error
        except OSError as error:
            raise StoreError(
                f"could not write to {str(self.root)!r}: {error.strerror or error}. Everything written before "
                "is whole; make room or name another folder with --results, and run again"
            ) from error

    def _load_all(self, kind: type[K], folder: str, bad: list[BadFile]) -> Iterator[K]:
        for path in sorted((self.root / folder).rglob("*.json")):
            try:
                yield self._load(kind, path)
            except (ValueError, OSError) as error:
                place = path.relative_to(self.root).as_posix()
                bad.append(BadFile(place, _first_line(error), newer=isinstance(error, NewerSchemaError)))

    def _load(self, kind: type[K], path: Path) -> K:
        if path.is_symlink() or not path.is_file():
            raise ValueError("not a plain file")
        size = path.stat().st_size
        if size > self.MAX_BYTES:
            raise ValueError(f"{size:,} bytes, more than the {self.MAX_BYTES:,} that are read")
        kept = load(kind, path.read_text(encoding="utf-8"))
        if self.root / _place(kept) != path:
            raise ValueError(f"its content belongs at {_place(kept)!r}")
        return kept


def _card_place(task: str) -> str:
    return f"tasks/{task}.json"


def _record_place(task: str, model: str) -> str:
    return f"records/{task}/{model}.json"


def _timing_place(task: str, model: str) -> str:
    return f"timing/{task}/{model}.json"


def _place(kept: object) -> str:
    match kept:
        case TaskCard():
            return _card_place(kept.task)
        case Record():
            return _record_place(kept.task, kept.model)
        case Timing():
            return _timing_place(kept.task, kept.model)
    raise TypeError(f"nothing to keep: {type(kept).__name__}")


def _aside(path: Path) -> Path:
    """Return a free name beside a file that cannot be read and has to make way."""
    names = (path.with_name(f"{path.name}.unreadable-{number}") for number in count(1))
    return next(name for name in names if not (name.exists() or name.is_symlink()))


def _first_line(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"no UTF-8 text (byte {error.start})"
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    # A validation error names the field in its second line and the trouble in its third.
    return ": ".join(lines[1:3]) if len(lines) > 2 else (lines[0] if lines else type(error).__name__)


# The names that `_replace` gives to what it has not finished.
_UNFINISHED = ".unfinished"
_TEMPORARY = re.compile(rf"\..+\.[a-z0-9_]+{re.escape(_UNFINISHED)}")


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=_UNFINISHED)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes the file private; results are for everyone.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise

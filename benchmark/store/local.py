"""The only reader and writer of a results folder.

One JSON file for each task card and each record, and one for all timings of a model on a machine; replaced
whole and atomically under one lock, so that a run killed at any moment leaves only whole files, and two
runs at once lose no seed.

A file that cannot be read is reported and skipped, never deleted: when its cell is run again it is
kept aside as `<name>.json.unreadable-1`. A file of a newer schema is not even moved: whoever wrote it
can still read it, so it is this checkout that has to be updated.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from stat import S_ISREG

from filelock import FileLock, Timeout

from benchmark.errors import FewerSeedsError, StoreError
from benchmark.store import ground
from benchmark.store.files import TEMPORARY, UNFINISHED, first_line, replace
from benchmark.store.record import K, Kept, Record, TaskCard
from benchmark.store.slug import slug
from benchmark.store.text import NewerSchemaError, dump, load
from benchmark.store.timings import ModelTimings, Timing, TimingKey, together
from benchmark.store.timings import dump as dump_timings


@dataclass(frozen=True)
class BadFile:
    """A file in the results folder that cannot be read, by its path in the folder, and why.

    One of a newer schema may not be replaced.
    """

    path: str
    reason: str
    newer: bool = False

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True)
class Contents:
    """Everything readable in a results folder, and everything that is not.

    `detailed` are records that keep the curve of every seed, where `records` may keep the band of all. `digest` is one
    of every byte that was read, "" where that is not known.
    """

    cards: dict[str, TaskCard]
    records: dict[tuple[str, str], Record]
    timings: dict[TimingKey, Timing]
    bad: tuple[BadFile, ...]
    detailed: dict[tuple[str, str], Record] = field(default_factory=dict)
    digest: str = ""

    def bad_record(self, task: str, model: str) -> bool:
        """Whether there is a record of a cell that cannot be read."""
        return any(bad.path == _record_path(task, model) for bad in self.bad)

    def untouchable(self, task: str, model: str = "") -> bool:
        """Whether a file of a cell, or of a task, is of a newer schema: then there is nothing to run for it."""
        paths = {_card_path(task), _record_path(task, model)}
        return any(bad.newer and bad.path in paths for bad in self.bad)

    def untouchable_timing(self, key: TimingKey) -> bool:
        """Whether the file of a timing is of a newer schema."""
        return any(bad.newer and bad.path == _timing_path(*key[:2]) for bad in self.bad)


@dataclass(frozen=True)
class _Seen:
    """A file as it was read: its time, size and number on the disk, its content, and a digest of its bytes."""

    mark: tuple[int, int, int]
    kept: Kept
    digest: str


class Store:
    """A results folder. Only writing needs `prepare` first. A file is parsed once, until it changes."""

    MAX_BYTES = 64 * 2**20
    LOCK_SECONDS = 60.0

    def __init__(self, root: Path) -> None:
        self.root = root
        self._seen: dict[str, _Seen] = {}
        self._lock = FileLock(root / ".lock", timeout=self.LOCK_SECONDS, mode=0o644)

    def prepare(self) -> None:
        """Make the folder and its README if they are missing, and remove what a killed run left half written.

        Raises:
            UsageError: the folder is not ours or not writable.
            StoreError: nothing can be written to it.
        """
        ground.check(self.root)
        with self.writing(lock=False):
            (self.root / "records").mkdir(parents=True, exist_ok=True)
        with self.writing():
            # Whoever writes holds the lock, so no unfinished file is being written now.
            for path in self.root.rglob(f".*{UNFINISHED}"):
                if TEMPORARY.fullmatch(path.name):
                    path.unlink(missing_ok=True)
        if not (self.root / "README.md").exists():
            self.write_text("README.md", ground.README)

    def read(self) -> Contents:
        """Return everything in the folder; a missing folder is an empty one.

        Raises:
            UsageError: a folder in it is a link.
        """
        ground.check_links(self.root)
        bad: list[BadFile] = []
        cards = {card.task: card for _, card in self._load_all(TaskCard, "tasks", bad)}
        records = {(r.task, r.model): r for _, r in self._load_all(Record, "records", bad)}
        files = sorted(self._load_all(ModelTimings, "timing", bad), key=lambda each: _form(*each))
        timings = {timing.key: timing for _, file in files for timing in file.whole}
        digests = sorted((path, seen.digest) for path, seen in self._seen.items())
        return Contents(cards, records, timings, tuple(bad), digest=hashlib.sha256(repr(digests).encode()).hexdigest())

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
                    f"{_path_of(record)} has {len(kept.seeds)} seeds of another make, and is not replaced by "
                    f"{len(record.seeds)}; run as many"
                )
            return record.joined(kept)

        return self._save(record, joined)

    def save_timings(self, *timings: Timing) -> None:
        """Keep timings, each in place of an older one of its machine, model, and shape or task."""
        files: dict[tuple[str, str], list[Timing]] = {}
        for timing in timings:
            files.setdefault(timing.key[:2], []).append(timing)
        for new in files.values():
            self._save(together(new), partial(_with, new))

    def _save(self, new: K, joined: Callable[[K | None], K]) -> K:
        """Write what follows from what is kept, if anything is, and return it.

        Raises:
            StoreError: it could not be written, or would replace a file of a newer schema.
        """
        path = _path_of(new)
        file = self.root / path
        with self.writing():
            kept = None
            if file.exists() or file.is_symlink():
                try:
                    kept = self._load(type(new), path)
                except NewerSchemaError as error:
                    raise StoreError(f"{path}: {error}; it is left as it is") from error
                except (ValueError, OSError):
                    file.rename(_aside(file))
            whole = joined(kept)
            replace(file, (dump_timings(whole) if isinstance(whole, ModelTimings) else dump(whole)).encode())
        return whole

    def log_path(self, task: str, model: str) -> Path:
        """Return where a cell's captured output goes."""
        return self.root / "logs" / task / f"{model}.log"

    def write_text(self, path: str, text: str) -> None:
        """Replace the file at a path in the folder, atomically and durably.

        Raises:
            StoreError: it could not be written; the old file is whole.
        """
        with self.writing():
            replace(self.root / path, text.encode())

    def read_text(self, path: str) -> str | None:
        """Return the text of a file in the folder, or None if there is none."""
        try:
            return (self.root / path).read_text(encoding="utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    def paths(self, *patterns: str) -> list[str]:
        """Return the paths in the folder that match one of the patterns, in order."""
        found = (path for pattern in patterns for path in self.root.glob(pattern))
        return sorted({path.relative_to(self.root).as_posix() for path in found})

    def remove(self, path: str) -> None:
        """Remove a rendered file; kept ones are never removed.

        Raises:
            StoreError: it could not be removed.
        """
        with self.writing():
            (self.root / path).unlink(missing_ok=True)

    @contextlib.contextmanager
    def writing(self, *, lock: bool = True) -> Iterator[None]:
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

    def _load_all(self, kind: type[K], folder: str, bad: list[BadFile]) -> Iterator[tuple[str, K]]:
        paths = sorted(self._files(folder), key=lambda path: path.split("/"))
        there = set(paths)
        for gone in [path for path in self._seen if path.startswith(f"{folder}/") and path not in there]:
            del self._seen[gone]
        for path in paths:
            try:
                yield path, self._load(kind, path)
            except (ValueError, OSError) as error:
                self._seen.pop(path, None)
                bad.append(BadFile(path, first_line(error), newer=isinstance(error, NewerSchemaError)))

    def _files(self, folder: str) -> Iterator[str]:
        """Yield the paths of what is called a JSON file below a folder."""
        # Strings, since there may be thousands, and a path each costs as much as to read it.
        for below, folders, files in os.walk(self.root / folder):
            inner = Path(below).relative_to(self.root).as_posix()
            yield from (f"{inner}/{name}" for name in (*folders, *files) if name.endswith(".json"))

    def _load(self, kind: type[K], path: str) -> K:
        file = self.root / path
        stat = file.lstat()
        if not S_ISREG(stat.st_mode):
            raise ValueError("not a plain file")
        if stat.st_size > self.MAX_BYTES:
            raise ValueError(f"{stat.st_size:,} bytes, more than the {self.MAX_BYTES:,} that are read")
        # Whoever replaces a file gives it another number on the disk, and another time.
        mark = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        seen = self._seen.get(path)
        if seen and seen.mark == mark and isinstance(seen.kept, kind):
            return seen.kept
        text = file.read_text(encoding="utf-8")
        kept = load(kind, text)
        if path not in (_path_of(kept), *_old_paths_of(kept)):
            raise ValueError(f"its content belongs at {_path_of(kept)!r}")
        self._seen[path] = _Seen(mark, kept, hashlib.sha256(text.encode()).hexdigest())
        return kept


def _card_path(task: str) -> str:
    return f"tasks/{task}.json"


def _record_path(task: str, model: str) -> str:
    return f"records/{task}/{model}.json"


def _timing_path(machine: str, model: str) -> str:
    return f"timing/{slug(machine)}/{model}.json"


def _path_of(kept: object) -> str:
    match kept:
        case TaskCard():
            return _card_path(kept.task)
        case Record():
            return _record_path(kept.task, kept.model)
        case ModelTimings():
            return _timing_path(kept.machine, kept.model)
    raise TypeError(f"nothing to keep: {type(kept).__name__}")


def _old_paths_of(kept: object) -> list[str]:
    """Return where a timing lay when it had a file of its own, or was one of a cell; all else lay where it lies."""
    if not isinstance(kept, ModelTimings) or len(kept.timings) > 1:
        return []
    [timing] = kept.whole
    own = f"timing/{slug(kept.machine)}/{kept.model}/{timing.subject}.json"
    return [own] if timing.shape else [own, f"timing/{timing.task}/{kept.model}.json"]


def _form(path: str, kept: ModelTimings) -> tuple[bool, int]:
    """Return the order in which files of timings were first written: of a cell, of a timing, of all of a model."""
    return path == _path_of(kept), path.count("/")


def _with(new: Sequence[Timing], kept: ModelTimings | None) -> ModelTimings:
    return together((*(kept.whole if kept else ()), *new))


def _aside(path: Path) -> Path:
    """Return a free name beside a file that cannot be read and has to make way."""
    names = (path.with_name(f"{path.name}.unreadable-{number}") for number in count(1))
    return next(name for name in names if not (name.exists() or name.is_symlink()))

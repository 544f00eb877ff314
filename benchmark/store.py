"""The only reader and writer of a results folder.

One JSON file per task card, record and timing, replaced whole and atomically under one lock, so
that a run killed at any moment leaves only whole files, and two runs at once lose no seed. A file
that cannot be read is reported and skipped, never deleted.
"""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from benchmark.errors import StoreError, UsageError
from benchmark.record import K, Record, TaskCard, Timing, dump, load

KNOWN = frozenset(
    {"README.md", "tasks", "records", "timing", "logs", "leaderboard.md", "leaderboard.csv", "findings.md"}
    | {"index.html", "plots", "speed.md", "speed.csv"}
)
README = """\
# Results

Written by `python -m benchmark run`; read by `python -m benchmark report`, which needs nothing else.

| what | where |
| --- | --- |
| what each task is: formula, ranges, references | `tasks/<task>.json` |
| what each model did, seed by seed | `records/<task>/<model>.json` |
| how long it took, alone on one thread | `timing/<task>/<model>.json` |
| the board, rendered from the above | `leaderboard.md`, `leaderboard.csv` |
| what cells printed, when they printed anything | `logs/<task>/<model>.log` (not committed) |
"""


@dataclass(frozen=True)
class BadFile:
    """A file in the results folder that cannot be read, by its place in the folder, and why."""

    place: str
    reason: str


@dataclass(frozen=True)
class Contents:
    """Everything readable in a results folder, and everything that is not."""

    cards: dict[str, TaskCard]
    records: dict[tuple[str, str], Record]
    timings: dict[tuple[str, str], Timing]
    bad: tuple[BadFile, ...]


class Store:
    """A results folder. Reading needs nothing; writing needs `prepare` first."""

    MAX_BYTES = 64 * 2**20

    def __init__(self, root: Path) -> None:
        self.root = root

    def check(self) -> None:
        """Refuse a folder that is not ours or cannot be written; touches nothing.

        Raises:
            UsageError: the path is a file, holds something else, or is not writable.
        """
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

    def prepare(self) -> None:
        """Make the folder and its README if they are missing.

        Raises:
            UsageError: the folder is not ours or not writable.
        """
        self.check()
        self._guarded(lambda: (self.root / "records").mkdir(parents=True, exist_ok=True))
        if not (self.root / "README.md").exists():
            self.write_text("README.md", README)

    def read(self) -> Contents:
        """Return everything in the folder; a missing folder is an empty one."""
        bad: list[BadFile] = []
        cards = {card.task: card for card in self._load_all(TaskCard, "tasks/*.json", bad)}
        records = {(r.task, r.model): r for r in self._load_all(Record, "records/*/*.json", bad)}
        timings = {(t.task, t.model): t for t in self._load_all(Timing, "timing/*/*.json", bad)}
        return Contents(cards, records, timings, tuple(bad))

    def save_card(self, card: TaskCard) -> None:
        """Keep the card of a task, in place of an older one."""
        self.write_text(_place(card), dump(card))

    def save_record(self, record: Record) -> Record:
        """Keep a record and return it, joined with the seeds already kept if they are of the same make."""
        place = _place(record)
        with self._lock():
            try:
                kept = self._load(Record, self.root / place)
            except (ValueError, OSError):
                whole = record
            else:
                whole = record.joined(kept)
            self.write_text(place, dump(whole))
        return whole

    def save_timing(self, timing: Timing) -> None:
        """Keep the timing of a cell, in place of an older one."""
        self.write_text(_place(timing), dump(timing))

    def log_path(self, task: str, model: str) -> Path:
        """Return where a cell's captured output goes."""
        return self.root / "logs" / task / f"{model}.log"

    def write_text(self, place: str, text: str) -> None:
        """Replace the file at a place in the folder, atomically and durably.

        Raises:
            StoreError: it could not be written; the old file is whole.
        """
        self._guarded(lambda: _replace(self.root / place, text))

    def read_text(self, place: str) -> str | None:
        """Return the text of a file in the folder, or None if there is none."""
        try:
            return (self.root / place).read_text(encoding="utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    def _lock(self) -> FileLock:
        return FileLock(self.root / ".lock", mode=0o644)

    def _guarded(self, write: object) -> None:
        try:
            write()  # type: ignore[operator]
        except OSError as error:
            raise StoreError(
                f"could not write to {str(self.root)!r}: {error.strerror or error}. Everything written before "
                "is whole; make room or name another folder with --results, and run again"
            ) from error

    def _load_all(self, kind: type[K], pattern: str, bad: list[BadFile]) -> Iterator[K]:
        for path in sorted(self.root.glob(pattern)):
            try:
                yield self._load(kind, path)
            except (ValueError, OSError) as error:
                bad.append(BadFile(str(path.relative_to(self.root)), _first_line(error)))

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


def _place(kept: object) -> str:
    match kept:
        case TaskCard():
            return f"tasks/{kept.task}.json"
        case Record():
            return f"records/{kept.task}/{kept.model}.json"
        case Timing():
            return f"timing/{kept.task}/{kept.model}.json"
    raise TypeError(f"nothing to keep: {type(kept).__name__}")


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    # A validation error names the field in its second line and the trouble in its third.
    return ": ".join(lines[1:3]) if len(lines) > 2 else (lines[0] if lines else type(error).__name__)


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
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

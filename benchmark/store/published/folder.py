"""The files of a published suite: each is written whole or not at all, and read strictly: what is wrong is named."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from benchmark.store.files import first_line, replace
from benchmark.store.local import BadFile
from benchmark.store.published import bands, facts, tables
from benchmark.store.record import CellKey, Curve, Kept, Record, SuiteCard, TaskCard
from benchmark.store.text import NewerSchemaError, dump, unique_keys

FORMAT = facts.FORMAT
TASKS = "tasks.json"
_ENDINGS = (".csv", ".json", ".npz")
_MOST_BYTES = 64 * 2**20
T = TypeVar("T")
P = TypeVar("P", bound=Kept)


class Digest(Protocol):
    """A hash that bytes go into."""

    def update(self, content: bytes, /) -> None:
        """Take in more bytes."""


class _InFileError(ValueError):
    """What is wrong with one file."""

    def __init__(self, file: str, error: Exception) -> None:
        super().__init__(str(error))
        self.bad = BadFile(file, first_line(error), newer=isinstance(error, NewerSchemaError))


class _Tasks(Kept):
    """The suite and the cards of its tasks."""

    format: Literal[1] = 1
    suite: SuiteCard
    cards: dict[str, TaskCard]


@dataclass(frozen=True)
class _Known:
    """What the files of all models rest on."""

    cards: Mapping[str, TaskCard]
    columns: tables.Columns


@dataclass(frozen=True)
class Published:
    """What a suite's folder holds, what of it cannot be read, and a digest of every byte that was read."""

    suite: SuiteCard | None = None
    cards: dict[str, TaskCard] = field(default_factory=dict)
    records: dict[CellKey, Record] = field(default_factory=dict)
    bad: tuple[BadFile, ...] = ()
    digest: str = ""


def write(
    folder: Path, suite: SuiteCard, cards: Mapping[str, TaskCard], models: Mapping[str, Mapping[str, Record]]
) -> None:
    """Write a suite with the cards of its tasks, and the records of some of its models by task; others stay.

    Records keep the slice of every seed, or the curve of all.

    Raises:
        OSError: a file could not be written; it is as it was before.
        ValueError: a record has no stamps.
    """
    # Here, since it needs numpy's statistics only where something is written.
    from benchmark.board.curves import curve_of

    columns = tables.columns_of(cards.values())
    replace(folder / TASKS, dump(_Tasks(suite=suite, cards=dict(sorted(cards.items())))).encode())
    for model, records in models.items():
        lines = {task: tables.lines_of(task, record.seeds, columns) for task, record in sorted(records.items())}
        digests = {
            task: tables.digest(each, facts.offers_of(seeds := records[task].seeds), facts.signs_of(seeds))
            for task, each in lines.items()
        }
        curves = {task: curve_of(cards[task], record) for task, record in records.items()}
        table = tables.written(chain.from_iterable(lines.values()), columns)
        said = facts.dump(facts.facts_of(records, cards, digests))
        drawn = bands.packed({task: curve for task, curve in curves.items() if curve}, cards)
        for ending, content in zip(_ENDINGS, (table.encode(), said.encode(), drawn), strict=True):
            replace(folder / f"{model}{ending}", content)


def _content(path: Path, digest: Digest) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise ValueError("it is missing or no plain file; a model is three files, .csv, .json and .npz")
    if (size := path.stat().st_size) > _MOST_BYTES:
        raise ValueError(f"{size:,} bytes, more than the {_MOST_BYTES:,} that are read")
    content = path.read_bytes()
    digest.update(path.name.encode() + b"\0" + content)
    return content


def _parsed(kind: type[P], content: bytes) -> P:
    try:
        data = json.loads(content, object_pairs_hook=unique_keys)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    number = data.get("format") if isinstance(data, dict) else None
    if isinstance(number, int) and number > FORMAT:
        raise NewerSchemaError(f"format {number} is newer than this code, which reads {FORMAT}; update the checkout")
    return kind.model_validate_json(content, strict=True)


def _in(path: Path, read: Callable[[bytes], T], digest: Digest) -> T:
    """Return what is read from a file, whose bytes go into a digest.

    Raises:
        _InFileError: something is wrong with it.
    """
    try:
        return read(_content(path, digest))
    except (ValueError, OSError) as error:
        raise _InFileError(path.name, error) from error


def _alike(said: facts.ModelFacts) -> Record:
    """Return what all records of a model say alike; `_own` says the rest."""
    own = dict.fromkeys(Record.model_fields)
    alike = {
        "model": said.model,
        "model_title": said.title,
        "model_source": said.source,
        "model_tags": said.tags,
        "model_origin": said.origin,
        "schema_version": Record.model_fields["schema_version"].default,
    }
    return Record.model_construct(**own | alike)


def _own(
    task: str, said: facts.ModelFacts, *, lines: Sequence[str], curve: Curve | None, known: _Known
) -> dict[str, object]:
    """Return what the record of a cell says for itself.

    Raises:
        ValueError: its three parts do not belong together.
    """
    cell, card = said.cells[task], known.cards.get(task)
    if card is None:
        raise ValueError(f"{task} is no task of the suite, by {TASKS}")
    tables.check(lines, known.columns.rows_of(card), card.task)
    seeds = tables.Seeds(tuple(lines), card, known.columns, partial(facts.said_of, said, cell))
    tables.check_order(seeds.endings, task)
    if tables.digest(lines, cell.offers, cell.signs) != cell.digest:
        raise ValueError(
            f"the rows of {task} are not those that were published: a figure was edited by hand, or one of the two "
            "files is another version's; take back both, or publish the cell again"
        )
    facts.check(cell, len(lines))
    fields = facts.fields_of(said, cell)
    return {
        **fields,
        "task": task,
        "task_stamp": fields["task_stamp"] or card.stamp,
        "curve": curve,
        "seeds": seeds,
    }


def _model(folder: Path, model: str, known: _Known, digest: Digest) -> Iterator[Record | BadFile]:
    """Yield the records of a model from its three files, and what is wrong with single cells.

    Raises:
        _InFileError: one of the files cannot be read at all.
    """
    said = _in(folder / f"{model}.json", partial(_parsed, facts.ModelFacts), digest)
    if said.model != model:
        raise _InFileError(f"{model}.json", ValueError(f"it is of the model {said.model!r}; name the file after it"))
    rows = _in(folder / f"{model}.csv", lambda content: tables.read_lines(content.decode(), known.columns), digest)
    curves = _in(folder / f"{model}.npz", bands.unpacked, digest)
    alike = _alike(said)
    for task in sorted(rows.keys() | said.cells.keys()):
        try:
            if task not in said.cells:
                raise ValueError(f"it has rows of {task}, and {model}.json says nothing of it")
            own = _own(task, said, lines=rows.get(task, []), curve=curves.get(task), known=known)
        except ValueError as error:
            yield BadFile(f"{model}.csv", first_line(error))
        else:
            # All of it has been looked at, some for all cells at once; to copy is half the price of to make.
            yield alike.model_copy(update=own)


def read_cards(folder: Path) -> dict[str, TaskCard]:
    """Return the cards in the folder of a suite, none where they cannot be read."""
    try:
        return _in(folder / TASKS, partial(_parsed, _Tasks), hashlib.sha256()).cards
    except _InFileError:
        return {}


def read(folder: Path) -> Published:
    """Return everything in the folder of a suite that can be read, and what cannot."""
    digest = hashlib.sha256()
    try:
        tasks = _in(folder / TASKS, partial(_parsed, _Tasks), digest)
    except _InFileError as error:
        return Published(bad=(error.bad,), digest=digest.hexdigest())
    known = _Known(tasks.cards, tables.columns_of(tasks.cards.values()))
    records: dict[CellKey, Record] = {}
    bad: list[BadFile] = []
    models = {path.stem for path in folder.iterdir() if path.suffix in _ENDINGS and path.name != TASKS}
    for model in sorted(models):
        try:
            for found in _model(folder, model, known, digest):
                if isinstance(found, BadFile):
                    bad.append(found)
                else:
                    records[found.task, model] = found
        except _InFileError as error:
            bad.append(error.bad)
    return Published(tasks.suite, tasks.cards, records, tuple(bad), digest.hexdigest())

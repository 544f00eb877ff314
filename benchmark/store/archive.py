"""What a results folder holds, in whatever form: as it is published, as a run keeps it, or as it was before suites.

A published folder has a folder for each suite (see `benchmark.store.published`) and one for what findings need seed by
seed, which is kept as a run keeps it.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmark.environment import LOCAL
from benchmark.errors import UsageError
from benchmark.store import published
from benchmark.store.files import uncollected
from benchmark.store.local import BadFile, Contents, Store
from benchmark.store.record import Record, TaskCard

FINDINGS = "findings"


def suite_folders(folder: Path) -> list[Path]:
    """Return the folders of the suites that are published in a results folder."""
    return sorted(path.parent for path in folder.glob(f"*/{published.TASKS}") if path.parent.name != LOCAL.name)


def is_published(folder: Path) -> bool:
    """Whether a results folder holds what is published, not what a run keeps."""
    return bool(suite_folders(folder)) or (folder / FINDINGS).is_dir()


def findings_store(folder: Path) -> Store:
    """Return what findings need seed by seed, in a published folder."""
    return Store(folder / FINDINGS)


def _elsewhere(folder: str, bad: tuple[BadFile, ...]) -> tuple[BadFile, ...]:
    return tuple(replace(each, path=f"{folder}/{each.path}") for each in bad)


def _together(digests: list[str]) -> str:
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def cards(folder: Path) -> dict[str, TaskCard]:
    """Return the cards of published tasks, as far as they can be read."""
    found: dict[str, TaskCard] = {}
    for suite in suite_folders(folder):
        found |= published.read_cards(suite)
    return found


@uncollected()
def read(folder: Path) -> Contents:
    """Return everything in a results folder; a missing one is an empty one.

    Raises:
        UsageError: it holds two forms at once, as after half a conversion.
    """
    rest = Store(folder).read()
    if not is_published(folder):
        return rest
    if (folder / "records").is_dir():
        raise UsageError(
            f"results folder {str(folder)!r} holds records/ beside suites: the form before suites beside that of "
            "today, as after half a conversion. Nothing in it is lost: put records/, tasks/ and timing/ into a folder "
            "of their own, and `python -m benchmark publish --from FOLDER` takes from there what is complete"
        )
    whole = findings_store(folder).read()
    cards, records = dict(whole.cards), dict(whole.records)
    bad, digests = (*_elsewhere(FINDINGS, whole.bad), *rest.bad), [whole.digest, rest.digest]
    for suite in suite_folders(folder):
        found = published.read(suite)
        cards |= found.cards
        records |= found.records
        bad += _elsewhere(suite.name, found.bad)
        digests.append(f"{suite.name} {found.digest}")
    return Contents(cards, records, rest.timings, bad, detailed=whole.records, digest=_together(digests))


def joined(local: Contents, known: Contents, *, holds: Callable[[Record], bool]) -> Contents:
    """Return what a run keeps and what is published as one: seeds of one make together, else what `holds`.

    Of two records that hold or do not hold alike, the one with more seeds counts: nothing is replaced by less. Of
    equally many the run's own count.
    """
    records = dict(known.records)
    chosen = []
    for cell_id, mine in local.records.items():
        theirs = records.get(cell_id)
        if theirs is None:
            records[cell_id] = mine
        elif mine.same_make(theirs):
            records[cell_id] = mine.joined(theirs)
        else:
            records[cell_id] = max((mine, theirs), key=lambda record: (holds(record), len(record.seeds)))
            chosen.append(f"{cell_id} {records[cell_id] is mine}")
    return Contents(
        known.cards | local.cards,
        records,
        known.timings | local.timings,
        (*known.bad, *local.bad),
        detailed=known.detailed | local.records,
        digest=_together([local.digest, known.digest, *chosen]) if local.digest and known.digest else "",
    )

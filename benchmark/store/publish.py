"""Takes what is complete out of a run's own folder into what is published: the only writer of `results/<suite>/`.

A model is taken for a suite when all of its cells are there, hold for today's code, were made from a commit, and come
from this project's own files. What a finding needs is taken cell by cell. Nothing is replaced by less.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmark.store import published
from benchmark.store.archive import findings_store
from benchmark.store.local import Contents, Store
from benchmark.store.published.tables import columns_of
from benchmark.store.record import BASELINE, OFF_BOARD, CellKey, Record, SuiteCard, TaskCard
from benchmark.store.stamp import TASK, same
from benchmark.store.timings import Timing
from benchmark.words import counted, first_of
from tasks.variant import VARIANT

# Says in words why a record does not hold for today's code, "" where it does.
Stale = Callable[[Record], str]
# Whether a card is that of today's task.
CardHolds = Callable[[TaskCard], bool]
# How the origin of this project's own models begins: those of the board, and those that a page needs.
ROOM, ROOMS_OF_PAGES = "models/", ("findings/", "calibration/")


@dataclass(frozen=True)
class Refused:
    """A model, or a cell that a finding needs, that is not published, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Parcel:
    """What is to be published of one suite, or for the findings: the new records, and what is refused."""

    records: Mapping[CellKey, Record]
    taken: tuple[str, ...]
    refused: tuple[Refused, ...]

    @property
    def models(self) -> dict[str, dict[str, Record]]:
        """The records by model, and then by task."""
        found: dict[str, dict[str, Record]] = {}
        for (task, model), record in self.records.items():
            found.setdefault(model, {})[task] = record
        return found


def _unfit(record: Record, stale: Stale) -> str:
    """Return in words why a record cannot be published, "" where it can."""
    # A record of a file that was moved here since holds, and would keep its origin.
    if not record.model_origin.startswith((ROOM, *ROOMS_OF_PAGES)):
        return (
            f"it comes from {record.model_origin}, and what is published comes from a file in {ROOM}; put the model "
            "there, commit it, and run it with --fresh"
        )
    if any(environment.modified is not False for environment in (record.environment, *record.environments)):
        return (
            "it was made from files that were not committed, so that nobody could make it again; commit them, and run "
            "it with --fresh"
        )
    return stale(record)


def _lacks(record: Record | None, seeds: int) -> bool:
    return record is None or not set(range(seeds)) <= {outcome.seed for outcome in record.seeds}


def _why_not(records: Mapping[str, Record | None], suite: SuiteCard, stale: Stale) -> str:
    """Return in words why a model's records, by task, cannot be published for a suite; "" where they can."""
    lacking = [task for task, record in records.items() if _lacks(record, suite.seeds)]
    if lacking:
        there = len(suite.tasks) - len(lacking)
        return (
            f"{there} of {len(suite.tasks)} tasks of suite {suite.name} with {counted(suite.seeds, 'seed')}; it lacks "
            f"{first_of(lacking)}"
        )
    unfit = {task: why for task, record in records.items() if record and (why := _unfit(record, stale))}
    return f"{first_of([*unfit])}: {next(iter(unfit.values()))}" if unfit else ""


def _whole(mine: Record | None, theirs: Record | None, seeds: int) -> Record | None:
    """Return the record to be published: the new one, with seeds of the same make that it lacks."""
    if mine is None:
        return theirs
    # Its own curves are those of all its seeds: those that are published keep none.
    return mine.joined(theirs) if theirs and _lacks(mine, seeds) else mine


def for_suite(suite: SuiteCard, local: Contents, known: Contents, *, stale: Stale) -> Parcel:
    """Return what there is to publish of a suite: every model that is complete and has something new."""
    new: dict[CellKey, Record] = {}
    models = {model for task, model in local.records if task in suite.tasks}
    taken, refused = [], []
    for model in sorted(models):
        mine = {task: local.records.get((task, model)) for task in suite.tasks}
        if OFF_BOARD & {tag for record in mine.values() if record for tag in record.model_tags}:
            continue
        whole = {t: _whole(record, known.records.get((t, model)), suite.seeds) for t, record in mine.items()}
        if why := _why_not(whole, suite, stale):
            refused.append(Refused(model, why))
        else:
            taken.append(model)
            new |= {(task, model): record for task, record in whole.items() if record}
    return Parcel(new, tuple(taken), tuple(refused))


def together(parcels: Iterable[Parcel], suite: SuiteCard, known: Contents) -> Parcel:
    """Return what is to be published in the folder of a suite, given what there is for the suites that fill it.

    The files of a model are written whole: what is published of it there, is published again.
    """
    new: dict[CellKey, Record] = {}
    taken: set[str] = set()
    for parcel in parcels:
        new |= parcel.records
        taken |= {*parcel.taken}
    tasks = {*suite.tasks}
    new = {cell_id: record for cell_id, record in new.items() if cell_id[0] in tasks}
    kept = {cell_id: record for cell_id, record in known.records.items() if cell_id[0] in tasks and cell_id[1] in taken}
    return Parcel(kept | new, tuple(sorted(taken)), ())


def varied_cells(local: Contents, seeds: int) -> dict[CellKey, int]:
    """Return the cells of variants of tasks that a run has made on the board's models, and how many seeds each needs.

    They are published beside what findings need, seed by seed: no suite has them.
    """
    variants = {task for task, card in local.cards.items() if VARIANT in card.tags}
    return {
        cell_id: seeds
        for cell_id, record in local.records.items()
        if cell_id[0] in variants and not record.quick and not OFF_BOARD & {*record.model_tags}
    }


def _as_published(record: Record, card: TaskCard | None) -> Record:
    """Return a record as it is published: of a variant nobody looks at what each seed predicts along the slice."""
    if card is None or VARIANT not in card.tags:
        return record
    return record.model_copy(
        update={"seeds": tuple(outcome.model_copy(update={"slice": ()}) for outcome in record.seeds)}
    )


def for_findings(
    needed: Mapping[CellKey, int], detailed: Collection[CellKey], local: Contents, known: Contents, *, stale: Stale
) -> Parcel:
    """Return what there is to publish for the pages that need cells seed by seed.

    That are cells that no suite has, or not with as many seeds, and the `detailed` ones of suites.
    """
    kept: dict[CellKey, Record] = {}
    taken, refused = [], []
    for cell_id, n in sorted(needed.items()):
        mine, theirs = local.records.get(cell_id), known.detailed.get(cell_id)
        enough = not _lacks(known.records.get(cell_id), n)
        if mine is None or (enough and not theirs and cell_id not in detailed):
            continue
        name = " / ".join(cell_id)
        whole = _whole(mine, theirs, n)
        assert whole is not None
        if _lacks(whole, n):
            refused.append(Refused(name, f"{len(whole.seeds)} of the {counted(n, 'seed')} that findings need"))
        elif why := _unfit(whole, stale):
            refused.append(Refused(name, why))
        else:
            taken.append(name)
            kept[cell_id] = _as_published(whole, local.cards.get(cell_id[0]))
    return Parcel(kept, tuple(taken), tuple(refused))


def cards_for(tasks: Iterable[str], local: Contents, known: Contents, *, holds: CardHolds) -> dict[str, TaskCard]:
    """Return the cards of tasks: those that are published where they hold, else those that a run has made."""
    kept = {task: card for task, card in known.cards.items() if task not in local.cards or holds(card)}
    cards = known.cards | local.cards | kept
    return {task: cards[task] for task in tasks if task in cards}


def _renewed(old: TaskCard, new: TaskCard | None, holds: CardHolds) -> bool:
    """Whether a card takes the place of a published one while the published figures stay: it scores alike."""
    if new is None or holds(old) or not holds(new) or new.environment.modified is not False:
        return False
    alike = (old.version, columns_of([old])) == (new.version, columns_of([new]))
    return alike and same(old.stamp, new.stamp, TASK)


def renewed_cards(published: Mapping[str, TaskCard], local: Contents, *, holds: CardHolds) -> dict[str, TaskCard]:
    """Return those of a run's cards that say more or otherwise of tasks whose published figures hold as they are."""
    return {
        task: local.cards[task]
        for task, card in sorted(published.items())
        if _renewed(card, local.cards.get(task), holds)
    }


def write(folder: Path, suite: SuiteCard, parcel: Parcel, cards: Mapping[str, TaskCard]) -> None:
    """Write what is published of a suite; a second one who publishes waits.

    Raises:
        StoreError: it could not be written, or somebody else publishes.
    """
    with Store(folder).writing():
        published.write(folder / suite.name, suite, cards, parcel.models)


def timings_for(models: Collection[str], local: Contents) -> list[Timing]:
    """Return the seconds of models, and of the baseline on the machines where they were timed."""
    kept = [timing for timing in local.timings.values() if not timing.quick]
    machines = {timing.environment.machine for timing in kept if timing.model in models}
    return [t for t in kept if t.model in models or (t.model == BASELINE and t.environment.machine in machines)]


def write_findings(folder: Path, parcel: Parcel, cards: Mapping[str, TaskCard]) -> None:
    """Write what findings need seed by seed, and the cards of its tasks."""
    if not (parcel.records or cards):
        return
    store = findings_store(folder)
    store.prepare()
    for card in cards.values():
        store.save_card(card)
    for record in parcel.records.values():
        store.save_record(record)

"""Publishes what is complete: takes it into `results/`, and renders the board and the README."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from benchmark.catalogue.suites import core, shelves
from benchmark.environment import RESULTS
from benchmark.errors import CheckFailedError, UsageError
from benchmark.reporting import render
from benchmark.run.choice import everything, require_libraries, with_variants_named
from benchmark.run.needed import most, needed_by
from benchmark.run.observed import PLACE, observe, together
from benchmark.run.options import RunOptions
from benchmark.run.shelf import Shelf, published_in
from benchmark.run.work import Progress
from benchmark.store import archive, publish
from benchmark.store.local import Contents, Store
from benchmark.store.publish import Parcel, Refused


@dataclass(frozen=True)
class Publication:
    """What was published, by suite and for the findings, and the top of the board that follows."""

    taken: dict[str, tuple[str, ...]]
    refused: dict[str, tuple[Refused, ...]]
    top: str


def _shelf(stores: Sequence[Store], options: RunOptions, each: Collection[Contents], progress: Progress) -> Shelf:
    """Return what is in folders and what is published, with what the tasks and models of the folders do today."""
    names = {task for one in each for task in (*one.cards, *(task for task, _ in one.records))}
    found = with_variants_named(everything(options), names)
    tasks = [entry for name, entry in found.tasks.items() if name in names]
    names = {model for one in each for _, model in one.records}
    models = [entry for name, entry in found.models.items() if name in names]
    require_libraries([*tasks, *models])
    practice = observe(
        [*tasks, *models], together(store.read_text(PLACE) for store in stores), options=options, progress=progress
    )
    return Shelf(stores[0], options, found, practice, published_in(options))


def _readable(contents: Contents, folder: Path) -> Contents:
    """Refuse to publish over, or from, what cannot be read.

    Raises:
        CheckFailedError: with the files.
    """
    if contents.bad:
        why = "; ".join(map(str, contents.bad))
        raise CheckFailedError(f"nothing is published, since something in {str(folder)!r} cannot be read: {why}")
    return contents


def _source(folder: Path) -> Store:
    """Return a folder of a run.

    Raises:
        UsageError: there is no such folder, or it is what is published.
    """
    if not folder.is_dir():
        raise UsageError(f"there is no folder {str(folder)!r} to publish from; `nox -s bench` makes results/local")
    if archive.is_published(folder):
        raise UsageError(f"{str(folder)!r} holds what is published already; name a folder that a run has written")
    return Store(folder)


def publish_from(sources: Sequence[Path], *, jobs: int, progress: Progress) -> Publication:
    """Take what is complete in folders of runs, read as one, into what is published; render the board and the README.

    Raises:
        UsageError: there is no such folder, or it is what is published.
        CheckFailedError: something cannot be read.
        StoreError: something could not be written.
    """
    # Here: what findings look at is told by what reads records.
    from findings.claims import curves_read

    stores = [_source(folder) for folder in sources]
    each = [_readable(store.read(), store.root) for store in stores]
    options = RunOptions(results=stores[0].root, published=RESULTS, jobs=jobs)
    shelf = _shelf(stores, options, each, progress)
    local = reduce(lambda one, more: archive.joined(more, one, holds=lambda record: not shelf.stale(record)), each)
    known = _readable(shelf.published, RESULTS)
    taken: dict[str, tuple[str, ...]] = {}
    refused: dict[str, tuple[Refused, ...]] = {}

    def note(name: str, parcel: Parcel) -> None:
        taken[name], refused[name] = parcel.taken, parcel.refused

    renewed: set[str] = set()
    folders = archive.suite_folders(RESULTS)
    for suite, parts in ((each.suite, each.parts) for each in shelves()):
        parcels = {part.name: publish.for_suite(part, local, known, stale=shelf.stale) for part in parts}
        for name, parcel in parcels.items():
            note(f"suite {name}", parcel)
        there = suite.tasks if RESULTS / suite.name in folders else ()
        cards = {task: known.cards[task] for task in there if task in known.cards}
        new = publish.renewed_cards(cards, local, holds=shelf.card_holds)
        parcel = publish.together(parcels.values(), suite, known)
        if parcel.taken:
            filled = {*there, *(task for task, _ in parcel.records)}
            cards = publish.cards_for(sorted(filled), local, known, holds=shelf.card_holds)
        if parcel.taken or new:
            publish.write(RESULTS, suite, parcel, cards | new)
        if parcel.taken:
            Store(RESULTS).save_timings(*publish.timings_for(parcel.taken, local))
        renewed |= new.keys()
    whole = archive.joined(local, known, holds=lambda record: not shelf.stale(record))
    detailed = curves_read(whole.cards, whole.records | whole.detailed)
    needed = publish.varied_cells(local, core().seeds) | most(needed_by().values())
    parcel = publish.for_findings(needed, detailed, local, known, stale=shelf.stale)
    note("findings", parcel)
    cards = publish.renewed_cards(archive.findings_store(RESULTS).read().cards, local, holds=shelf.card_holds)
    renewed |= cards.keys()
    tasks = {task for task, _ in parcel.records}
    publish.write_findings(RESULTS, parcel, cards | publish.cards_for(tasks, local, known, holds=shelf.card_holds))
    taken["cards of tasks alone"] = tuple(sorted(renewed))
    return Publication(taken, refused, render(Store(RESULTS), archive.read(RESULTS)))

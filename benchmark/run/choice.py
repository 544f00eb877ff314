"""Finds what there is and what the options choose of it, and refuses what cannot be run here."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from benchmark.catalogue import fingerprint, imports
from benchmark.catalogue.plugins import discover
from benchmark.catalogue.registry import Catalogue, Entry, Origin, as_variant
from benchmark.catalogue.suites import require_tasks, suites_named
from benchmark.errors import UsageError
from benchmark.run.needed import most, needed_by
from benchmark.run.options import SEEDS, RunOptions
from benchmark.run.plan import Selection, select
from benchmark.store import archive, ground
from benchmark.store.local import Store
from benchmark.store.record import OFF_BOARD, PAGES, CellKey
from tasks.suites import SUITES, seeds_of
from tasks.variant import VARIANT, Variant, parsed


def _of_suites(selection: Selection) -> dict[CellKey, int]:
    """Return how many seeds the suites ask for, of the selected cells that are not to have the usual number."""
    fewer = {name: n for entry in selection.tasks if (n := seeds_of(name := entry.name)) != SEEDS}
    return {(task.name, model.name): fewer[task.name] for task, model in selection.cells() if task.name in fewer}


def _selection(found: Catalogue, options: RunOptions) -> Selection:
    """Return what the options select; some tags stand for cells that the findings or the calibration need.

    Each of those has the seeds that its page needs, unless the options name another number.
    """
    tags = set(options.tags)
    needed = needed_by() if (PAGES | OFF_BOARD) & tags else {}
    suites = suites_named(options.suites)
    selection = select(
        found, tasks=options.tasks, models=options.models, tags=options.tags, suites=suites, needed=needed
    )
    if options.seeds is None:
        asked = most(seeds for tag, seeds in needed.items() if tag in tags or OFF_BOARD & tags)
        selection = replace(selection, n_seeds=_of_suites(selection) | asked)
    if options.variants:
        selection = varied(selection, options.variants)
    if options.shard is None:
        return selection
    k, n = options.shard
    # What is published is the same on every machine, what another run has kept is not.
    return selection.sharded(k, n, known=archive.read(options.published).records if options.published else ())


def varied(selection: Selection, variants: Sequence[Variant]) -> Selection:
    """Return a selection with these variants of each task in its place.

    Raises:
        UsageError: a task has no such variant.
    """
    return selection.varied({task.name: [as_variant(task, each) for each in variants] for task in selection.tasks})


def with_variants(found: Catalogue, selection: Selection) -> Catalogue:
    """Return everything there is, with the selected variants.

    Raises:
        UsageError: a variant has the name of a task.
    """
    variants = {task.name: task for task in selection.tasks if VARIANT in task.tags}
    if both := sorted(variants.keys() & found.tasks.keys()):
        raise UsageError(f"task {both[0]!r} is there already, as a task of its own; run it by --task {both[0]}")
    return replace(found, tasks=MappingProxyType({**found.tasks, **variants}))


def with_variants_named(found: Catalogue, names: Iterable[str]) -> Catalogue:
    """Return everything there is, with the variants that some names mean: of tasks that are kept, not selected."""
    variants: dict[str, Entry] = {}
    for name in names:
        meant = None if name in found.tasks else parsed(name)
        if meant is not None and meant[0] in found.tasks:
            # What is no variant of today's task is kept all the same, and holds no more.
            with suppress(UsageError):
                variants[name] = as_variant(found.tasks[meant[0]], meant[1])
    return replace(found, tasks=MappingProxyType({**found.tasks, **variants}))


def with_kinds(found: Catalogue, published: Path | None) -> Catalogue:
    """Return everything there is, each published task with the tags that were computed of its function."""
    cards = archive.cards(published) if published else {}
    tagged = {
        name: replace(task, tags=tuple(dict.fromkeys((*task.tags, *cards[name].kinds)))) if name in cards else task
        for name, task in found.tasks.items()
    }
    return replace(found, tasks=MappingProxyType(tagged))


def everything(options: RunOptions) -> Catalogue:
    """Return all tasks and models there are.

    Raises:
        UsageError: a plugin or a suite cannot be used.
    """
    imports.forget()
    found = discover(options.plugins, options.import_limits)
    for suite in SUITES.values():
        require_tasks(suite, found.tasks)
    for entry in (*found.tasks.values(), *found.models.values()):
        # All that decides a number is read now: a plugin may change or vanish while its cells run.
        fingerprint.read(entry)
    return found


def choose(options: RunOptions) -> tuple[Store, Catalogue, Selection]:
    """Return the results folder, everything there is, and what of it the options select.

    Raises:
        UsageError: the folder, a plugin, a suite or a name cannot be used.
        NothingSelectedError: the options select nothing.
    """
    store = Store(options.results)
    ground.check(store.root)
    found = everything(options)
    if options.tags:
        found = with_kinds(found, options.published)
    selection = _selection(found, options)
    return store, with_variants(found, selection), selection


def require_libraries(entries: Iterable[Entry]) -> None:
    """Refuse to run what would fail for want of a library: that is no result.

    Raises:
        UsageError: a file imports a module that is not there.
    """
    for entry in entries:
        if absent := imports.missing(Path(entry.file)):
            installs = f"--model {entry.name}" if entry.group else " ".join(f"--install {name}" for name in absent)
            raise UsageError(
                f"{entry.kind} {entry.name!r} imports {', '.join(map(repr, absent))}, which is not installed here; "
                f"`nox -s bench -- {installs}` installs it, or leave the {entry.kind} out with --{entry.kind}"
            )


def require_whole(origins: Iterable[Origin]) -> None:
    """Refuse to take a plugin to a cluster without the files that it imports from beside it.

    Raises:
        UsageError: a plugin file has such files.
    """
    for origin in origins:
        if origin.kind != "file":
            continue
        file = Path(origin.where)
        beside = [path.name for path in imports.sources(file) if path != file and file.parent in path.parents]
        if beside:
            raise UsageError(
                f"{origin.title} imports what lies beside it ({', '.join(beside)}), which does not travel to the "
                "workers of a cluster; put all into one file, or into a distribution that is installed there"
            )

"""Renders what a results folder holds, checks what is rendered, and compares two folders."""

from pathlib import Path

from benchmark.board.tolerance import PUBLISHED, Tolerance
from benchmark.catalogue.registry import unknown
from benchmark.environment import CHECKOUT, LOCAL, RESULTS, machine
from benchmark.errors import CheckFailedError, UsageError
from benchmark.render import boards_in, stale
from benchmark.render import render as render_folder
from benchmark.show.readme import with_parts
from benchmark.store import archive, ground
from benchmark.store.local import BadFile, Contents, Store
from benchmark.store.revision import results_of

README = CHECKOUT / "README.md"


def _here(store: Store) -> str:
    # Who looks at a board of this machine wants its seconds; what is published is the same for everyone.
    return machine() if store.root.resolve() == LOCAL else ""


def render(store: Store, contents: Contents) -> str:
    """Write the board from what is known into a folder, into the README too where the folder is what is published.

    Returns its top.
    """
    parts = render_folder(store, contents, here=_here(store))
    if store.root.resolve() == RESULTS and README.is_file():
        old = README.read_text(encoding="utf-8")
        new = with_parts(old, parts)
        if new != old:
            # Beside the folder, under the folder's own lock: the checkout is no results folder.
            store.write_text("../README.md", new)
    return parts["top"]


def _existing(results: Path) -> Store:
    if not results.exists():
        raise UsageError(f"there is no results folder {str(results)!r}; name one that a run has written")
    ground.check(results)
    return Store(results)


def contents_of(results: Path) -> Contents:
    """Return what a results folder holds; this checkout's own work is seen together with what is published here."""
    if results.resolve() != LOCAL:
        return archive.read(results)
    # What was made here is shown, whatever became of the code since.
    return archive.joined(archive.read(results), archive.read(RESULTS), holds=lambda _: True)


def folder_of(results: Path, tolerance: Tolerance) -> Path:
    """Return where the board of a results folder is rendered: in it, or at another tolerance in a folder of its own."""
    if tolerance.is_published:
        return results
    root = results.resolve()
    # Nothing but this project's own lies in the folder of what is published.
    beside = RESULTS.with_name(f"{RESULTS.name}-{LOCAL.name}") if root == LOCAL else root
    return beside.with_name(f"{beside.name}-tolerance-{tolerance.solved}")


def report(results: Path, tolerance: Tolerance = PUBLISHED) -> tuple[str, tuple[BadFile, ...]]:
    """Render a results folder from its records alone; return the top of the board and unreadable files.

    At another tolerance than the published one the folder itself is left as it is: see `folder_of`.

    Raises:
        UsageError: there is no such folder.
    """
    store = _existing(results)
    contents = contents_of(results)
    if not tolerance.is_published:
        apart = folder_of(results, tolerance)
        ground.check(apart)
        parts = render_folder(Store(apart), contents, here=_here(store), tolerance=tolerance)
        return parts["leaderboard"], contents.bad
    if not archive.is_published(results):
        store.prepare()
    return render(store, contents), contents.bad


def export(results: Path, form: str, tolerance: Tolerance = PUBLISHED) -> str:
    """Return the board of a results folder in another form: one of `benchmark.show.exports.EXPORTS`.

    Raises:
        UsageError: there is no such folder, or no such form.
        CheckFailedError: a record cannot be read.
    """
    from benchmark.show.exports import EXPORTS

    if form not in EXPORTS:
        raise unknown("form", form, EXPORTS)
    store = _existing(results)
    contents = contents_of(results)
    if contents.bad:
        raise CheckFailedError(f"{str(results)!r} cannot be exported: {'; '.join(map(str, contents.bad))}")
    return EXPORTS[form](boards_in(contents, here=_here(store), tolerance=tolerance))


def check_report(results: Path) -> None:
    """Refuse rendered files that do not follow from the records beside them.

    Raises:
        UsageError: there is no such folder.
        CheckFailedError: a file is missing or differs, or a record cannot be read.
    """
    store = _existing(results)
    contents = contents_of(results)
    paths, parts = stale(store, contents, here=_here(store))
    wrong = [str(bad) for bad in contents.bad]
    wrong += [f"{path} does not follow from the records" for path in paths]
    if store.root.resolve() == RESULTS and README.is_file():
        old = README.read_text(encoding="utf-8")
        wrong += ["README.md does not show what they give"] if with_parts(old, parts) != old else []
    if wrong:
        raise CheckFailedError("; ".join(wrong) + ". Run `nox -s report` and commit what it writes")


def compare_models(results: str, first: str, second: str) -> str:
    """Return where the second of two models is worse or better than the first, as markdown.

    `results` is a results folder or a git revision.

    Raises:
        UsageError: there is no such folder, or one of the models has no cell in it.
        CheckFailedError: a file of it cannot be read.
    """
    from benchmark.board.compare import Kept, comparison, of_model
    from benchmark.show.changes import render_comparison

    with results_of(results, RESULTS) as folder:
        contents = contents_of(folder)
    if contents.bad:
        raise CheckFailedError(f"{results!r} cannot be read: {'; '.join(map(str, contents.bad))}")
    models = sorted({model for _, model in contents.records})
    for name in (first, second):
        if name not in models:
            raise unknown("model with a record", name, models)
    kept = Kept(contents.cards, contents.records)
    return render_comparison(comparison(of_model(kept, first), of_model(kept, second)), first, second, models=True)


def compare(before: str, after: str) -> tuple[str, bool]:
    """Return what changed between two results folders or git revisions, as markdown, and whether something got worse.

    Raises:
        UsageError: one of them is neither.
        CheckFailedError: there is nothing to compare, or a file of theirs cannot be read.
    """
    # Here, since importing these takes longer than a run with nothing to do.
    from benchmark.board.compare import Kept, comparison
    from benchmark.show.changes import render_comparison

    sides = []
    for name in (before, after):
        with results_of(name, RESULTS) as folder:
            contents = contents_of(folder)
        if contents.bad or not contents.records:
            why = "; ".join(map(str, contents.bad)) or "it holds no records"
            raise CheckFailedError(f"{name!r} cannot be compared: {why}")
        sides.append(Kept(contents.cards, contents.records))
    found = comparison(*sides)
    return render_comparison(found, before, after), bool(found.worse)

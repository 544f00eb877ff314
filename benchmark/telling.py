"""What a run says of itself at its beginning and its end, line by line, for the person at the keyboard."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmark.pipeline import Plan, Summary
from benchmark.run.work import Trouble
from benchmark.store.local import BadFile
from benchmark.words import counted, ended, first_of


def shown(path: Path) -> str:
    """Return a path as short as it can be named from here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def of_plan(plan: Plan) -> Iterator[str]:
    """Yield what would be run, and why."""
    yield from (f"task      {entry.name}: {reason}" for entry, reason in plan.cards)
    yield from (f"accuracy  {cell.name}, {counted(len(cell.seeds), 'seed')}: {cell.reason}" for cell in plan.cells)
    yield from (f"timing    {cell.name}: {cell.reason}" for cell in plan.timings)
    for cell in plan.audited:
        yield f"audit     {cell.name}, {counted(len(cell.seeds), 'seed')}: published, drawn by the commit"
    yield f"{counted(len(plan.cells), 'cell')} to run, {len(plan.timings)} known to be timed"
    if plan.n_failed:
        seeds, them = counted(plan.n_failed, "seed"), "it" if plan.n_failed == 1 else "them"
        yield f"{seeds} failed before; --retry-failed runs {them} again"


def of_troubles(troubles: Iterable[Trouble]) -> Iterator[str]:
    """Yield a line for each thing that went wrong; what is wrong with many cells of a model alike is told once."""
    alike: dict[tuple[str, str, str], list[Trouble]] = {}
    for trouble in troubles:
        alike.setdefault((trouble.model or trouble.name, trouble.status, trouble.reason), []).append(trouble)
    for (_, status, reason), same in alike.items():
        more = f" (and {counted(len(same) - 1, 'cell')} more)" if len(same) > 1 else ""
        log = same[0].log
        where = f" Its output: {shown(log)}" if log and log.exists() else ""
        yield f"{status}: {same[0].name}{more}: {ended(reason) if where else reason}{where}"


def of_bad_files(bad_files: Iterable[BadFile], results: Path) -> Iterator[str]:
    """Yield the files of a results folder that cannot be read."""
    yield from (f"unreadable, skipped: {shown(results / bad.path)}: {bad.reason}" for bad in bad_files)


def of_summary(summary: Summary, results: Path) -> Iterator[str]:
    """Yield how a run ended."""
    yield from of_troubles(summary.troubles)
    yield from of_bad_files(summary.bad_files, results)
    if summary.n_published:
        yield f"Known from what is published in results/: {counted(summary.n_published, 'cell')} of those selected."
    counts = ", ".join(f"{n} {status}" for status, n in sorted(summary.statuses.items()))
    yield f"Seeds: {counts or 'none'}."
    if summary.without_card:
        which = counted(len(summary.without_card), "task")
        yield f"{which} without a card, so that the cells are not shown: {first_of(summary.without_card)}"
    if summary.stale:
        cells = counted(len(summary.stale), "cell")
        was = "was" if len(summary.stale) == 1 else "were"
        yield f"{cells} on the board {was} made by other code than today's: {first_of(summary.stale)}"
    yield (
        f"Ran {counted(summary.n_cells, 'cell')} in {summary.accuracy_seconds:.1f} s and timed {summary.n_timed} "
        f"in {summary.timing_seconds:.1f} s."
    )
    if summary.n_audited:
        said = "and came out as they are published" if not summary.differing else "and differ"
        yield f"Audited: {counted(summary.n_audited, 'published cell')} run again {said}."
    yield from (f"differs: {words}" for words in summary.differing)
    yield f"The whole board: {shown(results / 'leaderboard.md')} (for pandas: leaderboard.csv)"
    if (results / "findings.md").exists():
        yield f"The threads' claims: {shown(results / 'findings.md')}"
    if (results / "calibration.md").exists():
        yield f"Published figures, measured here: {shown(results / 'calibration.md')}"

"""Words to calls; prints results to stdout, and messages to stderr."""

import math
import os
import re
import shlex
import signal
import sys
import tomllib
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from benchmark import pipeline, publishing, reporting
from benchmark.board.solving import SOLVED_NRMSE
from benchmark.board.tolerance import PUBLISHED, Tolerance
from benchmark.catalogue.listing import listing
from benchmark.catalogue.plugins import check_plugin, discover, lines
from benchmark.environment import CHECKOUT, LOCAL, QUICK_RESULTS, RESULTS
from benchmark.errors import CheckFailedError, FnbenchError, UsageError
from benchmark.progress import progress_on, say
from benchmark.run.axes import variants_of
from benchmark.run.choice import with_kinds
from benchmark.run.options import AUDIT, MEMORY, QUICK_SEEDS, SEEDS, TIMEOUT, RunOptions
from benchmark.telling import of_bad_files, of_plan, of_summary, shown
from benchmark.words import counted
from benchmark.workers.cluster import check_address
from benchmark.workers.isolation import end_all

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class StoppedError(BaseException):
    """The run was told to stop by a signal; no error that any code should catch."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        # As a shell would put it: 130 for Ctrl-C.
        self.exit_code = 128 + number


def _stop(number: int, frame: FrameType | None) -> None:
    """Stop in good order; at the second time at once, and the cells' keepers see to the rest."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, frame: os._exit(128 + number))
    raise StoppedError(number)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)


def _positive(name: str, value: float | None) -> None:
    if value is not None and not value > 0:
        raise UsageError(f"--{name} must be greater than 0, got {value:g}")
    if value == math.inf:
        raise UsageError(f"--{name} must be finite: it is what ends a cell that hangs")


def _shard(text: str | None) -> tuple[int, int] | None:
    """Return which shard is meant by "K/N", and of how many."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,9})/(\d{1,9})", text)
    k, n = map(int, found.groups()) if found else (0, 0)
    if not 1 <= k <= n:
        raise UsageError(f"--shard must be K/N with K from 1 to N, such as 2/8, got {text!r}")
    return k, n


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _print_version(asked: bool) -> None:
    if asked:
        about = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        print(f"{about['name']} {about['version']}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Which model learns this simple function, how far outside does it hold, and what does it cost?"""


Names = Annotated[list[str] | None, typer.Option(metavar="NAME", help="Name or glob; repeatable.")]
Suites = Annotated[
    list[str] | None, typer.Option(metavar="SUITE", help="Only the tasks of this suite [default: core]; repeatable.")
]
Plugins = Annotated[list[Path] | None, typer.Option(metavar="FILE", help="File with MODELS or TASKS; repeatable.")]
Results = Annotated[Path | None, typer.Option(metavar="DIR", help="Results folder [default: results].")]
Jobs = Annotated[int | None, typer.Option(metavar="N", help="Cells at a time [default: the cores].")]


@app.command()
def run(
    task: Names = None,
    model: Names = None,
    tag: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TAG",
            help="Only cells whose task and model have this tag; repeatable. Of 'findings', 'calibration', "
            "'control' and 'as-asked': the cells that these pages need.",
        ),
    ] = None,
    suite: Suites = None,
    rows: Annotated[
        str | None, typer.Option(metavar="N,N", help="Variants of the tasks with so many training rows, off the board.")
    ] = None,
    noise: Annotated[
        str | None, typer.Option(metavar="X,X", help="Variants with so much noise in training targets, in sd(y).")
    ] = None,
    outside: Annotated[
        str | None, typer.Option(metavar="X,X", help="Variants whose outside ends at this multiple of the range.")
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help=f"Seeds 0 to N-1 [default: what a task's suites ask for, or {SEEDS}; {QUICK_SEEDS} with --quick].",
        ),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Few seeds and steps, into results-quick.")] = False,
    jobs: Jobs = None,
    timeout: Annotated[
        float | None,
        typer.Option(
            metavar="S", help=f"Seconds that one cell, all its seeds together, may take [default: {TIMEOUT:g}]."
        ),
    ] = None,
    memory: Annotated[
        int | None, typer.Option(metavar="MB", help=f"Memory that one cell may take [default: {MEMORY}].")
    ] = None,
    plugin: Plugins = None,
    results: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Work in this folder alone, as if nothing were published [default: results/local, beside what is].",
        ),
    ] = None,
    audit: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Run N published cells again in full, and fail where they differ beyond their seeds' noise "
            f"[default: {AUDIT} of the whole board, otherwise 0].",
        ),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Run again what is up to date.")] = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Run again the seeds that failed.")] = False,
    no_timing: Annotated[bool, typer.Option("--no-timing", help="Leave out the timing pass.")] = False,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Run cells on the workers of this Dask scheduler, or 'local'.")
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(metavar="K/N", help="Run the K-th of N parts of the cells: for runs that share nothing."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would run and why; run nothing.")] = False,
) -> None:
    """Run what is missing, time it, and render the leaderboard."""
    for name, value in (("seeds", seeds), ("jobs", jobs), ("timeout", timeout), ("memory", memory)):
        _positive(name, value)
    if audit is not None and audit < 0:
        raise UsageError(f"--audit must be 0 or more, got {audit}")
    if audit and (quick or results):
        raise UsageError("--audit runs published cells again; --quick and --results work apart from them")
    if cluster is not None:
        check_address(cluster)
        if shard is not None:
            raise UsageError(
                "--shard divides cells among runs that share nothing, and --cluster gives them out; use one"
            )
    # Where somebody looks at a part, or beside what is published, nothing else is run.
    variants = variants_of({"rows": rows, "noise": noise, "outside": outside})
    whole = not (task or model or tag or suite or plugin or quick or results or shard or variants)
    options = RunOptions(
        tasks=tuple(task or ()),
        models=tuple(model or ()),
        tags=tuple(tag or ()),
        suites=tuple(suite or ()),
        variants=variants,
        seeds=seeds or (QUICK_SEEDS if quick else None),
        quick=quick,
        jobs=jobs or _cores(),
        timeout=timeout,
        memory=memory,
        plugins=tuple(plugin or ()),
        results=results or (QUICK_RESULTS if quick else LOCAL),
        published=None if quick or results else RESULTS,
        audit=audit if audit is not None else AUDIT if whole else 0,
        fresh=fresh,
        retry_failed=retry_failed,
        timing=not no_timing,
        shard=_shard(shard),
        cluster=cluster,
    )
    if dry_run:
        if cluster is not None:
            say("the cluster is not asked: this is what there is to run on its workers")
        with closing(progress_on(sys.stderr)) as progress:
            plan = pipeline.dry_run(options, progress)
        print("\n".join(of_plan(plan)))
        _say(of_bad_files(plan.bad_files, options.results))
        return
    with closing(progress_on(sys.stderr)) as progress:
        summary = pipeline.run(options, progress)
    print(summary.top)
    _say(of_summary(summary, options.results))
    if not summary.all_well:
        raise typer.Exit(1)


def _export(folder: Path, form: str | None, output: Path | None, tolerance: Tolerance) -> None:
    if form is None:
        raise UsageError(f"--output {str(output)!r} needs a form; add --format md, tex, csv or json")
    if output is not None and not tolerance.is_published and output.resolve().is_relative_to(RESULTS):
        raise UsageError(
            f"--output {str(output)!r} lies beside the published board, which is at {PUBLISHED.words}; name a file "
            "elsewhere"
        )
    text = reporting.export(folder, form, tolerance)
    if output is None:
        print(text, end="")
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{str(output)!r} cannot be written: {error.strerror}; name a file in a folder that is there"
        ) from error
    say(f"{shown(output)} holds the board")


@app.command()
def report(
    results: Results = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if a file is out of date.")] = False,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="md|tex|csv|json", help="Print the board in this form; write nothing else."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="With --format: write it there [default: print].")
    ] = None,
    tolerance: Annotated[
        float,
        typer.Option(
            metavar="X",
            help="The error that counts as solved, in sd(y), above 0 and at most 1: another board of the same records, "
            "printed by --format or rendered into DIR-tolerance-X.",
        ),
    ] = SOLVED_NRMSE,
) -> None:
    """Render the leaderboard from the results folder alone."""
    folder, level = results or RESULTS, Tolerance(tolerance)
    if check and not level.is_published:
        raise UsageError(
            f"--check is of what is published, at {PUBLISHED.words} of sd(y); leave out --tolerance {tolerance:g}"
        )
    if form is not None or output is not None:
        _export(folder, form, output, level)
        return
    if check:
        reporting.check_report(folder)
        say(f"{shown(folder / 'leaderboard.md')} follows from its records")
        return
    top, bad = reporting.report(folder, level)
    print(top)
    if not level.is_published:
        say(f"{shown(reporting.folder_of(folder, level))} holds the board at {level.words}")
    _say(of_bad_files(bad, folder))
    if bad:
        raise typer.Exit(1)


@app.command(name="list")
def list_(
    task: Names = None,
    model: Names = None,
    tag: Annotated[list[str] | None, typer.Option(metavar="TAG", help="Only what has this tag; repeatable.")] = None,
    suite: Suites = None,
    plugin: Plugins = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List the suites and models there are; with a name, a tag or a suite, its tasks."""
    found = with_kinds(discover(plugin or (), RunOptions().import_limits), RESULTS)
    listed = listing(found, tasks=task or (), models=model or (), tags=tag or (), suites=suite or ())
    print(listed.json if json else listed.text)


@app.command()
def check(plugin: Annotated[Path, typer.Argument(help="The plugin's file.")]) -> None:
    """Check a plugin: its names, and that its models and tasks keep the contract."""
    findings = check_plugin(plugin, RunOptions().limits)
    for line in lines(findings):
        print(line)
    if bad := [finding for finding in findings if not finding.good]:
        raise CheckFailedError(f"{plugin} does not keep the contract: {bad[0].sentence}")
    say(f"{plugin} keeps the contract; use it with --plugin {shlex.quote(str(plugin))}")


@app.command()
def compare(
    before: Annotated[
        str | None, typer.Argument(metavar="[A]", help="A results folder, or a git revision.", show_default=False)
    ] = None,
    after: Annotated[
        str | None, typer.Argument(metavar="[B]", help="Another [default: the results of this checkout].")
    ] = None,
    models: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="M N", help="Compare two models of A [default: the results of this checkout] instead."),
    ] = None,
) -> None:
    """List the cells that changed from A to B beyond the noise of their seeds; exit 1 if one got worse.

    With --models: list the tasks on which model N is worse or better than M.
    """
    here = shown(RESULTS)
    if models is not None:
        if after is not None:
            raise UsageError(f"--models compares two models of one results folder, not of {before!r} and {after!r}")
        print(reporting.compare_models(before or here, *models), end="")
        return
    if before is None:
        raise UsageError("name a results folder or a git revision to compare with, such as HEAD~1, or --models M N")
    text, worse = reporting.compare(before, after or here)
    print(text, end="")
    if worse:
        raise typer.Exit(1)


@app.command()
def publish(
    source: Annotated[
        list[Path] | None,
        typer.Option(
            "--from", metavar="DIR", help="Folder of a run; repeatable, read as one [default: results/local]."
        ),
    ] = None,
    jobs: Jobs = None,
) -> None:
    """Take what is complete into results/, render the board and update the README."""
    _positive("jobs", jobs)
    with closing(progress_on(sys.stderr)) as progress:
        done = publishing.publish_from(source or [LOCAL], jobs=jobs or _cores(), progress=progress)
    print(done.top)
    for name, refused in done.refused.items():
        alike: dict[str, list[str]] = {}
        for each in refused:
            alike.setdefault(each.reason, []).append(each.name)
        for reason, names in alike.items():
            say(f"not published, {name}: {', '.join(names)}: {reason}")
    for name, taken in done.taken.items():
        if taken:
            say(f"{name}: {', '.join(taken)}")
    if not any(done.taken.values()):
        say("nothing new to publish")
    if any(done.refused.values()) and not any(done.taken.values()):
        raise typer.Exit(1)


@app.command()
def verify(
    against: Annotated[
        str | None,
        typer.Option(
            metavar="REVISION",
            help="Of what changed since a git revision [default: where the work here left main, or HEAD's parent].",
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Of every published cell, changed or not.")] = False,
    jobs: Jobs = None,
) -> None:
    """Run one drawn seed of each new or changed published cell again; print a table, exit 1 where one differs."""
    # Here, since importing it takes longer than what most commands do.
    from benchmark import verifying

    _positive("jobs", jobs)
    if every and against is not None:
        raise UsageError(f"--all runs a seed of every cell, and --against {against} of those that changed; use one")
    with closing(progress_on(sys.stderr)) as progress:
        done = verifying.verify(against, every=every, jobs=jobs or _cores(), progress=progress)
    print(done.table, end="")
    _say(f"differs: {words}" for words in done.wrong)
    if done.wrong:
        raise CheckFailedError(f"{counted(len(done.wrong), 'thing')} in results/ cannot be made again as published")


def main() -> None:
    """Run the command line; every error of ours ends in its sentence and its exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # A shell lets what it runs in the background ignore Ctrl-C; that stays.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    try:
        app()
    except FnbenchError as error:
        say(f"error: {error}")
        sys.exit(error.exit_code)
    except StoppedError as stopped:
        end_all()
        say("interrupted: what was finished is kept; run the same command to go on")
        sys.stdout.flush()
        # Python gives signals back their own meaning while it winds up: another Ctrl-C would change the exit code.
        os._exit(stopped.exit_code)

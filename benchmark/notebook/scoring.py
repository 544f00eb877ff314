"""Scores a model on tasks and shows where it stands, without a folder or a file."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmark.board.solving import SOLVED_NRMSE
from benchmark.board.tolerance import Tolerance
from benchmark.catalogue.plugins import discover
from benchmark.catalogue.registry import Catalogue, Entry, load_task
from benchmark.catalogue.suites import suites_named
from benchmark.errors import UsageError
from benchmark.notebook.apart import run_apart
from benchmark.notebook.given import model_of
from benchmark.notebook.here import run_here
from benchmark.notebook.kept import card_here, published
from benchmark.notebook.scores import Scores, scores_of
from benchmark.progress import say_in_place
from benchmark.run import axes
from benchmark.run.choice import varied, with_variants
from benchmark.run.options import QUICK_SEEDS, SEEDS, RunOptions
from benchmark.run.plan import Selection, select
from models.base import Model
from tasks.suites import SUITES
from tasks.variant import Variant


def _tasks_named(given: str | Iterable[str], found: Catalogue) -> list[Entry]:
    """Return the tasks that names, globs and names of suites mean, each once, in this order.

    Raises:
        UsageError: there is none of a name.
        NothingSelectedError: a glob matches none.
    """
    names = [given] if isinstance(given, str) else [*given]
    if not names or not all(isinstance(name, str) for name in names):
        raise UsageError(f"tasks={given!r} names no task; give a name, a glob, a suite, or a list of these")
    chosen: dict[str, Entry] = {}
    for name in names:
        patterns: tuple[str, ...] = (name,)
        if name in SUITES and name not in found.tasks:
            [suite] = suites_named([name])
            patterns = suite.tasks
        entries = select(found, tasks=patterns, models=(), tags=(), suites=(), needed={}).tasks
        order = {each: position for position, each in enumerate(patterns)}
        chosen |= {each.name: each for each in sorted(entries, key=lambda each: order.get(each.name, 0))}
    return [*chosen.values()]


def _varied(entries: Sequence[Entry], variants: Sequence[Variant], found: Catalogue) -> list[Entry]:
    """Return the variants of each task in its place, or the tasks where there are none.

    Raises:
        UsageError: a task has no such variant.
    """
    if not variants:
        return [*entries]
    selection = varied(Selection(tuple(entries), ()), variants)
    # Refuses what has the name of a task.
    with_variants(found, selection)
    return [*selection.tasks]


def _seeds_of(given: int | Sequence[int] | None, *, quick: bool) -> tuple[int, ...]:
    """Return the seeds: the first so many, or those that are named.

    Raises:
        UsageError: they are no seeds.
    """
    if given is None:
        return tuple(range(QUICK_SEEDS if quick else SEEDS))
    is_number = isinstance(given, int) and not isinstance(given, bool)
    try:
        seeds = tuple(range(given)) if is_number else tuple(sorted({*given}))  # type: ignore[arg-type, misc]
    except TypeError:
        seeds = ()
    whole = all(isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed < 2**32 for seed in seeds)
    if not seeds or not whole:
        raise UsageError(f"seeds={given!r} are no seeds; give a number of at least 1, or a list of numbers from 0 on")
    return seeds


def _run(
    tasks: Sequence[Entry], model: Model, seeds: Sequence[int], *, quick: bool, isolate: bool, jobs: int
) -> Iterator[tuple[Entry, list[dict[str, object]]]]:
    if isolate:
        yield from run_apart(tasks, model, seeds, quick=quick, jobs=jobs)
        return
    for task in tasks:
        yield task, run_here(load_task(task.origin, task.name), model, seeds, quick=quick)


def _told(running: Iterator[tuple[Entry, list[dict[str, object]]]], what: str, total: int) -> Iterator[Any]:
    """Yield what a run yields, and say on one line how far it is where somebody looks."""
    looks = total > 1 and (sys.stderr.isatty() or "ipykernel" in sys.modules)
    for done, each in enumerate(running, 1):
        if looks:
            say_in_place(f"{what}: {done} of {total} tasks", last=done == total)
        yield each


def score(
    model: Any,
    tasks: str | Iterable[str] = "core",
    *,
    seeds: int | Sequence[int] | None = None,
    quick: bool = False,
    isolate: bool = False,
    name: str | None = None,
    rows: float | Sequence[float] | None = None,
    noise: float | Sequence[float] | None = None,
    outside: float | Sequence[float] | None = None,
    plugins: Sequence[str | Path] = (),
    jobs: int = 1,
    tolerance: float = SOLVED_NRMSE,
) -> Scores:
    """Return how a model does on tasks: a `pandas.DataFrame` with a row for each task and seed.

    It shows itself as a table of medians, verdicts, horizons and places among the published models; `.summary` is that
    table, `.plot()` draws the curves beside the truth, and `.compare("relu-mlp")` holds the model against another.

    The figures are those that the command gives for the same model, bit for bit. A seed gets an unfitted copy of an
    estimator, every `random_state` in it set to the seed.

    Args:
        model: an estimator with `fit` and `predict`, a function (problem, seed) -> estimator, a function
            problem -> `nn.Module`, a `Model`, or the name of a model.
        tasks: the name of a task or a suite, a glob such as "sinc*", or a list of these.
        seeds: how many seeds, or which; 10 unless told, 3 with `quick`.
        quick: ask models for a small budget. Places are then not comparable, and none is given.
        isolate: run each task in a process of its own, within the limits of the command. In this process, which is the
            default, a model that crashes takes the notebook with it.
        name: what the model is called; by default what its class or function is called.
        rows: in place of the tasks, their variants with so many training rows, one number or several.
        noise: variants with so much noise in the training targets, in sd of y on the training law.
        outside: variants whose outside ends at this multiple of the training range.
        plugins: files with further `TASKS` or `MODELS`.
        jobs: how many tasks run at a time, with `isolate`.
        tolerance: the error that counts as solved, in sd of y, above 0 and at most 1. It decides verdicts and horizons,
            and what has a vote; no figure depends on it.

    Raises:
        UsageError: something that was given cannot be used.
        NothingSelectedError: a glob matches no task.
    """
    chosen, level = _seeds_of(seeds, quick=quick), Tolerance(tolerance)
    found = discover([Path(plugin) for plugin in plugins], RunOptions().import_limits)
    variants = axes.variants_of({"rows": rows, "noise": noise, "outside": outside})
    entries = _varied(_tasks_named(tasks, found), variants, found)
    given = model_of(model, name, found)
    if isinstance(jobs, bool) or not isinstance(jobs, int) or jobs < 1:
        raise UsageError(f"jobs={jobs!r} is not allowed; give a whole number of at least 1")
    running = _run(entries, given, chosen, quick=quick, isolate=isolate, jobs=jobs)
    outcomes = dict(_told(running, given.name, len(entries)))
    known = published()
    cards = {each.name: known.cards[each.name] if each.name in known.cards else card_here(each) for each in entries}
    return scores_of(
        given,
        {each: outcomes[each] for each in entries},
        cards=cards,
        known=known,
        quick=quick,
        tolerance=level,
    )

"""A board of 400 tasks and 30 models: what it weighs as it is published, and what it costs to find nothing to do.

`python -m tests.speed.published_scale` prints a line for each; the cells are those of the committed board, again and
again, with figures and curves of their own, and every model has been timed on this machine. The first tasks bear the
names of those of suite `core`. `... published_scale FOLDER` keeps
what it makes there, and measures it again if it is there.
"""

import json
import math
import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmark import pipeline
from benchmark.catalogue import fingerprint
from benchmark.catalogue.registry import Catalogue, Entry, load_task
from benchmark.catalogue.suites import core
from benchmark.cell.card import description
from benchmark.environment import RESULTS, machine
from benchmark.progress import PlainProgress
from benchmark.run.choice import everything
from benchmark.run.observed import PLACE, Observed
from benchmark.run.options import RunOptions
from benchmark.run.plan import Selection, missing_cells
from benchmark.run.timeplan import missing_timings
from benchmark.store import archive, ground, published
from benchmark.store.local import Contents, Store
from benchmark.store.record import BASELINE, Curve, Record, SeedOutcome, SuiteCard, TaskCard
from benchmark.store.stamp import Stamp
from benchmark.store.timings import Timing
from tests.speed.peak import peak_mib

N_TASKS, N_MODELS = 400, 30
TASKS = (*sorted(core().tasks), *(f"task-{i:03d}" for i in range(len(core().tasks), N_TASKS)))
MODELS = (BASELINE, *(f"model-{j:02d}" for j in range(1, N_MODELS)))


def _other(outcome: SeedOutcome, factor: float) -> SeedOutcome:
    if outcome.status != "ok":
        return outcome
    errors = {name: getattr(outcome, name) * factor for name in ("interpolation_rmse", "extrapolation_rmse")}
    return outcome.model_copy(update=errors | {"shell_rmse": tuple(e * factor for e in outcome.shell_rmse)})


def _own(curve: Curve | None, rng: random.Random) -> Curve | None:
    """Return a curve that is no other's, so that nothing is gained where cells are compressed together."""
    if curve is None:
        return None
    phase, waves = rng.uniform(0, 6.3), rng.uniform(1, 6)
    factors = [1 + 0.3 * math.sin(phase + 6.3 * waves * i / len(curve.median)) for i in range(len(curve.median))]
    lines = ([f * y for f, y in zip(factors, line, strict=True)] for line in (curve.median, curve.low, curve.high))
    return Curve(**dict(zip(("median", "low", "high"), map(tuple, lines), strict=True)))


def _again(entries: dict[str, Entry], names: list[str], of: list[str]) -> dict[str, Entry]:
    """Return entries of other names, which are those `of` the project again and again."""
    return {name: replace(entries[of[i % len(of)]], name=name) for i, name in enumerate(names)}


def catalogue(source: published.Published) -> Catalogue:
    """Return many tasks and models, all in the files of those that a suite has."""
    found = everything(RunOptions())
    tasks = _again(dict(found.tasks), [*TASKS], sorted(source.cards))
    return Catalogue(tasks, _again(dict(found.models), [*MODELS], sorted({model for _, model in source.records})))


def _timings(found: Catalogue, contents: Contents) -> list[Timing]:
    """Return the seconds that a run on this machine would lack."""
    stamps = {place[1]: record.model_stamp for place, record in contents.records.items()}
    observed = {entry: Observed(stamp=stamps[name]) for name, entry in found.models.items()}
    here = next(iter(contents.records.values())).environment.model_copy(update={"machine": machine(), "alone": True})
    return [
        Timing(
            model=cell.model.name,
            timed_by=cell.timed_by,
            shape=cell.shape,
            task=cell.task.name,
            seed=cell.seeds[0],
            fit_seconds=(1.0,) * 5,
            predict_seconds=(0.1,) * 5,
            model_version=cell.model.version,
            quick=False,
            model_stamp=stamps[cell.model.name],
            environment=here,
        )
        for cell in missing_timings(
            Selection(tuple(found.tasks.values()), tuple(found.models.values())),
            contents,
            found=found,
            observed=observed,
            core=core().tasks,
            quick=False,
            fresh=False,
        )
    ]


def _practice(found: Catalogue, contents: Contents) -> str:
    """Return what a run has remembered of all tasks and models: what they did when the records were made."""
    tasks, names = everything(RunOptions()).tasks, sorted(published.read(RESULTS / "core").cards)
    said = [description(load_task(tasks[name].origin, name)) for name in names]
    stamps = {place[1]: record.model_stamp for place, record in contents.records.items()}
    every: dict[Entry, tuple[Stamp | None, dict[str, object]]] = {
        entry: (contents.cards[name].stamp, said[i % len(said)] | {"task": name})
        for i, (name, entry) in enumerate(found.tasks.items())
    }
    every |= {entry: (stamps[name], {}) for name, entry in found.models.items()}
    return json.dumps(
        {
            f"{entry.kind} {entry.name}": {
                "key": fingerprint.of(entry),
                "observed": {"stamp": stamp.model_dump(mode="json") if stamp else None, "card": card},
            }
            for entry, (stamp, card) in every.items()
        },
        indent=1,
    )


def build(folder: Path) -> None:
    """Write a suite of many tasks and models, with the seconds of all models, and what a run remembers of practice."""
    source, rng = published.read(RESULTS / "core"), random.Random(1)  # noqa: S311 - figures for a test
    found = catalogue(source)
    tasks, models = sorted(source.cards), sorted({model for _, model in source.records})
    cards: dict[str, TaskCard] = {}
    for i, name in enumerate(found.tasks):
        cards[name] = source.cards[tasks[i % len(tasks)]].model_copy(update={"task": name})

    def record(i: int, j: int) -> Record:
        kept = source.records[tasks[i % len(tasks)], models[j % len(models)]]
        seeds = tuple(_other(outcome, 1 + rng.random()) for outcome in kept.seeds)
        own = {"task": TASKS[i], "model": MODELS[j], "seeds": seeds, "curve": _own(kept.curve, rng)}
        return kept.model_copy(update=own)

    suite = SuiteCard(name="core", version=1, tasks=tuple(cards), seeds=10)
    every = {MODELS[j]: {TASKS[i]: record(i, j) for i in range(N_TASKS)} for j in range(N_MODELS)}
    published.write(folder / "core", suite, cards, every)
    contents = archive.read(folder)
    Store(folder).save_timings(*_timings(found, contents))
    local = Store(folder / "local")
    local.prepare()
    local.write_text(PLACE, _practice(found, contents))


def parts(folder: Path) -> None:
    """Read a published folder and plan for all of its cells, and print what that takes."""
    start = time.process_time()
    contents = archive.read(folder)
    read = time.process_time()
    found = catalogue(published.read(RESULTS / "core"))
    first = {place[1]: record.model_stamp for place, record in contents.records.items()}
    observed = {entry: Observed(stamp=contents.cards[name].stamp) for name, entry in found.tasks.items()}
    observed |= {entry: Observed(stamp=first[name]) for name, entry in found.models.items()}
    begin = time.process_time()
    cells = missing_cells(
        Selection(tuple(found.tasks.values()), tuple(found.models.values())),
        contents.records,
        range(10),
        observed=observed,
        quick=False,
        fresh=False,
        retry_failed=False,
    )
    end = time.process_time()
    n, size = len(contents.records), sum(path.stat().st_size for path in (folder / "core").iterdir())
    print(
        f"{n:,} cells, {size / n:,.0f} bytes each with their tasks, {len(contents.bad)} unreadable, {len(cells)} to run"
    )
    print(f"read {read - start:.2f} CPU s, plan {end - begin:.2f} CPU s, peak {peak_mib():.0f} MiB")


def whole(folder: Path) -> None:
    """Do all that a run does, save that no board is rendered, and print what that takes."""
    source = published.read(RESULTS / "core")

    def choose(options: RunOptions) -> tuple[Store, Catalogue, Selection]:
        store, found = Store(options.results), catalogue(source)
        ground.check(store.root)
        return store, found, Selection(tuple(found.tasks.values()), tuple(found.models.values()))

    # The room of the project has no 400 tasks; and what is rendered is no part of finding that there is nothing to do.
    pipeline.choose, pipeline.render = choose, lambda store, contents: ""
    options = RunOptions(results=folder / "local", published=folder)
    before, start = peak_mib(), time.process_time()
    summary = pipeline.run(options, PlainProgress())
    seconds, peak = time.process_time() - start, peak_mib()
    n_timings = len(archive.read(folder).timings)
    print(
        f"a whole run: {summary.n_published:,} cells published, {sum(summary.statuses.values()):,} seeds, "
        f"{n_timings:,} timings; {summary.n_cells} to run, {summary.n_timed} to time, {len(summary.stale)} stale, "
        f"{len(summary.without_card)} without a card, {len(summary.bad_files)} unreadable"
    )
    print(f"{seconds:.2f} CPU s, peak {peak:.0f} MiB, {before:.0f} of them before it begins")


def main(folder: Path) -> None:
    """Make the board where it is not there, and measure it, each in a process of its own: memory is its peak."""
    for step in (build, parts, whole):
        if step is not build or not (folder / "core").is_dir():
            subprocess.run([sys.executable, "-m", "tests.speed.published_scale", folder, step.__name__], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        {"build": build, "parts": parts, "whole": whole}[sys.argv[2]](Path(sys.argv[1]))
    elif len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with TemporaryDirectory() as made:
            main(Path(made))

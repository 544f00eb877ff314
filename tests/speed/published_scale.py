"""A board of 400 tasks and 30 models: what it weighs as it is published, and what it costs to find nothing to do.

`python -m tests.speed.published_scale` prints a line for each; the cells are those of the committed board, again and
again, with figures of their own.
"""

import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmark.catalogue.registry import Entry, Origin
from benchmark.environment import RESULTS
from benchmark.run.plan import Observed, Selection, missing_cells
from benchmark.store import archive, published
from benchmark.store.record import Record, SeedOutcome, SuiteCard

N_TASKS, N_MODELS = 400, 30


def _other(outcome: SeedOutcome, factor: float) -> SeedOutcome:
    if outcome.status != "ok":
        return outcome
    errors = {name: getattr(outcome, name) * factor for name in ("interpolation_rmse", "extrapolation_rmse")}
    return outcome.model_copy(update=errors | {"shell_rmse": tuple(e * factor for e in outcome.shell_rmse)})


def build(folder: Path) -> None:
    """Write a suite of many tasks and models."""
    source, rng = published.read(RESULTS / "core"), random.Random(1)  # noqa: S311 - figures for a test
    tasks, models = sorted(source.cards), sorted({model for _, model in source.records})
    cards = {f"task-{i:03d}": source.cards[tasks[i % len(tasks)]] for i in range(N_TASKS)}
    cards = {name: card.model_copy(update={"task": name}) for name, card in cards.items()}

    def record(i: int, j: int) -> Record:
        kept = source.records[tasks[i % len(tasks)], models[j % len(models)]]
        seeds = tuple(_other(outcome, 1 + rng.random()) for outcome in kept.seeds)
        return kept.model_copy(update={"task": f"task-{i:03d}", "model": f"model-{j:02d}", "seeds": seeds})

    suite = SuiteCard(name="core", version=1, tasks=tuple(cards), seeds=10)
    every = {f"model-{j:02d}": {f"task-{i:03d}": record(i, j) for i in range(N_TASKS)} for j in range(N_MODELS)}
    published.write(folder / "core", suite, cards, every)


def measure(folder: Path) -> None:
    """Read a published folder and plan for all of its cells, and print what that takes."""
    start = time.process_time()
    contents = archive.read(folder)
    read = time.process_time()

    def entry(kind: str, name: str) -> Entry:
        return Entry(kind, name, 1, "", "", (), Origin("room", "none"), "none")  # type: ignore[arg-type]

    class Kept:
        def __init__(self, stamp: object) -> None:
            self.stamp = stamp

        def describes(self, card: object) -> bool:
            return True

    tasks, models = ({place[side]: None for place in contents.records} for side in (0, 1))
    selection = Selection(tuple(entry("task", name) for name in tasks), tuple(entry("model", name) for name in models))
    first = {place[1]: record.model_stamp for place, record in contents.records.items()}
    observed: dict[Entry, Observed] = {each: Kept(contents.cards[each.name].stamp) for each in selection.tasks}  # type: ignore[dict-item]
    observed |= {each: Kept(first[each.name]) for each in selection.models}  # type: ignore[dict-item]
    records = {
        place: record.model_copy(update={"task_version": 1, "model_version": 1})
        for place, record in contents.records.items()
    }
    begin = time.process_time()
    cells = missing_cells(
        selection, records, range(10), observed=observed, quick=False, fresh=False, retry_failed=False
    )
    end = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    n, size = len(records), sum(path.stat().st_size for path in (folder / "core").iterdir())
    print(
        f"{n:,} cells, {size / n:,.0f} bytes each with their tasks, {len(contents.bad)} unreadable, {len(cells)} to run"
    )
    print(f"read {read - start:.2f} CPU s, plan {end - begin:.2f} CPU s, peak {peak:.0f} MiB")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]))
    else:
        with TemporaryDirectory() as made:
            build(Path(made))
            # In a process of its own: memory is its peak.
            subprocess.run([sys.executable, "-m", "tests.speed.published_scale", made], check=True)

"""Synthetic contents of many suites: small ones that can be read, and as many tasks and models as the suite shall have.

`python -m tests.suites FOLDER MODELS` renders the large ones there, and prints the seconds, the peak of memory, and
what each file weighs.
"""

import random
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmark.board.boards import Boards, boards_of
from benchmark.store.record import Record, SeedOutcome, SuiteCard, TaskCard
from tests.synthetic import POSITION, a_card, a_failure, a_record, a_seed, a_suite, a_timing, keyed, timed

CORE = ("sum", "square", "sinc", "piecewise", "smooth", "pair-sum", "lambda-recovery")
# Of the other suites the names and sizes of the literature.
SIZES = (
    *(("nguyen", 12), ("keijzer", 15), ("vladislavleva", 8), ("korns", 15), ("koza", 3), ("jin", 6), ("livermore", 22)),
    *(("rational", 3), ("constant", 8), ("neat", 9), ("pagie", 1), ("friedman", 3), ("eql", 8), ("nalu", 24)),
    *(("xu", 6), ("snake", 5), ("kan", 10), ("feynman", 120), ("strogatz", 14), ("genz", 12), ("surrogate", 30)),
    *(("sets", 20), ("probes", 20), ("few", 12), ("noisy", 10)),
)
POSITIONS = np.array(POSITION)
SQUARES, FIRST = POSITIONS * POSITIONS, a_seed(0, 1.0, 1.0)
CLASSES = ("linear", "polynomial", "rational", "periodic", "product", "piecewise", "exponential")


def small_boards(*, extra: Sequence[Record] = (), cards: Sequence[TaskCard] = ()) -> Boards:
    """`core` of two tasks, `standard` and `all` of these and two more, `duo` of the two.

    `good` and `bad` have met all of them, `part` core alone; nothing of the suite `unrun` was run. `extra` are records
    besides, `cards` those of tasks of no suite.
    """
    core, duo = ("square", "sum"), ("duo-1", "duo-2")
    suites = (
        a_suite(*core, seeds=2),
        a_suite(*core, *duo, seeds=2, name="standard", title="What most people ask"),
        a_suite(*duo[::-1], seeds=1, name="duo", title="Two of a kind"),
        a_suite("nobody", seeds=1, name="unrun"),
        a_suite(*core, *duo, seeds=1, name="all", title="Every task"),
    )
    known = {task: a_card(task, tags=("core", "polynomial" if task in core else "periodic")) for task in (*core, *duo)}
    known |= {card.task: card for card in cards}
    errors = {"good": 0.01, "bad": 0.9}
    records = [
        a_record(task, model, [a_seed(i, error, 3 * error + i / 8) for i in range(2)], title=f"The {model} one")
        for model, error in errors.items()
        for task in (*core, *duo)
    ]
    records += [a_record(task, "part", [a_seed(0, 0.1, 0.2), a_failure(1, "diverged", "no more")]) for task in core]
    timings = [a_timing(task, model, 0.5, 0.05) for task in core for model in errors]
    return boards_of(known, keyed([*records, *extra]), timed(*timings), suites)


def many_suites() -> tuple[SuiteCard, ...]:
    """As many suites and tasks as there shall be: some 400 tasks, `standard` of 50, `all`."""
    of = {name: tuple(f"{name}-{i}" for i in range(1, n + 1)) for name, n in SIZES}
    standard = (*CORE, *(task for tasks in of.values() for task in tasks[:2]))[:50]
    every = (*CORE, *(task for tasks in of.values() for task in tasks))
    return (
        a_suite(*CORE, seeds=10),
        a_suite(*standard, seeds=10, name="standard", title="Fifty functions of all kinds"),
        *(a_suite(*tasks, seeds=3, name=name, title=f"The functions of {name.title()}") for name, tasks in of.items()),
        a_suite(*every, seeds=3, name="all", title="Every task of every suite"),
    )


def _seeds(rng: random.Random, n: int, skill: float) -> list[SeedOutcome]:
    if rng.random() < 0.03:
        return [a_failure(i, "diverged", "the loss is not finite") for i in range(n)]
    inside = 10 ** rng.uniform(-3 + skill, 0.3)
    outside = inside * 10 ** rng.uniform(0, 2)
    slope = rng.uniform(-2, 2) * inside
    # Copies, since making a seed anew checks every number of it.
    drawn = tuple((SQUARES + slope * POSITIONS).tolist())
    first = FIRST.model_copy(update={"shell_rmse": (outside / 2, outside), "slice": drawn})
    factors = [1.0, *(rng.uniform(0.8, 1.25) for _ in range(n - 1))]
    return [
        first.model_copy(
            update={"seed": i, "interpolation_rmse": inside * factor, "extrapolation_rmse": outside * factor}
        )
        for i, factor in enumerate(factors)
    ]


def many_boards(n_models: int) -> Boards:
    """The boards of all of these suites, every model complete."""
    rng, suites = random.Random(0), many_suites()  # noqa: S311 - figures for a test
    *some, whole = suites
    n_seeds = {task: max(s.seeds for s in some if task in s.tasks) for task in whole.tasks}
    cards = {
        task: a_card(task, title=f"A function called {task}", tags=("core", CLASSES[i % len(CLASSES)])).model_copy(
            update={"formula": f"sin({i} x1) + x2^2 exp(-x1 x2 / {i + 1}) + log(1 + x3^2)", "family": task}
        )
        for i, task in enumerate(whole.tasks)
    }
    models = ["linear-net", *(f"a-long-model-name-{i:02}" for i in range(1, n_models))]
    records = [
        a_record(task, model, _seeds(rng, n_seeds[task], 2 * j / n_models), title=f"Network number {j} with two layers")
        for task in whole.tasks
        for j, model in enumerate(models)
    ]
    timings = [a_timing("square", model, 0.1 * (j + 1), 0.01, card=cards["square"]) for j, model in enumerate(models)]
    assert len(POSITION) == 161
    return boards_of(cards, keyed(records), timed(*timings), suites)


if __name__ == "__main__":
    from benchmark.show.leaderboard import render_top
    from benchmark.show.rendering import render_all

    folder, n = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 40
    begin = time.process_time()
    made = many_boards(n)
    middle = time.process_time()
    files = render_all(made)
    print(f"boards with their contents {middle - begin:.1f} CPU s, rendering {time.process_time() - middle:.1f} CPU s")
    # Kibibytes on Linux, bytes on macOS.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    print(f"{len(made.cells):,} cells and references, {len(files)} files, peak {peak:.0f} MiB")
    for path, text in {**files, "top.md": render_top(made)}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
        print(f"{len(text.encode()):>12,} {path}")

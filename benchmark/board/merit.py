"""What the order of merit compares: the tasks and the seeds of a suite, and what a model lacks of them.

Every figure of a suite's board is of its seeds, so that all models are compared with as many; more stay in the records.

A board of which every cell was made with `--quick` is a rehearsal of the suite. Its models are ranked among
themselves: it asks for as many seeds as most of its cells have, never for more than the suite. One full cell
ends the rehearsal: then what is quick is no cell of the suite, and has no place beside what is full.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from benchmark.store.record import Record, SuiteCard
from benchmark.words import counted


def has_more(record: Record, n_seeds: int | None) -> bool:
    """Whether a record has seeds beyond the first so many; None stands for all there are."""
    return n_seeds is not None and bool(record.seeds) and record.seeds[-1].seed >= n_seeds


def first_seeds(record: Record, n_seeds: int | None) -> Record:
    """Return a record with its seeds 0 to `n_seeds`-1, itself where it has no others."""
    if n_seeds is None or not has_more(record, n_seeds):
        return record
    seeds = tuple(outcome for outcome in record.seeds if outcome.seed < n_seeds)
    return record.model_copy(update={"seeds": seeds})


@dataclass(frozen=True)
class Merit:
    """What the order of merit compares: these tasks, by name, at seeds 0 to `seeds`-1.

    `seeds` is None where there is no suite, or none of its tasks: then the tasks that are there are
    compared with whatever seeds they have. `quick` says that all cells of the suite are quick ones.
    """

    suite: SuiteCard | None
    tasks: tuple[str, ...]
    seeds: int | None = None
    quick: bool = False

    @property
    def title(self) -> str:
        """The suite in a few words of Markdown, "" where there is none."""
        return f"suite `{self.suite.name}` {self.suite.version}" if self.suite else ""

    @property
    def sentence(self) -> str:
        """What is compared, in a sentence of Markdown, "" where there is no suite."""
        if not self.suite:
            return ""
        if self.seeds is None:
            return f"No task of {self.title} is here: the order compares the tasks that are."
        size = f"{counted(len(self.tasks), 'task')}, {counted(self.seeds, 'seed')}"
        return f"Suite{self.title.removeprefix('suite')}{', quick' if self.quick else ''}: {size}."

    @property
    def window(self) -> str:
        """The seeds that count, in words."""
        return "all seeds" if self.seeds is None else "seed 0" if self.seeds == 1 else f"seeds 0 to {self.seeds - 1}"

    def within(self, record: Record) -> Record:
        """Return a record with the seeds that count; the others stay where it is kept."""
        return first_seeds(record, self.seeds)

    def lacks(self, n_tasks: int, *, fewest_seeds: int, n_quick: int) -> list[str]:
        """Return what a model lacks to be complete, each as "5 of 7 tasks".

        It was run on `n_tasks` of the tasks, `n_quick` of them with `--quick`, and on one of them with
        `fewest_seeds` of the seeds that count.
        """
        lacking = []
        if n_tasks < len(self.tasks):
            lacking.append(f"{n_tasks:,} of {counted(len(self.tasks), 'task')}")
        # Without a suite nothing says how many seeds there have to be, or of what kind.
        if self.seeds is not None and n_tasks > 0 and fewest_seeds < self.seeds:
            lacking.append(f"{fewest_seeds:,} of {counted(self.seeds, 'seed')}")
        if self.seeds is not None and n_quick and not self.quick:
            lacking.append(f"{counted(n_quick, 'task')} with --quick")
        return lacking


def merit_of(suite: SuiteCard | None, tasks: Collection[str], records: Iterable[Record]) -> Merit:
    """Return what the order compares on a board of these tasks, given the records on it of the suite's tasks."""
    # Sorted, since the draws of the bootstrap go by this order.
    if suite is None or not {*suite.tasks} & {*tasks}:
        return Merit(suite, tuple(sorted(tasks)))
    kinds = Counter((record.quick, len(record.seeds)) for record in records)
    quick = bool(kinds) and all(made_quick for made_quick, _ in kinds)
    # Of numbers that are equally common the lowest, which more cells have.
    usual = min((-n_cells, n_seeds) for (_, n_seeds), n_cells in kinds.items())[1] if quick else suite.seeds
    return Merit(suite, tuple(sorted(suite.tasks)), min(usual, suite.seeds), quick)

"""What the command line asks of a run, as one value, and what it means when it names nothing."""

from dataclasses import dataclass
from pathlib import Path

from benchmark.catalogue.registry import Entry
from benchmark.environment import LOCAL
from benchmark.workers.isolation import Limits
from tasks.variant import Variant

# How many seeds a cell has when nothing else is asked for.
SEEDS, QUICK_SEEDS = 10, 3
# How many published cells a run of the whole board runs again.
AUDIT = 3
# What one cell may take when neither the command line nor its model says more: seconds, and MiB.
TIMEOUT, MEMORY = 1800.0, 4096
# To import a plugin is to import its libraries, whose own size no limit of a cell counts.
IMPORT_SECONDS, IMPORT_MIB = 60.0, 4096


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """What the command line asks for. `seeds`, `timeout` and `memory` are None where it does not name them.

    `results` is where the run keeps what it makes. What lies in `published` is known already, if that is a folder;
    `audit` cells of it are run again.
    """

    tasks: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    suites: tuple[str, ...] = ()
    # In place of the selected tasks, these variants of each.
    variants: tuple[Variant, ...] = ()
    seeds: int | None = None
    quick: bool = False
    jobs: int = 1
    timeout: float | None = None
    memory: int | None = None
    plugins: tuple[Path, ...] = ()
    results: Path = LOCAL
    published: Path | None = None
    audit: int = 0
    fresh: bool = False
    retry_failed: bool = False
    timing: bool = True
    # The part of the selected cells that falls to this run, and of how many parts; None where it runs all of them.
    shard: tuple[int, int] | None = None
    # "local", or the address of a Dask scheduler; None runs on this machine without one.
    cluster: str | None = None

    @property
    def n_seeds(self) -> int:
        """How many seeds a cell gets of which no suite and no finding says how many it needs."""
        return SEEDS if self.seeds is None else self.seeds

    @property
    def limits(self) -> Limits:
        """What one cell may take, as far as its model does not ask for something else."""
        return Limits(
            seconds=TIMEOUT if self.timeout is None else self.timeout,
            memory_mib=MEMORY if self.memory is None else self.memory,
        )

    @property
    def import_limits(self) -> Limits:
        """What the import of a plugin may take: little time, but the memory that its libraries need."""
        return Limits(min(self.limits.seconds, IMPORT_SECONDS), max(self.limits.memory_mib, IMPORT_MIB))

    @property
    def card_limits(self) -> Limits:
        """What the card of a task may take: no less than an import, since without it no cell of the task is shown."""
        return Limits(max(self.limits.seconds, IMPORT_SECONDS), max(self.limits.memory_mib, IMPORT_MIB))


def limits_for(options: RunOptions, entry: Entry) -> Limits:
    """Return what one cell of a model may take: the command line's word, then the model's own, then the default."""
    asked = options.limits
    return Limits(
        seconds=entry.timeout if options.timeout is None and entry.timeout is not None else asked.seconds,
        memory_mib=entry.memory if options.memory is None and entry.memory is not None else asked.memory_mib,
    )

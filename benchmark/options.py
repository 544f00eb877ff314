"""What the command line asks of a run, as one value, and the folders that it means when it names none."""

from dataclasses import dataclass
from pathlib import Path

from benchmark.run.environment import CHECKOUT
from benchmark.run.isolation import Limits

# The tag that stands for the cells of the findings page.
FINDINGS = "findings"
RESULTS = CHECKOUT / "results"
QUICK_RESULTS = CHECKOUT / "results-quick"


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """What the command line asks for."""

    tasks: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    seeds: int = 10
    quick: bool = False
    jobs: int = 1
    timeout: float = 1800.0
    memory: int = 4096
    plugins: tuple[Path, ...] = ()
    results: Path = RESULTS
    fresh: bool = False
    retry_failed: bool = False
    timing: bool = True
    # "local", or the address of a Dask scheduler; None runs on this machine without one.
    cluster: str | None = None

    @property
    def limits(self) -> Limits:
        """What one cell may take."""
        return Limits(seconds=self.timeout, memory_mib=self.memory)

"""Prints the peak memory of one method in MiB: python -m tests.speed.memory NET SEEDS METHOD."""

import resource
import sys
from pathlib import Path

from tests.speed.methods import METHODS
from tests.speed.nets import NETS


def peak_mib() -> float:
    """Return the peak resident memory of this process in MiB."""
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike getrusage, this does not count what the parent held when it started us.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main(name: str, seeds: int, method: str) -> None:
    """Train for some steps, as memory does not grow with more of them, and print the peak."""
    net = next(net for net in NETS if net.name == name)
    METHODS[method].prepare(net, min(seeds, METHODS[method].seeds_at_most), 20)()
    print(peak_mib())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])

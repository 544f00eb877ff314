"""Prints the peak memory of one method in MiB: python -m tests.speed.memory NET SEEDS METHOD."""

import sys

from tests.speed.methods import METHODS
from tests.speed.nets import NETS
from tests.speed.peak import peak_mib


def main(name: str, seeds: int, method: str) -> None:
    """Train for some steps, as memory does not grow with more of them, and print the peak."""
    net = next(net for net in NETS if net.name == name)
    METHODS[method].prepare(net, min(seeds, METHODS[method].seeds_at_most), 20)()
    print(peak_mib())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])

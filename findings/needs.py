"""Which cells something that is computed from records needs, and how many seeds of each."""

from collections.abc import Iterable
from typing import Protocol

from benchmark.store.record import CellId

# Of a cell for which nothing names another number.
SEEDS = 10


class Asks(Protocol):
    """A finding, or a comparison with a published figure."""

    @property
    def cells(self) -> tuple[CellId, ...]:
        """Every cell that it reads, each once."""

    def seeds_of(self, cell: CellId) -> int:
        """Return how many seeds a cell needs."""


def most_seeds(asking: Iterable[Asks]) -> dict[CellId, int]:
    """Return every cell that one of them needs, with the most seeds that one asks of it."""
    needed: dict[CellId, int] = {}
    for each in asking:
        for cell in each.cells:
            needed[cell] = max(needed.get(cell, 0), each.seeds_of(cell))
    return needed

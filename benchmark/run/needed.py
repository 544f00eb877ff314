"""Which cells a page of its own rests on, by the tag that stands for them, and how many seeds each needs."""

from collections.abc import Iterable, Mapping

from benchmark.store.record import CALIBRATION, FINDINGS, CellKey


def needed_by() -> dict[str, Mapping[CellKey, int]]:
    """Return the cells of the findings and of the calibration, by their tags."""
    # Here: what they need is told by what reads records.
    from calibration import comparisons
    from findings import claims

    pages = {FINDINGS: claims.seeds_needed(), CALIBRATION: comparisons.seeds_needed()}
    return {tag: dict(needed.items()) for tag, needed in pages.items()}


def most(needed: Iterable[Mapping[CellKey, int]]) -> dict[CellKey, int]:
    """Return all cells of some, each with the most seeds that one asks for."""
    found: dict[CellKey, int] = {}
    for seeds in needed:
        for cell, n in seeds.items():
            found[cell] = max(found.get(cell, 0), n)
    return found

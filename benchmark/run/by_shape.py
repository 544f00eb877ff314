"""Which tasks of the board share a shape.

Each shape is timed on one task, the first of those that have it.
"""

from collections.abc import Iterable

from benchmark.store.record import OFF_BOARD, TaskCard
from benchmark.store.shape import Shape


def tasks_by_shape(cards: Iterable[TaskCard]) -> dict[Shape, tuple[str, ...]]:
    """Return the names of the board's tasks by shape: the project's own before those of plugins, each by name."""
    found: dict[Shape, list[TaskCard]] = {}
    for card in cards:
        if card.shape and not OFF_BOARD & set(card.tags):
            found.setdefault(card.shape, []).append(card)
    return {
        shape: tuple(card.task for card in sorted(same, key=lambda card: (bool(card.origin), card.task)))
        for shape, same in found.items()
    }

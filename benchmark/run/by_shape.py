"""Which tasks of the board share a shape, and what timings of tasks say of the shapes.

Each shape is timed on one task, the first of those that have it.
"""

from collections.abc import Collection, Iterable

from benchmark.store.record import OFF_BOARD, TaskCard, Timing
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


def by_shape(timings: Iterable[Timing], cards: Iterable[TaskCard], by_task: Collection[str]) -> list[Timing]:
    """Return what timings of single tasks say of shapes: for each model and machine that of a shape's first task.

    The models `by_task` keep the timing of each task, since their seconds depend on its values. A timing of a task
    that has no card, or whose card has no shape, stays as it is.
    """
    places = {name: (i, shape) for shape, names in tasks_by_shape(cards).items() for i, name in enumerate(names)}
    kept: dict[tuple[str, str, str], Timing] = {}
    # Of those that share a shape the first task comes last, and stays.
    for timing in sorted(timings, key=lambda timing: places.get(timing.task, (0, None))[0], reverse=True):
        new = timing
        if timing.task in places:
            by = "task" if timing.model in by_task else "shape"
            new = timing.model_copy(update={"shape": places[timing.task][1], "timed_by": by})
        kept[new.key] = new
    return [kept[key] for key in sorted(kept)]

"""Commands that run some cells again, as they stand beside what rests on them."""

from collections.abc import Iterator, Mapping

from benchmark.store.record import CellId


def commands(n_seeds_of: Mapping[CellId, int], usual: int | None = None) -> Iterator[str]:
    """Yield commands that run these cells with as many seeds and no others, one for all models of the same tasks.

    Where `usual` seeds are run without a number, a command names none for them.
    """
    tasks_of: dict[tuple[str, int], list[str]] = {}
    for cell, n_seeds in n_seeds_of.items():
        tasks_of.setdefault((cell.model, n_seeds), []).append(cell.task)
    models_of: dict[tuple[tuple[str, ...], int], list[str]] = {}
    for (model, n_seeds), tasks in tasks_of.items():
        models_of.setdefault((tuple(tasks), n_seeds), []).append(model)
    for (same, n_seeds), models in models_of.items():
        words = [*(f"--task {task}" for task in same), *(f"--model {model}" for model in models)]
        words += [f"--seeds {n_seeds}"] if n_seeds != usual else []
        yield f"python -m nox -s bench -- --no-timing {' '.join(words)}"

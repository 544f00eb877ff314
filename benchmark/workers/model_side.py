"""The process with the model: its rows come from the other process of the cell, and no task is there to be found."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Any

from benchmark.cell.dataset import Block
from benchmark.cell.outcome import Said
from benchmark.workers.wire import Address, Asked, calling, received_arrays, send_predictions
from models.base import FloatArray, Problem

# Of the room of tasks a plugin may use the vocabulary, for tasks of its own beside its models.
_RANGES = (
    *("domains", "drawing", "notation", "rays", "ring", "sides", "suite", "table", "training_law", "variant"),
    "widening",
)
_VOCABULARY = frozenset({"tasks", "tasks.base", "tasks.formula", *(f"tasks.{name}" for name in _RANGES)})


@dataclass(frozen=True)
class RemoteRows:
    """The rows of a cell that are in another process."""

    address: Address

    def _asked(self, question: Asked) -> tuple[Any, list[FloatArray]]:
        with calling(self.address, question) as connection:
            return received_arrays(connection)

    def problem(self) -> Problem:
        """Return what the model may know of the task."""
        words, _ = self._asked(Asked(want="problem"))
        return Problem(**words)

    def together(self) -> None:
        """Say that all seeds are trained at once."""
        self._asked(Asked(want="together"))

    def training(self, seed: int) -> tuple[FloatArray, FloatArray]:
        """Return the training rows of a seed."""
        _, (X, y) = self._asked(Asked(want="training", seed=seed))
        return X, y

    def inside(self, seed: int) -> Block:
        """Return the rows inside the training range alone."""
        where, [X] = self._asked(Asked(want="inside", seed=seed))
        return Block(where[0], X)

    def blocks(self, seed: int) -> list[Block]:
        """Return all rows to predict at."""
        where, arrays = self._asked(Asked(want="blocks", seed=seed))
        return [Block(name, X) for name, X in zip(where, arrays, strict=True)]

    def score(self, seed: int, said: Said, predictions: Sequence[FloatArray] = ()) -> None:
        """Hand in how a seed ended."""
        with calling(self.address, Asked(want="score", seed=seed, said=said)) as connection:
            send_predictions(connection, predictions)


def _is_task(module: str) -> bool:
    room, _, rest = module.partition(".")
    of_words = module in _VOCABULARY or module.startswith("tasks.formula.")
    return (room == "tasks" and not of_words) or (room in ("findings", "calibration") and rest.endswith(".tasks"))


class _NoTasks(MetaPathFinder):
    """Finds no task: in this process there is none, so that no model can look up what it is to learn."""

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> None:
        """Refuse every module of tasks but their vocabulary.

        Raises:
            ImportError: with the reason.
        """
        if _is_task(name):
            raise ImportError(
                f"{name!r} cannot be imported where a model is fitted, so that no model sees a task; "
                "define models in one file and tasks that are made of ours in another"
            )


def hide_tasks() -> None:
    """Take the tasks out of this process, and keep them out; a plugin imports what it may use of their room anew."""
    for name in [name for name in sys.modules if _is_task(name) or name.startswith("tasks.")]:
        if name != "tasks.base":
            del sys.modules[name]
    sys.meta_path.insert(0, _NoTasks())

"""Builds, fits and predicts: the side of a cell that has the model, and never a task or a true value.

It runs in a process of its own, where whatever a model does wrong on one seed becomes that seed's status
and sentence. The rows come from the other side, and the predictions go there (see `scoring`).
"""

import gc
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Any, Protocol

from benchmark.run.environment import public
from benchmark.run.metrics import checked_predictions, checked_regressor
from benchmark.run.outcome import outcome_of, settings_of
from benchmark.run.wire import (
    Address,
    Asked,
    Block,
    Said,
    calling,
    received_arrays,
    send_predictions,
)
from models.base import FloatArray, ManySeedRegressor, Model, Problem, Regressor

# Of the room of tasks a plugin may use the vocabulary, for tasks of its own beside its models.
_VOCABULARY = frozenset({"tasks", "tasks.base"})


class Rows(Protocol):
    """The other side of a cell, as this one sees it."""

    def problem(self) -> Problem:
        """Return what the model may know of the task."""

    def together(self) -> None:
        """Say that all seeds are trained at once."""

    def training(self, seed: int) -> tuple[FloatArray, FloatArray]:
        """Return the training rows X (n, n_features) and y (n,) of a seed, read-only."""

    def inside(self, seed: int) -> Block:
        """Return the rows inside the training range alone."""

    def blocks(self, seed: int) -> list[Block]:
        """Return all rows to predict at."""

    def score(self, seed: int, said: Said, predictions: Sequence[FloatArray] = ()) -> None:
        """Hand in how a seed ended, and where it went well the predictions (n,) of each block."""


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


class _NoTasks(MetaPathFinder):
    """Finds no task: in this process there is none, so that no model can look up what it is to learn."""

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> None:
        """Refuse every module of tasks but their vocabulary.

        Raises:
            ImportError: with the reason.
        """
        if name.startswith("tasks.") and name not in _VOCABULARY:
            raise ImportError(
                f"{name!r} cannot be imported where a model is fitted, so that no model sees a task; "
                "define models in one file and tasks that are made of ours in another"
            )


def hide_tasks() -> None:
    """Take the tasks out of this process, and keep them out."""
    for name in [name for name in sys.modules if name.startswith("tasks.") and name not in _VOCABULARY]:
        del sys.modules[name]
    sys.meta_path.insert(0, _NoTasks())


def _failed(error: BaseException) -> Said:
    said = outcome_of(error)
    if said["status"] in ("failed", "out-of-memory"):
        # The whole stack, for the cell's log.
        traceback.print_exception(error)
    return Said(**said)  # type: ignore[arg-type]


def predicted(regressor: Regressor, block: Block) -> FloatArray:
    """Return the predictions (n,) at a block, checked."""
    block.X.setflags(write=False)
    return checked_predictions(regressor.predict(block.X), len(block.X), block.where)


def _finished(regressor: Regressor, blocks: Sequence[Block]) -> tuple[Said, list[FloatArray]]:
    predictions = [predicted(regressor, block) for block in blocks]
    notes: Mapping[str, object] = getattr(regressor, "fit_info_", {})
    said = Said(
        status="ok",
        settings=settings_of(regressor),  # type: ignore[arg-type]
        notes={public(name): public(value) for name, value in notes.items()},
    )
    return said, predictions


def attempted(rows: Rows, seed: int, step: Callable[[], tuple[Said, Sequence[FloatArray]]]) -> None:
    """Take a step for one seed and hand in how it ended, whatever happens."""
    try:
        said, predictions = step()
    except BaseException as error:
        said, predictions = _failed(error), ()
    rows.score(seed, said, predictions)


def fit_and_predict(model: Model, problem: Problem, *, seeds: Sequence[int], rows: Rows) -> None:
    """Fit a model on every seed and hand in its predictions, seed by seed; what is handed in is forgotten."""
    # What is there by now stays: nobody needs to look through it again and again for what can be forgotten.
    gc.freeze()
    regressors: dict[int, Regressor] = {}
    failures: dict[int, Said] = {}
    for seed in seeds:
        try:
            regressors[seed] = checked_regressor(model.build(problem, seed))
        except BaseException as error:
            failures[seed] = _failed(error)
    together = any(isinstance(regressor, ManySeedRegressor) for regressor in regressors.values())
    if together:
        rows.together()
        every = list(regressors.values())
        try:
            type(every[0]).fit_many(every, [rows.training(seed) for seed in regressors])  # type: ignore[attr-defined]
        except BaseException as error:
            failures |= dict.fromkeys(regressors, _failed(error))
        del every

    def one(seed: int) -> tuple[Said, Sequence[FloatArray]]:
        regressor = regressors.pop(seed)
        if seed in failures:
            return failures[seed], ()
        if not together:
            regressor.fit(*rows.training(seed))
        return _finished(regressor, rows.blocks(seed))

    for seed in seeds:
        if seed in regressors:
            attempted(rows, seed, lambda seed=seed: one(seed))  # type: ignore[misc]
            # A model that refers to itself would stay, and with it all that it holds.
            gc.collect()
        else:
            rows.score(seed, failures[seed])
